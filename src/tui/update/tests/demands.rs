//! Actions that cannot be taken say why; what is read-only stays so.

use domain::console::{Banner, BannerAbout, Request, Told};
use domain::engine::{APPROVAL_GUARD, Command};
use domain::execution::{End, GuardVerdict, Part, Resolved};
use domain::ident::Hash;
use domain::log::{Event, Kind};

use super::fixture::{Console, RUN};
use crate::action::{Acts, TABLE, enabled};
use crate::keys::Key;
use crate::model::Overlay;

#[test]
fn a_read_only_console_records_and_executes_nothing() {
    let mut console = Console::at_step("confirm");
    console.model.scene.read_only = true;
    for key in "x sniRao!dfMpSVFHKL".chars() {
        console.char(key);
        assert!(console.model.overlay().is_none(), "{key} opened something");
    }
    assert!(console.acted().is_empty());
    for action in TABLE.iter().filter(|action| action.acts != Acts::Looks) {
        assert!(enabled(&console.model, action.id).unwrap_err().contains("--read-only"), "{}", action.title);
    }
}

#[test]
fn nothing_executes_while_the_log_cannot_be_written() {
    let mut console = Console::at_step("confirm");
    console.told(Told::Banner(Banner { about: BannerAbout::Log, text: Some("no space left".to_owned()) }));
    console.char('x');
    assert!(console.executed().is_empty() && console.notice().contains("no space left"));
    console.char('!');
    assert!(console.model.overlay().is_none());
    console.char(':');
    console.type_text("continue the log");
    console.enter();
    console.type_text("/mnt/other");
    console.enter();
    assert!(
        console.asked.iter().any(|request| matches!(request, Request::ContinueLogAt { path } if path == "/mnt/other"))
    );
}

#[test]
fn without_an_incident_keys_say_how_to_declare_one() {
    let mut console = Console::calm();
    for key in ['n', 'd', '!', 'f', 'p'] {
        console.char(key);
        assert!(console.notice().contains("i declares one"), "{key}: {}", console.notice());
    }
}

#[test]
fn a_key_of_another_panel_says_where_it_works() {
    let mut console = Console::at_step("confirm");
    console.char('6');
    console.char('x');
    assert!(console.executed().is_empty() && console.notice().contains("checklist (5)"), "{}", console.notice());
}

#[test]
fn a_paused_run_starts_nothing() {
    let mut console = Console::at_step("confirm");
    console.char('p');
    assert!(matches!(console.commands()[..], [Command::Pause { .. }]));
    console.record(Event::RunPaused { run: RUN, reason: "lunch".to_owned() });
    console.char('x');
    assert!(console.executed().is_empty() && console.notice().contains("p resumes"));
    console.char('p');
    assert!(matches!(console.commands()[..], [Command::Pause { .. }, Command::Resume { .. }]));
}

#[test]
fn a_later_step_waits_for_what_executes_before_it() {
    let mut console = Console::at_step("confirm");
    console.type_text("jjj");
    console.prepare("stop", Part::Run, &[]);
    console.char('x');
    assert!(console.notice().contains("Confirm the failure"), "{}", console.notice());
}

#[test]
fn only_the_demonstration_fails_its_primary_on_a_key() {
    let mut console = Console::calm();
    console.char('F');
    assert!(console.acted().is_empty());
    console.model.scene.kind = Kind::Demo;
    console.char('F');
    assert_eq!(console.acted(), [&Request::FailPrimary]);
}

#[test]
fn an_unknown_end_is_settled_with_evidence_from_the_menu() {
    let mut console = Console::at_step("stop");
    console.attempted("stop", Some(End::Unknown { why: "link lost".to_owned() }));
    console.char('x');
    assert!(console.executed().is_empty() && console.notice().contains("settle"));
    console.enter();
    assert!(matches!(console.model.overlay(), Some(Overlay::StepMenu(_))));
    console.enter();
    console.type_text("writes are refused");
    console.enter();
    assert!(matches!(console.commands()[..], [Command::Settle { succeeded: true, .. }]));
}

fn unapproved() -> Console {
    let mut console = Console::at_step("promote");
    console.prepare_text("promote", Part::Run, &[], "another text");
    console.rest();
    console.asked.clear();
    console
}

fn digest_of(text: &str) -> Hash {
    let resolved = super::fixture::resolved("promote", Part::Run);
    Resolved { text: text.to_owned(), ..resolved }.digest()
}

#[test]
fn keys_beside_the_items_of_a_menu_work() {
    let mut console = Console::at_step("stop");
    console.attempted("stop", Some(End::TimedOut));
    console.attempted("stop", Some(End::Failed { exit: Some(1), why: "exit 1".to_owned() }));
    console.enter();
    let Some(Overlay::StepMenu(menu)) = console.model.overlay() else { panic!("a menu") };
    assert!(menu.items.iter().all(|item| item.action != crate::action::Id::Tick));
    let way_out = if menu.items.iter().any(|item| item.action == crate::action::Id::Skip) { 's' } else { 'M' };
    console.char(way_out);
    assert!(console.in_form().is_some());
}

#[test]
fn an_approval_is_asked_for_then_given() {
    let mut console = unapproved();
    console.char('x');
    assert!(console.in_box().is_none() && console.notice().contains("a asks"), "{}", console.notice());
    console.char('a');
    assert!(matches!(console.acted()[..], [Request::AskApproval { .. }]));
    let digest = digest_of("another text");
    console.asked_for_approval("promote", digest);
    console.char('a');
    assert!(console.commands().is_empty());
    console.press(Key::ctrl('u'));
    console.type_text("raj");
    console.enter();
    let approve = Command::Approve { run: RUN, step: "promote".into(), digest, by: "raj".into(), spoken: true };
    assert_eq!(console.commands(), [&approve]);
}

#[test]
fn an_approval_of_another_text_is_asked_for_again() {
    let mut console = unapproved();
    console.asked_for_approval("promote", digest_of("a third text"));
    console.char('a');
    assert!(matches!(console.acted()[..], [Request::AskApproval { .. }]));
}

#[test]
fn alone_a_missing_approval_is_overridden_with_a_reason() {
    let mut console = unapproved();
    console.char('o');
    console.type_text("raj cannot be reached");
    console.enter();
    assert!(matches!(console.commands()[..], [Command::OverrideGuard { guard, .. }] if guard == APPROVAL_GUARD));
}

#[test]
fn a_loss_is_accepted_as_it_was_shown() {
    let mut console = Console::at_step("promote");
    console.char('L');
    assert!(console.notice().contains("no guard asks"), "{}", console.notice());
    console.prepare("promote", Part::Run, &[("loss orders-db@us-west-2 <= 5m", GuardVerdict::Ask)]);
    console.char('L');
    console.type_text("agreed");
    console.enter();
    assert!(matches!(console.commands()[..], [Command::AcceptLoss { database, region, .. }]
        if database.as_str() == "orders-db" && region.as_str() == "us-west-2"));
}
