//! Telling audiences: nothing goes out before it was looked at and confirmed, and no text is lost.

use std::time::Duration;

use domain::console::Told;
use domain::engine::{Command, Reason, Refusal, TellAct};
use domain::log::{Event, IncidentStatus, Way};

use super::fixture::Console;
use crate::keys::{Code, Key};
use crate::model::{Drafting, Overlay};

fn tells(console: &Console) -> Vec<&TellAct> {
    let act = |command: &&Command| matches!(command, Command::Tell(_));
    let told = console.commands().into_iter().filter(act);
    told.map(|command| if let Command::Tell(act) = command { &**act } else { unreachable!("filtered") }).collect()
}

fn drafting(console: &Console) -> &Drafting {
    match console.model.overlay() {
        Some(Overlay::Drafting(drafting)) => drafting,
        other => panic!("{other:?}"),
    }
}

/// Raj told the public, from another console.
fn told_by_raj(console: &mut Console, status: IncidentStatus) {
    let mine = console.model.scene.actor.clone();
    console.model.scene.actor.name = "raj".into();
    console.record(Event::UpdateIssued {
        audience: "public".into(),
        status,
        subject: "We know".to_owned(),
        text: "More follows.".to_owned(),
        ways: vec![Way::Clipboard],
    });
    console.model.scene.actor = mine;
}

fn last_seq(console: &Console) -> u64 {
    console.model.state.entries.last().unwrap().seq
}

#[test]
fn all_who_are_due_are_told_with_u_x_y_and_nothing_before() {
    let mut console = Console::incident();
    // From 25 minutes on the public and, at 30, the executives are due.
    console.wait(Duration::from_secs(29 * 60));
    console.asked.clear();
    console.char('u');
    let Some(Overlay::Outbox(outbox)) = console.model.overlay() else { panic!("{:?}", console.model.overlay()) };
    let shown: Vec<_> =
        outbox.letters.iter().map(|letter| (letter.audience.to_string(), letter.ready.clone())).collect();
    assert_eq!(shown.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["public", "executives"]);
    console.enter();
    console.char('y');
    assert!(console.acted().is_empty(), "neither Enter nor y does anything before x");
    console.char('x');
    console.rest();
    console.enter();
    assert!(console.acted().is_empty(), "Enter does nothing in the box");
    console.rest();
    console.char('y');
    let sent: Vec<_> = tells(&console)
        .into_iter()
        .map(|act| match act {
            TellAct::Issue { audience, subject, text, ways, .. } => {
                assert_eq!(*ways, [Way::Clipboard]);
                (audience.to_string(), subject.clone(), text.clone())
            }
            other => panic!("{other:?}"),
        })
        .collect();
    let expected: Vec<_> = shown.into_iter().map(|(name, ready)| (name, ready.subject, ready.body)).collect();
    assert_eq!(sent, expected, "exactly what was shown");
    assert!(console.model.ui.overlays.is_empty());
    let copied = console.model.ui.copy.as_deref().unwrap();
    assert!(copied.contains("[public]") && copied.contains("[executives]"), "{copied}");
}

#[test]
fn a_paste_or_a_burst_sends_nothing() {
    let mut console = Console::incident();
    console.burst("uxy");
    console.paste("uxy");
    console.char('u');
    console.burst("xy");
    assert!(tells(&console).is_empty());
}

#[test]
fn a_text_that_was_begun_is_kept_until_it_is_sent_or_begun_anew() {
    let mut console = Console::incident();
    console.char('c');
    console.enter();
    let template = drafting(&console).text();
    console.type_text("Sorry: ");
    console.paste("a line\nanother");
    console.burst("x\ny");
    let written = drafting(&console).text();
    assert!(written.starts_with("Sorry: a line\nanotherx\ny"), "{written}");
    console.esc();
    assert!(console.notice().contains("the draft for public is kept"), "{}", console.notice());
    console.enter();
    assert_eq!(drafting(&console).text(), written);
    console.press(Key::of(Code::Tab));
    assert_eq!((drafting(&console).status, drafting(&console).text()), (IncidentStatus::Identified, written));
    console.press(Key::ctrl('r'));
    assert!(!drafting(&console).edited);
    console.press(Key::of(Code::BackTab));
    assert_eq!(drafting(&console).text(), template, "an unchanged text follows the status");
}

