//! What fails over by itself, watched: who served, since when nobody did, who serves now, and whether that was inside
//! the promise. Nothing is started here.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Outcome, Payload, Sample, age};
use crate::engine::State;
use crate::estate::Check;
use crate::ident::CheckId;
use crate::replication::Handover;
use crate::time::{Now, Timestamp, since};

/// How long what happened stays in sight.
const KEPT: Duration = Duration::from_secs(24 * 3600);
/// How much later than the change itself a source may write down when it was.
const WRITTEN_LATER: Duration = Duration::from_secs(15);

/// One change of the side that serves, or its return, that nobody of ours made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Healing {
    pub(super) from: Option<String>,
    pub(super) to: String,
    /// The last time it was seen to serve before; `None` where nobody looked.
    pub(super) failed_at: Option<Timestamp>,
    pub(super) served_at: Timestamp,
    pub(super) because: Option<String>,
    /// Its times do not change any more.
    settled_at: Timestamp,
}

/// One thing that is to look after itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Watch {
    /// Whom each check last saw serve, and when.
    seen: BTreeMap<CheckId, (Option<String>, Now)>,
    serving: Option<Serving>,
    outage: Option<Outage>,
    last_look: Option<Now>,
    /// Oldest first.
    healings: Vec<Healing>,
    /// The newest change of leader that a source told of.
    remembered: Option<Timestamp>,
}

/// Who does, as this check last saw it.
#[derive(Clone, Debug, PartialEq)]
struct Serving {
    member: String,
    by: CheckId,
    last_good: Now,
}

/// Nobody serves.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Outage {
    last_good: Now,
    /// Looks in a row that the check which knew who serves did not.
    misses: u32,
}

impl Healing {
    pub(super) fn took(&self) -> Option<Duration> {
        self.failed_at.map(|failed_at| since(self.served_at, failed_at))
    }

    pub(super) fn settled(&self, now: Timestamp) -> bool {
        self.settled_at <= now
    }

    /// A step of a run that changes something was begun while nobody served, or just before: it is no healing.
    pub(super) fn is_ours(&self, state: &State) -> bool {
        let begun = self.failed_at.unwrap_or(self.served_at);
        let begun = begun.checked_sub(Duration::from_secs(60)).unwrap_or(begun);
        let attempts = state.runs.iter().flat_map(|run| run.steps.values()).flat_map(|step| &step.attempts);
        attempts
            .filter(|attempt| !attempt.resolved.readonly)
            .any(|attempt| (begun..=self.served_at).contains(&attempt.intended_at))
    }
}

impl Watch {
    pub(super) fn observe(&mut self, check: &Check, sample: &Sample, gap: Duration) {
        let Some(serves) = who_serves(check, sample) else { return };
        let now = sample.moment();
        let nobody_looked = self.last_look.replace(now).is_some_and(|last| age(last, now) > gap);
        if nobody_looked {
            self.seen.clear();
            self.outage = None;
        }
        self.seen.insert(check.id.clone(), (serves, now));
        let each = || self.seen.iter().filter_map(|(by, (member, at))| Some((member.clone()?, by, *at)));
        let known = self.serving.as_ref().map(|serving| &serving.member);
        let now_serves = each().find(|(member, ..)| Some(member) == known).or_else(|| each().next());
        match now_serves.map(|(member, by, last_good)| Serving { member, by: by.clone(), last_good }) {
            Some(serving) => self.served(serving, nobody_looked, check.fail_after),
            None => self.failed(&check.id),
        }
        if let Some(Payload::Copies { copies }) = sample.outcome.payload() {
            self.remember(&copies.handovers, now);
        }
        self.healings.retain(|healing| since(now.wall, healing.served_at) < KEPT);
    }

