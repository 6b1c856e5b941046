//! What the session tells, on the screen.

use domain::console::{Banner, BannerAbout, OutputOf, Request, Told};
use domain::engine::{Reason, Refusal};
use domain::execution::Part;
use domain::log::Event;

use super::fixture::{Console, RUN, resolved};
use crate::model::{Exit, Overlay};

#[test]
fn banners_stay_until_they_are_taken_down() {
    let mut console = Console::calm();
    let banner =
        |text: Option<&str>| Told::Banner(Banner { about: BannerAbout::Estate, text: text.map(str::to_owned) });
    console.told(banner(Some("3 errors")));
    console.char('j');
    assert_eq!(console.model.banners.get(&BannerAbout::Estate).map(String::as_str), Some("3 errors"));
    console.told(banner(None));
    assert!(console.model.banners.is_empty());
}

#[test]
fn output_is_kept_by_attempt() {
    let mut console = Console::incident();
    let of = OutputOf::Step { run: RUN, step: "stop".into(), attempt: 1 };
    console.told(Told::Output { of: of.clone(), text: "one\ntwo".to_owned() });
    let tail = console.model.ui.outputs.of(&of).unwrap();
    assert_eq!(tail.lines, ["one", "two"]);
}

#[test]
fn what_a_one_off_command_prints_is_shown_once_it_is_in_the_log() {
    let mut console = Console::incident();
    console.char('!');
    console.type_text("df");
    console.enter();
    console.rest();
    console.char('y');
    let capture = console.asked.iter().find_map(|request| match request {
        Request::Capture { capture, .. } => Some(*capture),
        _ => None,
    });
    assert!(console.model.overlay().is_none());
    let resolved = Box::new(resolved("stop", Part::Run));
    console.record(Event::CaptureIntended { capture: capture.unwrap(), resolved });
    assert!(matches!(console.model.overlay(), Some(Overlay::EntryDetail(detail)) if detail.of == 3));
}

#[test]
fn a_refusal_too_long_for_its_line_is_shown_whole() {
    let mut console = Console::at_step("confirm");
    console.char('x');
    let refusal = Refusal::new(Reason::Guard, "a guard does not hold, and what it saw takes a while to tell in full");
    console.told(Told::Refused { number: console.model.ui.asked, refusal });
    assert!(matches!(console.model.overlay(), Some(Overlay::Message(_))));
    console.enter();
    assert!(console.model.overlay().is_none());
}

#[test]
fn an_incident_that_ends_or_changes_closes_what_was_about_it() {
    let mut console = Console::at_step("stop");
    console.char('x');
    assert!(console.in_box().is_some());
    console.told(Told::Incident(None));
    assert!(console.model.overlay().is_none() && console.model.state.incident.is_none());
}

#[test]
fn the_screen_is_left_when_the_session_ends() {
    let mut console = Console::calm();
    console.told(Told::Ended { reason: Some("signal".to_owned()) });
    assert_eq!(console.model.ui.exit, Some(Exit::Ended { reason: Some("signal".to_owned()) }));
}
