//! In front of the box of a step: what stands in its way is dealt with, and then it is confirmed.

use std::collections::BTreeMap;

use super::cast::Cast;
use super::intent::Intent;
use super::{Asked, Commander, Manner};
use crate::console::{Prepared, Request};
use crate::drill::rehearsal::Seen;
use crate::engine::{APPROVAL_GUARD, Command, Confirmation, Recorded, Run, lines_of};
use crate::execution::{Danger, GuardResult, GuardVerdict, Part};
use crate::ident::Hash;
use crate::log::Parent;
use crate::people::{Actor, Role};
use crate::runbook::{Block, CheckLine, Else, Step};
use crate::time::since;

impl Commander {
    pub(super) fn at_the_box(
        &self,
        seen: &Seen<'_>,
        cast: &Cast,
        intent: &Intent,
        (run, step): (&Run, &Step),
    ) -> Vec<Asked> {
        let executor = cast.executor(step);
        let id = step.id.clone();
        let act = |actor: Actor, command: Command| vec![(actor, Request::Act(Box::new(command)))];
        match intent {
            Intent::Open(..) => {
                let runbook = step.child.clone().unwrap_or_default();
                let (mode, from, to) = (run.mode, run.from.clone(), run.to.clone());
                let parent = Some(Parent { run: run.id, step: id });
                vec![(executor, Request::StartRun { runbook, mode, from, to, values: BTreeMap::new(), parent })]
            }
            Intent::Tick(_, _, substep) => {
                act(executor, Command::TickSubstep { run: run.id, step: id, substep: *substep, done: true })
            }
            Intent::Skip(..) => {
                act(executor, Command::Skip { run: run.id, step: id, reason: "there is no time for it".to_owned() })
            }
            Intent::ByHand(..) => by_hand(seen, executor, (run, step)),
            Intent::Settle(..) => {
                let succeeded = !step.verifies.is_empty() && seen.holds(run, step);
                let evidence = if succeeded { "looked: it took effect" } else { "looked: it did not take effect" };
                let evidence = evidence.to_owned();
                act(executor, Command::Settle { run: run.id, step: id, succeeded, evidence })
            }
            Intent::Approve(..) => approves(seen, cast, &executor, (run, step)).into_iter().collect(),
            _ => self.executes_now(seen, cast, &executor, (run, step)),
        }
    }

    /// Looks into the box: what stands in the way is dealt with, and then the step is confirmed.
    fn executes_now(&self, seen: &Seen<'_>, cast: &Cast, executor: &Actor, (run, step): (&Run, &Step)) -> Vec<Asked> {
        let prepared = seen.prepared(run, step);
        let resolved = match &prepared.resolved {
            Ok(resolved) => resolved,
            Err(why) => {
                let evidence = format!("done by hand, because it could not be executed: {why}");
                let command = Command::DoneByHand { run: run.id, step: step.id.clone(), evidence };
                return vec![(executor.clone(), Request::Act(Box::new(command)))];
            }
        };
        let unmet: Vec<&GuardResult> = prepared.guards.iter().filter(|guard| !guard.verdict.lets_through()).collect();
        let mut asked: Vec<Asked> =
            unmet.iter().filter_map(|guard| self.deals_with(seen, cast, (run, step), guard)).collect();
        if asked.len() < unmet.len() {
            // What only time can change is waited for.
            return asked;
        }
        let approved = run.record(&step.id).approval.as_ref().filter(|asked| asked.digest == resolved.digest());
        if step.approval.is_some() && approved.is_none_or(|approved| approved.given.is_none()) {
            if self.manner == Manner::Wrong {
                asked.extend(overrides(seen, cast, (run, step), APPROVAL_GUARD, "nobody was asked"));
            } else {
                asked.push((executor.clone(), Request::AskApproval { run: run.id, step: step.id.clone() }));
                return asked;
            }
        }
        asked.push((executor.clone(), executes(run, step, &prepared)));
        asked
    }

