//! Keys one after the other, keys a person set, and that neither makes anything easier than it is.

use std::sync::Arc;

use domain::engine::Confirmation;
use toml::de::DeTable;

use super::fixture::Console;
use crate::action::Id;
use crate::keys::{Code, Key, read};
use crate::model::{Hit, Overlay, Panel};

/// The same console with these lines in its keymap.
pub(super) fn with_keys(mut console: Console, text: &str) -> Console {
    let (file, errors) = DeTable::parse_recoverable(text);
    let (keymap, found) = read(file.get_ref().get("keys").unwrap());
    assert!(errors.is_empty() && found.is_empty(), "{errors:?} {found:?}");
    console.model.ui.keymap = Arc::new(keymap);
    console
}

fn begun(console: &Console) -> Option<String> {
    let prefix = console.model.ui.prefix.as_ref()?;
    Some(prefix.keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
}

#[test]
fn a_chord_waits_for_its_last_key_and_esc_drops_it() {
    let mut console = Console::incident();
    console.char('g');
    console.rest();
    console.rest();
    assert_eq!(begun(&console).as_deref(), Some("g"));
    console.char('r');
    assert_eq!((console.model.ui.focus, begun(&console)), (Panel::Regions, None));
    console.char('g');
    console.press(Key::of(Code::Esc));
    assert_eq!((console.model.ui.focus, begun(&console)), (Panel::Regions, None));
    console.char('g');
    console.char('z');
    assert_eq!(console.notice(), "g z stands for nothing");
    assert_eq!(begun(&console), None);
}

#[test]
fn the_last_key_of_a_chord_that_acts_is_held_until_it_came_alone() {
    let mut console = Console::incident();
    console.char('e');
    console.rest();
    console.strike(Key::char('s'));
    assert!(console.model.overlay().is_none(), "it may be one of several");
    console.rest();
    assert!(matches!(console.model.overlay(), Some(Overlay::Form(_))));
    let mut console = Console::incident();
    console.char('e');
    console.rest();
    console.burst("sx");
    console.rest();
    assert!(console.model.overlay().is_none() && console.acted().is_empty());
}

#[test]
fn a_chord_in_a_burst_looks_but_does_not_act() {
    let mut console = Console::incident();
    console.burst("gr");
    assert_eq!(console.model.ui.focus, Panel::Regions);
    console.burst("es");
    console.rest();
    assert!(console.model.overlay().is_none());
    console.burst("xe");
    console.rest();
    console.char('s');
    console.rest();
    assert!(console.model.overlay().is_none(), "its first key came in a burst");
}

#[test]
fn the_mouse_and_a_paste_drop_what_was_begun() {
    let mut console = Console::incident();
    console.char('g');
    console.click(Hit::Panel(Panel::Log));
    assert_eq!((begun(&console), console.model.ui.focus), (None, Panel::Log));
    console.char('g');
    console.paste("r");
    assert_eq!((begun(&console), console.model.ui.focus), (None, Panel::Log));
}

#[test]
fn what_opens_meanwhile_does_not_get_the_rest_of_a_chord() {
    let mut console = Console::at_step("stop");
    console.char('e');
    console.rest();
    console.model.ui.overlays.push(Overlay::Help(crate::model::Scrolled::default()));
    console.char('s');
    console.rest();
    assert_eq!(console.notice(), "something has opened meanwhile: nothing was done");
    assert!(matches!(console.model.overlay(), Some(Overlay::Help(_))));
}

#[test]
fn a_step_on_another_key_is_confirmed_by_the_same_box() {
    let mut console = with_keys(Console::at_step("stop"), "[keys.checklist]\n\"z z\" = \"execute\"\nx = false\n");
    console.char('x');
    console.rest();
    assert!(console.model.overlay().is_none());
    console.char('z');
    console.rest();
    console.char('z');
    console.rest();
    assert!(console.in_box().is_some() && console.executed().is_empty());
    console.enter();
    console.rest();
    assert!(console.executed().is_empty(), "Enter does nothing there");
    console.char('y');
    console.rest();
    assert_eq!(console.executed().len(), 1);
    assert_eq!(console.executed()[0].1, Confirmation::Yes);
}

#[test]
fn y_and_enter_of_a_box_are_not_keys_of_the_map() {
    let keys = "[keys.everywhere]\nenter = \"help\"\n\"Y\" = \"help\"\n";
    let mut console = with_keys(Console::at_step("stop"), keys);
    console.char('x');
    console.rest();
    console.char('y');
    console.rest();
    assert_eq!(console.executed().len(), 1);
    let mut console = with_keys(Console::at_step("promote"), keys);
    console.char('x');
    console.rest();
    console.burst("us-west-2");
    console.rest();
    console.enter();
    assert_eq!(console.executed().len(), 1);
}

#[test]
fn sentences_name_the_keys_of_this_person() {
    let console = with_keys(Console::calm(), "[keys.everywhere]\n\"alt-i\" = \"declare\"\nS = false\n");
    let why = crate::action::enabled(&console.model, Id::Note).unwrap_err();
    assert_eq!(why, "no incident is open: alt-i declares one");
    let console = with_keys(Console::declared(), "[keys.everywhere]\nS = false\n");
    let why = crate::action::enabled(&console.model, Id::Pause).unwrap_err();
    assert_eq!(why, "no runbook has been started: : start a runbook starts one");
}
