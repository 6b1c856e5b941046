//! Who leads: what the people of the story said to each other while the promotion waited.

use domain::log::Event;
use domain::people::{Actor, Role};

use super::events::approval_asked;
use super::story::{Told, at};
use crate::model::Model;

/// Roles are held, something is proposed and objected to, tasks are open, one of them late.
pub(super) fn led() -> Model {
    let mut told = Told::new("02:16:50");
    told.until_fenced();
    let holds = |by: &str, role| Event::CommandTaken { by: by.into(), role, reason: None };
    told.say("mara", "02:11:20", holds("ana", Role::Operator));
    told.say("kim", "02:11:41", holds("kim", Role::Scribe));
    told.say("raj", "02:12:02", holds("raj", Role::DataOwner));
    let task = |text: &str, owner: Option<&str>, due: Option<&str>| Event::TaskAdded {
        text: text.to_owned(),
        owner: owner.map(Into::into),
        due: due.map(at),
    };
    told.say("mara", "02:12:20", task("ask the provider when power comes back", Some("kim"), Some("02:15:00")));
    told.say(
        "mara",
        "02:12:50",
        task("tell the payment provider that retries will come", Some("ana"), Some("02:40:00")),
    );
    told.say("kim", "02:13:10", task("find out who bought the stale certificate", None, None));
    told.say("ana", "02:14:20", approval_asked());
    let text = "promote on the commander's word, raj is on a plane".to_owned();
    told.say("ana", "02:14:31", Event::DecisionProposed { text, failover: false });
    let proposal = told.model.state.entries.len() as u64;
    let text = "raj lands in ten minutes, and the loss is his to accept".to_owned();
    told.say("kim", "02:14:50", Event::ObjectionRaised { proposal, by: "kim".into(), text });
    let mut model = told.model;
    model.consoles = 2;
    model.prepared = Some(std::sync::Arc::new(super::events::prepared()));
    model
}

/// The same before the eyes of who commands.
pub(super) fn commanding() -> Model {
    let mut model = led();
    model.scene.actor = Actor::claimed("mara", "bastion-1");
    model
}

/// mara has offered command to the person at this console.
pub(super) fn offered() -> Model {
    let mut told = Told { model: led() };
    let brief = told.model.brief().unwrap().text();
    told.say("mara", "02:16:20", Event::HandoffOffered { to: "ana".into(), brief });
    told.model
}
