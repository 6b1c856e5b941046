//! One small process per attempt that outlives the console: this program again, in a session of its own.
//!
//! It takes the attempt's claim, runs the block, ends its whole process tree when its time is over, keeps its output,
//! and leaves `outcome.json`. What the console knows after a crash, it knows from these files.

mod attempt;
mod claim;
mod handover;
mod outcome;
mod output;
mod process;
mod process_note;
mod remote;
mod signals;
mod tree;
mod values;
mod work;

use std::io::Read;
use std::process::ExitCode;

pub use attempt::AttemptId;
pub(crate) use claim::{Claim, Holder, Standing, TakeError};
pub(crate) use handover::Handover;
pub(crate) use outcome::{OUTCOME, read as read_outcome};
pub(crate) use output::OUTPUT;
pub(crate) use process::Channel;
pub(crate) use process_note::Process;
use rustix::process::{Resource, Rlimit};
use signals::Signals;
pub(crate) use tree::{Tree, start_time};

/// The first argument of a supervisor; nothing else is ever on its command line.
pub(crate) const SUPERVISE: &str = "--supervise";

/// Why a supervisor left before it claimed its attempt: nothing was run. Its exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Declined {
    #[error("its supervisor could not leave the console's session")]
    Session = 71,
    #[error("its supervisor was not told what to run")]
    Handover = 65,
    #[error("it was started before")]
    Taken = 73,
    #[error("its claim could not be written")]
    Claim = 74,
    #[error("it was cancelled before it began")]
    Cancelled = 75,
}

impl Declined {
    pub(crate) fn of(code: i32) -> Option<Self> {
        [Self::Session, Self::Handover, Self::Taken, Self::Claim, Self::Cancelled]
            .into_iter()
            .find(|declined| *declined as i32 == code)
    }
}

/// The supervisor's whole life, if this process was started as one. To be called before anything else in `main`.
#[must_use]
pub fn main_if_asked() -> Option<ExitCode> {
    if std::env::args_os().nth(1)? != SUPERVISE {
        return None;
    }
    Some(match supervise() {
        Ok(()) => ExitCode::SUCCESS,
        Err(declined) => ExitCode::from(declined as u8),
    })
}

fn supervise() -> Result<(), Declined> {
    rustix::process::setsid().map_err(|_| Declined::Session)?;
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    let _ = rustix::process::setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    // Without it a child that forks twice would escape the sweep at the end.
    rustix::process::set_child_subreaper(Some(rustix::process::getpid())).map_err(|_| Declined::Session)?;
    let signals = Signals::listen().map_err(|_| Declined::Session)?;

    let mut text = Vec::new();
    std::io::stdin().read_to_end(&mut text).map_err(|_| Declined::Handover)?;
    let handover: Handover = serde_json::from_slice(&text).map_err(|_| Declined::Handover)?;
    if signals.cancelled() {
        return Err(Declined::Cancelled);
    }
    let claim = Claim::mine(Holder::Supervisor);
    let held = claim.take(&handover.folder).map_err(|error| match error {
        TakeError::Taken => Declined::Taken,
        TakeError::Io(_) => Declined::Claim,
    })?;
    let outcome = work::perform(&handover, &signals);
    // Left unwritten, the console reads an unlocked claim without an outcome: unknown, which is then the truth.
    let _ = outcome::write(&handover.folder, &outcome);
    drop(held);
    Ok(())
}
