//! The confirmation table, row by row.

use std::time::Duration;

use domain::console::Request;
use domain::engine::{Command, Confirmation};
use domain::execution::{End, GuardVerdict, Part};

use super::fixture::{Console, RUN};
use crate::keys::{Code, Key};
use crate::model::{Hit, Overlay, Panel, Subject};

fn failed() -> End {
    End::Failed { exit: Some(1), why: "exit 1".to_owned() }
}

#[test]
fn a_read_only_block_runs_on_x_alone() {
    let mut console = Console::at_step("confirm");
    console.char('x');
    assert_eq!(console.executed(), [("confirm".into(), Confirmation::Key)]);
}

#[test]
fn a_manual_step_is_ticked_with_space_a_line_and_enter() {
    let mut console = Console::at_step("tell");
    console.char('x');
    assert!(console.notice().contains("space"), "{}", console.notice());
    console.char(' ');
    assert!(console.acted().is_empty());
    console.type_text("called raj");
    console.enter();
    let evidence = "called raj".to_owned();
    assert_eq!(console.commands(), [&Command::DoneByHand { run: RUN, step: "tell".into(), evidence }]);
}

#[test]
fn the_evidence_of_a_tick_may_be_empty() {
    let mut console = Console::at_step("tell");
    console.char(' ');
    console.enter();
    assert_eq!(console.commands().len(), 1);
}

#[test]
fn sub_steps_are_ticked_one_by_one_before_their_step() {
    let mut console = Console::at_step("gather");
    let tick = |substep, done| Command::TickSubstep { run: RUN, step: "gather".into(), substep, done };
    console.char(' ');
    assert_eq!(console.commands(), [&tick(0, true)]);
    console.ticked("gather", 0);
    console.char(' ');
    assert_eq!(console.commands().last(), Some(&&tick(1, true)));
    console.ticked("gather", 1);
    console.char(' ');
    assert!(console.in_form().is_some());
    console.esc();
    console.char(':');
    console.type_text("untick");
    console.enter();
    assert_eq!(console.commands().last(), Some(&&tick(1, false)));
}

#[test]
fn a_changing_step_takes_x_then_y() {
    let mut console = Console::at_step("stop");
    console.char('x');
    assert!(console.in_box().is_some() && console.executed().is_empty());
    console.rest();
    console.char('y');
    assert_eq!(console.executed(), [("stop".into(), Confirmation::Yes)]);
    assert!(console.model.overlay().is_none());
}

#[test]
fn enter_does_nothing_in_the_box_of_a_changing_step() {
    let mut console = Console::at_step("stop");
    console.char('x');
    console.rest();
    console.enter();
    console.char('Y');
    console.char(' ');
    assert!(console.executed().is_empty() && console.in_box().is_some());
}

#[test]
fn y_counts_only_once_the_box_could_be_looked_at() {
    let mut console = Console::at_step("stop");
    console.strike(Key::char('x'));
    console.wait(Duration::from_millis(150));
    console.strike(Key::char('y'));
    console.wait(Duration::from_millis(100));
    assert!(console.executed().is_empty() && console.in_box().is_some());
    console.wait(Duration::from_millis(300));
    console.char('y');
    assert_eq!(console.executed().len(), 1);
}

#[test]
fn another_key_in_the_box_asks_for_another_look() {
    let mut console = Console::at_step("stop");
    console.char('x');
    console.rest();
    for key in ['g', 'h', 'y', 'y', 'y', 'y', 'y', 'y', 'y', 'y', 'y', 'y', 'y', 'y'] {
        console.strike(Key::char(key));
        console.wait(Duration::from_millis(33));
    }
    assert!(console.executed().is_empty(), "a pen that rolls over the keyboard does not look");
    console.rest();
    console.char('y');
    assert_eq!(console.executed().len(), 1);
}

#[test]
fn a_step_that_was_attempted_while_its_box_stood_takes_its_name() {
    let mut console = Console::at_step("stop");
    console.char('x');
    console.rest();
    console.attempt("stop", Some(failed()));
    console.rest();
    console.char('y');
    assert!(console.executed().is_empty() && console.in_box().is_some_and(|shown| shown.changed));
}

#[test]
fn the_point_of_no_return_takes_the_region_typed_and_enter() {
    let mut console = Console::at_step("promote");
    console.char('x');
    console.rest();
    console.char('y');
    assert!(console.executed().is_empty());
    console.press(Key::of(Code::Backspace));
    console.type_text("us-west-2");
    console.rest();
    console.enter();
    assert_eq!(console.executed(), [("promote".into(), Confirmation::Typed("us-west-2".to_owned()))]);
}

