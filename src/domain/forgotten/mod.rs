//! What a person may be forgetting in an incident: everything that waits for somebody, most urgent first.
//!
//! Read from the log and the readings alone; what is listed here is never the only place that says it.

mod people;
mod steps;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::time::Duration;

use crate::comms::{Update, Updates, WayState, due, timeout};
use crate::engine::{Incident, State, old_sides};
use crate::ident::{AudienceId, DatabaseId, RegionId, RunId, StepId};
use crate::objective::{Deadline, Learned, decide_by};
use crate::reading::{Health, Status};
use crate::time::{Timestamp, at_offset, clock, human, since};

/// Where an incident stands at one instant.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    pub state: &'a State,
    /// `None` where nothing was read.
    pub status: Option<&'a Status>,
    pub learned: &'a Learned,
    pub now: Timestamp,
}

/// One thing that waits for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forgotten {
    pub urgency: Urgency,
    pub about: About,
    /// A short sentence without a time.
    pub text: String,
    pub when: When,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// Something is wrong, or will be if nobody acts.
    Now,
    /// It is somebody's turn.
    Soon,
    /// Worth a thought when there is time for one.
    Thought,
}

/// What it is about, so that a front end can say what answers it. Entries are named by their `seq`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// Nobody knows whether it took effect.
    Unknown {
        run: RunId,
        step: StepId,
    },
    /// It failed, and its run goes no further by itself.
    Failed {
        run: RunId,
        step: StepId,
    },
    Approval {
        run: RunId,
        step: StepId,
    },
    Slow {
        run: RunId,
        step: StepId,
    },
    OldSide {
        database: DatabaseId,
        region: RegionId,
    },
    DecideBy,
    NoCommander,
    Offer,
    Update {
        audience: AudienceId,
    },
    /// The newest of an audience failed on a way, or nobody knows whether it arrived.
    Untold(u64),
    Alerts,
    Quiet,
    Proposal(u64),
    Task(u64),
    Alone,
    NoDeputy,
}

/// Since when it waits, or until when there is time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    Since(Timestamp),
    Until(Timestamp),
}

impl When {
    const fn at(self) -> Timestamp {
        match self {
            Self::Since(at) | Self::Until(at) => at,
        }
    }
}

/// An update that is due is pointed out this long before.
const DUE_SOON: Duration = Duration::from_secs(120);
/// So is the last moment to decide.
const DECIDE_SOON: Duration = Duration::from_secs(120);

/// All of it; nothing once the incident is closed.
#[must_use]
pub fn forgotten(seen: &Seen<'_>) -> Vec<Forgotten> {
    let Some(incident) = seen.state.open() else { return Vec::new() };
    let mut all = Vec::new();
    decision(seen, incident, &mut all);
    steps::add(seen, &mut all);
    isolation(seen, incident, &mut all);
    updates(seen, incident, &mut all);
    untold(seen, incident, &mut all);
    alerts(seen, &mut all);
    people::add(seen, incident, &mut all);
    all.sort_by_key(|one| (one.urgency, one.when.at()));
    all
}

/// A wait that began at `began` has outlasted the last moment at which a tier could still be met: no wait for a second
/// name should.
#[must_use]
pub fn outlasts(seen: &Seen<'_>, began: Timestamp) -> bool {
    let Some(incident) = seen.state.open() else { return false };
    deadlines(seen, incident).iter().any(|one| (began..seen.now).contains(&one.decide_by))
}

fn deadlines(seen: &Seen<'_>, incident: &Incident) -> Vec<Deadline> {
    let nothing = Status::default();
    decide_by(&incident.estate, seen.state, seen.status.unwrap_or(&nothing), seen.learned, seen.now)
}

impl Forgotten {
    fn since(urgency: Urgency, about: About, at: Timestamp, text: impl Into<String>) -> Self {
        Self { urgency, about, text: text.into(), when: When::Since(at) }
    }

    fn until(urgency: Urgency, about: About, at: Timestamp, text: impl Into<String>) -> Self {
        Self { urgency, about, text: text.into(), when: When::Until(at) }
    }
}

/// The last moment to decide, while nobody has: soon, or behind.
fn decision(seen: &Seen<'_>, incident: &Incident, all: &mut Vec<Forgotten>) {
    if incident.decided_at.is_some() {
        return;
    }
    // What could not be met any more when it was declared, nobody has forgotten.
    let declared = incident.opened_at;
    let (passed, left): (Vec<_>, Vec<_>) = deadlines(seen, incident)
        .into_iter()
        .filter(|deadline| deadline.decide_by >= declared)
        .partition(|deadline| deadline.decide_by < seen.now);
    if let Some(last) = passed.last() {
        let text = format!("too late to meet the {} of tier {}: decide", human(last.rto), last.tier);
        all.push(Forgotten::since(Urgency::Now, About::DecideBy, last.decide_by, text));
    }
    if let Some(next) = left.first().filter(|next| next.spare < DECIDE_SOON) {
        let text = format!("decide, to meet the {} of tier {}", human(next.rto), next.tier);
        all.push(Forgotten::until(Urgency::Now, About::DecideBy, next.decide_by, text));
    }
}

