//! What is to happen at a moment of the exercise.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::execution::Part;
use crate::ident::{RunId, StepId};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Job {
    AttemptEnds {
        run: RunId,
        step: StepId,
        attempt: u32,
    },
    Retry {
        run: RunId,
        step: StepId,
        part: Part,
    },
    /// A block of a verify is asked.
    Look {
        poll: u64,
        block: usize,
    },
    LookAtHold {
        run: RunId,
        step: StepId,
    },
}

/// Jobs in the order of their time; of one moment, in the order in which they were put there.
#[derive(Clone, Debug, Default)]
pub(super) struct Queue {
    jobs: BTreeMap<(Duration, u64), Job>,
    number: u64,
}

impl Queue {
    /// `at` since boot.
    pub(super) fn put(&mut self, at: Duration, job: Job) {
        self.number += 1;
        self.jobs.insert((at, self.number), job);
    }

    pub(super) fn next(&self) -> Option<Duration> {
        self.jobs.first_key_value().map(|((at, _), _)| *at)
    }

    /// The first that is due by now.
    pub(super) fn take(&mut self, now: Duration) -> Option<Job> {
        let first = self.jobs.first_entry().filter(|first| first.key().0 <= now)?;
        Some(first.remove())
    }
}
