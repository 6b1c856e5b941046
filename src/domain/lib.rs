//! What an incident, a run, a reading and an objective are, and the rules between them.
//!
//! Pure: nothing here reads a clock, a file, a socket or the environment. Time, ids and text come in as
//! arguments; what should be recorded comes out as [`log::Event`]s, what should be done as [`engine::Effect`]s.

pub mod alert;
pub mod automatic;
pub mod backup;
pub mod comms;
pub mod console;
pub mod diagnostic;
pub mod document;
pub mod drill;
pub mod dry_run;
pub mod engine;
pub mod estate;
pub mod execution;
pub mod forgotten;
pub mod found;
pub mod ident;
pub mod identity;
pub mod log;
pub mod objective;
pub mod people;
pub mod readiness;
pub mod reading;
pub mod redact;
pub mod replication;
pub mod report;
pub mod route53;
pub mod runbook;
pub mod scenario;
pub mod time;
pub mod toml_text;
pub mod untrusted;
mod yaml;
