//! The screens that are pictured, reached by the keys a person presses.

use std::time::Duration;

use domain::console::Told;
use domain::time::Now;

use super::{exercised, led, story, told};
use crate::input::Input;
use crate::keys::{Code, Key};
use crate::model::{Model, Overlay, Page};
use crate::update;

/// Each key a second after the one before, on a clock whose hands stand still.
fn press(mut model: Model, keys: &[Key]) -> Model {
    for key in keys {
        let boot = model.real.boot + Duration::from_secs(1);
        let now = Now { boot, ..model.real };
        update(&mut model, Input::Key { key: *key, at: boot }, now);
        let later = Now { boot: boot + Duration::from_millis(600), ..now };
        update(&mut model, Input::Tick, later);
    }
    model
}

/// Enter on a runbook of the list, and what the session answers.
fn looked_at(model: Model, name: &str, keys: &str) -> Model {
    let at = model.scene.runbooks.iter().position(|runbook| runbook.name == name).unwrap();
    let mut chosen = vec![Key::char('B')];
    chosen.extend(std::iter::repeat_n(Key::char('j'), at));
    chosen.push(Key::of(Code::Enter));
    let mut model = press(model, &chosen);
    let now = model.real;
    update(&mut model, Input::Told(Told::Document(Box::new(story::document(name)))), now);
    press(model, &typed(keys))
}

/// A page of the score, and then these keys.
fn scored(page: usize, keys: &str) -> Model {
    let turned = vec![Key::of(Code::Tab); page];
    press(exercised::ended(), &[typed("="), turned, typed(keys)].concat())
}

fn typed(text: &str) -> Vec<Key> {
    text.chars().map(Key::char).collect()
}

pub(super) const ALL: [&str; 72] = [
    "zoomed",
    "nested",
    "palette-lately",
    "palette-disabled",
    "palette-choices",
    "palette-theme",
    "step",
    "unreadable",
    "facilitator-row",
    "filtered",
    "filtered-steps",
    "filtered-alerts",
    "comms",
    "draft",
    "updates",
    "telling",
    "told",
    "healthy",
    "bridge",
    "confirm",
    "running",
    "log",
    "declare",
    "help",
    "go-to",
    "chord",
    "palette",
    "note",
    "failed",
    "unknown",
    "broken",
    "finished",
    "menu",
    "demo",
    "entry",
    "alerted",
    "alerts",
    "alert",
    "silence",
    "backups",
    "copies",
    "runbooks",
    "document",
    "proposal",
    "findings",
    "readiness",
    "not-ready",
    "ready-row",
    "unready",
    "drill",
    "start",
    "message",
    "messages",
    "real-world",
    "paper",
    "paper-start",
    "paused",
    "facilitator",
    "refused",
    "question",
    "fire",
    "score",
    "scored-actions",
    "scored-injects",
    "hotwash",
    "action-item",
    "brief",
    "waiting",
    "proposals",
    "tasks",
    "offered",
    "hand-over",
];

