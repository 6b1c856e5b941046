//! What should be done about an entry, by the console that appended it, once it is on disk.

use std::time::Duration;

use crate::execution::{Part, Resolved};
use crate::ident::{CaptureId, Hash, RunId, StepId};
use crate::log::Way;

/// Built only by [`super::react`] from an acknowledged entry: write-ahead is a fact of the types.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Start the attempt that `step_intended` recorded.
    Execute(Box<Resolved>),
    /// Start the one-off command that `capture_intended` recorded.
    ExecuteCapture { capture: CaptureId, resolved: Box<Resolved> },
    /// Poll the step's verify blocks; attempt 0 is a manual step's tick.
    Verify { run: RunId, step: StepId, attempt: u32 },
    /// Go on watching the step's verify blocks for its `Hold`.
    WatchHold { run: RunId, step: StepId },
    /// Start it again after `delay`, as its author allowed (`retry=`).
    Retry { run: RunId, step: StepId, part: Part, delay: Duration },
    /// Send the update that `update_issued` or `update_retried` recorded, one way.
    SendUpdate { update: u64, way: Way },
    /// Change the simulated world by these lines.
    Affect(Vec<String>),
    /// The exercise's clock changed its pace.
    Pace(PaceChange),
    /// The exercise is over: tell what became of writes in the simulated world.
    CountWrites,
    /// A question about the simulated world was answered.
    Answered { question: Hash, holds: bool },
    /// Ring: something needs a person.
    Bell,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaceChange {
    Pause,
    Resume,
    Speed(u32),
}
