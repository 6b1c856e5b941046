//! Asking the guards that have to be run, all at once, each within its own time.

use domain::execution::{GuardResult, GuardVerdict, ResolvedBlock};
use domain::runbook::Else;

use crate::runtime::capability::Asker;
use crate::runtime::clock;

/// One guard block, resolved.
#[derive(Debug)]
pub(super) struct GuardJob {
    pub name: String,
    pub or_else: Else,
    pub resolved: Result<ResolvedBlock, String>,
}

/// Answers in the order of the jobs.
pub(super) async fn ask_all(asker: Asker, jobs: Vec<GuardJob>) -> Vec<GuardResult> {
    let tasks: Vec<_> = jobs
        .into_iter()
        .map(|job| {
            let asker = asker.clone();
            tokio::spawn(async move { ask(&asker, job).await })
        })
        .collect();
    let mut results = Vec::with_capacity(tasks.len());
    for task in tasks {
        if let Ok(result) = task.await {
            results.push(result);
        }
    }
    results
}

async fn ask(asker: &Asker, job: GuardJob) -> GuardResult {
    let (verdict, seen) = match job.resolved {
        Err(why) => (GuardVerdict::Unknown, why),
        Ok(resolved) => {
            let answer = asker.ask(resolved).await;
            let verdict = match (answer.passed, job.or_else) {
                (Some(true), _) => GuardVerdict::Pass,
                (None, Else::Ask) | (Some(false), Else::Ask) => GuardVerdict::Ask,
                (None, _) => GuardVerdict::Unknown,
                (Some(false), Else::Stop) => GuardVerdict::Fail,
                (Some(false), Else::Skip) => GuardVerdict::Skip,
            };
            (verdict, answer.seen)
        }
    };
    GuardResult { name: job.name, verdict, seen, evaluated_at: clock::now().wall, measured_at: None }
}