    /// What a person does about a guard that does not let through; `None`: waits.
    fn deals_with(
        &self,
        seen: &Seen<'_>,
        cast: &Cast,
        (run, step): (&Run, &Step),
        guard: &GuardResult,
    ) -> Option<Asked> {
        if guard.verdict == GuardVerdict::Skip {
            let reason = format!("not needed: {}", guard.seen);
            let skip = Command::Skip { run: run.id, step: step.id.clone(), reason };
            return Some((cast.executor(step), Request::Act(Box::new(skip))));
        }
        if self.manner == Manner::Wrong {
            return overrides(seen, cast, (run, step), &guard.name, &guard.seen);
        }
        let line = lines_of(run, &step.id, &step.guards).find(|line| line.to_string() == guard.name);
        match (line, guard.verdict) {
            (Some(CheckLine::Fenced { database, region }), _) => {
                let how = Some(seen.scenario().play.fence.clone()).filter(|how| !how.is_empty());
                let how =
                    how.unwrap_or_else(|| "its instances are stopped and its security group is closed".to_owned());
                let by = cast.person(Role::Operator);
                Some((
                    cast.actor(Role::Operator),
                    Request::Act(Box::new(Command::StateFence { database, region, how, by })),
                ))
            }
            (Some(CheckLine::Loss { database, region, .. }), GuardVerdict::Ask) => {
                let reason = "what may be lost is less than what the outage costs".to_owned();
                let (run, step) = (run.id, step.id.clone());
                let accept = Command::AcceptLoss { run, step, database, region, at_risk: None, reason };
                Some((cast.actor(Role::DataOwner), Request::Act(Box::new(accept))))
            }
            (None, GuardVerdict::Ask) if step.guards.iter().any(|block| guard_is(block, &guard.name)) => {
                overrides(seen, cast, (run, step), &guard.name, &guard.seen)
            }
            _ => None,
        }
    }
}

/// One of the author's own that says `else=ask`.
fn guard_is(block: &Block, name: &str) -> bool {
    name.starts_with(block.lang.name()) && block.or_else == Else::Ask
}

/// A manual step whose own checks did not hold is not said to be done before they do.
fn by_hand(seen: &Seen<'_>, executor: Actor, (run, step): (&Run, &Step)) -> Vec<Asked> {
    let failed = run.record(&step.id).recorded == Recorded::Failed;
    if failed && !seen.holds(run, step) {
        return Vec::new();
    }
    let evidence = if failed { "looked again: it holds now" } else { "done, as it is written" }.to_owned();
    vec![(executor, Request::Act(Box::new(Command::DoneByHand { run: run.id, step: step.id.clone(), evidence })))]
}

/// Told by phone, and written down by whoever asked.
fn approves(seen: &Seen<'_>, cast: &Cast, executor: &Actor, (run, step): (&Run, &Step)) -> Option<Asked> {
    let (asked, approval) = (run.record(&step.id).approval.as_ref()?, step.approval.as_ref()?);
    let fallback = approval.fallback.as_ref().filter(|(_, after)| since(seen.now().wall, asked.asked_at) >= *after);
    let by = cast
        .in_seat(&approval.by, &asked.asked_by)
        .or_else(|| fallback.and_then(|(seat, _)| cast.in_seat(seat, &asked.asked_by)))?;
    let (run, step, digest) = (run.id, step.id.clone(), asked.digest);
    Some((executor.clone(), Request::Act(Box::new(Command::Approve { run, step, digest, by, spoken: true }))))
}

fn overrides(seen: &Seen<'_>, cast: &Cast, (run, step): (&Run, &Step), guard: &str, saw: &str) -> Option<Asked> {
    let authority = seen.estate().policy.override_by.first().cloned().unwrap_or_else(|| cast.person(Role::Commander));
    let reason = "there is no time, and it has to go on".to_owned();
    let (run, step, guard, seen) = (run.id, step.id.clone(), guard.to_owned(), saw.to_owned());
    let command = Command::OverrideGuard { run, step, guard, seen, reason, authority };
    Some((cast.actor(Role::Commander), Request::Act(Box::new(command))))
}

fn executes(run: &Run, step: &Step, prepared: &Prepared) -> Request {
    let again = run.attempts(&step.id, Part::Run).next().is_some();
    let confirmation = match Danger::of(step, &run.values_for(&step.id)) {
        Danger::Typed(text) => Confirmation::Typed(text),
        Danger::ReadOnly | Danger::Changes if again => Confirmation::Typed(step.id.to_string()),
        Danger::ReadOnly => Confirmation::Key,
        Danger::Changes => Confirmation::Yes,
    };
    let digest = prepared.resolved.as_ref().map_or(Hash::ZERO, |resolved| resolved.digest());
    Request::Execute { run: run.id, step: step.id.clone(), part: Part::Run, digest, confirmation }
}
