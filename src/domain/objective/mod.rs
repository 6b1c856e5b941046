//! Recovery objectives: the interval of possible loss, the two clocks, the forecast.

mod at_risk;
mod budget;
mod clock;
mod cost;
mod forecast;
mod learn;
mod rows;
mod rpo;
#[cfg(test)]
mod tests;
mod tier_watch;

pub use at_risk::AtRisk;
pub use budget::{Availability, Phase, PhaseSpent, availability, phases};
pub use clock::{Clock, Clocks, Deadline, clocks, decide_by};
pub use cost::Cost;
pub use forecast::{Forecast, Learned, Quantiles, remaining};
pub use rows::{Row, rows};
pub(crate) use rpo::of_recovery_point;
pub use tier_watch::{TierWatch, waits_for_tiers};
