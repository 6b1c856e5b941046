//! Verify blocks polled, holds watched: each look at its own moment of the exercise.

use std::time::Duration;

use super::Rehearsal;
use super::queue::Job;
use crate::engine::{Command, HoldState, VerifyQuestion, verify_questions};
use crate::execution::{Look, Looked, Polled, Polling, VerifyResult, breaks_hold, hold_pace};
use crate::ident::{RunId, StepId};
use crate::reading::evaluate;
use crate::runbook::{Block, Step};
use crate::time::{human, since};

/// The verify blocks of a step, being polled side by side.
#[derive(Debug)]
pub(super) struct Poll {
    run: RunId,
    step: StepId,
    attempt: u32,
    began: Duration,
    blocks: Vec<(VerifyQuestion, Polling)>,
    /// In the order of the blocks, of those that are through.
    ended: Vec<Option<Polled>>,
}

/// A condition that is watched until its time is over.
#[derive(Debug)]
pub(super) struct Hold {
    until: Duration,
    lasts: Duration,
    every: Duration,
    blocks: Vec<Held>,
}

#[derive(Debug)]
struct Held {
    question: VerifyQuestion,
    passes: u32,
    /// In a row.
    failures: u32,
}

impl Rehearsal<'_> {
    pub(super) fn verify(&mut self, run: RunId, step: &StepId, attempt: u32) {
        let began = self.now.boot;
        let blocks: Vec<_> = self
            .questions(run, step)
            .into_iter()
            .map(|(block, question)| (question, Polling::new(block.every, block.within, block.passes, began)))
            .collect();
        let known = |poll: &Poll| poll.run == run && poll.step == *step && poll.attempt == attempt;
        if blocks.is_empty() || self.polls.values().any(known) {
            return;
        }
        let id = self.polls.last_key_value().map_or(0, |(id, _)| id + 1);
        for block in 0..blocks.len() {
            self.queue.put(began, Job::Look { poll: id, block });
        }
        let ended = vec![None; blocks.len()];
        self.polls.insert(id, Poll { run, step: step.clone(), attempt, began, blocks, ended });
    }

    pub(super) fn look(&mut self, id: u64, block: usize) {
        let Some(question) = self.polls.get(&id).map(|poll| poll.blocks[block].0.clone()) else { return };
        let Look { passed, seen, .. } = self.ask_question(&question);
        let now = self.now.boot;
        let Some(poll) = self.polls.get_mut(&id) else { return };
        match poll.blocks[block].1.look(passed, seen, now) {
            Looked::Again(after) => self.queue.put(now + after, Job::Look { poll: id, block }),
            Looked::Over(polled) => {
                poll.ended[block] = Some(polled);
                self.conclude(id);
            }
        }
    }

    /// Once every block is through, the step is verified, or is not.
    fn conclude(&mut self, id: u64) {
        if self.polls.get(&id).is_none_or(|poll| poll.ended.iter().any(Option::is_none)) {
            return;
        }
        let Some(Poll { run, step, attempt, began, ended, .. }) = self.polls.remove(&id) else { return };
        let ended: Vec<Polled> = ended.into_iter().flatten().collect();
        let result = VerifyResult::of(&ended, self.now.boot - began);
        let actor = self.executor(run, &step);
        // Settled by a person meanwhile, it is not asked for any more.
        let _ = self.act(&actor, Command::VerifyStep { run, step, attempt, result });
    }

    pub(super) fn watch_hold(&mut self, run: RunId, step: &StepId) {
        let hold = self.state.run(run).and_then(|run| run.record(step).hold.clone());
        let Some(HoldState::Watching { until, .. }) = hold else { return };
        let asked = self.questions(run, step);
        let every = hold_pace(asked.iter().map(|(block, _)| block.every));
        let lasts = since(until, self.now.wall);
        let held = |(block, question): (Block, VerifyQuestion)| Held { question, passes: block.passes, failures: 0 };
        let blocks = asked.into_iter().map(held).collect();
        let key = (run, step.clone());
        let hold = Hold { until: self.now.boot + lasts, lasts, every, blocks };
        if self.holds.insert(key, hold).is_none() {
            self.queue.put(self.now.boot, Job::LookAtHold { run, step: step.clone() });
        }
    }

    pub(super) fn look_at_hold(&mut self, run: RunId, step: &StepId) {
        let key = (run, step.clone());
        let Some(mut hold) = self.holds.remove(&key) else { return };
        let left = hold.until.saturating_sub(self.now.boot);
        if left.is_zero() {
            self.end_hold(run, step, true, format!("held for {}", human(hold.lasts)));
            return;
        }
        for held in &mut hold.blocks {
            let look = self.ask_question(&held.question);
            held.failures = if look.passed { 0 } else { held.failures + 1 };
            if breaks_hold(held.failures, held.passes) {
                self.end_hold(run, step, false, look.seen);
                return;
            }
        }
        self.queue.put(self.now.boot + hold.every.min(left), Job::LookAtHold { run, step: step.clone() });
        self.holds.insert(key, hold);
    }

    fn end_hold(&mut self, run: RunId, step: &StepId, held: bool, detail: String) {
        let actor = self.executor(run, step);
        // In an incident that was closed meanwhile nothing is watched any more.
        let _ = self.act(&actor, Command::EndHold { run, step: step.clone(), held, detail });
    }

    fn questions(&self, run: RunId, step: &StepId) -> Vec<(Block, VerifyQuestion)> {
        let found = self.state.run(run).and_then(|run| Some((run, run.step(step)?)));
        let Some((run, step)) = found else { return Vec::new() };
        verify_questions(&self.board, run, step).map(|(block, question)| (block.clone(), question)).collect()
    }

    fn ask_question(&mut self, question: &VerifyQuestion) -> Look {
        match question {
            VerifyQuestion::Block(Err(why)) => Look::at_block(false, why.clone()),
            VerifyQuestion::Block(Ok(block)) => {
                let (passed, seen) = self.answer(block);
                Look::at_block(passed, seen)
            }
            VerifyQuestion::Check(lines) => Look::at_lines(lines, |line| {
                self.try_verified_fence(line);
                evaluate(line, &self.board, &self.state, None, self.now)
            }),
        }
    }

    /// What its verify blocks would say now, to somebody who only looks.
    pub(super) fn holds_now(&self, run: RunId, step: &Step) -> bool {
        self.questions(run, &step.id).iter().all(|(_, question)| match question {
            VerifyQuestion::Block(Ok(block)) => self.foreseen(block).0,
            VerifyQuestion::Block(Err(_)) => false,
            VerifyQuestion::Check(lines) => {
                Look::at_lines(lines, |line| evaluate(line, &self.board, &self.state, None, self.now)).passed
            }
        })
    }
}
