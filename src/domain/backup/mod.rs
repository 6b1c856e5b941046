//! How recent the newest *usable* backup is, whatever tool made it.

mod archiver;
mod command;
mod files;
mod pgbackrest;
mod reading;
mod recency;

pub use archiver::archiver;
pub use command::command_json;
pub use files::{FoundFile, files};
pub use pgbackrest::pgbackrest;
pub use reading::BackupReading;
pub(crate) use recency::BackupTrack;
