//! What executes: the capability to start attempts and to ask guards, and one file per language.

pub(crate) mod answer;
mod ask;
pub(crate) mod environment;
pub(crate) mod http;
mod live;
pub(crate) mod route53;
mod running;
mod secrets;
pub(crate) mod shell;
pub(crate) mod sql;
mod tail;

pub use ask::BlockAnswer;
pub use live::{LiveExec, Settlement, StartError, Surroundings, not_started};
pub use running::{Canceller, Running};
pub use secrets::{SecretError, Secrets};
pub use tail::Tail;

pub use super::supervisor::AttemptId;
