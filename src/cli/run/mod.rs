//! `switchback run`: the engine without the screen. The same session, guards, log and refusals; a driver takes the
//! place of a person's fingers, and never invents a fence, an approval or a reason.

mod again;
mod driver;
mod dry_run;
mod dry_run_text;
mod given;
mod named;
mod outcome;
mod preflight;
mod progress;
mod sides;
mod start_at;
mod step;
mod stop;
mod turn;
mod when_recommended;

use std::sync::mpsc::sync_channel;

use super::args::{Global, Run as Args};
use super::console::{Evaluates, start};
use super::incidents::find;
use super::setup::Setup;
use super::{Exit, Failure};
use crate::runtime::session::Incident;

use self::driver::Driver;

/// # Errors
/// The command line leaves something open that only a person could answer, or no session can be started.
pub(super) fn run(global: &Global, args: Args) -> Result<Exit, Failure> {
    if args.dry_run {
        return dry_run::run(global, &args);
    }
    if args.when_recommended {
        return when_recommended::run(global, args);
    }
    preflight::allowed(global, &args)?;
    let setup = Setup::of_estate(global)?;
    let incident = match &args.incident {
        Some(name) => Incident::In(find(global, name)?),
        None => Incident::Fresh,
    };
    let leaves = !preflight::goes_on(&setup, &incident, &args)? && preflight::can_start(&setup, &args)?;
    if let Some(others) = preflight::others_open(&setup).filter(|_| args.incident.is_none()) {
        eprintln!("switchback: warning: {others}");
    }
    let (tell, told) = sync_channel(4096);
    let (ask, asked) = sync_channel(64);
    let scene = setup.scene();
    let json = args.json;
    let driver = Driver::new(scene, args, ask)?.leaving(leaves);
    let session = start(setup, incident, Evaluates::No, asked, tell)?;
    let outcome = driver.drive(&told);
    session.wait();
    outcome.say();
    if json {
        super::stdout::print_json(&outcome)?;
    }
    Ok(outcome.exit())
}
