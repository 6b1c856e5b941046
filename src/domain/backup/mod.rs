//! How recent the newest *usable* backup is, whatever tool made it.

mod reading;
mod recency;

pub use reading::BackupReading;
pub(crate) use recency::BackupTrack;