#[test]
fn enter_counts_half_a_second_after_the_text_matches() {
    let mut console = Console::at_step("promote");
    console.char('x');
    console.rest();
    console.type_text("us-west-2");
    console.enter();
    assert!(console.executed().is_empty() && console.notice().contains("half a second"));
    console.wait(Duration::from_millis(500));
    console.enter();
    assert_eq!(console.executed().len(), 1);
}

#[test]
fn a_text_that_does_not_match_confirms_nothing() {
    let mut console = Console::at_step("promote");
    console.char('x');
    console.rest();
    console.type_text("us-west-22");
    console.rest();
    console.enter();
    assert!(console.executed().is_empty());
    console.press(Key::of(Code::Backspace));
    console.enter();
    assert!(console.executed().is_empty(), "it matches since just now only");
    console.rest();
    console.enter();
    assert_eq!(console.executed().len(), 1);
}

#[test]
fn a_changed_guard_clears_what_was_typed_and_asks_for_another_look() {
    let mut console = Console::at_step("promote");
    console.prepare("promote", Part::Run, &[("fenced orders-db@us-east-1", GuardVerdict::Pass)]);
    console.char('x');
    console.rest();
    console.type_text("us-west-2");
    console.rest();
    console.prepare("promote", Part::Run, &[("fenced orders-db@us-east-1", GuardVerdict::Fail)]);
    console.enter();
    assert!(console.executed().is_empty());
    let shown = console.in_box().unwrap();
    assert!(shown.changed && shown.typed.text().is_empty());
    let Subject::Step { prepared, .. } = &shown.subject else { panic!("of a step") };
    assert_eq!(prepared.guards[0].verdict, GuardVerdict::Fail);
}

#[test]
fn a_changed_text_makes_the_box_of_a_changing_step_begin_again() {
    let mut console = Console::at_step("stop");
    console.char('x');
    console.rest();
    console.strike(Key::char('y'));
    console.prepare_text("stop", Part::Run, &[], "rm -rf /");
    console.wait(Duration::from_millis(100));
    assert!(console.executed().is_empty(), "the y was meant for another text");
    assert!(console.in_box().unwrap().changed);
    console.rest();
    console.char('y');
    assert_eq!(console.executed().len(), 1);
}

#[test]
fn a_newer_look_that_says_the_same_disturbs_nobody() {
    let mut console = Console::at_step("promote");
    console.char('x');
    console.rest();
    console.type_text("us-west-2");
    console.prepare("promote", Part::Run, &[]);
    console.rest();
    console.enter();
    assert_eq!(console.executed().len(), 1);
}

#[test]
fn what_is_executed_is_what_the_box_showed() {
    let mut console = Console::at_step("stop");
    console.prepare_text("stop", Part::Run, &[], "stop now");
    console.char('x');
    let Some(Overlay::Confirm(shown)) = console.model.overlay() else { panic!("a box") };
    let Subject::Step { prepared, .. } = &shown.subject else { panic!("of a step") };
    let digest_shown = prepared.resolved.as_ref().unwrap().digest();
    console.rest();
    console.char('y');
    let executed = console.asked.iter().find_map(|request| match request {
        Request::Execute { digest, .. } => Some(*digest),
        _ => None,
    });
    assert_eq!(executed, Some(digest_shown));
}

#[test]
fn skip_takes_a_reason() {
    let mut console = Console::at_step("stop");
    console.char('s');
    console.enter();
    assert!(console.commands().is_empty() && console.in_form().unwrap().problem.is_some());
    console.type_text("already stopped");
    console.enter();
    let reason = "already stopped".to_owned();
    assert_eq!(console.commands(), [&Command::Skip { run: RUN, step: "stop".into(), reason }]);
}

#[test]
fn an_override_names_its_guard_and_takes_a_reason_and_an_authority() {
    let mut console = Console::at_step("promote");
    console.prepare(
        "promote",
        Part::Run,
        &[("ok", GuardVerdict::Pass), ("fenced orders-db@us-east-1", GuardVerdict::Unknown)],
    );
    console.char('o');
    console.enter();
    assert!(console.commands().is_empty());
    console.type_text("power is off");
    console.enter();
    let override_guard = Command::OverrideGuard {
        run: RUN,
        step: "promote".into(),
        guard: "fenced orders-db@us-east-1".to_owned(),
        seen: "seen".to_owned(),
        reason: "power is off".to_owned(),
        authority: "mara".into(),
    };
    assert_eq!(console.commands(), [&override_guard]);
}

