//! What an exercise that plays itself is made of.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use super::chance::Chance;
use crate::estate::Estate;
use crate::ident::IncidentId;
use crate::log::StartEx;
use crate::objective::Learned;
use crate::scenario::{Scenario, parse};
use crate::time::{Now, Timestamp, at_offset};

/// Everything but the seed: the same for many exercises.
#[derive(Clone, Debug)]
pub struct Kit {
    pub estate: Arc<Estate>,
    pub scenario: Arc<Scenario>,
    /// As it will stand in the log; its incident and its seed are those of each exercise.
    pub start: StartEx,
    /// The texts of runbooks, by name.
    pub runbooks: BTreeMap<String, Arc<str>>,
    /// How long steps took before.
    pub learned: Learned,
    /// The program: `switchback 0.1.0`.
    pub created_by: String,
}

impl Kit {
    #[must_use]
    pub fn new(estate: Arc<Estate>, start: StartEx, created_by: &str) -> Self {
        let scenario = Arc::new(parse(&start.scenario, &start.names).scenario);
        let (runbooks, learned) = (BTreeMap::new(), Learned::default());
        Self { estate, scenario, start, runbooks, learned, created_by: created_by.to_owned() }
    }

    /// The id of the exercise with this seed: another one whenever anything differs that its log depends on, so that two
    /// logs never want the same place.
    #[must_use]
    pub fn incident(&self, seed: u64) -> IncidentId {
        let from = self.start.from.as_ref().map_or("", |from| from.as_str());
        let mut what = [self.start.scenario.as_str(), &self.start.estate, from, &self.created_by].join("\0");
        for (name, text) in &self.runbooks {
            let _ = write!(what, "\0{name}\0{text}");
        }
        for ((runbook, step), took) in &self.learned.0 {
            let _ = write!(what, "\0{runbook}\0{step}\0{}\0{}", took.p50.as_nanos(), took.p90.as_nanos());
        }
        IncidentId(Chance::new(seed).id_of(&what, start_of(seed)))
    }
}

/// A seed from here on is a moment, in Unix milliseconds: 2001-09-09.
const A_MOMENT: u64 = 1_000_000_000_000;

/// StartEx on the scenario's clock: the seed, where that is a moment; else a day long ago, which counts for no schedule.
#[must_use]
pub fn start_of(seed: u64) -> Timestamp {
    let moment = i64::try_from(seed).ok().filter(|_| seed >= A_MOMENT);
    let moment = moment.and_then(|millis| Timestamp::from_millisecond(millis).ok());
    moment.unwrap_or_else(|| at_offset(Timestamp::UNIX_EPOCH, Duration::from_secs(9 * 3600)))
}

/// The simulated machine has been up for a day.
pub(super) fn begin(seed: u64) -> Now {
    Now { wall: start_of(seed), boot: Duration::from_secs(86_400) }
}