pub(super) fn named(name: &str) -> Model {
    match name {
        "healthy" => story::healthy(),
        "bridge" => story::incident(),
        "confirm" => {
            let mut crossing = vec![Key::char('x')];
            crossing.extend(typed("us-west-2"));
            press(story::approved(), &crossing)
        }
        "running" => story::running(),
        "log" => press(story::running(), &[Key::char('6'), Key::char('+')]),
        "declare" => press(story::dark(), &[Key::char('i')]),
        "help" => press(story::incident(), &[Key::char('?')]),
        "go-to" => press(story::incident(), &[Key::char('g')]),
        "chord" => press(story::dark(), &[Key::char('e')]),
        "backups" => press(story::backed_up(), &[Key::char('4'), Key::char('+')]),
        "filtered" => press(story::running(), &typed("6+/actor:mara !dns")),
        "filtered-steps" => press(story::failed(), &[typed("/dns"), vec![Key::of(Code::Enter)]].concat()),
        "filtered-alerts" => press(story::alerted(), &[typed("A/east"), vec![Key::of(Code::Enter)]].concat()),
        "palette" => press(story::incident(), &typed(":ap")),
        "zoomed" => press(story::incident(), &typed("3+")),
        "nested" => press(story::alerted(), &[typed("Aj"), vec![Key::of(Code::Enter)], typed("s")].concat()),
        "palette-lately" => {
            let enter = Key::of(Code::Enter);
            let esc = Key::of(Code::Esc);
            let taken = [typed(":severity 2"), vec![enter, esc], typed(":brief"), vec![enter, esc], typed(":")];
            press(story::incident(), &taken.concat())
        }
        "palette-disabled" => press(story::incident(), &typed(":retry")),
        "palette-choices" => press(story::incident(), &typed(":severity ")),
        "palette-theme" => press(story::incident(), &typed(":theme li")),
        "note" => press(story::incident(), &typed("nAWS status page confirms")),
        "failed" => story::failed(),
        "unknown" => story::unknown(),
        "broken" => story::broken(),
        "finished" => story::restored(),
        "menu" => press(story::failed(), &[Key::of(Code::Enter)]),
        "demo" => story::demonstration(),
        "copies" => press(story::copies(), &[Key::char('2'), Key::char('+')]),
        "comms" => press(told::overdue(), &typed("c")),
        "draft" => press(told::overdue(), &[Key::char('c'), Key::of(Code::Enter), Key::of(Code::Tab)]),
        "updates" => press(told::overdue(), &typed("u")),
        "telling" => press(told::overdue(), &typed("ux")),
        "told" => press(told::overdue(), &typed("ch")),
        "readiness" => press(story::healthy(), &[Key::char('r')]),
        "not-ready" => press(story::healthy(), &[Key::char('r'), Key::char('f'), Key::char('j')]),
        "ready-row" => press(story::healthy(), &[Key::of(Code::Enter), Key::char('j'), Key::of(Code::Enter)]),
        "unready" => press(story::unready(), &[Key::char('r')]),
        "alerted" => story::alerted(),
        "alerts" => press(story::alerted(), &[Key::char('A'), Key::char('j')]),
        "alert" => press(story::alerted(), &[Key::char('A'), Key::char('j'), Key::char('j'), Key::of(Code::Enter)]),
        "silence" => press(story::alerted(), &[Key::char('A'), Key::char('j'), Key::char('s')]),
        "runbooks" => press(story::healthy(), &typed("Bjjj")),
        "document" => looked_at(story::healthy(), "dr-plan", "j"),
        "proposal" => looked_at(story::healthy(), "dr-plan", "a"),
        "findings" => looked_at(story::healthy(), "restore-orders", ""),
        "entry" => press(story::running(), &[Key::char('6'), Key::of(Code::Up), Key::of(Code::Enter)]),
        "drill" => exercised::drill(),
        "start" => press(exercised::start(), &typed("a")),
        "message" => exercised::delivered(),
        "messages" => press(exercised::drill(), &typed("m")),
        "real-world" => press(exercised::real_world(), &typed("W")),
        "paper" => exercised::paper(),
        "paper-start" => exercised::paper_start(),
        "paused" => exercised::paused(),
        "step" => press(story::running(), &[Key::char('5'), Key::of(Code::Enter)]),
        "unreadable" => press(story::healthy(), &[typed("BG"), vec![Key::of(Code::Enter)]].concat()),
        "facilitator-row" => press(exercised::drill(), &[typed("Ejj"), vec![Key::of(Code::Enter)]].concat()),
        "facilitator" => press(exercised::drill(), &typed("Ejj")),
        "refused" => press(exercised::drill(), &typed("Ejjy")),
        "question" => press(exercised::drill(), &typed("E")),
        "score" => press(exercised::ended(), &typed("=")),
        "scored-actions" => scored(1, "j"),
        "scored-injects" => scored(2, ""),
        "hotwash" => scored(3, ""),
        "action-item" => scored(3, "aAsk who talks to the press"),
        "fire" => press(exercised::drill(), &typed("EGf")),
        "brief" => press(led::led(), &typed("b")),
        "waiting" => press(led::led(), &typed("w")),
        "proposals" => press(led::led(), &typed("D")),
        "tasks" => press(led::led(), &typed("tj")),
        "offered" => press(led::offered(), &typed("h")),
        "hand-over" => press(led::commanding(), &typed("h")),
        other => panic!("no scene is called {other}"),
    }
}

