//! What became of writes: those that two primaries took for themselves, and those that are gone.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::ident::RegionId;

/// Bytes of log that one write leaves.
const WRITE: u64 = 400;

/// Writes that were acknowledged and are on no side any more, in all: the truth that an estimate of loss is held against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lost {
    pub writes: u64,
    pub bytes: u64,
    /// From the last write that was kept to the last that was not; the longest of several losses.
    pub span: Duration,
}

/// What two primaries of one cluster wrote while both took writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diverged {
    /// When it began, time since boot.
    pub since: Duration,
    /// Both take writes now.
    pub goes_on: bool,
    /// What is on one side only and has to be merged by hand: everything but what the busiest side wrote.
    pub writes: u64,
    pub bytes: u64,
    pub sides: Vec<Side>,
}

/// What was written on one side meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    pub region: RegionId,
    pub writes: u64,
    pub bytes: u64,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Ledger {
    lost: Lost,
    split_since: Option<Duration>,
    /// When both took writes last.
    split_until: Duration,
    goes_on: bool,
    sides: BTreeMap<RegionId, u64>,
}

impl Ledger {
    pub(super) fn lost(&self) -> Lost {
        self.lost
    }

    pub(super) fn lose(&mut self, bytes: u64, span: Duration) {
        if bytes > 0 {
            self.lost.bytes = self.lost.bytes.saturating_add(bytes);
            self.lost.writes = self.lost.bytes.div_ceil(WRITE);
            self.lost.span = self.lost.span.max(span);
        }
    }

    /// More than one side takes writes; `wrote` is what each did just now.
    pub(super) fn split<'a>(&mut self, now: Duration, wrote: impl Iterator<Item = (&'a RegionId, u64)>) {
        self.split_since.get_or_insert(now);
        self.split_until = now;
        self.goes_on = true;
        for (region, bytes) in wrote {
            match self.sides.get_mut(region) {
                Some(side) => *side += bytes,
                None => _ = self.sides.insert(region.clone(), bytes),
            }
        }
    }

    pub(super) fn joined(&mut self) {
        self.goes_on = false;
    }

    /// A side is made a copy of another: what only it had is gone.
    pub(super) fn overwritten(&mut self, region: &RegionId) {
        if let Some(bytes) = self.sides.remove(region) {
            let span = self.split_until.saturating_sub(self.split_since.unwrap_or(self.split_until));
            self.lose(bytes, span);
        }
    }

    pub(super) fn diverged(&self) -> Option<Diverged> {
        let since = self.split_since?;
        let side = |(region, bytes): (&RegionId, &u64)| Side {
            region: region.clone(),
            writes: bytes.div_ceil(WRITE),
            bytes: *bytes,
        };
        let sides: Vec<Side> = self.sides.iter().map(side).collect();
        let busiest = sides.iter().map(|side| side.bytes).max().unwrap_or(0);
        let bytes = sides.iter().map(|side| side.bytes).sum::<u64>() - busiest;
        Some(Diverged { since, goes_on: self.goes_on, writes: bytes.div_ceil(WRITE), bytes, sides })
    }
}
