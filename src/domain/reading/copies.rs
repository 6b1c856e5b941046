//! Copies that checks tell of: their rows, the marks they are held to, what is wrong with them.

use std::sync::Arc;

use super::track::stale_after;
use super::{Board, Outcome, Payload, ReplicationStatus, Sample};
use crate::estate::{Check, CheckKind, LagMarks};
use crate::ident::{CheckId, DatabaseId, RegionId};
use crate::replication::{Behind, Copies, CopyReading};
use crate::report::size;
use crate::time::{Now, human};

impl Board {
    pub(super) fn observe_copies(&mut self, check: &Check, sample: &Sample) {
        let reading = match &sample.outcome {
            Outcome::Unknown { .. } => return,
            outcome => outcome.payload().and_then(|payload| match payload {
                Payload::Copies { copies } => Some(copies.as_ref()),
                _ => None,
            }),
        };
        let known = self.copies.contains_key(&check.id);
        if !known && reading.is_none() {
            return;
        }
        let new = || Arc::new(Copies::new(stale_after(check.interval, check.timeout), check.fail_after));
        let mut copies = self.copies.remove(&check.id).unwrap_or_else(new);
        let others = self.copies_of(&check.id);
        Arc::make_mut(&mut copies).observe(reading, &others, sample.moment(), sample.latency);
        self.copies.insert(check.id.clone(), copies);
    }

    /// What other checks of the same subject know: the primary in one region, its copy in another.
    fn copies_of(&self, check: &CheckId) -> Vec<&Copies> {
        let same = |other: &&CheckId| *other != check && subject(other) == subject(check);
        self.copies.iter().filter(|(other, _)| same(other)).map(|(_, copies)| copies.as_ref()).collect()
    }

    /// The copies that answer, each with how far it is behind.
    pub(super) fn behind<'a>(&'a self, check: &Check, now: Now) -> Vec<(&'a CopyReading, Behind)> {
        let Some(copies) = self.copies.get(&check.id) else { return Vec::new() };
        let others = self.copies_of(&check.id);
        copies.standbys(now).map(|copy| (copy, copies.behind(copy, &others, now))).collect()
    }

    /// A check with a copy further behind than its mark is *degraded*, whatever else it answers.
    pub(super) fn copy_over_mark(&self, check: &Check, now: Now) -> Option<String> {
        let marks = check.kind.lag_marks();
        self.behind(check, now).into_iter().find_map(|(copy, behind)| over(copy, behind, marks))
    }

    /// What an agent says of the leader is held against what the database's own servers say of themselves: an agent
    /// that was killed leaves a primary behind that it knows nothing of.
    pub(super) fn leader_contradicted(&self, check: &Check, now: Now) -> Option<String> {
        let CheckKind::Patroni(patroni) = &check.kind else { return None };
        let cluster = self.clusters.get(patroni.database.as_ref()?)?;
        let leader = self.copies.get(&check.id)?.answering(now)?.primary()?;
        let region = leader.region.as_ref().or(check.region.as_ref())?;
        let elsewhere: Vec<&str> =
            cluster.writable(now).into_iter().filter(|writable| *writable != region).map(RegionId::as_str).collect();
        (!elsewhere.is_empty())
            .then(|| format!("{} in {region} leads, and {} accepts writes too", leader.member, elsewhere.join(" and ")))
    }

    /// One row a member, however many checks tell of it: what it says of itself, else what was learned last.
    pub(super) fn copy_rows(&self, now: Now) -> Vec<ReplicationStatus> {
        let mut rows: Vec<(bool, ReplicationStatus)> = Vec::new();
        for check in self.estate.checks.iter().filter(|check| !check.paused) {
            let Some(copies) = self.copies.get(&check.id) else { continue };
            let others = self.copies_of(&check.id);
            for row in copies.rows(&DatabaseId::from(subject(&check.id)), check.region.as_ref(), &others, now) {
                let own = row.member.as_deref().is_some_and(|member| copies.speaks_for_itself(member));
                let same = |(_, known): &&mut (bool, ReplicationStatus)| {
                    (&known.database, known.source, &known.member) == (&row.database, row.source, &row.member)
                };
                match rows.iter_mut().find(same) {
                    Some(known) if (known.0, known.1.measured_at) < (own, row.measured_at) => *known = (own, row),
                    Some(_) => {}
                    None => rows.push((own, row)),
                }
            }
        }
        rows.into_iter().map(|(_, row)| row).collect()
    }
}

/// What is said of a copy over its marks.
pub(super) fn over(copy: &CopyReading, behind: Behind, marks: LagMarks) -> Option<String> {
    let late =
        behind.time.filter(|lag| *lag > marks.warning).map(|lag| format!("{} is {} behind", copy.member, human(lag)));
    late.or_else(|| {
        let bytes = behind.bytes.filter(|bytes| marks.max_bytes.is_some_and(|most| *bytes > most))?;
        Some(format!("{} has not received {}", copy.member, size(bytes)))
    })
}

/// What a check's name says before the `@`.
pub(super) fn subject(check: &CheckId) -> &str {
    check.as_str().rsplit_once('@').map_or(check.as_str(), |(subject, _)| subject)
}
