//! What a console can do to the world, as a type: run commands, act on the simulated world, or nothing.
//!
//! A wall or a read-only console holds [`Capability::None`]; there is no flag to check and no way to run.

use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::time::Duration;

use domain::engine::{ExerciseAct, Reason, Refusal};
use domain::estate::Database;
use domain::execution::{AttemptOutcome, End, Resolved, ResolvedBlock, WriteAnswer};
use domain::ident::RegionId;
use domain::runbook::Lang;
use tokio::sync::watch;

use crate::runtime::exec::route53;
use crate::runtime::exec::{
    AttemptId, BlockAnswer, LiveExec, Running, Secrets, Settlement, StartError, Surroundings, not_started,
};
use crate::runtime::postgres::try_write;
use crate::runtime::questions::Questions;
use crate::runtime::sim::SimExec;

/// Fixed when the session starts, by the kind of its incident.
#[derive(Clone, Debug)]
pub enum Capability {
    /// Live and lab: blocks run as written, under a supervisor each.
    Live(Surroundings),
    /// Demonstration and drills: no process and no network in it.
    Simulated(SimExec),
    /// An exercise on paper: nothing executes, people say what guards and verifies say.
    Paper(Questions),
    None,
}

type Outcome = Pin<Box<dyn Future<Output = AttemptOutcome> + Send>>;

/// What an attempt prints while it runs, for the screen.
pub type Printed = Box<dyn FnMut(String) + Send>;

/// An attempt that was started, or found again.
pub struct Started {
    pub outcome: Outcome,
    pub cancel: Cancel,
}

impl std::fmt::Debug for Started {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Started").field("cancel", &self.cancel).finish_non_exhaustive()
    }
}

/// Ends an attempt: TERM, then KILL, to all its processes.
#[derive(Clone, Debug)]
pub struct Cancel(watch::Sender<bool>);

impl Cancel {
    fn new() -> (Self, watch::Receiver<bool>) {
        let (send, receive) = watch::channel(false);
        (Self(send), receive)
    }

    pub fn cancel(&self) {
        self.0.send_replace(true);
    }
}

impl Capability {
    /// Starts an attempt whose intent is on disk, in the folder of its incident. `expected` is the author's duration,
    /// by which the simulated world takes its time.
    #[must_use]
    pub fn start(
        &self,
        incident: &Path,
        attempt: AttemptId,
        resolved: Resolved,
        expected: Option<Duration>,
        printed: Printed,
    ) -> Started {
        let (cancel, cancelled) = Cancel::new();
        let outcome: Outcome = match self {
            Self::Live(surroundings) => {
                let exec = live(incident, surroundings);
                Box::pin(run_live(exec, attempt, resolved, printed, cancelled))
            }
            Self::Simulated(exec) => Box::pin(run_simulated(exec.clone(), resolved, expected, printed, cancelled)),
            Self::Paper(_) => Box::pin(std::future::ready(not_started("on paper nothing is executed"))),
            Self::None => Box::pin(std::future::ready(not_started("this console cannot execute"))),
        };
        Started { outcome, cancel }
    }

    /// An attempt of an earlier console, or of another: what became of it, or its end when it still runs. What its files
    /// do not tell, the thing it changed may.
    #[must_use]
    pub fn resume(&self, incident: &Path, attempt: AttemptId, lang: Lang, printed: Printed) -> Started {
        let (cancel, cancelled) = Cancel::new();
        let outcome: Outcome = match self {
            Self::Live(surroundings) => {
                let exec = live(incident, surroundings);
                let folder = incident.join(attempt.folder());
                let settled = settle_live(exec, attempt, printed, cancelled);
                match lang {
                    Lang::Route53 => Box::pin(async move { route53::settle(&folder, settled.await).await }),
                    _ => Box::pin(settled),
                }
            }
            Self::Simulated(_) | Self::Paper(_) | Self::None => {
                let end = End::Unknown { why: "the console that simulated it is gone".to_owned() };
                Box::pin(std::future::ready(AttemptOutcome { end, ..not_started("") }))
            }
        };
        Started { outcome, cancel }
    }

    /// Whether [`Self::resume`] takes nothing away from another console that may be about to start the attempt.
    #[must_use]
    pub fn begun(&self, incident: &Path, attempt: &AttemptId) -> bool {
        match self {
            Self::Live(_) => LiveExec::new(incident).begun(attempt),
            Self::Simulated(_) | Self::Paper(_) | Self::None => false,
        }
    }

    /// What asks guards and verifies.
    #[must_use]
    pub fn asker(&self) -> Asker {
        match self {
            Self::Live(surroundings) => Asker::Live(surroundings.clone()),
            Self::Simulated(exec) => Asker::Simulated(exec.clone()),
            Self::Paper(questions) => Asker::Paper(questions.clone()),
            Self::None => Asker::None,
        }
    }

    /// Guards that have to be run can be.
    #[must_use]
    pub const fn asks_guards(&self) -> bool {
        !matches!(self, Self::None)
    }

    /// Commands of the estate may be run.
    #[must_use]
    pub const fn reaches_out(&self) -> bool {
        matches!(self, Self::Live(_))
    }

