//! PostgreSQL replication as read from both ends, and what it means for loss.

mod cluster;
mod lag;
mod lsn;
mod positions;
mod server;

pub(crate) use cluster::{Cluster, Server};
pub(crate) use lag::same_cluster;
pub use lsn::Lsn;
pub use server::*;
