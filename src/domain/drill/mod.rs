//! Exercises: the simulated world that the demonstration and drills act on.

mod demo;
mod demo_readiness;
mod noise;
#[cfg(test)]
mod walk_tests;
mod world;

pub use demo::{DEMO_ESTATE, demo_estate};
pub use demo_readiness::{demo_facts, demo_past};
pub use world::{Answer, Performance, Ticket, World, Write};
