//! The same story as an exercise.

use std::sync::Arc;
use std::time::Duration;

use domain::console::Question;
use domain::ident::{Hash, IncidentId};
use domain::log::{Event, Firing, Kind, StartEx};
use domain::scenario::Pace;
use domain::time::Now;

use super::events::{approval_asked, prepared};
use super::story::{ESTATE, Told, at};
use crate::input::Input;
use crate::model::Model;
use crate::update;

const SCENARIO: &str = include_str!("regional.toml");

fn start_ex(paper: bool) -> Event {
    let names = [("FROM", "us-east-1"), ("TO", "us-west-2"), ("DATABASE", "orders-db")];
    let exercise = StartEx {
        incident: IncidentId(ulid::Ulid(1)),
        label: "EX-2026-0003".to_owned(),
        scenario_name: "regional-outage".to_owned(),
        scenario: SCENARIO.to_owned(),
        names: names.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        seed: 7,
        speed: 1,
        from: Some("us-east-1".into()),
        to: Some("us-west-2".into()),
        paper,
        automatic: false,
        estate: ESTATE.to_owned(),
    };
    Event::ExerciseStarted { exercise: Box::new(exercise) }
}

fn fired(inject: &str) -> Event {
    Event::InjectFired { inject: inject.into(), by: Firing::Schedule, effect: Vec::new() }
}

fn acknowledged(inject: &str) -> Event {
    Event::InjectAcknowledged { inject: inject.into() }
}

/// At `now` of the scenario, 10 hours and 11 minutes later on the wall.
fn exercise(now: &str, kind: Kind) -> Told {
    let mut told = Told::new(now);
    let model = &mut told.model;
    model.scene.kind = kind;
    model.real = Now { wall: model.now.wall + Duration::from_secs(36_663), boot: model.now.boot };
    model.conduct.pace = Some(Pace::start(model.now, model.real, 1));
    told.say("ana", "02:05:00", start_ex(kind == Kind::Paper));
    told.say("ana", "02:05:00", fired("startex"));
    told
}

/// Nothing has happened but StartEx.
pub(super) fn start() -> Model {
    let mut told = exercise("02:05:31", Kind::Drill);
    told.model.status = Some(Arc::new(super::readings::healthy(at("02:05:30"))));
    awake(told.model)
}

fn until_the_board(kind: Kind, now: &str) -> Told {
    let mut told = exercise(now, kind);
    told.say("mara", "02:05:12", acknowledged("startex"));
    told.say("ana", "02:07:00", fired("dark"));
    told.say("ana", "02:07:42", acknowledged("dark"));
    told.until_fenced();
    if kind == Kind::Drill {
        told.say("ana", "02:14:20", approval_asked());
    }
    told.say("ana", "02:14:30", fired("board"));
    told.say("ana", "02:15:02", fired("provider"));
    told.say("mara", "02:15:20", acknowledged("provider"));
    told
}

/// The bridge: the promotion waits for its approval, a message has come that nobody has acknowledged.
pub(super) fn drill() -> Model {
    let told = until_the_board(Kind::Drill, "02:15:27");
    let mut model = told.model;
    model.prepared = Some(Arc::new(prepared()));
    model.conduct.questions = vec![question()];
    // It was opened, and put off.
    model.ui.opened.insert("board".into());
    model
}

/// That message, as it opens.
pub(super) fn delivered() -> Model {
    let mut model = drill();
    model.ui.opened.clear();
    awake(model)
}

fn question() -> Question {
    Question {
        id: Hash::of(b"smoke"),
        text: "./smoke-test --region us-west-2 --orders 25".to_owned(),
        target: Some("checkout@us-west-2".to_owned()),
    }
}

/// Something real is red.
pub(super) fn real_world() -> Model {
    let mut model = drill();
    model.conduct.real_world = Some("us-west-2 is DOWN since 12:24:10Z, 3 of 3 checks".to_owned());
    model
}

/// People talk and tick.
pub(super) fn paper() -> Model {
    let mut told = until_the_board(Kind::Paper, "02:15:27");
    told.say("mara", "02:14:58", acknowledged("board"));
    told.model.status = None;
    awake(told.model)
}

/// What a tick does.
fn awake(mut model: Model) -> Model {
    let now = model.real;
    update(&mut model, Input::Tick, now);
    model
}
