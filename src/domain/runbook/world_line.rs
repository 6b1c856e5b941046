//! The lines of `world` blocks and of injects: what an exercise does to its simulated world. A small closed grammar over
//! the names of the estate.

mod read;
#[cfg(test)]
mod tests;
mod write;

use std::collections::BTreeMap;
use std::time::Duration;

pub(super) use self::read::world_line;
use super::check_line::{significant, substitute};
use crate::ident::{BackupId, DatabaseId, RegionId};
use crate::reading::Health;

/// One line of a `world` block. Each names what is meant as the estate does; [`std::fmt::Display`] writes it as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorldLine {
    /// `promote DB@REGION`.
    Promote { database: DatabaseId, region: RegionId },
    /// `fence DB@REGION`: that server refuses writes from now on.
    Fence { database: DatabaseId, region: RegionId },
    /// `unfence DB@REGION`: it is what it was before it was fenced.
    Unfence { database: DatabaseId, region: RegionId },
    /// `serve NAME REGION`; NAME is a service, a database or `all`: every service.
    Serve { name: String, region: RegionId },
    /// `up NAME[@REGION]`, `down …`, `degrade …`; NAME is a region, a service, a database or a check.
    Health { name: String, region: Option<RegionId>, health: Health },
    /// `errors NAME[@REGION] 40%`: that share of requests fails.
    Errors { name: String, region: Option<RegionId>, percent: u32 },
    /// `flap NAME[@REGION] every 20s`: down for so long, up for so long, and so on.
    Flap { name: String, region: Option<RegionId>, every: Duration },
    /// `slow NAME[@REGION] 3s`: answers come that much later.
    Slow { name: String, region: Option<RegionId>, by: Duration },
    /// `lag DB@REGION 5s`.
    Lag { database: DatabaseId, region: RegionId, lag: Duration },
    /// `replication DB@REGION stops`, `starts`: that standby receives nothing, or again.
    Replication { database: DatabaseId, region: RegionId, runs: bool },
    /// `load NAME 300%`; NAME is a service or `all`: so much is asked of it, of the usual.
    Load { name: String, percent: u32 },
    /// `scale NAME[@REGION] 40%`; NAME is a region or a service: what it can carry there, of the usual load. It takes a
    /// while.
    Scale { name: String, region: Option<RegionId>, percent: u32 },
    /// `certificate NAME expires 2d`; NAME is a check or a service.
    Certificate { name: String, left: Duration },
    /// `corrupt DB`: its data is wrong from now on, on every side.
    Corrupt { database: DatabaseId },
    /// `recover DB`: its data is what it was before it was corrupted; what was written since then is lost.
    Recover { database: DatabaseId },
    /// `lose REGION`: it is down, and what was stored in it is gone: `up REGION` does not bring that back.
    Lose { region: RegionId },
    /// `dns fails [in REGION]`, `dns works …`, `credentials fail [in REGION]`, `credentials work …`.
    Control { of: Control, region: Option<RegionId>, works: bool },
    /// `backup NAME now`.
    Backup { name: BackupId },
    /// `backup NAME fails`: the newest attempt did, and so do those after it until `backup NAME now`.
    BackupFails { name: BackupId },
    /// `restored NAME now`: it was restored somewhere as a test, and is good.
    Restored { name: BackupId },
    /// `heal NAME[@REGION]`: whatever was wrong with it is not any more.
    Heal { name: String, region: Option<RegionId> },
}

/// What changes are made through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// Where names are changed. What they say goes on being answered.
    Dns,
    /// Logins of the cloud, of clusters and of machines; databases have their own.
    Credentials,
}

/// Reads a `world` block with `$NAME` replaced by its value; comments (`#`) and blank lines are left out. A line that
/// cannot be read, or needs a value that is missing, is a sentence saying so.
#[must_use]
pub fn world_lines(text: &str, values: &BTreeMap<String, String>) -> Vec<Result<WorldLine, String>> {
    significant(text).map(|(_, line)| substitute(line, values).and_then(|line| world_line(&line))).collect()
}
