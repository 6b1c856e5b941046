//! Lists narrowed down: what is seen, what a key then acts on, and the way back.

use domain::execution::End;

use super::fixture::Console;
use crate::keys::Code;
use crate::model::{Overlay, Panel};

fn titles(console: &Console) -> Vec<String> {
    console.model.steps().rows.iter().map(|step| step.title.clone()).collect()
}

fn cursor(console: &Console) -> String {
    console.model.step().map(|(_, step)| step.id.to_string()).unwrap_or_default()
}

#[test]
fn a_checklist_is_narrowed_and_its_cursor_goes_to_what_is_wanted() {
    let mut console = Console::incident();
    let all = titles(&console).len();
    console.type_text("/step:move");
    assert_eq!(cursor(&console), "confirm", "nothing moves while it is typed");
    assert_eq!(titles(&console).len(), 2, "the step under the cursor stays in sight");
    console.enter();
    assert_eq!((cursor(&console).as_str(), titles(&console).len()), ("move", 1));
    console.char('k');
    assert_eq!(cursor(&console), "move");
    console.esc();
    assert_eq!((cursor(&console).as_str(), titles(&console).len()), ("move", all));
}

#[test]
fn a_key_never_acts_on_a_step_that_a_filter_hides() {
    let mut console = Console::incident();
    console.type_text("/step:move");
    console.enter();
    console.char('g');
    console.esc();
    console.esc();
    console.type_text("/step:tell");
    console.enter();
    console.done("tell");
    console.done("gather");
    console.done("confirm");
    assert!(console.model.steps().rows.iter().any(|step| step.id.as_str() == cursor(&console)));
}

#[test]
fn red_steps_that_are_left_out_are_counted() {
    let mut console = Console::at_step("stop");
    console.attempted("stop", Some(End::Failed { exit: Some(1), why: String::new() }));
    console.type_text("/step:move");
    console.enter();
    assert_eq!(console.model.steps().red_left_out, 1);
}

#[test]
fn text_in_a_filter_never_acts_and_a_paste_is_text() {
    let mut console = Console::at_step("confirm");
    console.type_text("/xyq");
    console.paste("promote\nx");
    assert_eq!(console.model.ui.checklist.text(), "xyqpromote x");
    assert!(console.acted().is_empty() && console.model.ui.overlays.is_empty());
    assert_eq!(console.model.ui.focus, Panel::Checklist);
}

#[test]
fn a_list_over_the_bridge_is_narrowed_before_it_is_closed() {
    let mut console = Console::incident();
    console.type_text("B/nothing-is-called-that");
    let left = |console: &Console| match console.model.overlay() {
        Some(Overlay::Runbooks(list)) => Some(list.narrowed(&console.model.scene.runbooks).rows.len()),
        _ => None,
    };
    assert_eq!(left(&console), Some(0));
    console.enter();
    console.enter();
    assert!(console.acted().is_empty(), "there is nothing under the cursor");
    console.esc();
    assert_eq!(left(&console), Some(1));
    console.press(crate::keys::Key::of(Code::Esc));
    assert_eq!(left(&console), None);
}
