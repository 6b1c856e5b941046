//! An attempt in the simulated world.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::console::OutputOf;
use domain::execution::{AttemptOutcome, End, Resolved};
use domain::untrusted::sanitise_line;
use tokio::sync::watch;

use super::SimExec;

/// What a step without an expectation is taken for.
const USUAL: Duration = Duration::from_secs(10);
/// How much faster than in life the demonstration goes.
const FASTER: u32 = 10;
const SHORTEST: Duration = Duration::from_millis(400);
const LONGEST: Duration = Duration::from_secs(4);

impl SimExec {
    /// Performs the block, printing as it goes; ends early when `cancelled` becomes true. Dropping the future leaves
    /// what it was to do to happen by itself.
    pub async fn run(self, resolved: Resolved, mut cancelled: watch::Receiver<bool>) -> AttemptOutcome {
        let clock = self.shared.clock.clone();
        let began = clock.now();
        let performance = self.world().perform(&resolved, self.takes(), began);
        self.shared.changed.notify_one();
        let of = OutputOf::Step { run: resolved.run, step: resolved.step.clone(), attempt: resolved.attempt };
        let lines: Vec<String> = performance.lines.iter().map(sanitise_line).collect();
        let allowed = performance.takes.min(resolved.timeout);
        let print = async {
            let pause = performance.takes / (u32::try_from(lines.len()).unwrap_or(u32::MAX - 1) + 1);
            for line in &lines {
                clock.sleep(pause).await;
                if let Some(output) = &self.output {
                    // Full: nobody keeps up, and a line less on the screen is no loss.
                    let _ = output.try_send((of.clone(), format!("{line}\n")));
                }
            }
            clock.sleep(performance.takes).await;
        };
        let end = tokio::select! {
            biased;
            Ok(_) = cancelled.wait_for(|cancelled| *cancelled) => End::Cancelled,
            () = clock.sleep(allowed) => if allowed < performance.takes { End::TimedOut } else { performance.end.clone() },
            () = print => performance.end.clone(),
        };
        if matches!(end, End::Cancelled | End::TimedOut) {
            self.world().cancel(performance.ticket);
        }
        let ended = clock.now();
        let succeeded = matches!(end, End::Succeeded { .. });
        let out = resolved.out.filter(|_| succeeded).map(|name| (name, "simulated".to_owned()));
        AttemptOutcome {
            end,
            started_at: began.wall,
            ended_at: ended.wall,
            duration: ended.boot.saturating_sub(began.boot),
            values: out.into_iter().collect::<BTreeMap<_, _>>(),
            output: None,
            summary: lines.last().cloned().unwrap_or_default(),
            undo: None,
        }
    }

    /// In an exercise, as long as in life: what is learned of it is of use there.
    fn takes(&self) -> Duration {
        match self.shared.clock.pace() {
            Some(_) => self.expected.unwrap_or(USUAL),
            None => simulated(self.expected),
        }
    }
}

/// How long a step takes in the demonstration that takes `expected` in life.
pub(super) fn simulated(expected: Option<Duration>) -> Duration {
    (expected.unwrap_or(USUAL) / FASTER).clamp(SHORTEST, LONGEST)
}
