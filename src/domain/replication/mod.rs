//! PostgreSQL replication as read from both ends, and what it means for loss; copies as others tell of them.

mod cluster;
mod control_data;
mod copies;
#[cfg(test)]
mod copies_tests;
mod copy;
mod lag;
mod loss;
#[cfg(test)]
mod loss_tests;
mod lsn;
mod positions;
mod server;
mod standing;
#[cfg(test)]
mod standing_tests;

pub(crate) use cluster::{Cluster, Server};
pub use control_data::clean_stop_checkpoint;
pub(crate) use copies::{Behind, Copies};
pub use copy::*;
pub(crate) use lag::same_cluster;
pub(crate) use loss::{Exposure, Isolation};
pub use lsn::Lsn;
pub use server::*;
