//! What a form about command, decisions and tasks asks of the session.

use domain::console::Request;
use domain::engine::{Command, LeadAct};
use domain::ident::PersonId;
use domain::log::IncidentStatus;
use domain::people::Role;
use domain::time::{Timestamp, deadline, instant};

use super::forms::{ACCEPTED, FAILOVER, RELEASES, WITHDRAWN};
use crate::model::{Form, LeadForm, Model};

type Problem = (&'static str, String);

pub(in crate::update) fn request(
    model: &Model,
    form: &Form,
    about: LeadForm,
) -> Result<(Request, &'static str), Problem> {
    let answer = |label| form.answer(label).to_owned();
    let person = |label| PersonId::new(form.answer(label));
    let me = || model.scene.actor.name.clone();
    let (act, what) = match about {
        LeadForm::HandOver => {
            let brief = model.brief().map(|brief| brief.text()).unwrap_or_default();
            (LeadAct::Offer { to: person("to"), brief }, "command was not offered")
        }
        LeadForm::Answer(seq) => (answered(model, form, seq)?, "it was not recorded"),
        LeadForm::Decline => (LeadAct::Decline { by: me(), reason: answer("reason") }, "it was not declined"),
        LeadForm::TakeCommand => {
            let reason = Some(answer("reason"));
            (LeadAct::Assume { by: me(), role: Role::Commander, reason }, "command was not taken")
        }
        LeadForm::Role => (role(form)?, "the role was not recorded"),
        LeadForm::Solo => (LeadAct::BeginSolo { reason: answer("reason") }, "it was not recorded"),
        LeadForm::Propose => {
            let failover = form.answer("it is") == FAILOVER;
            (LeadAct::Propose { text: answer("proposal"), failover }, "it was not proposed")
        }
        LeadForm::Object(proposal) => {
            (LeadAct::Object { proposal, by: person("by"), text: answer("objection") }, "it was not recorded")
        }
        LeadForm::Settle(proposal) => {
            (LeadAct::Settle { proposal, text: Some(answer("decision")) }, "it was not decided")
        }
        LeadForm::DropProposal(proposal) => {
            (LeadAct::DropProposal { proposal, reason: answer("reason") }, "it was not dropped")
        }
        LeadForm::AddTask => {
            let act = LeadAct::AddTask { text: answer("task"), owner: owner(form), due: due(model, form)? };
            (act, "the task was not added")
        }
        LeadForm::AssignTask(task) => {
            (LeadAct::Assign { task, owner: owner(form), due: due(model, form)? }, "the task was not assigned")
        }
        LeadForm::EndTask { task, done } => {
            let text = answer(if done { "evidence" } else { "reason" });
            (LeadAct::EndTask { task, done, text }, "the task was not ended")
        }
        LeadForm::Status => {
            let status = IncidentStatus::ALL.into_iter().find(|status| status.word() == form.answer("status"));
            let status = status.ok_or_else(|| ("status", "no such status".to_owned()))?;
            (LeadAct::ChangeStatus { status, reason: answer("reason") }, "the status was not changed")
        }
        LeadForm::LateNote => {
            let at = instant(form.answer("when"), model.now.wall).map_err(|why| ("when", why))?;
            let note = Command::Note { text: answer("what"), run: None, step: None, occurred_at: Some(at) };
            return Ok((Request::Act(Box::new(note)), "it was not recorded"));
        }
    };
    Ok((Request::Act(Box::new(Command::Lead(Box::new(act)))), what))
}

/// What was said to the offer that the form is about; another may stand by now, to somebody else.
fn answered(model: &Model, form: &Form, seq: u64) -> Result<LeadAct, Problem> {
    let offer = model.state.lead.offer.as_ref().filter(|offer| offer.seq == seq);
    let offer = offer.ok_or(("they", "this offer is open no longer".to_owned()))?;
    let reason = form.answer("reason").to_owned();
    Ok(match form.answer("they") {
        ACCEPTED => LeadAct::Accept { by: offer.to.clone(), spoken: true },
        WITHDRAWN => LeadAct::Decline { by: offer.from.clone(), reason },
        _ => LeadAct::Decline { by: offer.to.clone(), reason },
    })
}

fn role(form: &Form) -> Result<LeadAct, Problem> {
    let role = Role::parse(form.answer("role")).ok_or_else(|| ("role", "no such role".to_owned()))?;
    let by = PersonId::new(form.answer("who"));
    Ok(match form.answer("they") {
        RELEASES => LeadAct::Release { by, role },
        _ => LeadAct::Assume { by, role, reason: None },
    })
}

fn owner(form: &Form) -> Option<PersonId> {
    Some(form.answer("owner")).filter(|name| !name.is_empty()).map(PersonId::new)
}

fn due(model: &Model, form: &Form) -> Result<Option<Timestamp>, Problem> {
    let text = form.answer("due");
    if text.is_empty() {
        return Ok(None);
    }
    deadline(text, model.now.wall).map(Some).map_err(|why| ("due", why))
}
