//! Command, decisions and tasks, key by key.

use domain::engine::{Command, LeadAct};
use domain::ident::Hash;
use domain::log::Event;
use domain::people::{Actor, Role};

use super::fixture::{Console, RUN};
use crate::action::{Id, enabled, next};
use crate::input::Input;
use crate::keys::{Code, Key};
use crate::model::{LeadForm, LeadView, Overlay, Purpose};

/// An incident in which `who` commands; the person at this console is mara.
fn commanded_by(who: &str) -> Console {
    let mut console = Console::incident();
    console.by(who, Event::CommandTaken { by: who.into(), role: Role::Commander, reason: None });
    console.rest();
    console.asked.clear();
    console
}

impl Console {
    /// Something another person recorded.
    fn by(&mut self, who: &str, event: Event) {
        let me = std::mem::replace(&mut self.model.scene.actor, Actor::claimed(who, "bastion"));
        self.record(event);
        self.model.scene.actor = me;
        self.input(Input::Tick);
    }

    fn led(&self) -> Option<&LeadAct> {
        match self.commands().last() {
            Some(Command::Lead(act)) => Some(act),
            _ => None,
        }
    }

    fn named(&mut self, title: &str) {
        self.char(':');
        self.type_text(title);
        self.enter();
    }
}

fn offered_by(who: &str, to: &str) -> Console {
    let mut console = commanded_by(who);
    console.by(who, Event::HandoffOffered { to: to.into(), brief: "us-east-1 is down".to_owned() });
    console
}

#[test]
fn command_is_offered_with_a_key_a_name_and_enter_and_the_brief_goes_with_it() {
    let mut console = commanded_by("mara");
    console.char('h');
    let form = console.in_form().unwrap();
    assert_eq!(form.purpose, Purpose::Lead(LeadForm::HandOver));
    assert!(form.about[0].contains("INC-2026-0007"), "{:?}", form.about);
    for _ in 0..20 {
        console.press(Key::of(Code::Backspace));
    }
    console.type_text("raj");
    console.enter();
    let Some(LeadAct::Offer { to, brief }) = console.led() else { panic!("{:?}", console.asked) };
    assert_eq!(to.as_str(), "raj");
    assert!(brief.contains("SITUATION") && brief.contains("commander mara"), "{brief}");
}

#[test]
fn command_is_offered_to_people_not_to_what_writes_by_itself() {
    let mut console = commanded_by("mara");
    console.by("zoe", Event::ConsoleAttached { version: "1".to_owned(), read_only: false });
    console.by("switchback", Event::Observation { text: "a standby moved".to_owned(), subject: None });
    console.char('h');
    let choices = &console.in_form().unwrap().fields[0].choices;
    assert!(choices.iter().any(|name| name == "zoe"), "{choices:?}");
    assert!(!choices.iter().any(|name| name == "switchback" || name == "mara"), "{choices:?}");
}

#[test]
fn who_does_not_command_cannot_hand_it_over_and_takes_it_with_a_reason_only() {
    let mut console = commanded_by("raj");
    console.char('h');
    assert!(console.notice().contains("raj is in command"), "{}", console.notice());
    console.named("take command");
    assert_eq!(console.in_form().map(|form| &form.purpose), Some(&Purpose::Lead(LeadForm::TakeCommand)));
    console.enter();
    assert!(console.in_form().unwrap().problem.is_some(), "a reason is needed");
    console.type_text("raj is gone");
    console.enter();
    let wanted = LeadAct::Assume { by: "mara".into(), role: Role::Commander, reason: Some("raj is gone".to_owned()) };
    assert_eq!(console.led(), Some(&wanted));
}

#[test]
fn where_nobody_commands_command_is_taken_without_a_question() {
    let mut console = Console::incident();
    console.asked.clear();
    console.named("take command");
    assert_eq!(console.led(), Some(&LeadAct::Assume { by: "mara".into(), role: Role::Commander, reason: None }));
}

#[test]
fn command_that_is_offered_opens_by_itself_and_no_key_meant_for_something_else_accepts_it() {
    let mut console = offered_by("raj", "mara");
    assert!(matches!(console.model.overlay(), Some(Overlay::Lead(LeadView::Offered(_)))));
    assert!(console.model.ui.bell);
    console.char('y');
    assert!(console.commands().is_empty(), "it has just opened");
    console.rest();
    console.char('y');
    assert_eq!(console.led(), Some(&LeadAct::Accept { by: "mara".into(), spoken: false }));
}

