//! Whether a failover is started without a person: only what is recommended without interruption, seen well, and not
//! somebody's already. It says when, never that the old side is fenced.

#[cfg(test)]
mod tests;

use std::time::Duration;

use crate::engine::{Run, State, fences_named};
use crate::estate::Automatic;
use crate::ident::RegionId;
use crate::reading::{Health, RegionStatus, Status};
use crate::runbook::{Step, promotes};
use crate::time::{Now, Timestamp, at_offset, human, rfc3339, since};

/// Readings older than this are not acted on.
const STALE: Duration = Duration::from_secs(10);

/// Follows the recommendation.
#[derive(Clone, Debug)]
pub struct Watch {
    settings: Automatic,
    held: Option<Held>,
}

/// What is recommended, since when (time since boot) without interruption.
#[derive(Clone, Debug)]
struct Held {
    from: RegionId,
    to: RegionId,
    since: Duration,
}

/// What decides beside the readings.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// Label of an incident that is open: its commander decides.
    pub open: Option<String>,
    /// When a failover was last started without a person.
    pub acted_at: Option<Timestamp>,
    /// A person has armed it since then.
    pub rearmed: bool,
    /// Another watcher was here first: it acts, if any does.
    pub follows: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing is recommended.
    Calm { because: Vec<String> },
    /// Recommended, and not for long enough yet.
    Held { from: RegionId, to: RegionId, after: Duration },
    /// It would be time; something forbids it.
    Withheld { why: String },
    /// It is time.
    Due(Due),
}

/// A failover that is started without a person, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    pub from: RegionId,
    pub to: RegionId,
    pub because: Vec<String>,
}

impl Watch {
    #[must_use]
    pub const fn new(settings: Automatic) -> Self {
        Self { settings, held: None }
    }

    /// What the readings of this instant say. What interrupts the recommendation makes it begin anew.
    pub fn see(&mut self, status: &Status, standing: &Standing, now: Now) -> Verdict {
        let advised = &status.recommendation;
        let old = since(now.wall, status.at);
        if old > STALE {
            self.held = None;
            return Verdict::Withheld { why: format!("the readings are {} old", human(old)) };
        }
        let (Some(from), Some(to), true) = (&advised.from, self.target(status), advised.failover && !status.blind)
        else {
            self.held = None;
            return self.calm(status);
        };
        if let Some(why) = doubt(status, from) {
            self.held = None;
            return Verdict::Withheld { why };
        }
        let same = self.held.as_ref().is_some_and(|held| held.from == *from && held.to == to);
        if !same {
            self.held = Some(Held { from: from.clone(), to: to.clone(), since: now.boot });
        }
        let began = self.held.as_ref().map_or(now.boot, |held| held.since);
        let lasted = now.boot.saturating_sub(began);
        if lasted < self.settings.after {
            return Verdict::Held { from: from.clone(), to, after: self.settings.after };
        }
        if let Some(why) = self.forbidden(standing, now) {
            return Verdict::Withheld { why };
        }
        let mut because = advised.because.clone();
        because.push(format!("recommended for {} without interruption", human(lasted)));
        Verdict::Due(Due { from: from.clone(), to, because })
    }

    /// The region of the settings, as far as it can take over; else the one that is recommended.
    fn target(&self, status: &Status) -> Option<RegionId> {
        let Some(wanted) = &self.settings.to else { return status.recommendation.to.clone() };
        let able = |region: &&RegionStatus| region.name == *wanted && region.candidate.is_some();
        status.regions.iter().find(able).map(|region| region.name.clone())
    }

    fn calm(&self, status: &Status) -> Verdict {
        let advised = &status.recommendation;
        if advised.failover && !status.blind {
            let wanted = self.settings.to.as_ref().map(ToString::to_string).unwrap_or_default();
            return Verdict::Withheld { why: format!("{wanted}, where it is to go, cannot take over") };
        }
        match &advised.withheld {
            Some(why) => Verdict::Withheld { why: why.clone() },
            None => Verdict::Calm { because: advised.because.clone() },
        }
    }

    fn forbidden(&self, standing: &Standing, now: Now) -> Option<String> {
        if standing.follows {
            return Some("another watcher of this estate was here first: it acts, if any does".to_owned());
        }
        if let Some(label) = &standing.open {
            return Some(format!("{label} is open: whoever commands it decides"));
        }
        let acted = standing.acted_at?;
        if !standing.rearmed {
            return Some(format!("it acted {} already: --rearm lets it act once more", rfc3339(acted)));
        }
        let rested = at_offset(acted, self.settings.cool_down);
        (now.wall < rested).then(|| format!("it acted {}: it rests until {}", rfc3339(acted), rfc3339(rested)))
    }
}

/// What of the side to be left is not known well enough to act on.
fn doubt(status: &Status, from: &RegionId) -> Option<String> {
    let region = status.regions.iter().find(|region| region.name == *from)?;
    let dark = region
        .checks
        .iter()
        .filter(|check| check.critical && (matches!(check.status, Health::Unknown | Health::Stale) || check.suspect));
    let names: Vec<_> = dark.map(|check| check.name.as_str()).collect();
    (!names.is_empty()).then(|| format!("not known of {from}: {}", names.join(", ")))
}

/// Why this step is not executed without a person; `None` for one that may be. Every promotion wants proof that the side
/// which is left accepts no write: a write seen refused, or a stop after which nothing is missing. What somebody says is
/// none.
#[must_use]
pub fn wants_a_person(state: &State, run: &Run, step: &Step) -> Option<String> {
    if let Some(approval) = &step.approval {
        return Some(format!("{} has to approve it", approval.by));
    }
    if !(step.point_of_no_return || promotes(step)) {
        return None;
    }
    let fences = fences_named(run, &step.id, &step.guards);
    if fences.is_empty() {
        return Some("it promotes, and no guard of it says what has to be fenced".to_owned());
    }
    fences.iter().find(|fence| !state.fence_is_seen(fence)).map(|(database, region)| {
        format!("nothing proves that {database}@{region} accepts no write: no refused write, no clean stop was seen")
    })
}
