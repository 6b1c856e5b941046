//! How long steps took before: what forecasts rest on once a team has rehearsed.

use std::collections::BTreeMap;
use std::time::Duration;

use super::forecast::{Learned, Quantiles};
use crate::engine::{Recorded, Run, State};
use crate::ident::StepId;
use crate::time::{Timestamp, since};

impl Learned {
    /// From whole logs. What played itself says nothing of how long people take.
    #[must_use]
    pub fn from_logs<'a>(logs: impl IntoIterator<Item = &'a State>) -> Self {
        let by_people = |state: &&State| state.exercise.as_deref().is_none_or(|exercise| !exercise.start.automatic);
        Self::from_runs(logs.into_iter().filter(by_people).flat_map(|state| &state.runs))
    }

    /// From earlier runs; which of them are alike (drills and live apart) is the caller's choice.
    #[must_use]
    pub fn from_runs<'a>(runs: impl IntoIterator<Item = &'a Run>) -> Self {
        let mut taken: BTreeMap<(String, StepId), Vec<Duration>> = BTreeMap::new();
        for run in runs {
            for (step, duration) in durations(run) {
                taken.entry((run.name.clone(), step)).or_default().push(duration);
            }
        }
        Self(taken.into_iter().map(|(key, durations)| (key, quantiles(durations))).collect())
    }
}

/// Of the steps that were done: from the first attempt to the end of its verify; of those done by hand, from the end of
/// what was done before.
fn durations(run: &Run) -> Vec<(StepId, Duration)> {
    let mut done: Vec<(Timestamp, &StepId)> = run
        .steps
        .iter()
        .filter(|(_, record)| matches!(record.recorded, Recorded::Succeeded | Recorded::DoneByHand))
        .filter_map(|(step, record)| Some((record.ended_at?, step)))
        .collect();
    done.sort();
    let before = std::iter::once(run.started_at).chain(done.iter().map(|(ended, _)| *ended));
    done.iter()
        .zip(before)
        .map(|((ended, step), before)| {
            let begun = run.record(step).attempts.first().map_or(before, |attempt| attempt.intended_at);
            ((*step).clone(), since(*ended, begun))
        })
        .collect()
}

/// By the nearest rank; there is at least one.
fn quantiles(mut durations: Vec<Duration>) -> Quantiles {
    durations.sort_unstable();
    let rank = |share: usize| durations[(durations.len() * share).div_ceil(100).saturating_sub(1)];
    Quantiles { p50: rank(50), p90: rank(90) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drill::told::{SCENARIO, Told};

    #[test]
    fn an_exercise_counts_by_the_clock_of_its_scenario_and_not_where_it_played_itself() {
        let played = |automatic: bool, speed: u32| {
            let mut told = Told::begun_with(SCENARIO, |start| {
                start.automatic = automatic;
                start.speed = speed;
            });
            told.play();
            told.state
        };
        let learned = |state: &State| {
            let learned = Learned::from_logs([state]).0;
            let p50 = |step: &str| Some(learned.get(&("regional-failover".to_owned(), step.into()))?.p50.as_secs());
            ["tell", "promote", "switch"].map(p50)
        };
        assert_eq!(learned(&played(false, 1)), [Some(5), Some(5), Some(10)]);
        assert_eq!(
            learned(&played(false, 60)),
            [Some(5), Some(5), Some(10)],
            "a minute of the machine is an hour of it"
        );
        assert_eq!(learned(&played(true, 1)), [None; 3]);
    }

    #[test]
    fn nine_of_ten_stay_below_the_p90() {
        let seconds = |seconds: &[u64]| seconds.iter().copied().map(Duration::from_secs).collect();
        let of_ten = quantiles(seconds(&[10, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
        assert_eq!(of_ten, Quantiles { p50: Duration::from_secs(5), p90: Duration::from_secs(9) });
        let of_one = quantiles(seconds(&[7]));
        assert_eq!((of_one.p50, of_one.p90), (Duration::from_secs(7), Duration::from_secs(7)));
    }
}