#[test]
fn what_is_declined_has_a_reason_and_what_is_left_for_later_opens_with_its_key() {
    let mut console = offered_by("raj", "mara");
    console.esc();
    console.rest();
    assert!(console.model.overlay().is_none(), "it does not open again by itself");
    console.char('h');
    console.rest();
    console.char('n');
    console.type_text("on a plane");
    console.enter();
    assert_eq!(console.led(), Some(&LeadAct::Decline { by: "mara".into(), reason: "on a plane".to_owned() }));
}

#[test]
fn an_offer_waits_until_what_is_being_written_is_done() {
    let mut console = commanded_by("raj");
    console.char('n');
    console.type_text("the provider calls");
    console.by("raj", Event::HandoffOffered { to: "mara".into(), brief: String::new() });
    assert!(matches!(console.model.overlay(), Some(Overlay::Editor(_))));
    console.type_text("y");
    console.enter();
    console.rest();
    assert!(matches!(console.model.overlay(), Some(Overlay::Lead(LeadView::Offered(_)))));
    assert!(console.led().is_none());
}

#[test]
fn who_offered_it_records_what_was_said() {
    let mut console = offered_by("mara", "raj");
    assert!(console.model.overlay().is_none(), "it is not for mara to accept");
    console.char('h');
    console.enter();
    assert_eq!(console.led(), Some(&LeadAct::Accept { by: "raj".into(), spoken: true }));
    console.char('h');
    console.press(Key::of(Code::Up));
    console.enter();
    assert_eq!(console.led(), Some(&LeadAct::Decline { by: "mara".into(), reason: String::new() }), "taken back");
}

#[test]
fn an_observer_of_a_read_only_console_is_not_asked() {
    let mut console = commanded_by("raj");
    console.model.scene.read_only = true;
    console.by("raj", Event::HandoffOffered { to: "mara".into(), brief: String::new() });
    assert!(console.model.overlay().is_none());
}

#[test]
fn what_is_proposed_is_objected_to_and_decided_from_its_list() {
    let mut console = commanded_by("mara");
    console.char('D');
    console.char('n');
    assert_eq!(console.in_form().map(|form| &form.purpose), Some(&Purpose::Lead(LeadForm::Propose)));
    console.type_text(" now");
    console.enter();
    assert!(matches!(console.led(), Some(LeadAct::Propose { text, failover: true }) if text.ends_with(" now")));
    console.by("ana", Event::DecisionProposed { text: "go west".to_owned(), failover: true });
    let proposal = console.model.open_proposals()[0].0;
    console.char('o');
    console.type_text("the lag");
    console.enter();
    let objected = LeadAct::Object { proposal, by: "mara".into(), text: "the lag".to_owned() };
    assert_eq!(console.led(), Some(&objected));
    console.by("mara", Event::ObjectionRaised { proposal, by: "mara".into(), text: "the lag".to_owned() });
    console.enter();
    assert!(console.in_form().unwrap().about.iter().any(|line| line == "mara objects: the lag"));
    console.enter();
    assert_eq!(console.led(), Some(&LeadAct::Settle { proposal, text: Some("go west".to_owned()) }));
}

#[test]
fn a_task_is_added_assigned_and_done_from_its_list() {
    let mut console = commanded_by("mara");
    console.char('t');
    console.char('n');
    console.type_text("call the provider");
    console.press(Key::of(Code::Tab));
    console.press(Key::of(Code::Tab));
    console.type_text("soon");
    console.enter();
    assert!(console.in_form().unwrap().problem.as_ref().unwrap().contains("20m"));
    console.press(Key::ctrl('u'));
    console.type_text("20m");
    console.enter();
    let Some(LeadAct::AddTask { text, owner: None, due: Some(due) }) = console.led() else {
        panic!("{:?}", console.asked)
    };
    assert_eq!(text, "call the provider");
    assert!(*due > console.model.now.wall);
    console.by("mara", Event::TaskAdded { text: "call the provider".to_owned(), owner: None, due: None });
    let task = console.model.open_tasks()[0].0;
    console.char(' ');
    console.type_text("ticket 4711");
    console.enter();
    let done = LeadAct::EndTask { task, done: true, text: "ticket 4711".to_owned() };
    assert_eq!(console.led(), Some(&done));
}

