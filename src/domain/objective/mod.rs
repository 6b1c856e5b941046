//! Recovery objectives: the interval of possible loss, the two clocks, the forecast.

mod at_risk;

pub use at_risk::AtRisk;
