//! Forms and editors.

use std::sync::Arc;

use domain::console::{Request, Told};
use domain::engine::{Command, Reason, Refusal};
use domain::ident::RegionId;
use domain::log::{Mode, Sev};
use domain::reading::{Advice, Health, Recommendation, RegionStatus, Status};

use super::fixture::{Console, wall};
use crate::keys::{Code, Key};
use crate::model::{EditorFor, Overlay};

fn region(name: &str, status: Health) -> RegionStatus {
    RegionStatus {
        name: name.into(),
        role: "standby".to_owned(),
        serving: None,
        was_serving: false,
        status,
        since: Some(wall(std::time::Duration::from_secs(900))),
        last_good: None,
        candidate: (status == Health::Ok).then_some(1),
        candidate_because: Vec::new(),
        cost: None,
        latency: None,
        checks: Vec::new(),
    }
}

fn failing(console: &mut Console) {
    let status = Status {
        regions: vec![region("us-east-1", Health::Down), region("us-west-2", Health::Ok)],
        recommendation: Recommendation {
            failover: true,
            advice: Advice::Failover,
            from: Some("us-east-1".into()),
            to: Some("us-west-2".into()),
            because: vec!["us-east-1 is down".to_owned()],
            ..Recommendation::default()
        },
        ..Status::default()
    };
    console.told(Told::Status(Arc::new(status)));
}

#[test]
fn declaring_takes_two_keys() {
    let mut console = Console::calm();
    failing(&mut console);
    console.char('i');
    console.enter();
    let [Request::Declare(declaration)] = console.acted()[..] else { panic!("{:?}", console.acted()) };
    assert_eq!((declaration.severity, declaration.mode), (Sev(1), Mode::Forced));
    assert_eq!(declaration.from, Some(RegionId::new("us-east-1")));
    assert_eq!(declaration.to, Some(RegionId::new("us-west-2")));
    assert_eq!(declaration.runbook.as_deref(), Some("regional-failover"));
    assert_eq!(declaration.impact_at, wall(std::time::Duration::from_secs(900)));
}

#[test]
fn before_the_first_reading_the_form_follows_the_estate() {
    let mut console = Console::calm();
    console.char('i');
    let form = console.in_form().unwrap();
    assert_eq!((form.answer("from"), form.answer("to")), ("us-east-1", "us-west-2"));
    assert_eq!(form.answer("mode"), "forced", "nobody has seen the old side answer");
}

#[test]
fn while_the_form_is_open_what_nobody_touched_follows_the_readings() {
    let mut console = Console::calm();
    let well =
        Status { regions: vec![region("us-east-1", Health::Ok), region("us-west-2", Health::Ok)], ..Status::default() };
    console.told(Told::Status(Arc::new(well)));
    console.char('i');
    console.press(Key::of(Code::Tab));
    console.press(Key::ctrl('u'));
    console.type_text("Flood");
    assert_eq!(console.in_form().unwrap().answer("severity"), "SEV2");
    failing(&mut console);
    let form = console.in_form().unwrap();
    assert_eq!((form.answer("severity"), form.answer("mode"), form.answer("title")), ("SEV1", "forced", "Flood"));
}

#[test]
fn answers_of_the_form_can_be_changed() {
    let mut console = Console::calm();
    failing(&mut console);
    console.char('i');
    console.press(Key::of(Code::Down));
    console.press(Key::of(Code::Tab));
    console.press(Key::ctrl('u'));
    console.type_text("Flood");
    console.press(Key::of(Code::Tab));
    console.press(Key::ctrl('u'));
    console.type_text("soon");
    console.enter();
    let form = console.in_form().unwrap();
    assert!(form.problem.as_deref().unwrap().contains("not a time"));
    assert_eq!(form.fields[form.focus].label, "impact");
    console.press(Key::ctrl('u'));
    console.type_text("10m ago");
    console.enter();
    let [Request::Declare(declaration)] = console.acted()[..] else { panic!() };
    assert_eq!((declaration.severity, declaration.title.as_str()), (Sev(2), "Flood"));
}

#[test]
fn deciding_takes_two_keys_and_says_what_the_readings_recommend() {
    let mut console = Console::incident();
    failing(&mut console);
    console.char('d');
    console.enter();
    let text = "Fail over from us-east-1 to us-west-2: us-east-1 is down".to_owned();
    assert_eq!(console.commands(), [&Command::Decide { text, failover: true }]);
}

#[test]
fn a_note_has_as_many_lines_as_it_takes() {
    let mut console = Console::incident();
    console.char('6');
    console.char('n');
    console.type_text("one");
    console.press(Key { code: Code::Enter, ctrl: false, alt: true });
    console.type_text("x y");
    console.enter();
    let note = Command::Note { text: "one\nx y".to_owned(), run: None, step: None, occurred_at: None };
    assert_eq!(console.commands(), [&note]);
}

#[test]
fn a_note_is_not_thrown_away_by_one_esc() {
    let mut console = Console::incident();
    console.char('n');
    console.type_text("precious");
    console.esc();
    assert!(console.model.overlay().is_some());
    console.esc();
    assert!(console.model.overlay().is_none());
}

#[test]
fn what_was_typed_comes_back_when_it_is_refused() {
    let mut console = Console::incident();
    console.char('n');
    console.type_text("precious");
    console.enter();
    assert!(console.model.overlay().is_none());
    let number = console.model.ui.asked;
    console.told(Told::Refused { number, refusal: Refusal::new(Reason::NotNow, "the log is full") });
    let Some(Overlay::Editor(editor)) = console.model.overlay() else { panic!("the editor") };
    assert_eq!((editor.text().as_str(), editor.problem.as_deref()), ("precious", Some("the log is full")));
    assert!(matches!(editor.purpose, EditorFor::Note { .. }));
}

#[test]
fn a_refusal_does_not_take_the_keys_from_what_is_being_typed() {
    let mut console = Console::at_step("confirm");
    console.char('x');
    let number = console.model.ui.asked;
    console.char('n');
    console.told(Told::Refused { number, refusal: Refusal::new(Reason::Guard, "a guard does not hold") });
    assert!(matches!(console.model.overlay(), Some(Overlay::Editor(_))));
    assert!(console.notice().contains("\"Confirm the failure\" was not started: a guard does not hold"));
}

#[test]
fn a_fence_is_stated_of_the_side_the_incident_leaves() {
    let mut console = Console::incident();
    console.char('f');
    console.press(Key::of(Code::Down));
    console.enter();
    let fence = Command::StateFence {
        database: "orders-db".into(),
        region: "us-east-1".into(),
        how: "instances stopped".to_owned(),
        by: "mara".into(),
    };
    assert_eq!(console.commands(), [&fence]);
}

#[test]
fn the_mode_changes_with_a_reason() {
    let mut console = Console::incident();
    console.char('M');
    console.type_text("the old side is back");
    console.enter();
    assert!(matches!(console.commands()[..], [Command::ChangeMode { mode: Mode::Planned, step: None, .. }]));
}
