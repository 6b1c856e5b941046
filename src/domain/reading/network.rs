//! Our own network: a check that fails while it is gone says nothing about what it looks at.

use std::time::Duration;

use super::{Board, Change, Outcome, Payload, Sample, age};
use crate::ident::CheckId;
use crate::time::Now;

/// A network that was last heard of longer ago than this is not waited for: a probe of it that hangs must not hide an
/// outage.
const HEARD_WITHIN: Duration = Duration::from_secs(20);

/// What is known of our own network.
#[derive(Clone, Debug, Default)]
pub(super) struct Network {
    pub(super) blind: bool,
    /// When it was last seen to work.
    works: Option<Now>,
    /// Failures that nothing has come after yet: theirs, or our own network's.
    doubted: Vec<Sample>,
}

impl Network {
    /// A failure that is not believed before the network has worked after it. One of an earlier boot is history.
    fn doubts(&self, failed: &Sample) -> bool {
        let unheard = matches!(&failed.outcome, Outcome::Bad { payload: Payload::Nothing, .. });
        let heard = |works: Now| !worked_after(works, failed) && age(works, failed.moment()) <= HEARD_WITHIN;
        unheard && failed.boot != Duration::MAX && self.works.is_some_and(heard)
    }

    /// The failures that wait and satisfy `of`, oldest first; they wait no longer.
    fn release(&mut self, of: impl FnMut(&mut Sample) -> bool) -> Vec<Sample> {
        self.doubted.extract_if(.., of).collect()
    }
}

impl Board {
    /// Our own network does not answer: nothing that fails now is believed.
    #[must_use]
    pub const fn blind(&self) -> bool {
        self.network.blind
    }

    /// Failures wait for a word of our own network.
    #[must_use]
    pub const fn doubts(&self) -> bool {
        !self.network.doubted.is_empty()
    }

    pub(super) fn doubted(&self, check: &CheckId) -> bool {
        self.network.doubted.iter().any(|sample| sample.source == super::Source::Check(check.clone()))
    }

    pub(super) fn observe_connectivity(&mut self, sample: &Sample) -> Vec<Change> {
        let begun = sample.moment();
        let changes = match &sample.outcome {
            Outcome::Bad { .. } => self.become_blind(true, sample),
            Outcome::Unknown { .. } => {
                self.network.works = None;
                Vec::new()
            }
            Outcome::Good { .. } | Outcome::Soft { .. } => {
                self.network.works = Some(begun);
                self.become_blind(false, sample)
            }
        };
        let works = self.network.works;
        let believed = self.network.release(|failed| works.is_none_or(|works| worked_after(works, failed)));
        changes.into_iter().chain(believed.iter().flat_map(|failed| self.believe(failed))).collect()
    }

    /// Takes the sample of a check in, once it is known whether to believe it.
    pub(super) fn weigh(&mut self, sample: &Sample) -> Vec<Change> {
        let told_nothing =
            matches!(sample.outcome, Outcome::Bad { payload: Payload::Nothing | Payload::Text { .. }, .. });
        if self.network.blind && told_nothing {
            return Vec::new();
        }
        if self.network.doubts(sample) {
            self.network.doubted.push(sample.clone());
            return Vec::new();
        }
        // What this check said before comes first, whatever it was.
        let earlier = self.network.release(|failed| failed.source == sample.source);
        earlier.iter().chain([sample]).flat_map(|sample| self.believe(sample)).collect()
    }

    /// Thresholds that were partly reached by readings without a network of our own start anew.
    fn become_blind(&mut self, blind: bool, sample: &Sample) -> Vec<Change> {
        if self.network.blind == blind {
            return Vec::new();
        }
        self.network = Network { blind, doubted: Vec::new(), ..self.network };
        self.forget_counts();
        vec![Change::Blind { blind, at: sample.at }]
    }
}

/// A look at the network that began when the failure was over.
fn worked_after(works: Now, failed: &Sample) -> bool {
    works.boot >= failed.boot && age(failed.moment(), works) >= failed.latency.unwrap_or_default()
}