#[test]
fn what_the_session_refuses_comes_back_with_its_text() {
    let mut console = Console::incident();
    console.char('c');
    console.enter();
    console.type_text("The key is AKIA, ");
    let written = drafting(&console).text();
    console.enter();
    console.char('x');
    console.rest();
    console.char('y');
    assert_eq!(tells(&console).len(), 1);
    let number = console.model.ui.asked;
    let refusal = Refusal::new(Reason::NotNow, "it holds what looks like a secret");
    let number = (1..=number).rev().find(|number| console.model.ui.pending.contains_key(number)).unwrap();
    console.told(Told::Refused { number, refusal });
    assert_eq!(drafting(&console).text(), written);
    assert_eq!(drafting(&console).problem.as_deref(), Some("it holds what looks like a secret"));
}

#[test]
fn who_was_told_by_somebody_else_meanwhile_is_not_told_again_unseen() {
    let mut console = Console::incident();
    console.char('c');
    console.enter();
    console.type_text("Mine: ");
    console.enter();
    console.char('x');
    console.rest();
    told_by_raj(&mut console, IncidentStatus::Identified);
    console.char('y');
    assert!(tells(&console).is_empty());
    assert!(console.notice().contains("raj told public meanwhile"), "{}", console.notice());
    console.enter();
    assert!(drafting(&console).text().starts_with("Mine: "), "it is not lost");
    console.enter();
    console.char('x');
    console.rest();
    console.char('y');
    assert_eq!(tells(&console).len(), 1, "having looked, it goes out");
}

#[test]
fn what_failed_is_tried_again_and_what_arrived_is_said_to_have() {
    let mut console = Console::incident();
    console.char('c');
    console.char('R');
    assert!(console.notice().contains("failed on no way"), "{}", console.notice());
    told_by_raj(&mut console, IncidentStatus::Investigating);
    let update = last_seq(&console);
    let (why, remedy, way) = ("no answer".to_owned(), None, Way::Clipboard);
    console.record(Event::UpdateFailed { update, way: way.clone(), why, remedy, unsure: true });
    console.asked.clear();
    console.char('R');
    assert!(tells(&console).is_empty(), "one key sends nothing");
    console.rest();
    console.char('y');
    console.char('S');
    let retry = TellAct::Retry { update, way: way.clone() };
    let vouch = TellAct::Vouch { update, way: way.clone() };
    assert_eq!(tells(&console), [&retry, &vouch]);
    console.record(Event::UpdateDelivered { update, way, receipt: None });
    console.char('S');
    assert_eq!(tells(&console).len(), 2, "it has arrived: there is nothing to say");
}

#[test]
fn an_attempt_whose_console_is_gone_is_unknown_only_after_a_while() {
    let mut console = Console::incident();
    told_by_raj(&mut console, IncidentStatus::Investigating);
    console.char('c');
    console.asked.clear();
    console.char('R');
    assert!(tells(&console).is_empty(), "it is being sent");
    console.wait(Duration::from_secs(60));
    console.char('R');
    console.rest();
    console.char('y');
    assert_eq!(tells(&console).len(), 1);
}

#[test]
fn the_bell_rings_once_for_what_becomes_overdue() {
    let mut console = Console::incident();
    assert!(!console.model.ui.bell);
    console.wait(Duration::from_secs(5 * 60));
    assert!(std::mem::take(&mut console.model.ui.bell), "the public is overdue");
    console.wait(Duration::from_secs(60));
    assert!(!console.model.ui.bell, "it was rung for");
    told_by_raj(&mut console, IncidentStatus::Identified);
    console.wait(Duration::from_secs(19 * 60));
    assert!(!console.model.ui.bell, "20 minutes after the last");
    console.wait(Duration::from_secs(61));
    assert!(console.model.ui.bell);
}

#[test]
fn without_an_incident_there_is_nobody_to_tell() {
    let mut console = Console::calm();
    console.char('u');
    assert!(console.notice().contains("no incident is open"), "{}", console.notice());
    console.char('c');
    console.enter();
    assert!(matches!(console.model.overlay(), Some(Overlay::Comms(_))), "the audiences can be looked at");
    assert!(console.notice().contains("no incident is open"), "{}", console.notice());
}

#[test]
fn a_template_that_gives_no_text_says_why_and_a_text_can_be_written() {
    let mut console = Console::incident();
    let templates = domain::comms::Templates::default().with("public", "A\n{{ nope }}");
    console.model.scene.templates = std::sync::Arc::new(templates);
    console.char('u');
    assert!(console.notice().contains("template public, line 2: `nope` is not known"), "{}", console.notice());
    console.char('c');
    console.enter();
    assert!(drafting(&console).problem.as_deref().unwrap().contains("line 2"));
    console.type_text("By hand");
    console.enter();
    assert!(matches!(console.model.overlay(), Some(Overlay::Outbox(_))));
}