    /// The demonstration's failure, now.
    ///
    /// # Errors
    /// Everywhere but in the simulated world.
    pub fn fail_primary(&self) -> Result<(), Refusal> {
        match self {
            Self::Simulated(exec) => {
                exec.fail_primary();
                Ok(())
            }
            Self::Live(_) | Self::Paper(_) | Self::None => {
                Err(Refusal::new(Reason::NotNow, "only the demonstration fails on a key"))
            }
        }
    }

    /// Changes the simulated world as the lines of an inject say. What could not be done, and why; on paper there is
    /// nothing to change.
    pub fn affect(&self, lines: &[String]) -> Vec<String> {
        match self {
            Self::Simulated(exec) => exec.affect(lines),
            Self::Live(_) | Self::Paper(_) | Self::None => Vec::new(),
        }
    }

    /// What became of writes in the simulated world.
    #[must_use]
    pub fn count_writes(&self) -> Option<ExerciseAct> {
        match self {
            Self::Simulated(exec) => Some(exec.count_writes()),
            Self::Live(_) | Self::Paper(_) | Self::None => None,
        }
    }

    /// Faults of the scenario that are over, by their places in it.
    pub fn end_faults(&self, over: impl Iterator<Item = usize>) {
        if let Self::Simulated(exec) = self {
            exec.end_faults(over);
        }
    }

    /// What the facilitator of an exercise is asked.
    #[must_use]
    pub fn questions(&self) -> Option<&Questions> {
        match self {
            Self::Simulated(exec) => exec.questions(),
            Self::Paper(questions) => Some(questions),
            Self::Live(_) | Self::None => None,
        }
    }
}

fn live(incident: &Path, surroundings: &Surroundings) -> LiveExec {
    LiveExec::new(incident).surrounded_by(surroundings.clone())
}

async fn run_live(
    exec: LiveExec,
    attempt: AttemptId,
    resolved: Resolved,
    printed: Printed,
    cancelled: watch::Receiver<bool>,
) -> AttemptOutcome {
    let secrets = match Secrets::fetch(&resolved.secrets).await {
        Ok(secrets) => secrets,
        Err(error) => return not_started(error.to_string()),
    };
    if *cancelled.borrow() {
        return not_started("cancelled before it started");
    }
    match exec.start(&attempt, &resolved, &secrets) {
        Ok(running) => ended(running, printed, cancelled).await,
        Err(StartError::Taken) => settle_live(exec, attempt, printed, cancelled).await,
        Err(error) => not_started(error.to_string()),
    }
}

/// Lines that the simulated world prints go where those of processes go.
async fn run_simulated(
    exec: SimExec,
    resolved: Resolved,
    expected: Option<Duration>,
    mut printed: Printed,
    cancelled: watch::Receiver<bool>,
) -> AttemptOutcome {
    let (lines, mut receive) = tokio::sync::mpsc::channel(64);
    let run = exec.expecting(expected).printing_to(lines).run(resolved, cancelled);
    let print = async {
        while let Some((_, text)) = receive.recv().await {
            printed(text);
        }
    };
    tokio::join!(run, print).0
}

async fn settle_live(
    exec: LiveExec,
    attempt: AttemptId,
    printed: Printed,
    cancelled: watch::Receiver<bool>,
) -> AttemptOutcome {
    match exec.settle(&attempt) {
        Ok(Settlement::Finished(outcome)) => outcome,
        Ok(Settlement::StillRunning(running)) => ended(running, printed, cancelled).await,
        Err(error) => {
            let end = End::Unknown { why: format!("its files cannot be read: {error}") };
            AttemptOutcome { end, ..not_started("") }
        }
    }
}

async fn ended(running: Running, printed: Printed, mut cancelled: watch::Receiver<bool>) -> AttemptOutcome {
    let canceller = running.canceller();
    let listening = tokio::spawn(async move {
        if cancelled.wait_for(|cancelled| *cancelled).await.is_ok() {
            canceller.cancel();
        }
    });
    let outcome = running.watch(printed).await;
    listening.abort();
    outcome
}

/// Asks guards and verifies: blocks that only read.
#[derive(Clone, Debug)]
pub enum Asker {
    Live(Surroundings),
    Simulated(SimExec),
    Paper(Questions),
    None,
}

impl Asker {
    /// Asks one block, within its own timeout.
    pub async fn ask(&self, block: ResolvedBlock) -> BlockAnswer {
        match self {
            Self::Live(surroundings) => ask_live(surroundings, block).await,
            Self::Simulated(exec) => exec.ask(&block),
            Self::Paper(questions) => questions.ask(&block),
            Self::None => BlockAnswer { passed: None, seen: "this console cannot ask".to_owned() },
        }
    }

    /// One write through the application's own path, where the estate says how; `None` where it does not, or where
    /// nothing may be tried.
    pub async fn try_write(&self, database: &Database, region: &RegionId) -> Option<WriteAnswer> {
        match self {
            Self::Live(_) => Some(try_write(database.write_test.get(region)?).await),
            Self::Simulated(exec) => Some(exec.try_write(&database.id, region)),
            Self::Paper(_) | Self::None => None,
        }
    }
}

async fn ask_live(surroundings: &Surroundings, block: ResolvedBlock) -> BlockAnswer {
    let secrets = match Secrets::fetch(&block.secrets).await {
        Ok(secrets) => secrets,
        Err(error) => return BlockAnswer { passed: None, seen: error.to_string() },
    };
    // Nothing of a question is kept: the folder of attempts is not used.
    live(Path::new(""), surroundings).ask(&block, &secrets).await
}
