//! Updates: recorded before they are sent, sent once by whoever recorded them, and again only by a person.

use super::*;
use crate::comms::WayState;
use crate::log::{IncidentStatus, Way};

fn issue(audience: &str, text: &str, ways: Vec<Way>) -> Command {
    Command::Tell(Box::new(TellAct::Issue {
        audience: audience.into(),
        status: IncidentStatus::Identified,
        subject: "Service disruption".to_owned(),
        text: text.to_owned(),
        ways,
    }))
}

fn record(update: u64, became: Became) -> Command {
    Command::Tell(Box::new(TellAct::Record { update, way: Way::Clipboard, became }))
}

fn failed(unsure: bool) -> Became {
    Became::Failed { why: "no answer, password=hunter2hunter2".to_owned(), remedy: None, unsure }
}

fn retry(update: u64) -> Command {
    Command::Tell(Box::new(TellAct::Retry { update, way: Way::Clipboard }))
}

fn issued(bench: &mut Bench) -> u64 {
    bench.must("mara", issue("public", "We know.", vec![Way::Clipboard]));
    bench.state.entries.last().unwrap().seq
}

fn sent(bench: &Bench) -> usize {
    bench.effects.iter().filter(|effect| matches!(effect, Effect::SendUpdate { .. })).count()
}

#[test]
fn what_nobody_should_be_told_is_refused() {
    let mut bench = Bench::opened();
    let by_hand = || vec![Way::Clipboard];
    for (command, reason) in [
        (issue("pubic", "We know.", by_hand()), Reason::NoSuchThing),
        (issue("public", "We know.", Vec::new()), Reason::NotNow),
        (issue("public", "We know.", vec![Way::Channel("page".into())]), Reason::NoSuchThing),
        (issue("public", "We know.", vec![Way::File("../estate.toml".to_owned())]), Reason::NotNow),
        (issue("public", "password=hunter2hunter2", by_hand()), Reason::NotNow),
        (issue("public", &"long ".repeat(4000), by_hand()), Reason::NotNow),
        (retry(99), Reason::NoSuchThing),
    ] {
        assert_eq!(bench.refused("mara", command.clone()), reason, "{command:?}");
    }
    let observes = LeadAct::Assume { by: "zoe".into(), role: crate::people::Role::Observer, reason: None };
    bench.must("zoe", Command::Lead(Box::new(observes)));
    assert_eq!(bench.refused("zoe", issue("public", "We know.", by_hand())), Reason::NotNow, "who only looks on");
    assert_eq!(sent(&bench), 0);
}

#[test]
fn it_is_sent_once_it_is_recorded_and_what_came_of_it_is_recorded_once() {
    let mut bench = Bench::opened();
    let update = issued(&mut bench);
    assert_eq!((sent(&bench), bench.state.open().unwrap().status), (1, IncidentStatus::Identified));
    bench.must("switchback", record(update, Became::Delivered { receipt: Some("inc1".to_owned()) }));
    assert_eq!(bench.refused("switchback", record(update, failed(false))), Reason::Duplicate);
    assert_eq!(bench.refused("mara", retry(update)), Reason::Duplicate);
    assert_eq!(sent(&bench), 1);
}

#[test]
fn what_is_being_sent_is_not_sent_twice_and_later_only_a_person_tries_again() {
    let mut bench = Bench::opened();
    let update = issued(&mut bench);
    assert_eq!(bench.refused("mara", retry(update)), Reason::NotNow);
    bench.now = bench.now.after(Duration::from_secs(60));
    bench.must("mara", retry(update));
    assert_eq!(sent(&bench), 2);
    bench.must("switchback", record(update, failed(true)));
    let state = &bench.state.updates.issued[&update].ways[&Way::Clipboard];
    let WayState::Failed { why, unsure, .. } = state else { panic!("{state:?}") };
    assert!(*unsure && !why.contains("hunter2"), "{why}");
    bench.must("mara", retry(update));
    bench.must("switchback", record(update, failed(false)));
    assert!(bench.state.updates.issued[&update].ways[&Way::Clipboard].doubted(), "the attempt before may have arrived");
    bench.must("mara", Command::Tell(Box::new(TellAct::Vouch { update, way: Way::Clipboard })));
    assert!(bench.state.updates.issued[&update].ways[&Way::Clipboard].reached());
    assert_eq!(sent(&bench), 3, "to say that it arrived sends nothing");
}
