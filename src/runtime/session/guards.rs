//! Asking the guards that have to be run, all at once, each within its own time.

use std::time::Duration;

use domain::execution::{GuardResult, GuardVerdict, ResolvedBlock};
use domain::runbook::Else;
use domain::time::since;
use futures_util::future::join_all;

use crate::runtime::capability::Asker;
use crate::runtime::clock::Clock;

/// The engine believes no answer that is older than 5 s.
const FRESH: Duration = Duration::from_secs(3);
const ASK_AGAIN: usize = 2;

/// One guard block, resolved.
#[derive(Clone, Debug)]
pub(super) struct GuardJob {
    pub name: String,
    pub or_else: Else,
    pub resolved: Result<ResolvedBlock, String>,
}

/// Answers in the order of the jobs. Those that grew old while slower ones were waited for are asked again, so that all
/// of them are fresh together.
pub(super) async fn ask_all(asker: Asker, clock: Clock, jobs: Vec<GuardJob>) -> Vec<GuardResult> {
    let mut results = ask_side_by_side(&asker, &clock, &jobs).await;
    for _ in 0..ASK_AGAIN {
        let now = clock.now().wall;
        let old: Vec<usize> = (0..results.len()).filter(|at| since(now, results[*at].evaluated_at) > FRESH).collect();
        if old.is_empty() {
            break;
        }
        let again: Vec<GuardJob> = old.iter().map(|at| jobs[*at].clone()).collect();
        for (at, result) in old.into_iter().zip(ask_side_by_side(&asker, &clock, &again).await) {
            results[at] = result;
        }
    }
    results
}

async fn ask_side_by_side(asker: &Asker, clock: &Clock, jobs: &[GuardJob]) -> Vec<GuardResult> {
    join_all(jobs.iter().map(|job| ask(asker, clock, job.clone()))).await
}

async fn ask(asker: &Asker, clock: &Clock, job: GuardJob) -> GuardResult {
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
    GuardResult { name: job.name, verdict, seen, evaluated_at: clock.now().wall, measured_at: None }
}
