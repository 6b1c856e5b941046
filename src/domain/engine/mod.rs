//! The engine: [`decide`] says what should be recorded, [`evolve`] folds what was recorded, [`react`] says what should
//! be done about it. Live use, resuming, the wall, export and exercises drive the same three functions.

mod acts;
mod children;
mod command;
mod decide;
mod effect;
mod evolve;
mod exercise;
mod fold_run;
mod guards;
mod lead;
mod questions;
mod react;
mod run;
mod seen;
mod state;
#[cfg(test)]
mod tests;

pub use acts::*;
pub use command::*;
pub use decide::{APPROVAL_GUARD, Decision, decide};
pub use effect::*;
pub use evolve::*;
pub use exercise::*;
pub use guards::*;
pub use lead::*;
pub use questions::*;
pub use react::react;
pub use run::*;
pub use state::*;
