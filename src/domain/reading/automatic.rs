//! What looks after itself, as it is shown and recorded.

use std::sync::Arc;

use super::self_healing::gap;
use super::{AutomaticStatus, Board, Context, HealingStatus, Sample};
use crate::estate::Check;
use crate::time::{Now, clock, human};

impl Board {
    pub(super) fn observe_self_healing(&mut self, check: &Check, sample: &Sample) {
        let estate = Arc::clone(&self.estate);
        for healing in estate.self_healing.iter().filter(|healing| healing.watches.contains(&check.id)) {
            let watched = estate.checks.iter().filter(|known| healing.watches.contains(&known.id));
            let watch = self.self_healing.entry(healing.name.clone()).or_default();
            Arc::make_mut(watch).observe(check, sample, gap(watched));
        }
    }

    /// What a run of ours did is left out.
    pub(super) fn automatic_statuses(&self, context: &Context<'_>, now: Now) -> Vec<AutomaticStatus> {
        let statuses = self.estate.self_healing.iter().map(|healing| {
            let watch = self.self_healing.get(&healing.name);
            let failing = watch.and_then(|watch| watch.failing_since());
            let of_itself =
                |known: &&super::self_healing::Healing| !context.incident.is_some_and(|state| known.is_ours(state));
            let recent = watch.map_or(&[][..], |watch| watch.healings()).iter().filter(of_itself).map(|known| {
                let took = known.took();
                HealingStatus {
                    from: known.from.clone(),
                    to: known.to.clone(),
                    failed_at: known.failed_at,
                    served_at: known.served_at,
                    took,
                    kept: took.map(|took| took <= healing.promise),
                    because: known.because.clone(),
                    settled: known.settled(now.wall),
                }
            });
            AutomaticStatus {
                name: healing.name.clone(),
                promise: healing.promise,
                serving: watch.and_then(|watch| watch.serving()).map(str::to_owned),
                failing_since: failing.map(|since| since.wall),
                overdue: failing.is_some_and(|since| super::age(since, now) > healing.promise),
                recent: recent.collect(),
            }
        });
        statuses.collect()
    }
}

impl AutomaticStatus {
    /// One of its changes in a sentence, for a log and for people: it says the same for ever.
    #[must_use]
    pub fn sentence(&self, healing: &HealingStatus) -> String {
        let HealingStatus { from, to, .. } = healing;
        let moved = match from {
            Some(from) if from == to => format!("{to} serves again"),
            Some(from) => format!("failed over by itself from {from} to {to}"),
            None => format!("failed over by itself to {to}"),
        };
        let how_long = match (healing.took, healing.failed_at, healing.kept) {
            (Some(took), Some(failed_at), Some(kept)) => {
                let word = if kept { "inside" } else { "past" };
                let (last, promise) = (clock(failed_at), human(self.promise));
                format!("last good {last}, {} dark, {word} its promise of {promise}", human(took))
            }
            _ => "not known since when it was dark".to_owned(),
        };
        let because = healing.because.as_deref().map(|because| format!(" ({because})")).unwrap_or_default();
        format!("{}: {moved} at {}, {how_long}{because}", self.name, clock(healing.served_at))
    }
}
