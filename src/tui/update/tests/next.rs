//! The one key that moves a step on.

use domain::execution::{End, GuardVerdict, Part};

use super::fixture::Console;
use crate::action::next;

fn said(console: &Console) -> String {
    next(&console.model).map(|next| format!("{} {}", next.key, next.does)).unwrap_or_default()
}

#[test]
fn what_stands_in_the_way_comes_in_the_order_in_which_it_is_answered() {
    let mut console = Console::at_step("promote");
    let fence = ("fenced orders-db@us-east-1", GuardVerdict::Fail);
    let loss = ("loss orders-db@us-west-2 <= 5m", GuardVerdict::Ask);
    console.prepare("promote", Part::Run, &[loss, fence]);
    assert_eq!(said(&console), "f states how orders-db@us-east-1 was isolated");
    console.prepare("promote", Part::Run, &[loss, (fence.0, GuardVerdict::Pass)]);
    assert_eq!(said(&console), "L accepts the loss that may be");
    console.prepare("promote", Part::Run, &[]);
    assert_eq!(said(&console), "x shows the cost, and asks for the region's name");
    console.prepare_text("promote", Part::Run, &[], "another text than the one that was approved");
    assert_eq!(said(&console), "a records the answer of data-owner");
}

#[test]
fn a_step_by_hand_is_ticked_and_one_that_failed_is_looked_at() {
    assert_eq!(said(&Console::at_step("tell")), "space ticks it when done");
    assert_eq!(said(&Console::at_step("gather")), "space ticks its next sub-step");
    assert_eq!(said(&Console::at_step("confirm")), "x runs it: it only reads");
    let mut console = Console::at_step("stop");
    console.attempted("stop", Some(End::Failed { exit: Some(1), why: "no".to_owned() }));
    assert_eq!(said(&console), "enter shows what can be done about it");
}

#[test]
fn at_the_end_it_says_how_the_incident_is_closed() {
    let mut console = Console::at_step("move");
    assert_eq!(said(&console), "x shows what will run, and asks");
    console.done("move");
    assert_eq!(said(&console), ": close enter ends the incident, with a reason");
}

#[test]
fn nothing_is_to_be_pressed_while_it_runs_or_where_nothing_may_be_appended() {
    let mut console = Console::at_step("stop");
    console.attempted("stop", None);
    assert_eq!(said(&console), "");
    let mut looking = Console::at_step("stop");
    looking.model.scene.read_only = true;
    assert_eq!(said(&looking), "");
}
