//! What executes: the capability to start attempts and to ask guards, and one file per language.

pub(crate) mod environment;
mod live;
mod running;
mod secrets;
pub(crate) mod shell;
mod tail;

pub use live::{LiveExec, Settlement, StartError, not_started};
pub use running::{Canceller, Running};
pub use secrets::{SecretError, Secrets};
pub use tail::Tail;

pub use super::supervisor::AttemptId;
