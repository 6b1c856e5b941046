//! PostgreSQL replication as read from both ends, and what it means for loss.

mod cluster;
mod control_data;
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
pub(crate) use lag::same_cluster;
pub(crate) use loss::{Exposure, Isolation};
pub use lsn::Lsn;
pub use server::*;
