//! How recent the newest *usable* backup is, whatever tool made it: one file per tool.

#[cfg(test)]
mod any_input;
mod archiver;
mod barman;
mod command;
mod facts;
mod files;
mod json;
mod ledger;
mod listed;
mod objects;
mod pgbackrest;
mod rds;
mod reading;
mod recency;
mod redis;
mod velero;
mod wal;
mod wal_g;

pub use archiver::archiver;
pub use barman::{barman, barman_check};
pub use command::command_json;
pub use files::{FoundFile, files};
pub use ledger::{Ledger, LedgerLine, RestoreTest, TestOf};
pub use objects::{OBJECTS_QUERY, object_head, objects};
pub use pgbackrest::{PgBackRestInfo, pgbackrest};
pub use rds::rds;
pub use reading::{BackupReading, Checksum, DestinationReading};
pub(crate) use recency::BackupTrack;
pub use redis::redis;
pub use velero::velero;
pub use wal::wal_gap;
pub use wal_g::{wal_g, wal_g_verify};