#[test]
fn done_by_hand_and_abort_take_words() {
    let mut console = Console::at_step("stop");
    console.char('H');
    console.enter();
    assert!(console.commands().is_empty());
    console.type_text("by the provider");
    console.enter();
    assert!(matches!(console.commands()[..], [Command::DoneByHand { .. }]));

    let mut console = Console::at_step("stop");
    console.char(':');
    console.type_text("abort");
    console.enter();
    console.enter();
    assert!(console.commands().is_empty());
    console.type_text("false alarm");
    console.enter();
    assert!(matches!(console.commands()[..], [Command::Abort { .. }]));
}

#[test]
fn a_rollback_always_takes_y() {
    let mut console = Console::at_step("move");
    console.attempted("move", Some(failed()));
    console.enter();
    let Some(Overlay::StepMenu(menu)) = console.model.overlay() else { panic!("a menu") };
    let rollback = menu.items.iter().position(|item| item.action == crate::action::Id::Rollback).unwrap();
    let from = menu.cursor;
    for _ in from..rollback {
        console.char('j');
    }
    console.enter();
    assert!(console.asked.iter().any(|request| matches!(request, Request::Watch { part: Part::Rollback, .. })));
    console.prepare("move", Part::Rollback, &[]);
    assert!(console.in_box().is_some() && console.executed().is_empty());
    console.rest();
    console.char('y');
    assert!(matches!(console.asked.last(), Some(Request::Watch { part: Part::Run, .. })));
    assert_eq!(console.executed().len(), 1);
}

#[test]
fn a_one_off_command_is_confirmed() {
    let mut console = Console::incident();
    console.char('!');
    console.type_text("df -h");
    console.enter();
    assert!(console.in_box().is_some());
    console.enter();
    console.rest();
    assert!(!console.asked.iter().any(|request| matches!(request, Request::Capture { .. })));
    console.char('y');
    let text = console.asked.iter().find_map(|request| match request {
        Request::Capture { text, confirmation: Confirmation::Yes, .. } => Some(text.as_str()),
        _ => None,
    });
    assert_eq!(text, Some("df -h"));
}

#[test]
fn a_retry_is_confirmed_like_the_first_attempt() {
    let mut console = Console::at_step("move");
    console.attempted("move", Some(failed()));
    console.char('R');
    assert!(console.executed().is_empty());
    console.rest();
    console.char('y');
    assert_eq!(console.executed(), [("move".into(), Confirmation::Yes)]);
}

#[test]
fn what_may_have_taken_effect_is_run_again_only_with_its_name_typed() {
    let mut console = Console::at_step("stop");
    console.attempted("stop", Some(failed()));
    console.char('R');
    console.rest();
    console.char('y');
    assert!(console.executed().is_empty() && console.in_box().is_some());
    console.press(Key::ctrl('u'));
    console.type_text("stop");
    console.rest();
    console.enter();
    assert_eq!(console.executed(), [("stop".into(), Confirmation::Typed("stop".to_owned()))]);
}

#[test]
fn what_certainly_never_started_is_run_again_like_the_first_time() {
    let mut console = Console::at_step("stop");
    console.attempted("stop", Some(End::NotStarted { why: "no such program".to_owned() }));
    console.char('R');
    console.rest();
    console.char('y');
    assert_eq!(console.executed(), [("stop".into(), Confirmation::Yes)]);
}

#[test]
fn the_mouse_never_acts() {
    let mut console = Console::at_step("stop");
    console.char('x');
    console.rest();
    for hit in [Hit::Overlay, Hit::Step("stop".into()), Hit::Panel(Panel::Checklist), Hit::Row(Panel::Log, 0)] {
        console.click(hit);
    }
    assert!(console.acted().is_empty() && console.in_box().is_some());
}

#[test]
fn a_paste_is_refused_in_a_box_and_is_text_in_an_editor() {
    let mut console = Console::at_step("promote");
    console.char('x');
    console.rest();
    console.paste("us-west-2\n");
    console.rest();
    console.enter();
    assert!(console.executed().is_empty() && console.in_box().unwrap().typed.text().is_empty());
    console.esc();
    console.paste("x");
    assert!(console.model.overlay().is_none());
    console.char('n');
    console.paste("one\ntwo\n");
    console.enter();
    assert!(matches!(console.commands()[..], [Command::Note { text, .. }] if text == "one\ntwo"));
}
