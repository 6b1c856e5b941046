//! Attempts in simulated time: started, cut by their timeout, ended, tried again.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Rehearsal;
use super::queue::Job;
use crate::drill::Ticket;
use crate::engine::{
    Command, Confirmation, Execution, GuardQuestion, Refusal, at_stake, guard_questions, resolve_step,
};
use crate::execution::{AttemptOutcome, End, GuardResult, Part, Resolved};
use crate::ident::{RunId, StepId};
use crate::people::Actor;
use crate::runbook::Step;
use crate::time::Now;

/// An attempt under way.
#[derive(Debug)]
pub(super) struct Running {
    ticket: Ticket,
    part: Part,
    attempt: u32,
    began: Now,
    end: End,
    out: Option<String>,
    summary: String,
}

impl Rehearsal<'_> {
    /// Guards are asked, and then it is decided: the step starts, or the refusal says why not.
    pub(super) fn confirmed(
        &mut self,
        actor: &Actor,
        (run, step, part): (RunId, &StepId, Part),
        confirmation: Confirmation,
    ) -> Result<(), Refusal> {
        let known = self.state.run(run).ok_or_else(super::asks::no_such_run)?;
        let resolved = resolve_step(&self.board, known, step, part)?;
        let mut guards = Vec::new();
        if part == Part::Run {
            self.try_fences(run, step);
            guards = self.ask_guards(run, step);
        }
        let at_risk = at_stake(&self.state, &self.board, &resolved, self.now);
        let execution = Execution { resolved, guards, confirmation, at_risk };
        self.act(actor, Command::Execute(Box::new(execution)))
    }

    fn ask_guards(&mut self, run: RunId, step: &StepId) -> Vec<GuardResult> {
        let found = self.state.run(run).and_then(|run| Some((run, run.step(step)?)));
        let questions = found.map(|(run, step)| guard_questions(&self.board, run, step)).unwrap_or_default();
        let at = self.now.wall;
        let ask = |question: GuardQuestion| {
            question.ask(at, |block| {
                let (passed, seen) = self.answer(block);
                (Some(passed), seen)
            })
        };
        questions.into_iter().map(ask).collect()
    }

    /// What was recorded as intended begins.
    pub(super) fn execute(&mut self, resolved: Resolved) {
        let takes = self.would_take(&resolved);
        let performance = self.world.perform(&resolved, takes, self.now);
        let allowed = performance.takes.min(resolved.timeout);
        let end = if allowed < performance.takes { End::TimedOut } else { performance.end };
        let Resolved { run, step, part, attempt, out, .. } = resolved;
        let summary = performance.lines.last().cloned().unwrap_or_default();
        let running = Running { ticket: performance.ticket, part, attempt, began: self.now, end, out, summary };
        self.queue.put(self.now.boot + allowed, Job::AttemptEnds { run, step: step.clone(), attempt });
        self.running.insert((run, step), running);
    }

    /// As its team took before, else as its author wrote, else what a step is taken for; never twice the same.
    fn would_take(&self, resolved: &Resolved) -> Duration {
        let run = self.state.run(resolved.run);
        let step = run.and_then(|run| run.step(&resolved.step));
        self.drawn(run.map_or("", |run| &run.name), step, resolved.attempt)
    }

    pub(super) fn drawn(&self, runbook: &str, step: Option<&Step>, nth: u32) -> Duration {
        let Some(step) = step else { return Duration::ZERO };
        let of = self.kit.learned.usual(runbook, step);
        self.chance.drawn(&format!("{runbook} {}", step.id), nth, of)
    }

    pub(super) fn cancel(&mut self, run: RunId, step: &StepId) -> Result<(), Refusal> {
        let running = self.running.get_mut(&(run, step.clone())).ok_or_else(super::asks::not_running)?;
        running.end = End::Cancelled;
        let attempt = running.attempt;
        self.attempt_ends(run, step, attempt);
        Ok(())
    }

    pub(super) fn attempt_ends(&mut self, run: RunId, step: &StepId, attempt: u32) {
        let key = (run, step.clone());
        // One that was cancelled has ended before.
        if self.running.get(&key).is_none_or(|running| running.attempt != attempt) {
            return;
        }
        let Some(Running { ticket, part, began, end, out, summary, .. }) = self.running.remove(&key) else { return };
        if matches!(end, End::Cancelled | End::TimedOut) {
            self.world.cancel(ticket);
        }
        let out = out.filter(|_| matches!(end, End::Succeeded { .. }));
        let outcome = AttemptOutcome {
            end,
            started_at: began.wall,
            ended_at: self.now.wall,
            duration: self.now.boot - began.boot,
            values: out.map(|name| (name, "simulated".to_owned())).into_iter().collect::<BTreeMap<_, _>>(),
            output: None,
            summary,
            undo: None,
        };
        let actor = self.executor(run, step);
        // The attempt is in the log: its outcome is taken, unless the incident was closed meanwhile.
        let _ = self.act(&actor, Command::FinishStep { run, step: step.clone(), part, attempt, outcome });
    }

    /// Who confirmed the step's last attempt, and says what came of it.
    pub(super) fn executor(&self, run: RunId, step: &StepId) -> Actor {
        let by = self.state.run(run).and_then(|run| run.record(step).by.as_ref());
        Actor::claimed(by.map_or("switchback", |by| by.as_str()), super::record::HOST)
    }

    /// A retry that the author allowed: the guards are asked again.
    pub(super) fn retry(&mut self, run: RunId, step: &StepId, part: Part) {
        let actor = self.executor(run, step);
        // A guard that does not hold any more is what stops it.
        let _ = self.confirmed(&actor, (run, step, part), Confirmation::Retry);
    }
}
