//! What an action can be given, as the model knows it: its form's own choices, themes, runs, tasks, alerts, documents.

use domain::people::Role;

use crate::action::{Argument, Id, argument};
use crate::model::{FormField, Model};
use crate::update::fill;

/// A thing to be chosen, and what is to be said of it.
pub(super) struct Choice {
    pub value: String,
    pub words: String,
}

impl Choice {
    fn new(value: impl Into<String>, words: impl Into<String>) -> Self {
        Self { value: value.into(), words: words.into() }
    }
}

pub(super) fn choices(model: &Model, id: Id) -> Vec<Choice> {
    match argument(id) {
        Some(Argument::Answer(label)) => answers(model, id, label),
        Some(Argument::Theme) => themes(model),
        Some(Argument::Run) => runs(model),
        Some(Argument::Task) => tasks(model),
        Some(Argument::Alert) => {
            model.alerts().iter().map(|alert| Choice::new(alert.key.to_string(), alert.text.clone())).collect()
        }
        Some(Argument::Document) => {
            let known = model.scene.runbooks.iter();
            known.map(|runbook| Choice::new(runbook.name.clone(), runbook.title.clone())).collect()
        }
        Some(Argument::Line(_) | Argument::Text | Argument::Filter) | None => Vec::new(),
    }
}

fn answers(model: &Model, id: Id, label: &str) -> Vec<Choice> {
    let Some(form) = fill::form(model, id) else { return Vec::new() };
    let field = form.fields.into_iter().find(|field| field.label == label);
    let values = field.map(|FormField { choices, .. }| choices).unwrap_or_default();
    values.into_iter().map(|value| Choice { words: said(model, id, &value), value }).collect()
}

/// What a value means, where that is not plain; which of them stands.
fn said(model: &Model, id: Id, value: &str) -> String {
    let now = |stands: Option<String>| if stands.as_deref() == Some(value) { "as it is now" } else { "" }.to_owned();
    let incident = model.state.open();
    match id {
        Id::Severity => now(incident.map(|incident| incident.severity.to_string())),
        Id::Status => now(incident.map(|incident| incident.status.word().to_owned())),
        Id::Mode => now(model.run().map(|run| run.mode.word().to_owned())),
        Id::StartRun => model.runbook(value).map(|runbook| runbook.title.clone()).unwrap_or_default(),
        Id::Role => {
            let holders =
                Role::ALL.into_iter().find(|role| role.name() == value).map(|role| model.state.lead.holders(role));
            holders.unwrap_or_default().into_iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        }
        Id::HandOver => {
            let person = model.scene.estate.people.iter().find(|person| person.name.as_str() == value);
            let roles = person.into_iter().flat_map(|person| &person.roles);
            roles.map(|role| role.name()).collect::<Vec<_>>().join(", ")
        }
        Id::SetValue => {
            let values = model.run().map(|run| &run.values);
            values.and_then(|values| values.get(value)).map(|now| format!("= {now}")).unwrap_or_default()
        }
        _ => String::new(),
    }
}

fn themes(model: &Model) -> Vec<Choice> {
    let looks = &model.ui.looks;
    let words = |name: &str| if name == looks.kept() { "as it is now" } else { "" };
    looks.names().into_iter().map(|name| Choice::new(name, words(name))).collect()
}

/// By the names of their runbooks; a second run of one by its number, too.
fn runs(model: &Model) -> Vec<Choice> {
    let in_front = model.run().map(|run| run.id);
    let named = |at: usize| run_name(model, at);
    let all = model.state.runs.iter().enumerate();
    all.map(|(at, run)| {
        let here = if in_front == Some(run.id) { ", in front now" } else { "" };
        Choice::new(named(at), format!("{}{here}", run.runbook.title))
    })
    .collect()
}

/// How the run at this place is called in the palette.
pub(super) fn run_name(model: &Model, at: usize) -> String {
    let runs = &model.state.runs;
    let Some(run) = runs.get(at) else { return String::new() };
    let earlier = runs[..at].iter().filter(|other| other.name == run.name).count();
    match earlier {
        0 => run.name.clone(),
        earlier => format!("{}#{}", run.name, earlier + 1),
    }
}

/// By the numbers of their entries.
fn tasks(model: &Model) -> Vec<Choice> {
    let said = |text: &str, owner: Option<String>| match owner {
        Some(owner) => format!("{owner}: {text}"),
        None => text.to_owned(),
    };
    let open = model.open_tasks().into_iter();
    open.map(|(seq, task)| Choice::new(seq.to_string(), said(&task.text, task.owner.as_ref().map(ToString::to_string))))
        .collect()
}
