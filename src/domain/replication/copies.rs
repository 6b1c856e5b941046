//! The copies that one check tells of, over time, and as they are shown.

use std::collections::BTreeMap;
use std::time::Duration;

use super::positions::{Position, Positions};
use super::{CopiesReading, CopyPosition, CopyReading, CopyRole, Lsn};
use crate::ident::{DatabaseId, RegionId};
use crate::reading::{ReplicationStatus, Stream, Trend, TrendUnit, age};
use crate::time::{Now, since};

/// What is known from one check.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Copies {
    stale_after: Duration,
    fail_after: u32,
    last: Option<(CopiesReading, Now)>,
    /// Looks without an answer since.
    misses: u32,
    silent_since: Option<Now>,
    members: BTreeMap<String, Member>,
    /// Where the log of the primary it reads was, and when, within `history`.
    positions: Positions,
    history: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Member {
    /// It answers, and is not seen to be fed.
    unfed_since: Option<Now>,
    lag: Trend,
    unit: TrendUnit,
}

/// How far a copy is behind; what cannot be known is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Behind {
    pub(crate) time: Option<Duration>,
    pub(crate) bytes: Option<u64>,
    /// The primary that was compared with does not answer any more: the figures are the last known.
    frozen: bool,
}

impl Copies {
    pub(crate) fn new(stale_after: Duration, fail_after: u32) -> Self {
        Self {
            stale_after,
            fail_after: fail_after.max(1),
            last: None,
            misses: 0,
            silent_since: None,
            members: BTreeMap::new(),
            positions: Positions::default(),
            history: None,
        }
    }

    /// Takes in one look; `None` when nothing was told. `others` are what further checks of the same subject know.
    pub(crate) fn observe(
        &mut self,
        reading: Option<&CopiesReading>,
        others: &[&Self],
        measured: Now,
        took: Option<Duration>,
    ) {
        let Some(reading) = reading else {
            self.misses = self.misses.saturating_add(1);
            self.silent_since.get_or_insert(measured);
            return;
        };
        self.misses = 0;
        self.silent_since = None;
        self.last = Some((reading.clone(), measured));
        if let Some(position) = reading.primary().and_then(|primary| primary.position.as_ref()) {
            if self.history.as_ref() != Some(&position.history) {
                self.history = Some(position.history.clone());
                self.positions.clear();
            }
            self.positions.add(Position::of(measured, took, Lsn(position.end)));
        }
        self.members.retain(|name, _| reading.copies.iter().any(|copy| copy.member == *name));
        for copy in &reading.copies {
            let behind = self.behind(copy, others, measured);
            let member = self.members.entry(copy.member.clone()).or_default();
            match (copy.role, copy.state) {
                (CopyRole::Primary, _) | (_, Stream::Streaming) => member.unfed_since = None,
                _ => _ = member.unfed_since.get_or_insert(measured),
            }
            if copy.role == CopyRole::Standby {
                // What is not known is no figure, and no failure either.
                let (value, unit) = match (behind.time, behind.bytes) {
                    (Some(time), _) => (u32::try_from(time.as_millis()).unwrap_or(u32::MAX), TrendUnit::Ms),
                    (None, Some(bytes)) => (u32::try_from(bytes).unwrap_or(u32::MAX), TrendUnit::Bytes),
                    (None, None) => continue,
                };
                if unit != member.unit {
                    member.lag = Trend::default();
                    member.unit = unit;
                }
                member.lag.add(measured.wall, Some(value));
            }
        }
    }

    /// The last answer, while it can be taken for the present.
    pub(crate) fn answering(&self, now: Now) -> Option<&CopiesReading> {
        let (reading, measured) = self.last.as_ref()?;
        (self.misses < self.fail_after && age(*measured, now) <= self.stale_after).then_some(reading)
    }

    pub(crate) fn standbys(&self, now: Now) -> impl Iterator<Item = &CopyReading> {
        let copies = self.answering(now).map_or(&[][..], |reading| reading.copies.as_slice());
        copies.iter().filter(|copy| copy.role == CopyRole::Standby)
    }

    /// Those that are no primary, whether they answer or not.
    pub(crate) fn members(&self) -> impl Iterator<Item = String> {
        let copies = self.last.iter().flat_map(|(reading, _)| &reading.copies);
        copies.filter(|copy| copy.role != CopyRole::Primary).map(|copy| copy.member.clone())
    }

