//! The same story as an exercise.

use std::sync::Arc;
use std::time::Duration;

use domain::console::Question;
use domain::ident::{Hash, IncidentId};
use domain::log::{EndEx, Event, Firing, Kind, Lesson, LessonKind, Rating, StartEx};
use domain::scenario::{Pace, names};
use domain::time::Now;

use super::events::{approval_asked, approval_given, dns, finished, intended, prepared, resolved, verified};
use super::story::{ESTATE, RUN, Told, at};
use crate::input::Input;
use crate::model::Model;
use crate::update;

const SCENARIO: &str = include_str!("regional.toml");

fn start_ex(paper: bool) -> Event {
    let estate = domain::estate::parse(ESTATE).estate;
    let exercise = StartEx {
        incident: IncidentId(ulid::Ulid(1)),
        label: "EX-2026-0003".to_owned(),
        seed: 7,
        paper,
        ..domain::drill::start_ex("regional-outage", SCENARIO, names(&estate, None, None), &estate)
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

/// Service is back, the facilitator has seen enough; in the hotwash something was said already.
pub(super) fn ended() -> Model {
    let mut told = until_the_board(Kind::Drill, "02:31:20");
    told.say("mara", "02:15:02", approval_given());
    told.say("mara", "02:15:10", noted("executives were told: back in five minutes, at most 41 s of orders lost"));
    told.say("mara", "02:15:12", acknowledged("board"));
    let promote = resolved();
    told.say("ana", "02:15:41", intended(promote.clone(), true));
    told.say("ana", "02:16:03", finished(&promote, "02:15:41", "02:16:03", "t"));
    told.say("ana", "02:16:05", verified("promote", "not in recovery"));
    let dns = dns();
    told.say("ana", "02:16:12", intended(dns.clone(), false));
    told.say("ana", "02:16:44", finished(&dns, "02:16:12", "02:16:44", "INSYNC"));
    told.say("ana", "02:16:46", verified("dns", "serving checkout us-west-2"));
    let reason = "capacity was raised by the autoscaler".to_owned();
    told.say("ana", "02:16:50", Event::StepSkipped { run: RUN, step: "scale".into(), reason });
    told.say("ana", "02:17:00", fired("press"));
    told.say("mara", "02:17:31", acknowledged("press"));
    let served = Event::ServingChanged {
        subject: "orders-db".to_owned(),
        from: Some("us-east-1".into()),
        to: Some("us-west-2".into()),
    };
    told.say("ana", "02:16:04", served);
    for tier in ["1", "2", "3", "4"] {
        told.say("ana", "02:17:50", Event::TierRecovered { tier: tier.into(), recovered_at: at("02:16:48") });
    }
    told.say("ana", "02:17:42", fired("returns"));
    told.say("ana", "02:18:20", acknowledged("returns"));
    told.say(
        "raj",
        "02:18:40",
        Event::EvaluatorNoted {
            text: "Nobody wrote down who talks to the press.".to_owned(),
            inject: Some("press".into()),
        },
    );
    told.say("mara", "02:24:30", noted("status page says that service is restored"));
    let reason = "not needed".to_owned();
    told.say("raj", "02:25:00", Event::InjectSkipped { inject: "hint".into(), reason });
    told.say("raj", "02:31:12", Event::ExerciseEnded { why: EndEx::Finished, text: String::new() });
    let comment = "without asking the provider first".to_owned();
    told.say("raj", "02:31:14", Event::ActionRated { expected: 2, rating: Rating::P, comment });
    let lesson = Lesson {
        kind: LessonKind::Action,
        text: "Name who talks to the press, in the runbook".to_owned(),
        owner: Some("mara".into()),
        due: Some(at("00:00:00") + Duration::from_secs(30 * 86_400)),
    };
    told.say("raj", "02:31:16", Event::LessonRecorded { lesson });
    told.model.status = Some(Arc::new(super::readings::promoted(at("02:31:10"))));
    awake(told.model)
}

fn noted(text: &str) -> Event {
    Event::NoteAdded { text: text.to_owned(), run: None, step: None }
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

/// The first message is read, nothing is declared.
pub(super) fn paper_start() -> Model {
    let mut told = exercise("02:05:31", Kind::Paper);
    told.say("mara", "02:05:12", acknowledged("startex"));
    told.model.status = None;
    awake(told.model)
}

/// Ten times as fast as the wall clock, and stopped by somebody.
pub(super) fn paused() -> Model {
    let mut told = Told { model: drill() };
    let pace = Pace::start(told.model.now, told.model.real, 10).pause(told.model.real);
    told.say("raj", "02:15:26", Event::SpeedChanged { speed: 10 });
    told.say("raj", "02:15:27", Event::ExercisePaused { reason: "the fire alarm rings".to_owned() });
    told.model.conduct.pace = Some(pace);
    told.model
}

/// What a tick does.
fn awake(mut model: Model) -> Model {
    let now = model.real;
    update(&mut model, Input::Tick, now);
    model
}
