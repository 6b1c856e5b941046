//! Exercises: the simulated world that the demonstration and drills act on.

mod demo;
mod noise;
#[cfg(test)]
mod walk_tests;
mod world;

pub use demo::{DEMO_ESTATE, demo_estate};
pub use world::{Answer, Performance, Ticket, World, Write};
