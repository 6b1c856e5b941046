//! A second name, a named override, an accepted loss.

use super::{Context, Decision, not_now, reason_given};
use crate::engine::{ApprovalState, Command, Reason, Refusal, Run};
use crate::ident::{Hash, PersonId, StepId};
use crate::log::{Approved, Event};
use crate::people::Seat;
use crate::time::since;

pub(super) fn decide(context: &Context<'_>, command: &Command) -> Result<Decision, Refusal> {
    Ok(match command {
        Command::RequestApproval { run, step, resolved } => {
            let run = context.run(*run)?;
            let approval = context.step(run, step)?.approval.as_ref();
            let approval = approval.ok_or_else(|| not_now("this step needs no approval"))?;
            let digest = resolved.digest();
            if run
                .record(step)
                .approval
                .as_ref()
                .is_some_and(|asked| asked.digest == digest && asked.declined.is_none())
            {
                return Err(Refusal::new(Reason::Duplicate, "the approval has been asked for already"));
            }
            let (fallback, after) = approval.fallback.clone().unzip();
            Event::ApprovalRequested {
                run: run.id,
                step: step.clone(),
                digest,
                seat: approval.by.clone(),
                fallback,
                fallback_after: after,
                text: resolved.text.clone(),
            }
            .into()
        }
        Command::Approve { run, step, digest, by, spoken } => {
            let run = context.run(*run)?;
            let asked = asked(run, step, *digest)?;
            if !spoken && *by != context.actor.name {
                let message = format!("only {by} can approve as {by}: what was said is recorded as spoken");
                return Err(Refusal::new(Reason::Approval, message));
            }
            let seat = entitled(context, asked, by)?;
            let approved = Approved { by: by.clone(), seat: Some(seat), spoken: *spoken, at: context.now.wall };
            Event::ApprovalGiven { run: run.id, step: step.clone(), digest: *digest, approved }.into()
        }
        Command::Decline { run, step, digest, by, reason } => {
            let run = context.run(*run)?;
            asked(run, step, *digest)?;
            Event::ApprovalDeclined {
                run: run.id,
                step: step.clone(),
                digest: *digest,
                by: by.clone(),
                reason: reason_given(reason)?,
            }
            .into()
        }
        Command::OverrideGuard { run, step, guard, seen, reason, authority } => {
            let run = context.run(*run)?;
            context.step(run, step)?;
            let allowed = &context.open_incident()?.estate.policy.override_by;
            if !allowed.is_empty() && !allowed.contains(authority) {
                let names: Vec<_> = allowed.iter().map(PersonId::as_str).collect();
                let message = format!("{authority} may not override guards here; {} may", names.join(", "));
                return Err(Refusal::new(Reason::Approval, message));
            }
            Event::GuardOverridden {
                run: run.id,
                step: step.clone(),
                guard: guard.clone(),
                seen: seen.clone(),
                reason: reason_given(reason)?,
                authority: authority.clone(),
            }
            .into()
        }
        Command::AcceptLoss { run, step, database, region, at_risk, reason } => {
            let run = context.run(*run)?;
            context.step(run, step)?;
            Event::LossAccepted {
                run: run.id,
                step: step.clone(),
                database: database.clone(),
                region: region.clone(),
                // What was accepted is an interval wherever one is known, and no more than that.
                at_risk: at_risk
                    .clone()
                    .or_else(|| context.board.at_risk(database, region, Some(context.state), context.now)),
                reason: reason_given(reason)?,
            }
            .into()
        }
        other => unreachable!("{other:?} is decided elsewhere"),
    })
}

fn asked<'a>(run: &'a Run, step: &StepId, digest: Hash) -> Result<&'a ApprovalState, Refusal> {
    let asked = run.record(step).approval.as_ref().ok_or_else(|| not_now("no approval was asked for"))?;
    if asked.digest != digest {
        return Err(Refusal::new(
            Reason::Changed,
            "what would run has changed since: the approval has to be asked for again",
        ));
    }
    Ok(asked)
}

/// The seat by which `by` may approve: another name than the one who asked, holding the seat asked for, or its fallback
/// once its time has come. An estate that names nobody for a seat lets any other name answer for it.
fn entitled(context: &Context<'_>, asked: &ApprovalState, by: &PersonId) -> Result<Seat, Refusal> {
    if *by == asked.asked_by {
        let message = "a second name is needed; alone, override `approval` with a reason";
        return Err(Refusal::new(Reason::Approval, message));
    }
    let incident = context.open_incident()?;
    let holds = |seat: &Seat| match seat {
        Seat::Person(person) => person == by,
        Seat::Role(role) => {
            let mut holders = incident.estate.people.iter().filter(|person| person.roles.contains(role)).peekable();
            let commands = *role == crate::people::Role::Commander && incident.commander.as_ref() == Some(by);
            holders.peek().is_none() || commands || holders.any(|person| person.name == *by)
        }
    };
    if holds(&asked.seat) {
        return Ok(asked.seat.clone());
    }
    if let Some((seat, after)) = asked.fallback.as_ref().filter(|(seat, _)| holds(seat)) {
        let waited = since(context.now.wall, asked.asked_at);
        if waited >= *after {
            return Ok(seat.clone());
        }
        let left = crate::time::human(*after - waited);
        return Err(Refusal::new(
            Reason::Approval,
            format!("{by} may approve in {left}: {} is asked first", asked.seat),
        ));
    }
    Err(Refusal::new(Reason::Approval, format!("{by} is not {}", asked.seat)))
}
