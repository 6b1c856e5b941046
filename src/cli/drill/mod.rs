//! `switchback drill`: exercises on a simulated copy of the estate.

mod auto;
mod list;
mod play;
mod runs;
mod stage;

use super::args::{Drill as Args, Global};
use super::{Exit, Failure};

pub(super) use stage::stage;

/// # Errors
/// No such scenario, one that does not fit the estate, or no terminal.
pub(super) fn run(global: &Global, args: &Args) -> Result<Exit, Failure> {
    match &args.scenario {
        Some(scenario) if args.auto => auto::run(global, args, scenario),
        Some(_) if args.json => {
            Err(Failure::new(Exit::Usage, "--json belongs to --list and --auto: a screen has no such form"))
        }
        Some(scenario) => play::run(global, args, scenario),
        None => list::run(global, args.json),
    }
}