/// The side that was left may take writes: it is fenced, a standby again, or at least looked at.
fn isolation(seen: &Seen<'_>, incident: &Incident, all: &mut Vec<Forgotten>) {
    let crossed = incident.no_return_at.unwrap_or(incident.opened_at);
    for (database, region) in old_sides(seen.state, incident) {
        if seen.status.is_some_and(|status| follows(status, &database, &region)) {
            continue;
        }
        let fence = seen.state.fences.get(&(database.clone(), region.clone()));
        let (stated, observed) =
            fence.map_or((None, None), |fence| (fence.statement.as_ref(), fence.observed.as_ref()));
        let side = format!("{database}@{region}");
        let about = About::OldSide { database, region };
        if stated.is_none() && observed.is_none() {
            let text = format!("{side} is not fenced: it may take writes");
            all.push(Forgotten::since(Urgency::Now, about, crossed, text));
        } else if !observed.is_some_and(|observed| observed.zero_loss) && !watched(seen, &side) {
            let text = format!("nothing watches {side} for split brain: no check of it answers");
            all.push(Forgotten::since(Urgency::Soon, about, crossed, text));
        }
    }
}

/// It is a standby again.
fn follows(status: &Status, database: &DatabaseId, region: &RegionId) -> bool {
    status.replication.iter().any(|row| row.database == *database && row.region == *region && row.role == "standby")
}

/// A check of this server says something, if only that it is down.
fn watched(seen: &Seen<'_>, side: &str) -> bool {
    let Some(status) = seen.status else { return false };
    let told = |health| !matches!(health, Health::Unknown | Health::Stale);
    status.every_check().any(|check| check.name.as_str() == side && told(check.status))
}

fn updates(seen: &Seen<'_>, incident: &Incident, all: &mut Vec<Forgotten>) {
    for next in due(&incident.estate.audiences, &seen.state.updates, incident.opened_at) {
        let about = About::Update { audience: next.audience.clone() };
        let last = next.last.map_or_else(|| "told nothing yet".to_owned(), |at| format!("told last at {}", clock(at)));
        let text = format!("update for {}: {last}", next.audience);
        if next.at < seen.now {
            all.push(Forgotten::since(Urgency::Now, about, next.at, text));
        } else if since(next.at, seen.now) < DUE_SOON {
            all.push(Forgotten::until(Urgency::Soon, about, next.at, text));
        }
    }
}

/// The newest update of an audience that did not arrive on one of its ways, or of which nobody knows.
fn untold(seen: &Seen<'_>, incident: &Incident, all: &mut Vec<Forgotten>) {
    for (audience, (seq, update)) in newest(&seen.state.updates) {
        for (way, state) in &update.ways {
            let found = if state.unknown(timeout(&incident.estate, way), seen.now) {
                Some((Urgency::Now, format!("nobody knows whether the update for {audience} arrived by {way}: look")))
            } else if let WayState::Failed { why, .. } = state {
                Some((Urgency::Soon, format!("{audience} not told by {way}: {why}")))
            } else {
                None
            };
            all.extend(found.map(|(urgency, text)| Forgotten::since(urgency, About::Untold(seq), update.at, text)));
        }
    }
}

fn newest(updates: &Updates) -> BTreeMap<&AudienceId, (u64, &Update)> {
    updates.issued.iter().map(|(seq, update)| (&update.audience, (*seq, update))).collect()
}

/// One line for all of them: which they are, the list of alerts tells.
fn alerts(seen: &Seen<'_>, all: &mut Vec<Forgotten>) {
    let Some(status) = seen.status else { return };
    let nobody = || status.firing().filter(|alert| alert.acknowledged_by.is_none());
    let Some(first) = nobody().map(|alert| alert.fired_at.unwrap_or(alert.since)).min() else { return };
    let text = match nobody().count() {
        1 => nobody().next().map(|alert| format!("nobody is on an alert: {}", alert.text)).unwrap_or_default(),
        count => format!("nobody is on {count} alerts"),
    };
    all.push(Forgotten::since(Urgency::Soon, About::Alerts, first, text));
}

/// `after` has passed since `at`.
fn passed(seen: &Seen<'_>, at: Timestamp, after: Duration) -> bool {
    at_offset(at, after) <= seen.now
}
