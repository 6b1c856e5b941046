//! When a region is down and a failover is not recommended all the same: what flaps, what is too new, what has just been
//! done.

use std::time::Duration;

use super::Failover;
use crate::reading::roll_up::roll_up;
use crate::reading::{Board, Health, RegionStatus, age};
use crate::time::{Now, Timestamp, at_offset, human, since};

/// Why, and until when if that is known.
pub(super) struct Withheld {
    pub(super) why: String,
    pub(super) until: Option<Timestamp>,
}

impl Board {
    /// The first reason there is; and what was weighed and does not hold it back.
    pub(super) fn withheld(
        &self,
        from: &RegionStatus,
        regions: &[RegionStatus],
        last: Option<&Failover>,
        now: Now,
    ) -> (Option<Withheld>, Option<String>) {
        if let Some(withheld) = self.flaps(from, now).or_else(|| self.too_new(from, now)) {
            return (Some(withheld), None);
        }
        let Some((ended, left)) = last.and_then(|last| self.cooling_down(last, now)) else { return (None, None) };
        if regions.iter().any(|region| region.serving == Some(true)) {
            let why = format!("{ended}: another waits {} longer, unless nothing serves", human(left));
            return (Some(Withheld { why, until: Some(at_offset(now.wall, left)) }), None);
        }
        (None, Some(format!("{ended}, and nothing is seen to serve: this does not wait")))
    }

    /// Without the checks that answer and fail by turns it would not be down.
    fn flaps(&self, from: &RegionStatus, now: Now) -> Option<Withheld> {
        let flapping: Vec<&str> = from
            .checks
            .iter()
            .filter(|check| check.critical && check.flapping && check.status == Health::Down)
            .map(|check| check.name.as_str())
            .collect();
        if flapping.is_empty() {
            return None;
        }
        let steady: Vec<Health> = self
            .critical(&from.name)
            .filter(|check| !flapping.contains(&check.id.as_str()))
            .map(|check| self.check_health(check, now))
            .collect();
        let down_when = self.estate.region(&from.name)?.down_when;
        (roll_up(&steady, down_when).health != Health::Down).then(|| Withheld {
            why: format!("{} answers and fails by turns: wait until it settles", flapping.join(", ")),
            until: None,
        })
    }

    fn too_new(&self, from: &RegionStatus, now: Now) -> Option<Withheld> {
        let wait = self.estate.policy.recommend_after;
        let down_for = self.regions.get(&from.name)?.since.map(|since| age(since, now)).unwrap_or_default();
        (down_for < wait).then(|| Withheld {
            why: format!("{} is down for {}, less than {}", from.name, human(down_for), human(wait)),
            until: Some(at_offset(now.wall, wait - down_for)),
        })
    }

    /// That it ended not long ago, and how long another waits for it.
    fn cooling_down(&self, last: &Failover, now: Now) -> Option<(String, Duration)> {
        let ago = since(now.wall, last.at);
        let left = self.estate.policy.cool_down.checked_sub(ago).filter(|left| !left.is_zero())?;
        let to = last.to.as_ref().map(|to| format!(" to {to}")).unwrap_or_default();
        Some((format!("a failover{to} ended {} ago", human(ago)), left))
    }
}
