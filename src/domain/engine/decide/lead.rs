//! Roles, handing command over, decisions in the making, tasks.

use super::{Context, Decision, no_such, not_now, reason_given, unsecret};
use crate::diagnostic::did_you_mean;
use crate::engine::{LeadAct, Offer, Proposal, Reason, Refusal, Task};
use crate::ident::PersonId;
use crate::log::Event;
use crate::people::Role;

pub(super) fn decide(context: &Context<'_>, act: &LeadAct) -> Result<Decision, Refusal> {
    context.open_incident()?;
    match act {
        LeadAct::Assume { .. } | LeadAct::Release { .. } | LeadAct::BeginSolo { .. } | LeadAct::EndSolo => {
            role(context, act)
        }
        LeadAct::Offer { .. } | LeadAct::Accept { .. } | LeadAct::Decline { .. } => handoff(context, act),
        LeadAct::ChangeStatus { status, .. } if context.open_incident()?.status == *status => Ok(Decision::default()),
        LeadAct::ChangeStatus { status, reason } => {
            Ok(Event::StatusChanged { status: *status, reason: unsecret(reason.trim()) }.into())
        }
        LeadAct::Propose { .. } | LeadAct::Object { .. } | LeadAct::Settle { .. } | LeadAct::DropProposal { .. } => {
            decision(context, act)
        }
        LeadAct::AddTask { .. } | LeadAct::Assign { .. } | LeadAct::EndTask { .. } => task(context, act),
    }
}

/// Who looks on and holds no other role executes nothing and tells no audience: the role is given up, or another
/// assumed, first.
pub(super) fn may_act(context: &Context<'_>) -> Result<(), Refusal> {
    let mut roles = context.state.lead.roles_of(&context.actor.name).peekable();
    if roles.peek().is_some() && roles.all(|role| role == Role::Observer) {
        return Err(not_now("you are an observer: assume another role to execute anything, or to tell an audience"));
    }
    Ok(())
}

fn role(context: &Context<'_>, act: &LeadAct) -> Result<Decision, Refusal> {
    let lead = &context.state.lead;
    Ok(match act {
        LeadAct::Assume { by, role, .. } if lead.held.contains_key(&(*role, by.clone())) => Decision::default(),
        LeadAct::Assume { by, role, reason } => {
            let taken_from = commander(context).filter(|held| *role == Role::Commander && *held != by);
            let reason = match (taken_from, reason) {
                (Some(held), None) => {
                    let message = format!("{held} is in command: it is handed over, or taken with a reason");
                    return Err(Refusal::new(Reason::Confirmation, message));
                }
                (Some(_), Some(reason)) => Some(reason_given(reason)?),
                (None, reason) => reason.as_deref().map(reason_given).transpose()?,
            };
            let taken = Event::CommandTaken { by: by.clone(), role: *role, reason };
            // Where somebody else has come to do something, nobody works alone any more.
            let joined = lead.solo.as_ref().is_some_and(|solo| solo.by != *by && *role != Role::Observer);
            if joined { vec![Event::SoloEnded {}, taken].into() } else { taken.into() }
        }
        LeadAct::Release { role: Role::Commander, .. } => {
            return Err(not_now("an incident is never without a commander: hand command over"));
        }
        LeadAct::Release { by, role } if lead.held.contains_key(&(*role, by.clone())) => {
            Event::RoleReleased { by: by.clone(), role: *role }.into()
        }
        LeadAct::Release { by, role } => return Err(not_now(format!("{by} is not {}", role.name()))),
        LeadAct::BeginSolo { .. } if lead.solo.is_some() => Decision::default(),
        LeadAct::BeginSolo { .. } if commander(context) != Some(&context.actor.name) => {
            return Err(not_now("who works alone is in command, too: take command first"));
        }
        LeadAct::BeginSolo { reason } => {
            Event::SoloBegun { by: context.actor.name.clone(), reason: reason_given(reason)? }.into()
        }
        _ if lead.solo.is_none() => Decision::default(),
        _ => Event::SoloEnded {}.into(),
    })
}

fn commander<'a>(context: &Context<'a>) -> Option<&'a PersonId> {
    context.state.open()?.commander.as_ref()
}

fn handoff(context: &Context<'_>, act: &LeadAct) -> Result<Decision, Refusal> {
    let author = &context.actor.name;
    let commands = commander(context) == Some(author);
    Ok(match act {
        LeadAct::Offer { to, .. } if to == author => return Err(not_now("command is handed over to somebody else")),
        LeadAct::Offer { .. } if !commands => {
            return Err(not_now("only who is in command can hand it over; it can be taken with a reason"));
        }
        LeadAct::Offer { to, .. } if context.state.lead.offer.as_ref().is_some_and(|open| open.to == *to) => {
            let message = format!("command is offered to {to} already, who has not answered yet");
            return Err(Refusal::new(Reason::Duplicate, message));
        }
        LeadAct::Offer { to, .. } if !known(context, to) => return Err(stranger(context, to)),
        LeadAct::Offer { to, brief } => Event::HandoffOffered { to: to.clone(), brief: unsecret(brief) }.into(),
        LeadAct::Accept { by, spoken } => {
            let offer = offer(context)?;
            if *by != offer.to {
                return Err(not_now(format!("command is offered to {}", offer.to)));
            }
            let own = author == by;
            if *spoken == own || !(own || commands || records_for_others(context)) {
                let message = format!(
                    "only {by} can accept as {by}: what was said is recorded as spoken, by who commands, the deputy or \
                     the scribe"
                );
                return Err(Refusal::new(Reason::Approval, message));
            }
            Event::HandoffAccepted { offer: offer.seq, by: by.clone(), spoken: *spoken }.into()
        }
        LeadAct::Decline { by, reason } => {
            let offer = offer(context)?;
            if *by != offer.to && *by != offer.from {
                return Err(not_now(format!("command is offered by {} to {}", offer.from, offer.to)));
            }
            Event::HandoffDeclined { offer: offer.seq, by: by.clone(), reason: unsecret(reason.trim()) }.into()
        }
        _ => Decision::default(),
    })
}

