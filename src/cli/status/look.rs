//! Looking until each check has a verdict.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::estate::Estate;
use domain::reading::{Board, Outcome, Sample, Source};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout_at};

use crate::runtime::clock;
use crate::runtime::probe::{Capability, Probe};

/// Between the looks that a first verdict takes.
pub(super) const AGAIN: Duration = Duration::from_secs(1);
/// No first verdict takes longer than this.
const LONGEST: Duration = Duration::from_secs(30);

/// The time that `fail_after` looks of the slowest check take, one of them after the other, and a second to take the
/// last answer in.
pub(super) fn first_verdict_within(estate: &Estate) -> Duration {
    let checks = estate.checks.iter().map(|check| {
        let looks = check.fail_after.max(check.recover_after).max(1);
        check.timeout * looks + AGAIN * looks
    });
    let backups = estate.backups.iter().map(|backup| backup.timeout + AGAIN);
    checks.chain(backups).max().unwrap_or_default().max(AGAIN).min(LONGEST)
}

pub(super) async fn look_until_settled(board: &mut Board, capability: Capability, deadline: Instant) {
    let mut looks = JoinSet::new();
    let mut silent = BTreeSet::new();
    let mut network = None;
    for probe in Probe::all(board.estate(), capability) {
        silent.insert(probe.source.clone());
        looks.spawn(look_after(Duration::ZERO, Looked { probe, alike: 0, last: None }));
    }
    while let Ok(Some(Ok((looked, sample)))) = timeout_at(deadline, looks.join_next()).await {
        board.observe(&sample);
        silent.remove(&sample.source);
        let looked = looked.saw(&sample.outcome);
        if sample.source == Source::Connectivity {
            network = Some(looked);
        } else if !looked.settled(board) {
            looks.spawn(look_after(AGAIN, looked));
        }
        // A failure waits for a word of our own network.
        if board.doubts()
            && let Some(network) = network.take()
        {
            looks.spawn(look_after(Duration::ZERO, network));
        }
    }
    let now = clock::now();
    for source in silent {
        let why = "no answer within the time of one reading".to_owned();
        let outcome = Outcome::Unknown { why };
        board.observe(&Sample { source, at: now.wall, boot: now.boot, latency: None, outcome, clock_skew_ms: None });
    }
}

async fn look_after(pause: Duration, looked: Looked) -> (Looked, Sample) {
    if !pause.is_zero() {
        sleep(pause).await;
    }
    let sample = looked.probe.look().await;
    (looked, sample)
}

/// A probe, and how often it has said the same in a row.
#[derive(Debug)]
struct Looked {
    probe: Probe,
    alike: u32,
    last: Option<std::mem::Discriminant<Outcome>>,
}

impl Looked {
    fn saw(mut self, outcome: &Outcome) -> Self {
        let now = Some(std::mem::discriminant(outcome));
        self.alike = if self.last == now { self.alike + 1 } else { 1 };
        self.last = now;
        self
    }

    fn settled(&self, board: &Board) -> bool {
        let Source::Check(id) = &self.probe.source else { return true };
        let Some(check) = board.estate().check(id) else { return true };
        let unknown = Outcome::Unknown { why: String::new() };
        let said_nothing = self.last == Some(std::mem::discriminant(&unknown));
        // A check that is looked at every second has no sooner interval to tell by.
        let contradicted = board.next_interval(id) < check.interval || check.interval <= AGAIN;
        said_nothing || !contradicted || self.alike >= check.fail_after.max(check.recover_after)
    }
}
