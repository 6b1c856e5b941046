//! Exercises: the simulated world that the demonstration and drills act on.

mod after_action;
mod conduct;
mod demo;
mod demo_readiness;
mod faults;
mod fits;
mod held;
mod noise;
mod question;
mod reached;
pub mod rehearsal;
pub mod score;
mod start;
#[cfg(test)]
pub(crate) mod told;
#[cfg(test)]
mod walk_tests;
mod world;

pub use after_action::record;
pub use conduct::{due, ends_at, fires_at, scenario_at};
pub use demo::{DEMO_ESTATE, demo_estate};
pub use demo_readiness::{demo_facts, demo_past};
pub use faults::{count_writes, exercise_world, faults_over};
pub use fits::{Shelf, fits};
pub use held::held;
pub use question::question;
pub use reached::{reached, reached_since};
pub use start::start_ex;
pub use world::{Answer, Diverged, Fault, FaultDoes, FaultOn, Lost, Performance, Side, Ticket, Until, World};
