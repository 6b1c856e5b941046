//! A real two-region estate on loopback, to break and to fail over: a PostgreSQL primary ("us-east-1") and a streaming
//! standby ("us-west-2"), an application in each, an edge whose active side is switched, and a client that writes
//! orders through that edge and remembers what was acknowledged.
//!
//! Everything lives in one folder; its processes are named there by pid and start time, and `down` ends and removes
//! all of it.

mod app;
mod binaries;
mod breakage;
mod client;
mod cluster;
mod daemon;
mod edge;
mod error;
mod files;
mod plan;
mod process;
mod report;
mod server;
mod up;

pub use breakage::Part;
pub use daemon::main_if_asked;
pub use error::LabError;
#[cfg(test)]
pub(crate) use files::example_estate;
pub use plan::{Lab, Side, Sides};
pub use report::Report;
pub use up::{LabStatus, ProcessStatus};
