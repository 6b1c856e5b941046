//! Samples become readings: status with rise and fall, staleness, flapping, the roll-up of a region, the side that
//! serves, the order of candidates.

mod advice;
mod alert;
mod automatic;
mod backup_facts;
mod board;
#[cfg(test)]
mod board_tests;
mod calculated;
mod certificate;
mod change;
mod channels;
mod cloudwatch;
mod context;
mod copies;
mod dns;
mod evaluation;
mod flapping;
mod guard;
mod heartbeat;
mod index;
mod isolation;
mod network;
mod roll_up;
mod route53;
mod sample;
mod self_healing;
#[cfg(test)]
mod self_healing_tests;
mod serving;
mod sides;
mod snapshot;
mod status;
#[cfg(test)]
pub(crate) mod testing;
mod threshold;
mod track;
mod trend;

pub use advice::Failover;
pub use backup_facts::*;
pub use board::Board;
pub use certificate::Validity;
pub use change::Change;
pub use cloudwatch::{Alarm, Datapoint, judge_alarms};
pub use context::Context;
pub use dns::{Answer, Expected, Resolved};
pub use evaluation::{EvaluatedRow, EvaluationStatus};
pub use guard::{Promotion, evaluate, implicit_guards};
pub use heartbeat::beat_time;
pub use route53::{HealthCheckConfig, Healths, Observation, judge_health_check};
pub use sample::*;
pub use status::*;
pub(crate) use track::stale_after;
pub(crate) use trend::Trend;
