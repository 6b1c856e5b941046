//! Focus, cursors, the log's filter, leaving.

use std::time::Duration;

use domain::console::Request;
use domain::log::Event;

use super::fixture::{Console, RUN};
use crate::keys::{Code, Key};
use crate::model::{Exit, Hit, Overlay, Panel};

fn cursor(console: &Console) -> String {
    console.model.step().map(|(_, step)| step.id.to_string()).unwrap_or_default()
}

#[test]
fn panels_are_focused_by_number_tab_and_click() {
    let mut console = Console::incident();
    console.char('3');
    assert_eq!(console.model.ui.focus, Panel::Objectives);
    console.press(Key::of(Code::Tab));
    console.press(Key::of(Code::BackTab));
    assert_eq!(console.model.ui.focus, Panel::Objectives);
    console.click(Hit::Panel(Panel::Log));
    assert_eq!(console.model.ui.focus, Panel::Log);
    console.char('+');
    assert!(console.model.ui.zoomed);
    console.esc();
    assert!(!console.model.ui.zoomed);
}

#[test]
fn a_number_leads_to_its_panel_however_often_it_is_pressed_and_plus_zooms_and_back() {
    let mut console = Console::calm();
    console.type_text("22");
    assert!(!console.model.ui.zoomed && console.model.ui.focus == Panel::Replication);
    console.type_text("+3");
    assert!(console.model.ui.zoomed && console.model.ui.focus == Panel::Objectives);
    console.char('+');
    assert!(!console.model.ui.zoomed);
}

#[test]
fn every_crumb_is_one_esc() {
    let mut console = Console::linked();
    assert!(console.model.crumbs().is_empty(), "nobody is lost on the bridge");
    console.opened("cache");
    console.type_text("/warm");
    console.enter();
    console.type_text("B?");
    let crumbs = console.model.crumbs();
    assert_eq!(crumbs.len(), 6, "{crumbs:?}");
    assert_eq!((crumbs[0].as_str(), crumbs[3].as_str(), crumbs[5].as_str()), ("Checklist", "/ warm", "Help"));
    for _ in 0..3 {
        console.esc();
    }
    assert!(console.model.ui.overlays.is_empty() && !console.model.ui.checklist.shows());
    assert_ne!(console.model.run().map(|run| run.id), Some(RUN));
    console.esc();
    assert_eq!(console.model.run().map(|run| run.id), Some(RUN), "back at the step it was opened for");
}

#[test]
fn the_cursor_follows_the_step_whose_turn_it_is_until_it_is_moved() {
    let mut console = Console::incident();
    assert_eq!(cursor(&console), "confirm");
    console.done("confirm");
    assert_eq!(cursor(&console), "tell");
    console.char('G');
    assert_eq!(cursor(&console), "move");
    console.done("tell");
    console.done("gather");
    assert_eq!(cursor(&console), "move");
    console.esc();
    assert_eq!(cursor(&console), "stop");
}

#[test]
fn a_key_pressed_as_the_cursor_moved_by_itself_starts_nothing() {
    let mut console = Console::incident();
    console.char('k');
    console.done("tell");
    console.done("gather");
    console.done("confirm");
    console.prepare("stop", domain::execution::Part::Run, &[]);
    console.char('x');
    assert!(console.in_box().is_none() && console.notice().contains("moved"), "{}", console.notice());
    console.wait(Duration::from_millis(300));
    console.char('x');
    assert!(console.in_box().is_some());
}

#[test]
fn what_is_done_from_a_detail_is_done_to_the_step_it_shows() {
    let mut console = Console::at_step("confirm");
    console.enter();
    assert!(matches!(console.model.overlay(), Some(Overlay::StepDetail(_))));
    console.done("tell");
    console.done("gather");
    console.done("confirm");
    console.prepare("stop", domain::execution::Part::Run, &[]);
    console.rest();
    console.char('s');
    assert!(console.in_form().is_none() && console.notice().contains("another step"), "{}", console.notice());

    let mut console = Console::at_step("confirm");
    console.enter();
    console.char('x');
    assert_eq!(console.executed().len(), 1);
}

#[test]
fn what_is_in_focus_is_what_the_session_prepares() {
    let mut console = Console::incident();
    assert!(matches!(console.asked.last(), Some(Request::Watch { step, .. }) if step.as_str() == "confirm"));
    console.char('j');
    assert!(matches!(console.asked.last(), Some(Request::Watch { step, .. }) if step.as_str() == "tell"));
    let asked = console.asked.len();
    console.char('4');
    assert_eq!(console.asked.len(), asked);
    console.record(Event::IncidentClosed { reason: "over".to_owned() });
    assert_eq!(console.asked.last(), Some(&Request::Unwatch));
}

