//! Which samples are worth keeping: every change with what stood before it, and otherwise one now and then.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::reading::{Outcome, Payload, Sample, Source};

/// So many in a row of what a source newly says are kept: that it is down takes `fail_after` of them, and who reads them
/// later has to come to the same verdict, at the same time.
const SETTLING: u32 = 5;

/// Keeps what a later look at the history needs.
#[derive(Debug)]
pub(super) struct Thinning {
    /// A source that says the same is kept this often; a database's server more often, for its positions.
    every: Duration,
    every_server: Duration,
    sources: BTreeMap<Source, Kept>,
}

#[derive(Debug)]
struct Kept {
    /// Of the newest sample that was kept.
    word: Word,
    at: Duration,
    /// How many said so in a row.
    alike: u32,
    /// The newest sample, when it was not kept.
    held: Option<Sample>,
}

/// What makes two samples say the same.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Word {
    Good(Option<String>),
    Soft,
    Bad,
    Unknown,
}

impl Thinning {
    pub(super) const fn new(every: Duration, every_server: Duration) -> Self {
        Self { every, every_server, sources: BTreeMap::new() }
    }

    /// Takes a sample in; gives those to keep, oldest first of each source. A change anywhere keeps what is held of
    /// every source: the picture at that instant.
    pub(super) fn offer(&mut self, sample: &Sample) -> Vec<Sample> {
        let word = Word::of(sample);
        let every = match sample.outcome.payload() {
            Some(Payload::Server { .. }) => self.every_server,
            _ => self.every,
        };
        let Some(known) = self.sources.get_mut(&sample.source) else {
            let alike = if matches!(word, Word::Good(_)) { SETTLING } else { 1 };
            self.sources.insert(sample.source.clone(), Kept { word, at: sample.boot, alike, held: None });
            return vec![sample.clone()];
        };
        let changed = known.word != word;
        known.alike = if changed { 1 } else { known.alike.saturating_add(1) };
        let (alike, settling) = (known.alike, known.alike <= SETTLING);
        if !changed && !settling && sample.boot.saturating_sub(known.at) < every {
            known.held = Some(sample.clone());
            return Vec::new();
        }
        let mut keep = if changed { self.release() } else { Vec::new() };
        self.sources.insert(sample.source.clone(), Kept { word, at: sample.boot, alike, held: None });
        keep.push(sample.clone());
        keep
    }

    /// Gives what is held of every source, as at the end.
    pub(super) fn release(&mut self) -> Vec<Sample> {
        let held = self.sources.values_mut().filter_map(|kept| {
            let held = kept.held.take()?;
            kept.at = held.boot;
            Some(held)
        });
        held.collect()
    }
}

impl Word {
    fn of(sample: &Sample) -> Self {
        match &sample.outcome {
            Outcome::Good { payload: Payload::Server { server } } => {
                Self::Good(Some(format!("{} {:?} {}", server.in_recovery, server.timeline, server.receiver.is_some())))
            }
            Outcome::Good { payload: Payload::Serving { region } } => Self::Good(Some(region.to_string())),
            Outcome::Good { payload: Payload::Copies { copies } } => Self::Good(Some(copies.text.clone())),
            Outcome::Good { .. } => Self::Good(None),
            Outcome::Soft { .. } => Self::Soft,
            Outcome::Bad { .. } => Self::Bad,
            Outcome::Unknown { .. } => Self::Unknown,
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use domain::ident::CheckId;
    use domain::time::Timestamp;

    use super::*;

    pub(in super::super) fn sample(name: &str, second: u64, good: bool) -> Sample {
        let outcome = if good {
            Outcome::Good { payload: Payload::Nothing }
        } else {
            Outcome::Bad { why: "no answer".into(), payload: Payload::Nothing }
        };
        Sample {
            source: Source::Check(CheckId::from(name)),
            at: Timestamp::from_second(1_800_000_000 + i64::try_from(second).unwrap()).unwrap(),
            boot: Duration::from_secs(second),
            latency: None,
            outcome,
            clock_skew_ms: None,
        }
    }

    #[test]
    fn what_says_the_same_is_kept_now_and_then() {
        let mut thinning = Thinning::new(Duration::from_secs(60), Duration::from_secs(10));
        let kept: Vec<u64> = (0..=180)
            .step_by(10)
            .flat_map(|second| thinning.offer(&sample("a", second, true)))
            .map(|sample| sample.boot.as_secs())
            .collect();
        assert_eq!(kept, [0, 60, 120, 180]);
    }

    #[test]
    fn what_is_new_is_kept_until_it_has_settled() {
        let mut thinning = Thinning::new(Duration::from_secs(60), Duration::from_secs(10));
        let kept: Vec<u64> = (0..=140)
            .step_by(10)
            .flat_map(|second| thinning.offer(&sample("a", second, second < 20)))
            .map(|sample| sample.boot.as_secs())
            .collect();
        assert_eq!(kept, [0, 10, 20, 30, 40, 50, 60, 120]);
    }

    #[test]
    fn what_is_kept_tells_since_when_it_is_down() {
        let estate = domain::estate::parse(
            "name = \"x\"\n[regions.a]\nrole = \"primary\"\n[probes]\ninterval = \"10s\"\ntimeout = \"2s\"\n\
             [services.api]\nhealth = { a = \"http://192.0.2.1/\" }\n",
        );
        let estate = std::sync::Arc::new(estate.estate);
        let name = estate.checks[0].id.as_str();
        let mut board = domain::reading::Board::new(std::sync::Arc::clone(&estate));
        let mut thinning = Thinning::new(Duration::from_secs(60), Duration::from_secs(10));
        for second in (0..600).step_by(10) {
            for kept in thinning.offer(&sample(name, second, second < 100)) {
                board.observe(&kept);
            }
        }
        // One look, much later, by somebody who read what was kept.
        let later = [900, 901, 902].map(|second| sample(name, second, false));
        later.iter().for_each(|sample| _ = board.observe(sample));
        let now = domain::time::Now { wall: later[2].at, boot: later[2].boot };
        let status = board.status(&domain::reading::Context::calm(domain::log::Kind::Live), now);
        let check = &status.regions[0].checks[0];
        assert_eq!((check.status, check.since), (domain::reading::Health::Down, Some(sample(name, 120, false).at)));
    }

    #[test]
    fn a_change_is_kept_with_the_last_sample_before_it_of_every_source() {
        let mut thinning = Thinning::new(Duration::from_secs(60), Duration::from_secs(10));
        for second in [0, 10, 20] {
            thinning.offer(&sample("a", second, true));
            thinning.offer(&sample("b", second, true));
        }
        let kept = thinning.offer(&sample("a", 30, false));
        assert_eq!(kept, [sample("a", 20, true), sample("b", 20, true), sample("a", 30, false)]);
        assert!(thinning.release().is_empty());
    }
}
