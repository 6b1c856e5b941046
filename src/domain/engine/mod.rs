//! The engine: [`decide`] says what should be recorded, [`evolve`] folds what was recorded, [`react`] says what should
//! be done about it. Live use, resuming, the wall, export and exercises drive the same three functions.

mod command;
mod effect;
mod evolve;
mod fold_run;
mod react;
mod run;
mod state;

pub use command::*;
pub use effect::*;
pub use evolve::*;
pub use react::react;
pub use run::*;
pub use state::*;