    /// With the last good look at whoever served.
    fn served(&mut self, serving: Serving, nobody_looked: bool, fail_after: u32) {
        let outage = self.outage.take();
        if let Some(before) = &self.serving {
            let changed = before.member != serving.member;
            if changed || outage.is_some_and(|outage| outage.misses >= fail_after.max(1)) {
                let failed_at = outage.map_or(before.last_good.wall, |outage| outage.last_good.wall);
                self.healings.push(Healing {
                    from: Some(before.member.clone()),
                    to: serving.member.clone(),
                    failed_at: (!nobody_looked).then_some(failed_at),
                    served_at: serving.last_good.wall,
                    because: None,
                    settled_at: serving.last_good.wall,
                });
            }
        }
        self.serving = Some(serving);
    }

    fn failed(&mut self, seen_by: &CheckId) {
        let Some(serving) = &self.serving else { return };
        let outage = self.outage.get_or_insert(Outage { last_good: serving.last_good, misses: 0 });
        outage.misses = outage.misses.saturating_add(u32::from(serving.by == *seen_by));
    }

    /// The source's own memory tells the true times, also of what happened between two looks, or before the first.
    fn remember(&mut self, handovers: &[Handover], now: Now) {
        if let Some(last) = self.healings.last_mut().filter(|last| last.served_at == now.wall) {
            // It may be written down a moment after it is seen.
            last.settled_at = crate::time::at_offset(now.wall, WRITTEN_LATER);
        }
        let mut before: Option<String> = None;
        for handover in handovers {
            let from = std::mem::replace(&mut before, handover.to.clone());
            let Some(to) = handover.to.clone().filter(|_| self.remembered.is_none_or(|known| handover.at > known))
            else {
                continue;
            };
            self.remembered = Some(handover.at);
            let about = |healing: &&mut Healing| {
                healing.to == to
                    && since(healing.served_at, handover.at) < Duration::from_secs(120)
                    && since(handover.at, healing.served_at) < WRITTEN_LATER
            };
            match self.healings.iter_mut().rev().find(about) {
                Some(healing) => {
                    healing.served_at = handover.at.max(healing.failed_at.unwrap_or(handover.at));
                    healing.because.clone_from(&handover.because);
                    healing.settled_at = now.wall;
                }
                None if since(now.wall, handover.at) < KEPT => self.healings.push(Healing {
                    from: from.filter(|from| *from != to),
                    to,
                    failed_at: None,
                    served_at: handover.at,
                    because: handover.because.clone(),
                    settled_at: now.wall,
                }),
                None => {}
            }
        }
        self.healings.sort_by_key(|healing| healing.served_at);
    }

    pub(super) fn serving(&self) -> Option<&str> {
        self.serving.as_ref().filter(|_| self.outage.is_none()).map(|serving| serving.member.as_str())
    }

    /// Since when nobody serves, by the last good look; not of a single look that failed.
    pub(super) fn failing_since(&self) -> Option<Now> {
        self.outage.filter(|outage| outage.misses > 1).map(|outage| outage.last_good)
    }

    pub(super) fn healings(&self) -> &[Healing] {
        &self.healings
    }
}

/// Who serves, as this look tells: `None` when it tells nothing of that, `Some(None)` when nobody does.
fn who_serves(check: &Check, sample: &Sample) -> Option<Option<String>> {
    let place = || check.region.as_ref().map_or_else(|| check.id.to_string(), ToString::to_string);
    Some(match &sample.outcome {
        Outcome::Unknown { .. } => return None,
        Outcome::Bad { .. } => None,
        Outcome::Good { payload } | Outcome::Soft { payload, .. } => match payload {
            Payload::Server { server } => (!server.in_recovery).then(place),
            Payload::Serving { region } => Some(region.to_string()),
            Payload::Copies { copies } => copies.leader.clone(),
            Payload::Nothing | Payload::Text { .. } | Payload::Backup { .. } => Some(place()),
        },
    })
}

/// The longest time between two looks that leaves no doubt: three intervals of the slowest check.
pub(super) fn gap<'a>(checks: impl Iterator<Item = &'a Check>) -> Duration {
    checks.map(|check| super::stale_after(check.interval, check.timeout)).max().unwrap_or_default()
}