#[test]
fn a_late_entry_says_when_it_happened() {
    let mut console = commanded_by("mara");
    console.char('N');
    console.type_text("02:10");
    console.press(Key::of(Code::Tab));
    console.type_text("first page");
    console.enter();
    let Some(Command::Note { text, occurred_at: Some(at), .. }) = console.commands().last() else {
        panic!("{:?}", console.asked)
    };
    assert_eq!((text.as_str(), at.to_string().as_str()), ("first page", "2026-11-20T02:10:00Z"));
}

#[test]
fn what_waits_opens_what_answers_it() {
    let mut console = offered_by("mara", "raj");
    console.char('w');
    let waits = console.model.waiting();
    let offer = waits.iter().position(|one| one.text.starts_with("raj has not accepted")).unwrap();
    for _ in 0..offer {
        console.char('j');
    }
    console.enter();
    let offer = console.model.state.lead.offer.as_ref().unwrap().seq;
    assert_eq!(console.in_form().map(|form| &form.purpose), Some(&Purpose::Lead(LeadForm::Answer(offer))));
}

#[test]
fn the_brief_is_copied_whole() {
    let mut console = commanded_by("mara");
    console.char('b');
    console.char('y');
    let copied = console.model.ui.copy.clone().unwrap();
    assert_eq!(copied, console.model.brief().unwrap().text());
}

#[test]
fn a_missing_second_name_is_overridden_at_once_by_who_is_alone() {
    let mut console = Console::at_step("stop");
    let before = next(&console.model).map(|next| next.does);
    assert!(enabled(&console.model, Id::Solo).is_err(), "mara does not command");
    console.by("mara", Event::CommandTaken { by: "mara".into(), role: Role::Commander, reason: None });
    console.asked_for_approval("stop", Hash::of(b"text"));
    assert!(before.is_some());
    console.by("mara", Event::SoloBegun { by: "mara".into(), reason: "night".to_owned() });
    assert_eq!(console.model.waits_no_longer(None), Some("nobody else is here"));
    let approval = console.model.waiting().into_iter().find(|one| one.text.contains("waits for data-owner")).unwrap();
    assert!(approval.text.contains("override it"), "{}", approval.text);
    assert!(console.model.state.run(RUN).is_some());
}

#[test]
fn an_answer_is_to_the_offer_it_was_written_for() {
    let mut console = offered_by("mara", "raj");
    console.char('h');
    let offer = console.model.state.lead.offer.as_ref().unwrap().seq;
    console.by("raj", Event::HandoffDeclined { offer, by: "raj".into(), reason: "on a plane".to_owned() });
    console.by("mara", Event::HandoffOffered { to: "ana".into(), brief: String::new() });
    assert_eq!(console.in_form().map(|form| &form.purpose), Some(&Purpose::Lead(LeadForm::Answer(offer))));
    console.enter();
    assert_eq!(console.led(), None, "ana has said nothing yet");
    assert!(console.in_form().unwrap().problem.as_ref().unwrap().contains("no longer"));
}

#[test]
fn the_space_bar_ends_the_task_under_the_cursor_and_no_other() {
    let mut console = commanded_by("mara");
    for text in ["call the provider", "tell the bank"] {
        console.by("mara", Event::TaskAdded { text: text.to_owned(), owner: None, due: None });
    }
    let task = console.model.open_tasks()[0].0;
    console.char('t');
    console.char(' ');
    console.enter();
    assert_eq!(console.led(), Some(&LeadAct::EndTask { task, done: true, text: String::new() }));
}

#[test]
fn who_takes_a_late_task_over_does_not_move_when_it_was_due() {
    let mut console = commanded_by("mara");
    let now = console.model.now.wall;
    for (minutes, at) in [(-10, 0), (30, 1), (3000, 2)] {
        let due = domain::time::Timestamp::from_second(now.as_second() + minutes * 60).unwrap();
        console.by("mara", Event::TaskAdded { text: format!("task {at}"), owner: None, due: Some(due) });
        let task = console.model.open_tasks()[at].0;
        console.named("tasks");
        (0..at).for_each(|_| console.char('j'));
        console.char('a');
        console.enter();
        let Some(LeadAct::Assign { task: of, due: Some(until), .. }) = console.led() else {
            panic!("{:?}", console.asked)
        };
        assert_eq!((*of, until.as_second()), (task, due.as_second()));
        console.esc();
    }
}
