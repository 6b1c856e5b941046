//! Forms about command, decisions and tasks, filled in.

use domain::log::{Event, IncidentStatus};
use domain::people::Role;
use domain::time::{Timestamp, clock, deadline};

use crate::action::Id;
use crate::model::{Form, FormField, LeadForm, Model, Purpose};

/// So many lines of the brief stand above the name it goes to; `b` shows all of it.
const LINES: usize = 10;

pub(super) const HOLDS: &str = "holds it from here on";
pub(super) const RELEASES: &str = "does not hold it any more";
pub(super) const ACCEPTED: &str = "has accepted, as spoken";
pub(super) const DECLINED: &str = "has said no";
pub(super) const WITHDRAWN: &str = "is not asked any more";
pub(super) const FAILOVER: &str = "to fail over";
pub(super) const OTHER: &str = "something else";

/// The form an action opens.
pub(in crate::update) fn form(model: &Model, id: Id) -> Option<Form> {
    of(
        model,
        match id {
            Id::HandOver if model.state.lead.offer.is_none() => LeadForm::HandOver,
            Id::Role => LeadForm::Role,
            Id::Propose => LeadForm::Propose,
            Id::AddTask => LeadForm::AddTask,
            Id::Status => LeadForm::Status,
            Id::LateNote => LeadForm::LateNote,
            _ => return None,
        },
    )
}

pub(super) fn of(model: &Model, form: LeadForm) -> Option<Form> {
    let (about, fields) = match form {
        LeadForm::HandOver => (shortly(model), vec![to(model)]),
        LeadForm::Answer(seq) => answer(model, seq)?,
        LeadForm::Decline | LeadForm::DropProposal(_) => (about(model, form), vec![reason()]),
        LeadForm::TakeCommand => (taken_from(model), vec![reason()]),
        LeadForm::Role => roles(model),
        LeadForm::Solo => (vec![ALONE.to_owned()], vec![reason()]),
        LeadForm::Propose => proposal(model),
        LeadForm::Object(_) => (about(model, form), vec![FormField::text("objection", "", true), by(model)]),
        LeadForm::Settle(seq) => {
            let known = model.state.lead.proposals.get(&seq)?;
            (about(model, form), vec![FormField::text("decision", known.text.clone(), true)])
        }
        LeadForm::AddTask => {
            let fields = vec![FormField::text("task", "", true), owner(model, ""), due("")];
            (Vec::new(), fields)
        }
        LeadForm::AssignTask(seq) => {
            let task = model.state.lead.tasks.get(&seq)?;
            let held = task.owner.as_ref().map_or_else(|| model.scene.actor.name.to_string(), ToString::to_string);
            let until = task.due.map(|due| said(due, model.now.wall)).unwrap_or_default();
            (about(model, form), vec![owner(model, &held), due(&until)])
        }
        LeadForm::EndTask { done, .. } => {
            let field = if done { FormField::text("evidence", "", false) } else { reason() };
            (about(model, form), vec![field])
        }
        LeadForm::Status => status(model)?,
        LeadForm::LateNote => {
            let fields = vec![FormField::text("when", "", true), FormField::text("what", "", true)];
            (vec!["As 02:06 (UTC, as the screen says it), 5m ago, or with its date.".to_owned()], fields)
        }
    };
    Some(Form::new(Purpose::Lead(form), about, fields))
}

const ALONE: &str =
    "You command and operate. A second name that a step asks for is overridden, each time with a reason.";

fn reason() -> FormField {
    FormField::text("reason", "", true)
}

/// The beginning of the brief that goes with the offer.
fn shortly(model: &Model) -> Vec<String> {
    let Some(brief) = model.brief() else { return Vec::new() };
    let mut lines = vec![brief.title.clone()];
    let wanted = brief.parts.iter().filter(|part| matches!(part.title, "Situation" | "Next"));
    lines.extend(wanted.flat_map(|part| part.lines.iter().map(|line| line.text.clone())));
    lines.truncate(LINES);
    lines.push(format!(
        "The brief goes with it ({} shows all of it). Command stays with you until it is accepted.",
        model.key(Id::Brief)
    ));
    lines
}

/// Other people, those who could command first.
fn to(model: &Model) -> FormField {
    let me = &model.scene.actor.name;
    let mut names: Vec<String> = Vec::new();
    let lead = &model.state.lead;
    let deputies = lead.holders(Role::Deputy).into_iter().map(ToString::to_string);
    let able = |role: Role| {
        let people = model.scene.estate.people.iter();
        people.filter(move |person| person.roles.contains(&role)).map(|person| person.name.to_string())
    };
    let here = lead.held.keys().map(|(_, person)| person.to_string());
    // Whoever opened a console is a person; not every author is.
    let attached =
        model.state.entries.iter().rev().filter(|entry| matches!(entry.event, Event::ConsoleAttached { .. }));
    let attached = attached.map(|entry| entry.actor.name.to_string());
    let rest = model.scene.estate.people.iter().map(|person| person.name.to_string());
    for name in deputies.chain(able(Role::Commander)).chain(able(Role::Deputy)).chain(here).chain(attached).chain(rest)
    {
        if name != me.as_str() && !names.contains(&name) {
            names.push(name);
        }
    }
    FormField::suggest("to", names.first().cloned().unwrap_or_default(), names)
}