#[test]
fn x_before_the_step_is_resolved_waits_for_it_a_little() {
    let mut console = Console::incident();
    console.char('x');
    assert!(console.executed().is_empty());
    console.prepare("confirm", domain::execution::Part::Run, &[]);
    assert_eq!(console.executed().len(), 1);

    let mut console = Console::incident();
    console.char('x');
    console.wait(Duration::from_secs(3));
    console.prepare("confirm", domain::execution::Part::Run, &[]);
    assert!(console.executed().is_empty());
}

#[test]
fn the_log_is_filtered_as_it_is_typed_and_follows_until_it_is_moved() {
    let mut console = Console::incident();
    let rows = |console: &Console| console.model.ui.log.rows(&console.model.state).len();
    assert_eq!(rows(&console), 2);
    console.type_text("6/type:run_");
    assert_eq!(rows(&console), 1);
    console.press(Key::ctrl('u'));
    console.type_text("actor:mara down !promote");
    assert_eq!(rows(&console), 1);
    console.enter();
    console.char('n');
    assert!(matches!(console.model.overlay(), Some(Overlay::Editor(_))), "keys work again");
    console.esc();
    console.char('+');
    console.esc();
    assert!(console.model.ui.zoomed, "esc takes one thing back at a time");
    assert_eq!((rows(&console), console.model.ui.log.follow), (2, true));
    console.esc();
    console.char('k');
    assert!(!console.model.ui.log.follow);
    console.char('G');
    assert!(console.model.ui.log.follow);
    console.enter();
    assert!(matches!(console.model.overlay(), Some(Overlay::EntryDetail(detail)) if detail.of == 2));
}

#[test]
fn runs_are_tabs_and_a_new_one_comes_to_the_front() {
    let mut console = Console::incident();
    let other = domain::ident::RunId(ulid::Ulid::from_parts(2, 2));
    console.started(other, "other", "# Other\n\n## One\n\n- [ ] Look\n", None);
    let open = |console: &Console| console.model.run().map(|run| run.id);
    assert_eq!(open(&console), Some(other));
    console.char('[');
    assert_eq!(open(&console), Some(RUN));
    console.char(']');
    assert_eq!(open(&console), Some(other));
}

#[test]
fn a_runbook_that_a_step_opens_is_walked_in_front_until_it_is_done() {
    let mut console = Console::linked();
    console.char('x');
    let Some(Request::StartRun { runbook, parent: Some(parent), .. }) = console.acted().last() else {
        panic!("{:?}", console.acted())
    };
    assert_eq!((runbook.as_str(), parent.run, parent.step.as_str()), ("cache-failure", RUN, "cache"));
    let child = console.opened("cache");
    let front = |console: &Console| console.model.run().map(|run| run.id);
    assert_eq!(front(&console), Some(child));
    console.char('U');
    assert_eq!(front(&console), Some(RUN));
    console.char('U');
    assert!(console.notice().contains("a part of no other run"), "{}", console.notice());
    console.char('x');
    assert!(console.notice().contains("a runbook is walked in its place"), "{}", console.notice());
    console.char('K');
    assert!(console.notice().contains("nothing is running here"), "{}", console.notice());
    console.enter();
    assert_eq!(front(&console), Some(child));
    console.record(Event::RunAborted { run: child, reason: "wrong one".to_owned() });
    assert_eq!(front(&console), Some(RUN));
}

#[test]
fn leaving_asks_only_while_an_incident_is_open() {
    let mut console = Console::calm();
    console.char('q');
    assert_eq!(console.model.ui.exit, Some(Exit::Quit));
    let mut console = Console::incident();
    console.press(Key::ctrl('c'));
    assert!(console.model.ui.exit.is_none() && console.in_box().is_some());
    console.rest();
    console.char('y');
    assert_eq!(console.model.ui.exit, Some(Exit::Quit));
    assert_eq!(console.acted().last(), Some(&&Request::Quit));
}

#[test]
fn the_palette_finds_an_action_by_its_letters_and_says_why_another_cannot_be_taken() {
    let mut console = Console::at_step("confirm");
    console.press(Key::ctrl('p'));
    console.type_text("note");
    let Some(Overlay::Palette(palette)) = console.model.overlay() else { panic!("the palette") };
    assert_eq!(palette.offers[0].action, crate::action::Id::Note);
    console.enter();
    assert!(matches!(console.model.overlay(), Some(Overlay::Editor(_))));
    console.esc();
    console.char(':');
    console.type_text("retry");
    console.enter();
    assert!(console.notice().contains("not failed"), "{}", console.notice());
}

#[test]
fn an_idle_screen_wants_few_ticks_and_an_incident_one_a_second() {
    let mut console = Console::calm();
    let due = |console: &Console| crate::update::wake_at(&console.model) - console.model.now.boot;
    console.wait(Duration::from_secs(60));
    assert_eq!(due(&console), Duration::from_secs(10));
    let mut console = Console::incident();
    console.wait(Duration::from_secs(60));
    assert_eq!(due(&console), Duration::from_secs(1));
}