/// Somebody of the estate, or who has acted in this incident. An estate that lists nobody knows everybody.
fn known(context: &Context<'_>, name: &PersonId) -> bool {
    let people = context.state.estate().map(|estate| estate.people.as_slice()).unwrap_or_default();
    let acted = |seen: &PersonId| seen == name;
    people.is_empty()
        || people.iter().any(|person| acted(&person.name))
        || context.state.lead.held.keys().any(|(_, held)| acted(held))
        || context.state.entries.iter().any(|entry| acted(&entry.actor.name))
}

/// Command that is offered to a slip of the fingers waits for an answer nobody can give.
fn stranger(context: &Context<'_>, name: &PersonId) -> Refusal {
    let people = context.state.estate().map(|estate| estate.people.as_slice()).unwrap_or_default();
    let author = &context.actor.name;
    let names: Vec<_> = people.iter().map(|one| one.name.as_str()).filter(|one| *one != author.as_str()).collect();
    let others = || match names.as_slice() {
        [] => "the estate lists nobody else.".to_owned(),
        names => format!("there is {}.", names.join(", ")),
    };
    let who = did_you_mean(name.as_str(), names.iter().copied()).unwrap_or_else(others);
    let message = format!("nobody is called `{name}`: {who} Whoever else is here assumes a role first");
    Refusal::new(Reason::NoSuchThing, message)
}

/// The author writes down what others say.
fn records_for_others(context: &Context<'_>) -> bool {
    let author = &context.actor.name;
    [Role::Deputy, Role::Scribe].iter().any(|role| context.state.lead.held.contains_key(&(*role, author.clone())))
}

fn offer<'a>(context: &Context<'a>) -> Result<&'a Offer, Refusal> {
    context.state.lead.offer.as_ref().ok_or_else(|| not_now("command is not offered to anybody"))
}

fn decision(context: &Context<'_>, act: &LeadAct) -> Result<Decision, Refusal> {
    Ok(match act {
        LeadAct::Propose { text, failover } => {
            Event::DecisionProposed { text: reason_given(text)?, failover: *failover }.into()
        }
        LeadAct::Object { proposal, by, text } => {
            open_proposal(context, *proposal)?;
            Event::ObjectionRaised { proposal: *proposal, by: by.clone(), text: reason_given(text)? }.into()
        }
        LeadAct::Settle { proposal, text } => {
            let known = open_proposal(context, *proposal)?;
            decides(context)?;
            let text = reason_given(text.as_ref().unwrap_or(&known.text))?;
            Event::DecisionRecorded { text, failover: known.failover, proposal: Some(*proposal) }.into()
        }
        LeadAct::DropProposal { proposal, reason } => {
            open_proposal(context, *proposal)?;
            Event::ProposalDropped { proposal: *proposal, reason: unsecret(reason.trim()) }.into()
        }
        _ => Decision::default(),
    })
}

/// Anybody proposes and objects; one person decides.
fn decides(context: &Context<'_>) -> Result<(), Refusal> {
    let author = &context.actor.name;
    let deputy = context.state.lead.held.contains_key(&(Role::Deputy, author.clone()));
    match commander(context) {
        Some(commander) if commander != author && !deputy => {
            Err(not_now(format!("{commander} is in command, and decides; so may a deputy")))
        }
        None => Err(not_now("nobody is in command: take command, then decide")),
        Some(_) => Ok(()),
    }
}

fn open_proposal<'a>(context: &Context<'a>, seq: u64) -> Result<&'a Proposal, Refusal> {
    let known = context.state.lead.proposals.get(&seq).ok_or_else(|| no_such("proposal", &seq.to_string()))?;
    if known.end.is_some() { Err(not_now("that was decided, or dropped")) } else { Ok(known) }
}

fn task(context: &Context<'_>, act: &LeadAct) -> Result<Decision, Refusal> {
    Ok(match act {
        LeadAct::AddTask { text, owner, due } => {
            Event::TaskAdded { text: reason_given(text)?, owner: owner.clone(), due: *due }.into()
        }
        LeadAct::Assign { task, owner, due } => {
            open_task(context, *task)?;
            Event::TaskAssigned { task: *task, owner: owner.clone(), due: *due }.into()
        }
        LeadAct::EndTask { task, done, text } => {
            open_task(context, *task)?;
            Event::TaskEnded { task: *task, done: *done, text: unsecret(text.trim()) }.into()
        }
        _ => Decision::default(),
    })
}

fn open_task<'a>(context: &Context<'a>, seq: u64) -> Result<&'a Task, Refusal> {
    let known = context.state.lead.tasks.get(&seq).ok_or_else(|| no_such("task", &seq.to_string()))?;
    if known.end.is_some() { Err(not_now("that task has its end")) } else { Ok(known) }
}