fn words(model: &Model) -> String {
    let drawn = super::look::drawn(model, &crate::theme::Theme::default(), (120, 36));
    drawn.content().iter().map(ratatui::buffer::Cell::symbol).collect()
}

#[test]
fn before_an_incident_help_begins_with_what_can_be_pressed() {
    let help = words(&press(story::healthy(), &typed("?")));
    let at = |text: &str| help.find(text).unwrap_or_else(|| panic!("{text}: {help}"));
    assert!(at("declare an incident") < at("Not now: no incident is open"), "{help}");
    assert!(!help.contains("execute the step"), "{help}");
}

#[test]
fn closing_says_what_is_left_and_recovers_nothing() {
    let enter = [Key::of(Code::Enter)];
    let form = words(&press(story::incident(), &[typed(":close"), enter.to_vec()].concat()));
    assert!(form.contains("is not ended:") && form.contains("been seen to recover"), "{form}");
    let closed = words(&story::closed_early());
    assert!(closed.contains("not seen to recover") && closed.contains("not recovered"), "{closed}");
    assert!(!closed.contains("recovered in time"), "{closed}");
}

#[test]
fn the_keys_lead_to_the_boxes_that_are_pictured() {
    assert!(matches!(named("confirm").overlay(), Some(Overlay::Confirm(_))));
    assert!(matches!(named("declare").overlay(), Some(Overlay::Form(_))));
    assert!(matches!(named("help").overlay(), Some(Overlay::Help(_))));
    assert!(matches!(named("note").overlay(), Some(Overlay::Editor(_))));
    assert!(matches!(named("menu").overlay(), Some(Overlay::StepMenu(_))));
    assert!(matches!(named("alerts").overlay(), Some(Overlay::Alerts(_))));
    assert!(matches!(named("readiness").overlay(), Some(Overlay::Readiness(_))));
    assert!(matches!(named("ready-row").overlay(), Some(Overlay::ReadinessDetail(_))));
    assert!(matches!(named("message").overlay(), Some(Overlay::Delivered(_))));
    assert!(matches!(named("messages").overlay(), Some(Overlay::Messages(_))));
    assert!(matches!(named("real-world").overlay(), Some(Overlay::Confirm(_))));
    assert!(matches!(named("alert").overlay(), Some(Overlay::AlertDetail(_))));
    assert!(matches!(named("silence").overlay(), Some(Overlay::Form(_))));
    assert!(matches!(named("runbooks").overlay(), Some(Overlay::Runbooks(_))));
    for (name, page) in [("document", Page::Steps), ("proposal", Page::Proposal), ("findings", Page::Findings)] {
        assert!(matches!(named(name).overlay(), Some(Overlay::Document(view)) if view.page == page), "{name}");
    }
    assert!(matches!(named("comms").overlay(), Some(Overlay::Comms(_))));
    assert!(matches!(named("draft").overlay(), Some(Overlay::Drafting(_))));
    assert!(matches!(named("updates").overlay(), Some(Overlay::Outbox(outbox)) if outbox.letters.len() == 2));
    assert!(matches!(named("telling").overlay(), Some(Overlay::Confirm(_))));
    assert!(matches!(named("told").overlay(), Some(Overlay::UpdateHistory(_))));
    assert!(matches!(named("entry").overlay(), Some(Overlay::EntryDetail(_))));
}
