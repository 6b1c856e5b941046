//! The whole program: who sends, what the terminal is asked for, what the log says of it, and a channel that fails.

use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::log::Event;
use domain::report::entry_sentence;
use serde_json::Value;

use super::{Receiver, json};
use crate::support::estate::{Estate, folded};
use crate::support::http::Answer;
use crate::support::pty::Pty;
use crate::support::service::Service;
use crate::support::wait::until;

const FIRING: &str = "FIRING critical orders: us-east-1 is down";

/// A receiver that lets nobody in while the switch is on.
fn locked() -> (Receiver, Arc<AtomicBool>) {
    let lock = Arc::new(AtomicBool::new(true));
    let locked = Arc::clone(&lock);
    let receiver = Receiver::new(move |_, _| match locked.load(Ordering::SeqCst) {
        true => Answer::text("401 Unauthorized", "who are you?"),
        false => Answer::text("200 OK", ""),
    });
    (receiver, lock)
}

fn hook(receiver: &Receiver) -> String {
    format!("[notify.hook]\ntype = \"webhook\"\nurl = \"{}\"\n", receiver.server.url("/"))
}

fn said(estate: &Estate) -> Vec<String> {
    let state = folded(estate.entries());
    state.entries.iter().map(|entry| entry_sentence(&state, entry).text).collect()
}

fn firing(estate: &Estate) -> Vec<String> {
    let listed: Value = serde_json::from_slice(&estate.tried("raj", &["alerts", "--json"]).stdout).unwrap();
    let alerts = listed["alerts"].as_array().cloned().unwrap_or_default();
    alerts.iter().map(|alert| alert["key"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn each_console_rings_its_own_terminal_and_one_of_them_sends() {
    const BELL: &str = "[notify.bell]\ntype = \"bell\"\n";
    const DESKTOP: &str = "[notify.desktop]\ntype = \"desktop\"\nat_least = \"critical\"\n";
    let folder = tempfile::tempdir().unwrap();
    let (service, receiver) = (Service::up(), Receiver::accepting());
    // The same estate with a file for each person.
    let own = |person: &str, screen: &str| {
        let folder = folder.path().join(person);
        std::fs::create_dir(&folder).unwrap();
        service.estate_with(&folder, &format!("{screen}{}", hook(&receiver)))
    };
    let state = folder.path().join("state");
    let open = |person: &str, screen: &str, tmux: &str| {
        let estate = Estate { state: state.clone(), ..own(person, screen) };
        let console = Pty::run(&estate.command(&[], person), &[("TMUX", tmux)]);
        until("somebody keeps the readings", || estate.tried("raj", &["alerts"]).status.code() == Some(0));
        console.shows("us-east-1");
        console
    };
    let mara = open("mara", DESKTOP, "");
    let ana = open("ana", DESKTOP, "/tmp/tmux-0/default,1,0");
    let raj = open("raj", BELL, "");
    service.fails(true);
    mara.says(&format!("\x1b]9;switchback: {FIRING}\x07"));
    ana.says(&format!("\x1bPtmux;\x1b\x1b]9;switchback: {FIRING}\x07\x1b\\"));
    // At the end of a frame: the terminal's title ends with one, too.
    raj.says("\x07\x1b[?2026l");
    service.fails(false);
    until("its end was sent", || receiver.requests().iter().any(|request| json(request)["state"] == "resolved"));
    let states: Vec<_> = receiver.requests().iter().map(|request| json(request)["state"].clone()).collect();
    assert_eq!(states, ["firing", "resolved"], "nobody is told twice");
}

#[test]
fn a_channel_that_fails_is_an_alert_and_stands_in_the_log_until_it_works_again() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::up();
    let (receiver, lock) = locked();
    let estate = service.estate_with(folder.path(), &hook(&receiver));
    estate.login("mara", &["declare", "a test"]);
    let mara = Pty::run(&estate.command(&[], "mara"), &[]);
    mara.shows("INC-");
    until("somebody keeps the readings", || estate.tried("raj", &["alerts"]).status.code() == Some(0));
    service.fails(true);
    until("the failure is in the log", || {
        said(&estate)
            .iter()
            .any(|text| text.starts_with("nobody could be told through hook: 401 Unauthorized: who are"))
    });
    until("it is an alert", || firing(&estate).contains(&"notify-failed:hook".to_owned()));
    mara.shows("nobody is told through hook");
    lock.store(false, Ordering::SeqCst);
    service.fails(false);
    until("it went through", || said(&estate).iter().any(|text| text == "people are told through hook"));
    until("it is no alert any more", || firing(&estate).is_empty());
    let keys: Vec<_> = receiver.requests().iter().map(|request| json(request)["key"].clone()).collect();
    assert!(!keys.contains(&"notify-failed:hook".into()), "told through the channel that failed: {keys:?}");
}

/// The service that keeps readings; ends with the test.
struct Watch(Child);

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_watcher_tells_people_and_the_log_of_the_open_incident() {
    let folder = tempfile::tempdir().unwrap();
    let (service, receiver) = (Service::up(), Receiver::accepting());
    let estate = service.estate_with(folder.path(), &hook(&receiver));
    estate.login("mara", &["declare", "a test"]);
    let words = estate.command(&["status", "--watch"], "watch");
    let watch = Command::new(&words[0]).args(&words[1..]).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let _watch = Watch(watch.unwrap());
    until("it keeps the readings", || estate.tried("raj", &["alerts"]).status.code() == Some(0));
    service.fails(true);
    until("the log says so", || said(&estate).iter().any(|text| text == "people are told through hook"));
    let sent = receiver.requests();
    assert_eq!(
        (&json(&sent[0])["key"], &json(&sent[0])["incident"]),
        (&"region-down:us-east-1".into(), &label(&estate))
    );
    assert!(estate.entries().iter().any(|entry| {
        matches!(&entry.event, Event::MessageSent { channel, .. } if channel.as_str() == "hook")
            && entry.actor.name.as_str() == "switchback"
    }));
}

fn label(estate: &Estate) -> Value {
    folded(estate.entries()).incident.unwrap().label.into()
}
