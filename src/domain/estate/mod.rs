//! The estate: what can fail, where it can go, and what was promised.
//!
//! `switchback.toml` is read by [`parse`] into the typed [`Estate`]; every error is a
//! [`crate::diagnostic::Diagnostic`] with its place in the file.

mod aws;
mod backup;
#[cfg(test)]
mod bad_files;
mod build;
mod channel;
mod check;
pub mod draft;
#[cfg(test)]
mod examples;
mod fields;
mod model;
mod named_runbooks;
mod outlet;
mod parse;
mod reference;
mod schedule;
mod schema;
mod secret;
mod source;
mod validate;
mod value;

pub use aws::{AwsAccount, DataPlane, Traffic};
pub use backup::*;
pub use channel::*;
pub use check::*;
pub use model::*;
pub use named_runbooks::unknown_runbooks;
pub use outlet::*;
pub use parse::{DEFAULT, Parsed, parse};
pub use reference::{communication, json_schema, notifications, probes, reference};
pub use schedule::{ScheduledTest, TestKind};
pub use source::{Endpoint, SecretSource};
