//! An attempt that runs in its supervisor, whether this console started it or found it.

use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus};
use std::sync::Arc;
use std::time::Duration;

use domain::execution::{AttemptOutcome, End};
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

use super::live::{Settlement, not_started, settle};
use super::tail::Tail;
use crate::runtime::supervisor::{Claim, Declined, start_time};

/// How often the screen looks for new output.
const LOOK: Duration = Duration::from_millis(100);

#[derive(Debug)]
pub struct Running {
    folder: PathBuf,
    end: Until,
    supervisor: Option<Arc<OwnedFd>>,
}

/// What tells that the supervisor is gone.
#[derive(Debug)]
enum Until {
    Exit(Child),
    Unlocked(File),
}

/// Ends an attempt; may be kept after it ended, and then does nothing.
#[derive(Clone, Debug)]
pub struct Canceller(Option<Arc<OwnedFd>>);

impl Canceller {
    /// Asks the supervisor to end the block's tree, TERM first, then KILL. The outcome follows as usual.
    pub fn cancel(&self) {
        if let Some(supervisor) = &self.0 {
            // Fails only when it has ended already.
            let _ = pidfd_send_signal(supervisor.as_ref(), Signal::TERM);
        }
    }
}

impl Running {
    pub(super) fn started(folder: PathBuf, supervisor: Child) -> Self {
        let handle = pidfd_open(Pid::from_child(&supervisor), PidfdFlags::empty()).ok().map(Arc::new);
        Self { folder, end: Until::Exit(supervisor), supervisor: handle }
    }

    pub(super) fn adopted(folder: &Path, claim: &Claim, lock: File) -> Self {
        let handle = Pid::from_raw(claim.pid).and_then(|pid| {
            let handle = pidfd_open(pid, PidfdFlags::empty()).ok()?;
            // The handle names one process for ever; this shows that it is the one that claimed.
            (start_time(pid) == Some(claim.started)).then(|| Arc::new(handle))
        });
        Self { folder: folder.to_path_buf(), end: Until::Unlocked(lock), supervisor: handle }
    }

    #[must_use]
    pub fn canceller(&self) -> Canceller {
        Canceller(self.supervisor.clone())
    }

    /// Its output from the beginning, for the screen.
    #[must_use]
    pub fn tail(&self) -> Tail {
        Tail::of(&self.folder)
    }

    /// Blocks until it has ended, and says how. An error of the disk is an unknown outcome.
    #[must_use]
    pub fn wait(self) -> AttemptOutcome {
        let Self { folder, end, .. } = self;
        match finish(&folder, end) {
            Ok(outcome) => outcome,
            Err(error) => AttemptOutcome {
                end: End::Unknown { why: format!("its outcome cannot be read: {error}") },
                ..not_started("")
            },
        }
    }

    /// As [`Self::wait`], telling `output` what it prints meanwhile, sanitised; output that comes faster than it can
    /// be shown is left out here, never in its file.
    pub async fn watch(self, mut output: impl FnMut(String)) -> AttemptOutcome {
        let mut tail = self.tail();
        let mut ended = tokio::task::spawn_blocking(move || self.wait());
        loop {
            tokio::select! {
                outcome = &mut ended => {
                    tail.rest().into_iter().for_each(&mut output);
                    return outcome.unwrap_or_else(|error| {
                        AttemptOutcome { end: End::Unknown { why: error.to_string() }, ..not_started("") }
                    });
                }
                () = tokio::time::sleep(LOOK) => tail.more().into_iter().for_each(&mut output),
            }
        }
    }
}

fn finish(folder: &Path, mut end: Until) -> io::Result<AttemptOutcome> {
    loop {
        let declined = match end {
            Until::Exit(mut child) => {
                let status = child.wait()?;
                // It says by itself that it ran nothing: certain, even where no file can bear witness.
                let refused = status.code().and_then(Declined::of).filter(|declined| *declined != Declined::Taken);
                if let (Some(declined), Err(error)) = (refused, settle(folder)) {
                    return Ok(not_started(format!("{declined}: {error}")));
                }
                declined(status)
            }
            Until::Unlocked(lock) => {
                lock.lock_shared()?;
                None
            }
        };
        match settle(folder)? {
            Settlement::Finished(outcome) => {
                return Ok(match (&outcome.end, declined) {
                    (End::NotStarted { .. }, Some(why)) => not_started(why),
                    _ => outcome,
                });
            }
            // Another console was faster: its supervisor runs this attempt, and its outcome is the attempt's.
            Settlement::StillRunning(other) => end = other.end,
        }
    }
}

/// Why an attempt did not begin, by how its supervisor ended.
fn declined(status: ExitStatus) -> Option<String> {
    match status.code() {
        Some(code) => Declined::of(code).map(|declined| declined.to_string()),
        None => Some("its supervisor was ended before it began".to_owned()),
    }
}
