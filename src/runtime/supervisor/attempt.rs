//! The name of an attempt, and the folder it has for itself.

use std::fmt;
use std::path::{Path, PathBuf};

use domain::execution::{Part, Resolved};
use domain::ident::{CaptureId, RunId, StepId};

/// One try at one block. Two consoles name the same attempt alike, so that only one of them can claim it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AttemptId {
    Step { run: RunId, step: StepId, part: Part, attempt: u32 },
    Capture(CaptureId),
}

impl AttemptId {
    /// The attempt that `step_intended` recorded.
    #[must_use]
    pub fn of(resolved: &Resolved) -> Self {
        Self::Step { run: resolved.run, step: resolved.step.clone(), part: resolved.part, attempt: resolved.attempt }
    }

    /// Its folder, relative to the incident's.
    #[must_use]
    pub fn folder(&self) -> PathBuf {
        Path::new("attempts").join(self.to_string())
    }
}

impl fmt::Display for AttemptId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Step { run, step, part, attempt } => {
                let step: String = step
                    .as_str()
                    .chars()
                    .map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '.' { c } else { '_' })
                    .collect();
                let part = match part {
                    Part::Run => "run",
                    Part::Rollback => "rollback",
                };
                write!(f, "{run}-{step}-{part}-{attempt}")
            }
            Self::Capture(capture) => write!(f, "capture-{capture}"),
        }
    }
}
