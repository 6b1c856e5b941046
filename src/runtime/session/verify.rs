//! Polling the verify blocks of a step until they pass or their time is over.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::engine::VerifyQuestion;
use domain::execution::{Look, Looked, Polled, Polling, VerifyResult, breaks_hold, hold_pace};

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
    pub question: VerifyQuestion,
    pub every: Duration,
    pub within: Duration,
    pub passes: u32,
}

/// All blocks pass, each `passes` times in a row within its own time; they are polled side by side. What is still waited
/// for is said whenever it changes, a line at a time.
pub(super) async fn poll(job: VerifyJob, said: Printed) -> VerifyResult {
    let VerifyJob { asker, clock, readings, blocks } = job;
    let start = clock.boottime();
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
    let mut polled = Vec::new();
    for task in tasks {
        let lost = |_| Polled { passed: false, tries: 0, seen: "the verify ended unexpectedly".to_owned() };
        polled.push(task.await.unwrap_or_else(lost));
    }
    VerifyResult::of(&polled, clock.boottime().saturating_sub(start))
}

async fn poll_block(
    asker: &Asker,
    clock: &Clock,
    readings: &Readings,
    block: &VerifyBlock,
    waiting: impl Fn(&str),
) -> Polled {
    let mut polling = Polling::new(block.every, block.within, block.passes, clock.boottime());
    let mut last = String::new();
    loop {
        let Look { passed, seen, open } = look(asker, clock, readings, block).await;
        if !passed && open != last {
            waiting(&open);
            last = open;
        }
        match polling.look(passed, seen, clock.boottime()) {
            Looked::Over(polled) => return polled,
            Looked::Again(after) => clock.sleep(after).await,
        }
    }
}

/// Watches until `left` is over; the first block that fails `passes` times in a row breaks the hold.
pub(super) async fn hold(job: VerifyJob, left: Duration) -> (bool, String) {
    let clock = &job.clock;
    let start = clock.boottime();
    let mut failures = vec![0; job.blocks.len()];
    let every = hold_pace(job.blocks.iter().map(|block| block.every));
    if left.is_zero() {
        return at_its_end(&job).await;
    }
    while clock.boottime().saturating_sub(start) < left {
        for (block, failures) in job.blocks.iter().zip(&mut failures) {
            let look = look(&job.asker, &job.clock, &job.readings, block).await;
            *failures = if look.passed { 0 } else { *failures + 1 };
            if breaks_hold(*failures, block.passes) {
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
    match &block.question {
        VerifyQuestion::Check(lines) => Look::at_lines(lines, |line| readings.evaluate(line, clock.now())),
        VerifyQuestion::Block(Err(why)) => Look::at_block(false, why.clone()),
        VerifyQuestion::Block(Ok(resolved)) => {
            let answer = asker.ask((**resolved).clone()).await;
            Look::at_block(answer.passed == Some(true), answer.seen)
        }
    }
}
