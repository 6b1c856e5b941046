//! Verify blocks polled, holds watched: each look at its own moment of the exercise.

use std::time::Duration;

use super::Rehearsal;
use super::queue::Job;
use crate::engine::{Command, HoldState, resolve_question};
use crate::execution::{Looked, Polling, ResolvedBlock, VerifyResult, breaks_hold, hold_pace};
use crate::ident::{RunId, StepId};
use crate::reading::evaluate;
use crate::runbook::{Block, CheckLine, Lang, Step, check_lines};
use crate::time::{human, since};

/// The verify blocks of a step, being polled side by side.
#[derive(Debug)]
pub(super) struct Poll {
    run: RunId,
    step: StepId,
    attempt: u32,
    began: Duration,
    blocks: Vec<(Question, Polling)>,
    /// In the order of the blocks, of those that are through.
    ended: Vec<Option<(bool, u32, String)>>,
}

/// A condition that is watched until its time is over.
#[derive(Debug)]
pub(super) struct Hold {
    until: Duration,
    lasts: Duration,
    every: Duration,
    blocks: Vec<(Question, u32, u32)>,
}

/// What a block asks, everything settled.
#[derive(Clone, Debug)]
enum Question {
    Check(Vec<Result<CheckLine, String>>),
    Block(Result<Box<ResolvedBlock>, String>),
}

impl Rehearsal<'_> {
    pub(super) fn verify(&mut self, run: RunId, step: &StepId, attempt: u32) {
        let began = self.now.boot;
        let blocks: Vec<_> = self
            .questions(run, step)
            .into_iter()
            .map(|(question, block)| (question, Polling::new(block.every, block.within, block.passes, began)))
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
        let (passed, seen) = self.ask_question(&question);
        let now = self.now.boot;
        let Some(poll) = self.polls.get_mut(&id) else { return };
        match poll.blocks[block].1.look(passed, seen, now) {
            Looked::Again(after) => self.queue.put(now + after, Job::Look { poll: id, block }),
            Looked::Over { passed, tries, seen } => {
                poll.ended[block] = Some((passed, tries, seen));
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
        let ended: Vec<_> = ended.into_iter().flatten().collect();
        let result = VerifyResult {
            passed: ended.iter().all(|(passed, ..)| *passed),
            tries: ended.iter().map(|(_, tries, _)| *tries).max().unwrap_or_default(),
            detail: ended.into_iter().map(|(.., seen)| seen).collect::<Vec<_>>().join(" · "),
            took: self.now.boot - began,
        };
        let actor = self.executor(run, &step);
        // Settled by a person meanwhile, it is not asked for any more.
        let _ = self.act(&actor, Command::VerifyStep { run, step, attempt, result });
    }

    pub(super) fn watch_hold(&mut self, run: RunId, step: &StepId) {
        let hold = self.state.run(run).and_then(|run| run.record(step).hold.clone());
        let Some(HoldState::Watching { until, .. }) = hold else { return };
        let asked = self.questions(run, step);
        let every = hold_pace(asked.iter().map(|(_, block)| block.every));
        let lasts = since(until, self.now.wall);
        let blocks = asked.into_iter().map(|(question, block)| (question, block.passes, 0)).collect();
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
        for (question, passes, failures) in &mut hold.blocks {
            let (passed, seen) = self.ask_question(question);
            *failures = if passed { 0 } else { *failures + 1 };
            if breaks_hold(*failures, *passes) {
                self.end_hold(run, step, false, seen);
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

    fn questions(&self, run: RunId, step: &StepId) -> Vec<(Question, Block)> {
        let Some((run, step)) = self.state.run(run).and_then(|run| Some((run, run.step(step)?))) else {
            return Vec::new();
        };
        let values = run.values_for(&step.id);
        let question = |block: &Block| match block.lang {
            Lang::Check => Question::Check(check_lines(&block.text, &values)),
            _ => Question::Block(resolve_question(&self.board, run, step, block).map(Box::new)),
        };
        step.verifies.iter().map(|block| (question(block), block.clone())).collect()
    }

    fn ask_question(&mut self, question: &Question) -> (bool, String) {
        let lines = match question {
            Question::Block(Ok(block)) => return self.answer(block),
            Question::Block(Err(why)) => return (false, why.clone()),
            Question::Check(lines) => lines,
        };
        let (mut passed, mut seen) = (!lines.is_empty(), Vec::new());
        for line in lines {
            match line {
                Ok(line) => {
                    self.try_verified_fence(line);
                    let result = evaluate(line, &self.board, &self.state, None, self.now);
                    passed &= result.verdict.lets_through();
                    seen.push(format!("{}: {}", result.name, result.seen));
                }
                Err(why) => {
                    passed = false;
                    seen.push(why.clone());
                }
            }
        }
        (passed, seen.join(", "))
    }

    /// What its verify blocks would say now, to somebody who only looks.
    pub(super) fn holds_now(&self, run: RunId, step: &Step) -> bool {
        self.questions(run, &step.id).into_iter().all(|(question, _)| match question {
            Question::Block(Ok(block)) => self.foreseen(&block).0,
            Question::Block(Err(_)) => false,
            Question::Check(lines) => lines.into_iter().all(|line| {
                line.is_ok_and(|line| evaluate(&line, &self.board, &self.state, None, self.now).verdict.lets_through())
            }),
        })
    }
}