fn by(model: &Model) -> FormField {
    FormField { label: "by", ..person(model, model.scene.actor.name.as_str()) }
}

/// Somebody of the estate, oneself first.
fn person(model: &Model, name: &str) -> FormField {
    let mut names = vec![model.scene.actor.name.to_string()];
    let known = model.scene.estate.people.iter().map(|person| person.name.to_string());
    names.extend(known.filter(|known| *known != model.scene.actor.name.as_str()));
    FormField::suggest("who", name, names)
}

fn owner(model: &Model, name: &str) -> FormField {
    FormField { label: "owner", required: false, ..person(model, name) }
}

/// A time that lies ahead, as it is written; with its date where the clock alone would mean another day.
fn said(due: Timestamp, now: Timestamp) -> String {
    let text = clock(due);
    let meant = deadline(&text, now).is_ok_and(|at| at.as_second() == due.as_second());
    if meant { text } else { due.strftime("%Y-%m-%dT%H:%M:%SZ").to_string() }
}

fn due(text: &str) -> FormField {
    let usual = ["10m", "30m", "1h", "4h"].map(str::to_owned).to_vec();
    FormField { required: false, ..FormField::suggest("due", text, usual) }
}

fn answer(model: &Model, seq: u64) -> Option<(Vec<String>, Vec<FormField>)> {
    let offer = model.state.lead.offer.as_ref().filter(|offer| offer.seq == seq)?;
    let about = vec![format!("{} offers command to {} since {}.", offer.from, offer.to, clock(offer.at))];
    let choices = [ACCEPTED, DECLINED, WITHDRAWN].map(str::to_owned).to_vec();
    let who = FormField::choice("they", ACCEPTED, choices);
    Some((about, vec![who, FormField::text("reason", "", false)]))
}

fn taken_from(model: &Model) -> Vec<String> {
    let commander = model.state.open().and_then(|incident| incident.commander.as_ref());
    let said = |commander| {
        format!(
            "{commander} is in command and has not offered it. What is taken, and why, stays in the log; they are relieved."
        )
    };
    commander.map(said).into_iter().collect()
}

fn roles(model: &Model) -> (Vec<String>, Vec<FormField>) {
    let lead = &model.state.lead;
    let about = Role::ALL.into_iter().filter_map(|role| {
        let holders: Vec<_> = lead.holders(role).into_iter().map(ToString::to_string).collect();
        (!holders.is_empty()).then(|| format!("{}: {}", role.name(), holders.join(", ")))
    });
    // Command is handed over or taken: both ask for more.
    let names = Role::ALL.into_iter().filter(|role| *role != Role::Commander).map(|role| role.name().to_owned());
    let fields = vec![
        FormField::choice("role", Role::Operator.name(), names.collect()),
        person(model, model.scene.actor.name.as_str()),
        FormField::choice("they", HOLDS, vec![HOLDS.to_owned(), RELEASES.to_owned()]),
    ];
    (about.collect(), fields)
}

fn proposal(model: &Model) -> (Vec<String>, Vec<FormField>) {
    let editor = super::super::fill::decision(model);
    let undecided = model.state.open().is_some_and(|incident| incident.decided_at.is_none());
    let kind = if undecided { FAILOVER } else { OTHER };
    let choices = vec![FAILOVER.to_owned(), OTHER.to_owned()];
    let fields = vec![FormField::text("proposal", editor.text(), true), FormField::choice("it is", kind, choices)];
    (vec!["Anybody may object; who commands, or a deputy, decides.".to_owned()], fields)
}

fn status(model: &Model) -> Option<(Vec<String>, Vec<FormField>)> {
    let now = model.state.open()?.status;
    let words = IncidentStatus::ALL.map(|status| status.word().to_owned()).to_vec();
    let fields = vec![FormField::choice("status", now.word(), words), FormField::text("reason", "", false)];
    Some((vec!["What updates say the incident is at.".to_owned()], fields))
}

/// The proposal or task a form is about, as it stands.
fn about(model: &Model, form: LeadForm) -> Vec<String> {
    let lead = &model.state.lead;
    match form {
        LeadForm::Object(seq) | LeadForm::Settle(seq) | LeadForm::DropProposal(seq) => {
            let Some(proposal) = lead.proposals.get(&seq) else { return Vec::new() };
            let mut lines = vec![format!("{} proposes: {}", proposal.by, proposal.text)];
            lines.extend(proposal.objections.iter().map(|one| format!("{} objects: {}", one.by, one.text)));
            if proposal.objections.is_empty() {
                lines.push("Nobody has objected.".to_owned());
            }
            lines
        }
        LeadForm::AssignTask(seq) | LeadForm::EndTask { task: seq, .. } => {
            lead.tasks.get(&seq).map(|task| task.text.clone()).into_iter().collect()
        }
        _ => Vec::new(),
    }
}
