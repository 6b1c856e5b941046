//! What the session tells, on the screen.

use domain::console::{Banner, BannerAbout, OutputOf, Told};

use super::fixture::{Console, RUN};
use crate::model::Exit;

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
