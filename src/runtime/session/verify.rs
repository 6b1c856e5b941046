//! Polling the verify blocks of a step until they pass or their time is over.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::execution::{ResolvedBlock, VerifyResult};
use domain::runbook::CheckLine;

use super::shared::Readings;
use crate::runtime::capability::{Asker, Printed};
use crate::runtime::clock::Clock;

/// What to poll, everything settled.
#[derive(Debug)]
pub(super) struct VerifyJob {
    pub asker: Asker,
    pub clock: Clock,
    pub readings: Readings,
    pub blocks: Vec<VerifyBlock>,
}

#[derive(Debug)]
pub(super) struct VerifyBlock {
    pub what: What,
    pub every: Duration,
    pub within: Duration,
    pub passes: u32,
}

#[derive(Debug)]
pub(super) enum What {
    /// Lines about the console's own readings.
    Check(Vec<Result<CheckLine, String>>),
    /// To be run.
    Block(Result<Box<ResolvedBlock>, String>),
}

struct Look {
    passed: bool,
    seen: String,
    /// What of it does not hold.
    open: String,
}

/// All blocks pass, each `passes` times in a row within its own time; they are polled side by side. What is still waited
/// for is said whenever it changes, a line at a time.
pub(super) async fn poll(job: VerifyJob, said: Printed) -> VerifyResult {
    let VerifyJob { asker, clock, readings, blocks } = job;
    let start = clock.boottime();
    let (mut tries, mut passed, mut details) = (0, true, Vec::new());
    let said: Arc<Mutex<Printed>> = Arc::new(Mutex::new(said));
    let tasks: Vec<_> = blocks
        .into_iter()
        .map(|block| {
            let (asker, clock, readings, said) = (asker.clone(), clock.clone(), readings.clone(), Arc::clone(&said));
            let waiting = move |open: &str| {
                let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
                said(format!("{open}\n"));
            };
            tokio::spawn(async move { poll_block(&asker, &clock, &readings, &block, waiting).await })
        })
        .collect();
    for task in tasks {
        let (ok, used, seen) = task.await.unwrap_or((false, 0, "the verify ended unexpectedly".to_owned()));
        passed &= ok;
        tries = tries.max(used);
        details.push(seen);
    }
    let took = clock.boottime().saturating_sub(start);
    VerifyResult { passed, tries, detail: details.join(" · "), took }
}

async fn poll_block(
    asker: &Asker,
    clock: &Clock,
    readings: &Readings,
    block: &VerifyBlock,
    waiting: impl Fn(&str),
) -> (bool, u32, String) {
    let start = clock.boottime();
    let mut last = String::new();
    let (mut tries, mut in_a_row) = (0, 0);
    loop {
        let look = look(asker, clock, readings, block).await;
        tries += 1;
        in_a_row = if look.passed { in_a_row + 1 } else { 0 };
        if in_a_row >= block.passes.max(1) {
            return (true, tries, look.seen);
        }
        if !look.passed && look.open != last {
            waiting(&look.open);
            last.clone_from(&look.open);
        }
        if clock.boottime().saturating_sub(start) + block.every > block.within {
            return (false, tries, format!("not within {}: {}", domain::time::human(block.within), look.seen));
        }
        clock.sleep(block.every).await;
    }
}

/// Watches until `left` is over; the first block that fails `passes` times in a row breaks the hold.
pub(super) async fn hold(job: VerifyJob, left: Duration) -> (bool, String) {
    let clock = &job.clock;
    let start = clock.boottime();
    let mut failures = vec![0; job.blocks.len()];
    let every =
        job.blocks.iter().map(|block| block.every).min().unwrap_or(Duration::from_secs(5)).max(Duration::from_secs(1));
    if left.is_zero() {
        return at_its_end(&job).await;
    }
    while clock.boottime().saturating_sub(start) < left {
        for (block, failures) in job.blocks.iter().zip(&mut failures) {
            let look = look(&job.asker, &job.clock, &job.readings, block).await;
            *failures = if look.passed { 0 } else { *failures + 1 };
            if *failures > block.passes.max(2) {
                return (false, look.seen);
            }
        }
        let left = left.saturating_sub(clock.boottime().saturating_sub(start));
        clock.sleep(every.min(left)).await;
    }
    (true, format!("held for {}", domain::time::human(left)))
}

/// Its time passed while no console ran: all there is to say is how it stands now.
async fn at_its_end(job: &VerifyJob) -> (bool, String) {
    for block in &job.blocks {
        let look = look(&job.asker, &job.clock, &job.readings, block).await;
        if !look.passed {
            return (false, format!("not watched to its end; then: {}", look.seen));
        }
    }
    (true, "not watched to its end; it held when it was looked at afterwards".to_owned())
}

async fn look(asker: &Asker, clock: &Clock, readings: &Readings, block: &VerifyBlock) -> Look {
    match &block.what {
        What::Check(lines) => {
            let (mut passed, mut seen, mut open) = (!lines.is_empty(), Vec::new(), Vec::new());
            for line in lines {
                match line {
                    Ok(line) => {
                        let result = readings.evaluate(line, clock.now());
                        let holds = result.verdict.lets_through();
                        passed &= holds;
                        let said = format!("{}: {}", result.name, result.seen);
                        open.extend((!holds).then(|| said.clone()));
                        seen.push(said);
                    }
                    Err(why) => {
                        passed = false;
                        open.push(why.clone());
                        seen.push(why.clone());
                    }
                }
            }
            Look { passed, seen: seen.join(", "), open: open.join(", ") }
        }
        What::Block(Err(why)) => Look { passed: false, seen: why.clone(), open: why.clone() },
        What::Block(Ok(resolved)) => {
            let answer = asker.ask((**resolved).clone()).await;
            Look { passed: answer.passed == Some(true), open: answer.seen.clone(), seen: answer.seen }
        }
    }
}
