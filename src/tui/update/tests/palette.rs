//! The palette: what it finds, what can be given to an action there, what it remembers, and that nothing acts more easily.

use super::fixture::Console;
use crate::action::Id;
use crate::keys::{Code, Key};
use crate::model::{EditorFor, Given, Overlay, Palette, Panel, Purpose};

fn palette(console: &Console) -> &Palette {
    match console.model.overlay() {
        Some(Overlay::Palette(palette)) => palette,
        other => panic!("the palette, not {other:?}"),
    }
}

fn first(console: &Console) -> Option<Id> {
    palette(console).offers.first().map(|offer| offer.action)
}

fn choices(console: &Console) -> Vec<&str> {
    palette(console).offers.iter().filter_map(|offer| offer.given.as_ref().map(Given::text)).collect()
}

fn typed(text: &str) -> Console {
    let mut console = Console::at_step("confirm");
    console.type_text(text);
    console
}

#[test]
fn what_hands_from_other_consoles_type_is_found_first() {
    for (query, id) in [
        (":q", Id::Quit),
        (":quit", Id::Quit),
        (":help", Id::Help),
        (":regions", Id::FocusRegions),
        (":log", Id::FocusLog),
        (":alerts", Id::Alerts),
        (":sev", Id::Severity),
        (":start run", Id::StartRun),
        (":start-run", Id::StartRun),
        (":abort", Id::Abort),
        (":abort the run", Id::Abort),
        (":note", Id::Note),
        (":handover", Id::HandOver),
    ] {
        assert_eq!(first(&typed(query)), Some(id), "{query}");
    }
}

#[test]
fn what_was_named_stands_first_though_it_cannot_be_taken_and_says_why() {
    let mut console = typed(":retry");
    let offer = &palette(&console).offers[0];
    assert_eq!((offer.action, offer.why_not.as_deref()), (Id::Retry, Some("it has not failed")));
    console.enter();
    assert!(console.notice().contains("not failed") && console.acted().is_empty(), "{}", console.notice());
}

#[test]
fn help_words_are_searched_too() {
    let console = typed(":break glass");
    assert_eq!(first(&console), Some(Id::Override));
}

#[test]
fn a_choice_opens_the_form_with_it_and_only_enter_there_records() {
    let mut console = typed(":severity 2");
    assert_eq!(choices(&console), ["SEV2"]);
    console.enter();
    let form = console.in_form().expect("the form");
    assert_eq!((form.answer("severity"), form.fields[form.focus].label), ("SEV2", "reason"));
    assert!(console.acted().is_empty());
    console.type_text("fewer customers");
    console.enter();
    assert_eq!(console.commands().len(), 1);
}

#[test]
fn a_burst_into_the_palette_opens_nothing_that_records() {
    let mut console = Console::at_step("confirm");
    console.burst(":severity SEV2\n\n");
    assert!(console.in_form().is_none() && console.acted().is_empty());
    console.esc();
    console.char(':');
    console.paste("severity SEV2\n");
    assert!(console.in_form().is_none() && console.acted().is_empty());
    assert_eq!(choices(&console), ["SEV2"]);
}

#[test]
fn tab_completes_the_name_and_then_the_choice() {
    let mut console = typed(":sever");
    console.press(Key::of(Code::Tab));
    assert_eq!((palette(&console).query.text(), palette(&console).of), ("severity ", Some(Id::Severity)));
    assert_eq!(choices(&console), ["SEV1", "SEV2", "SEV3", "SEV4", "SEV5"]);
    console.press(Key::of(Code::Down));
    console.press(Key::of(Code::Tab));
    assert_eq!(palette(&console).query.text(), "severity SEV2");
}

#[test]
fn words_open_the_editor_or_the_form_with_them() {
    let mut console = typed(":note the status page is green");
    console.enter();
    let Some(Overlay::Editor(editor)) = console.model.overlay() else { panic!("the editor") };
    assert!(matches!(editor.purpose, EditorFor::Note { .. }) && editor.text() == "the status page is green");
    assert!(console.acted().is_empty());

    let mut console = typed(":add-task call the bank");
    console.enter();
    assert_eq!(console.in_form().map(|form| form.answer("task")), Some("call the bank"));

    let mut console = typed(":start-run regional");
    console.enter();
    let form = console.in_form().expect("the form");
    assert_eq!((&form.purpose, form.answer("runbook")), (&Purpose::StartRun, "regional-failover"));
}

#[test]
fn a_filter_is_set_at_once() {
    let mut console = Console::at_step("confirm");
    console.type_text("6:filter actor:mara");
    console.enter();
    assert_eq!((console.model.ui.focus, console.model.ui.log.filter.text()), (Panel::Log, "actor:mara"));
    assert!(!console.model.ui.filtering());
}

#[test]
fn a_theme_is_tried_under_the_cursor_and_kept_or_given_up() {
    let shown = |console: &Console| console.model.ui.looks.current().name.clone();
    let mut console = typed(":theme li");
    assert_eq!(shown(&console), "light");
    console.esc();
    assert_eq!(shown(&console), "terminal");
    console.type_text(":theme");
    console.enter();
    assert_eq!((palette(&console).of, shown(&console)), (Some(Id::Theme), "terminal".to_owned()));
    console.type_text("dark");
    console.enter();
    assert_eq!((shown(&console), console.model.ui.looks.kept()), ("dark".to_owned(), "dark"));
    assert!(console.notice().contains("theme = \"dark\" in console.toml"), "{}", console.notice());
    assert!(console.acted().is_empty());
}

#[test]
fn what_was_taken_stands_first_and_comes_back_with_up_but_words_do_not() {
    let mut console = typed(":note a secret");
    console.enter();
    console.esc();
    console.esc();
    console.type_text(":severity 2");
    console.enter();
    console.esc();
    console.char(':');
    let lately: Vec<String> = console.model.ui.taken.lines().iter().map(ToString::to_string).collect();
    assert_eq!(lately, ["severity SEV2", "note"]);
    assert!(palette(&console).offers[0].lately && first(&console) == Some(Id::Severity));
    for line in ["severity SEV2", "note", "note"] {
        console.press(Key::of(Code::Up));
        assert_eq!(palette(&console).query.text(), line);
    }
    for line in ["severity SEV2", ""] {
        console.press(Key::of(Code::Down));
        assert_eq!(palette(&console).query.text(), line);
    }
    console.enter();
    assert_eq!(console.in_form().map(|form| form.answer("severity")), Some("SEV2"));
}

#[test]
fn a_run_comes_to_the_front_by_its_name() {
    let mut console = Console::linked();
    let child = console.opened("cache");
    console.type_text(":run regional");
    console.enter();
    assert_ne!(console.model.run().map(|run| run.id), Some(child));
    console.type_text(":run cache");
    console.enter();
    assert_eq!(console.model.run().map(|run| run.id), Some(child));
}

#[test]
fn a_long_paste_is_looked_for_by_its_beginning() {
    let mut console = typed(":");
    console.paste(&"ü b ".repeat(250_000));
    assert_eq!(palette(&console).query.text().chars().count(), 4096);
}