    /// Since when a member answers without being fed.
    pub(crate) fn unfed_since(&self, member: &str) -> Option<Now> {
        self.members.get(member)?.unfed_since
    }

    /// What the source says; else its position beside what is known of the primary's. A link that is down makes an
    /// equal offset mean nothing.
    pub(crate) fn behind(&self, copy: &CopyReading, others: &[&Self], now: Now) -> Behind {
        let told = Behind { time: copy.lag, bytes: copy.lag_bytes, frozen: false };
        let measured = self.last.as_ref().map_or(now, |(_, measured)| *measured);
        let Some(position) = &copy.position else { return told };
        let Some(primary) = others.iter().chain([&self]).find(|other| other.knows(position)) else { return told };
        let frozen = primary.answering(now).is_none();
        let held = Lsn(position.end);
        let until = if frozen { primary.positions.all() } else { primary.positions.by(measured.wall) };
        let Some(last) = until.last() else { return told };
        let bytes = last.end.bytes_after(held).max(told.bytes.unwrap_or(0));
        let time = match () {
            () if bytes == 0 && copy.state == Stream::Streaming && !frozen => Some(Duration::ZERO),
            () if bytes == 0 => None,
            () => primary
                .positions
                .all()
                .passed(held)
                .about
                .map(|at| since(if frozen { last.ended } else { measured.wall }, at)),
        };
        Behind { time: told.time.or(time), bytes: Some(bytes), frozen }
    }

    /// It reads the primary of that history.
    fn knows(&self, position: &CopyPosition) -> bool {
        self.history.as_ref() == Some(&position.history) && self.positions.all().last().is_some()
    }

    /// One row a member; `region` is the check's.
    pub(crate) fn rows(
        &self,
        subject: &DatabaseId,
        region: Option<&RegionId>,
        others: &[&Self],
        now: Now,
    ) -> Vec<ReplicationStatus> {
        let Some((reading, measured)) = &self.last else { return Vec::new() };
        let answering = self.answering(now).is_some();
        let rows = reading.copies.iter().map(|copy| {
            let member = self.members.get(&copy.member);
            let mut row = ReplicationStatus {
                database: subject.clone(),
                region: copy.region.as_ref().or(region).cloned().unwrap_or_default(),
                state: copy.state,
                not_received_bytes: None,
                not_replayed_bytes: None,
                lag: None,
                measured_at: Some(copy.measured_at.unwrap_or(measured.wall)),
                role: copy.role.word().to_owned(),
                timeline: copy.timeline,
                system_id: None,
                notes: copy.notes.clone(),
                split_brain: false,
                at_risk: None,
                trend: member.map(|member| member.lag.values(now.wall)).unwrap_or_default(),
                trend_unit: member.map(|member| member.unit).unwrap_or_default(),
                source: reading.source,
                member: Some(copy.member.clone()),
            };
            if answering {
                self.compare(&mut row, copy, others, now);
            } else {
                self.silence(&mut row, copy.role);
            }
            row
        });
        rows.collect()
    }

    fn compare(&self, row: &mut ReplicationStatus, copy: &CopyReading, others: &[&Self], now: Now) {
        if copy.role != CopyRole::Standby {
            return;
        }
        let behind = self.behind(copy, others, now);
        row.lag = behind.time;
        row.not_received_bytes = behind.bytes;
        if behind.frozen && copy.state != Stream::Streaming {
            row.state = Stream::Frozen;
        }
    }

    /// Nothing it said can be taken for the present.
    fn silence(&self, row: &mut ReplicationStatus, role: CopyRole) {
        row.state = if role == CopyRole::Primary { Stream::Frozen } else { Stream::Unknown };
        if role != CopyRole::Primary {
            CopyRole::Unknown.word().clone_into(&mut row.role);
        }
        row.timeline = None;
        let why = if self.silent_since.is_some() { "does not answer" } else { "nothing newer was learned" };
        row.notes.insert(0, why.to_owned());
    }

    /// What one member says of itself outweighs what another says of it.
    pub(crate) fn speaks_for_itself(&self, member: &str) -> bool {
        self.last
            .iter()
            .any(|(reading, _)| reading.copies.iter().any(|copy| copy.member == member && !copy.second_hand))
    }
}
