//! Questions about a run that everybody asks: where a step stands, what comes next, what stands before it.

use std::collections::BTreeMap;

use super::{Attempt, HoldState, Recorded, Run, RunState, StepRun, StepState};
use crate::execution::{AttemptOutcome, End, Part, RunContext, applicable, known_values, values_of_conditions};
use crate::ident::StepId;
use crate::log::Mode;
use crate::runbook::{Group, Phase, PhaseKind, Step};

/// Whether a step may be started as far as the order of steps goes. Guards, not order, protect the dangerous ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// Everything before it has its end.
    InOrder,
    /// Earlier manual steps are still open: allowed, and logged.
    OutOfOrder,
    /// An earlier step that executes has no end yet.
    After(StepId),
}

impl Run {
    #[must_use]
    pub fn step(&self, id: &StepId) -> Option<&Step> {
        self.runbook.step(id)
    }

    /// What was recorded of a step; nothing yet is its own answer.
    #[must_use]
    pub fn record(&self, id: &StepId) -> &StepRun {
        static NOTHING: StepRun = StepRun::NOTHING;
        self.steps.get(id).unwrap_or(&NOTHING)
    }

    /// What a step's blocks are resolved with.
    #[must_use]
    pub fn context(&self, id: &StepId) -> RunContext<'_> {
        RunContext {
            run: self.id,
            incident: &self.incident,
            kind: self.kind,
            mode: self.mode_of(id),
            from: self.from.as_ref(),
            to: self.to.as_ref(),
            values: &self.values,
            undo: self.undo_of(id),
        }
    }

    /// What takes a step back, written down by the first of its runs since it was last taken back: whatever later runs
    /// found was the work of that one.
    fn undo_of(&self, id: &StepId) -> Option<&str> {
        let attempts = self.steps.get(id).map(|record| record.attempts.as_slice()).unwrap_or_default();
        let undone = attempts.iter().rposition(|attempt| {
            let succeeded = |outcome: &AttemptOutcome| matches!(outcome.end, End::Succeeded { .. });
            attempt.part == Part::Rollback && attempt.outcome.as_ref().is_some_and(succeeded)
        });
        let since = attempts[undone.map_or(0, |at| at + 1)..].iter().filter(|attempt| attempt.part == Part::Run);
        since.filter_map(|attempt| attempt.outcome.as_ref()).find_map(|outcome| outcome.undo.as_deref())
    }

    /// Values a step's blocks and fields see; never a secret.
    #[must_use]
    pub fn values_for(&self, id: &StepId) -> BTreeMap<String, String> {
        known_values(&self.runbook, &self.context(id), &self.estate)
    }

    /// Planned or forced, for this step.
    #[must_use]
    pub fn mode_of(&self, id: &StepId) -> Mode {
        self.record(id).mode.unwrap_or(self.mode)
    }

    /// Its `When` holds.
    #[must_use]
    pub fn applicable(&self, step: &Step) -> bool {
        // Asked for every step of every frame: values are only worked out where there is something to look at.
        if step.when.is_empty() {
            return true;
        }
        let values = values_of_conditions(step, &self.runbook, &self.context(&step.id), &self.estate);
        applicable(step, &values)
    }

    /// Where a step stands, as far as the log tells; guards that do not hold make a ready step *blocked* on screen.
    #[must_use]
    pub fn step_state(&self, id: &StepId) -> StepState {
        let record = self.record(id);
        match record.recorded {
            Recorded::Running | Recorded::Undoing | Recorded::Opened => StepState::Running,
            Recorded::Verifying => StepState::Verifying,
            Recorded::Succeeded => StepState::Succeeded,
            Recorded::DoneByHand => StepState::DoneByHand,
            Recorded::Failed => StepState::Failed,
            Recorded::Unknown => StepState::Unknown,
            Recorded::Skipped => StepState::Skipped,
            Recorded::Cancelled => StepState::Cancelled,
            Recorded::Undone => StepState::Undone,
            Recorded::Nothing => {
                let Some(step) = self.step(id) else { return StepState::Pending };
                if !self.applicable(step) {
                    StepState::NotApplicable
                } else if record.approval.as_ref().is_some_and(|asked| asked.given.is_none()) {
                    StepState::AwaitingApproval
                } else if self.next().contains(id) {
                    StepState::Ready
                } else {
                    StepState::Pending
                }
            }
        }
    }

    /// A failure of what does not apply any more holds up nothing: switching the mode is a way on.
    pub(super) fn ended(&self, step: &Step) -> bool {
        match self.record(&step.id).recorded {
            Recorded::Nothing | Recorded::Failed | Recorded::Cancelled => !self.applicable(step),
            Recorded::Succeeded | Recorded::DoneByHand | Recorded::Skipped | Recorded::Undone => true,
            Recorded::Running | Recorded::Undoing | Recorded::Verifying | Recorded::Opened | Recorded::Unknown => false,
        }
    }

    /// Steps whose turn it is on the main line: one, or the open ones of a parallel group.
    #[must_use]
    pub fn next(&self) -> Vec<StepId> {
        self.main_groups()
            .find(|group| group.steps.iter().any(|step| !self.ended(step)))
            .map(|group| self.next_in(group))
            .unwrap_or_default()
    }

    fn next_in(&self, group: &Group) -> Vec<StepId> {
        let open = group.steps.iter().filter(|step| !self.ended(step));
        if group.parallel {
            open.filter(|step| self.after_done(group, step).is_none()).map(|step| step.id.clone()).collect()
        } else {
            open.take(1).map(|step| step.id.clone()).collect()
        }
    }

    /// Groups of the main line, in order.
    pub fn main_groups(&self) -> impl Iterator<Item = &Group> {
        self.runbook.phases.iter().filter(|phase| phase.kind == PhaseKind::Main).flat_map(|phase| &phase.groups)
    }

    /// Groups of the main line until the service is back.
    pub fn groups_to_recovery(&self) -> impl Iterator<Item = &Group> {
        let phases = self.runbook.phases.iter().filter(|phase| phase.kind == PhaseKind::Main && !phase.afterwards());
        phases.flat_map(|phase| &phase.groups)
    }

    /// Steps of the main line that have no end yet, in order.
    pub fn remaining(&self) -> impl Iterator<Item = &Step> {
        self.main_groups().flat_map(|group| &group.steps).filter(|step| !self.ended(step))
    }

    fn after_done<'a>(&self, group: &'a Group, step: &Step) -> Option<&'a Step> {
        group.steps.iter().find(|other| step.after.contains(&other.id) && !self.ended(other))
    }

    /// Whether `id` may be started now, as far as order goes.
    #[must_use]
    pub fn order(&self, id: &StepId) -> Order {
        let Some((phase, group)) = self.runbook.place(id) else { return Order::InOrder };
        let mut open_manual = false;
        for step in self.before(phase, group, id).filter(|step| !self.ended(step)) {
            if step.manual() {
                open_manual = true;
            } else {
                return Order::After(step.id.clone());
            }
        }
        if open_manual { Order::OutOfOrder } else { Order::InOrder }
    }

    /// Steps that stand before `id`: of its group as far as it is sequential (or named by `After`), of earlier groups,
    /// and of earlier phases when it is on the main line.
    fn before<'a>(&'a self, phase: &'a Phase, group: &'a Group, id: &'a StepId) -> impl Iterator<Item = &'a Step> {
        let earlier_phases = self
            .runbook
            .phases
            .iter()
            .take_while(move |other| !std::ptr::eq(*other, phase))
            .filter(move |other| phase.kind == PhaseKind::Main && other.kind == PhaseKind::Main)
            .flat_map(|phase| &phase.groups);
        let earlier_groups = phase.groups.iter().take_while(move |other| !std::ptr::eq(*other, group));
        let after =
            group.steps.iter().find(|step| step.id == *id).map(|step| step.after.as_slice()).unwrap_or_default();
        let in_group = group.steps.iter().take_while(move |step| group.parallel || step.id != *id);
        let in_group = in_group.filter(move |step| !group.parallel || after.contains(&step.id));
        earlier_phases.chain(earlier_groups).flat_map(|group| &group.steps).chain(in_group)
    }

    /// Attempts of one part of a step, oldest first.
    pub fn attempts(&self, id: &StepId, part: Part) -> impl Iterator<Item = &Attempt> {
        self.steps.get(id).into_iter().flat_map(|record| &record.attempts).filter(move |attempt| attempt.part == part)
    }

    /// The number the next attempt of this part takes.
    #[must_use]
    pub fn next_attempt(&self, id: &StepId, part: Part) -> u32 {
        self.attempts(id, part).map(|attempt| attempt.number).max().unwrap_or(0) + 1
    }

    /// The rollback of a step may be offered: it is written, the step took effect (or may have), and no later point of
    /// no return was crossed, or may have been: undoing a fence beside a half promoted side makes two primaries.
    #[must_use]
    pub fn rollback_offered(&self, id: &StepId) -> bool {
        let written = self.step(id).is_some_and(|step| step.rollback.is_some());
        let effective = matches!(
            self.record(id).recorded,
            Recorded::Succeeded | Recorded::Failed | Recorded::Unknown | Recorded::Cancelled | Recorded::DoneByHand
        );
        let mut from_here = self.runbook.steps().skip_while(|step| step.id != *id);
        written && effective && !from_here.any(|step| self.may_have_crossed(step))
    }

    /// Only what failed for certain has left a point of no return uncrossed.
    fn may_have_crossed(&self, step: &Step) -> bool {
        let record = self.record(&step.id);
        step.point_of_no_return
            && match record.recorded {
                Recorded::Running
                | Recorded::Verifying
                | Recorded::Opened
                | Recorded::Unknown
                | Recorded::Succeeded
                | Recorded::DoneByHand => true,
                Recorded::Failed | Recorded::Cancelled => {
                    self.attempts(&step.id, Part::Run).last().is_none_or(may_have_taken_effect)
                }
                Recorded::Nothing | Recorded::Skipped | Recorded::Undoing | Recorded::Undone => false,
            }
    }

    /// Nobody knows whether its last run took effect, and its verify blocks were not asked yet: they may tell.
    #[must_use]
    pub fn may_be_settled(&self, id: &StepId) -> bool {
        let last = self.record(id).attempts.last().filter(|attempt| attempt.part == Part::Run);
        self.record(id).recorded == Recorded::Unknown
            && last.is_some_and(|last| last.outcome.is_some() && last.verified.is_none())
            && self.step(id).is_some_and(|step| !step.verifies.is_empty())
    }

    /// Every applicable step of the main line has its end, and nothing runs.
    #[must_use]
    pub fn all_ended(&self) -> bool {
        self.remaining().next().is_none() && !self.busy()
    }

    /// An attempt runs, or is being verified.
    #[must_use]
    pub fn busy(&self) -> bool {
        self.steps
            .values()
            .any(|record| matches!(record.recorded, Recorded::Running | Recorded::Undoing | Recorded::Verifying))
    }

    /// Conditions of a `Hold` are still watched.
    #[must_use]
    pub fn watching_hold(&self) -> bool {
        self.steps.values().any(|record| matches!(record.hold, Some(HoldState::Watching { .. })))
    }

    /// Steps may be started.
    #[must_use]
    pub const fn active(&self) -> bool {
        !matches!(self.state, RunState::Aborted { .. } | RunState::Paused { .. })
    }

    /// What makes a completed run *completed with exceptions*, one sentence each, in document order.
    #[must_use]
    pub fn exceptions(&self) -> Vec<String> {
        let mut found = Vec::new();
        for step in self.runbook.steps() {
            let record = self.record(&step.id);
            let title = &step.title;
            match record.recorded {
                Recorded::Skipped => {
                    found.push(format!("{title}: skipped ({})", record.remark.as_deref().unwrap_or("no reason")));
                }
                // Where a runbook was walked in its place, that is what it asks for.
                Recorded::DoneByHand if !step.manual() && record.child.is_none() => {
                    found.push(format!("{title}: done by hand"));
                }
                Recorded::Failed | Recorded::Cancelled => found.push(format!("{title}: failed, and left behind")),
                Recorded::Undone => found.push(format!("{title}: undone")),
                _ => {}
            }
            if record.out_of_order {
                found.push(format!("{title}: started out of order"));
            }
            for overridden in &record.overrides {
                found.push(format!("{title}: guard `{}` overridden by {}", overridden.guard, overridden.authority));
            }
            if let Some(HoldState::Broke { detail }) = &record.hold {
                found.push(format!("{title}: did not hold ({detail})"));
            }
        }
        found
    }
}

/// What ended in doubt may have: a failed verify, a repeatable block that was cut short. In the doubt about one that is
/// not repeatable a person has had their word.
fn may_have_taken_effect(attempt: &Attempt) -> bool {
    match attempt.outcome.as_ref().map(|outcome| &outcome.end) {
        Some(End::Failed { .. } | End::NotStarted { .. }) => false,
        Some(End::TimedOut | End::Cancelled | End::Unknown { .. }) => {
            attempt.resolved.idempotent || attempt.resolved.readonly
        }
        Some(End::Succeeded { .. }) | None => true,
    }
}
