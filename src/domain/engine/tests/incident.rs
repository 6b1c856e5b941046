//! The incident around its runs: replayed, decided, closed.

use super::*;

#[test]
fn replaying_a_log_gives_the_same_incident_and_executes_nothing() {
    let mut bench = Bench::before_promotion();
    bench.state_fence();
    let replayed = replay(&bench.state.entries);
    assert_eq!(format!("{:?}", replayed.runs), format!("{:?}", bench.state.runs));
    assert_eq!(replayed.head, bench.state.head);
}

#[test]
fn the_first_changing_step_is_the_decision_when_none_was_recorded() {
    let mut bench = Bench::opened();
    bench.tick("tell");
    bench.done("look", Confirmation::Key);
    assert_eq!(bench.state.incident.as_ref().unwrap().decided_at, None);
    bench.execute("stop", Confirmation::Yes).unwrap();
    assert!(bench.state.incident.as_ref().unwrap().decided_at.is_some());
}

#[test]
fn an_incident_is_not_closed_over_a_running_step_or_an_old_side_nobody_watches() {
    let mut bench = Bench::opened();
    bench.tick("tell");
    bench.execute("look", Confirmation::Key).unwrap();
    let close = || Command::Close { reason: "over".to_owned() };
    assert_eq!(bench.refused("mara", close()), Reason::NotNow);
    bench.finish("look", 1, End::Succeeded { exit: Some(0) }).unwrap();
    bench.must("mara", close());
    assert_eq!(
        bench.refused("mara", Command::Note { text: "late".into(), run: None, step: None, occurred_at: None }),
        Reason::NoIncident
    );
}

#[test]
fn an_entry_of_a_newer_version_makes_the_log_read_only() {
    let mut bench = Bench::opened();
    let mut entry = Entry::clone(bench.state.entries.last().unwrap());
    entry.event = serde_json::from_str(r#"{"type": "moon_landed", "at": 1}"#).unwrap();
    evolve(&mut bench.state, &Arc::new(entry));
    assert_eq!(bench.refused("mara", Command::take_command(&"mara".into())), Reason::ReadOnly);
}

#[test]
fn a_secret_that_is_typed_does_not_stay_in_the_log() {
    let mut bench = Bench::opened();
    let text = "connected with postgres://app:hunter2secret@db/orders".to_owned();
    bench.must("ana", Command::Note { text, run: None, step: None, occurred_at: None });
    let capture = crate::ident::CaptureId(id(9));
    let with_secret = "curl -H 'Authorization: Bearer abcdefghijklmnop0123456789'".to_owned();
    let resolved = Box::new(Resolved::captured(capture, with_secret));
    assert_eq!(bench.refused("ana", Command::Capture { capture, resolved }), Reason::NotNow);
    let log = format!("{:?}", bench.state.entries);
    assert!(!log.contains("hunter2secret") && !log.contains("abcdefghijklmnop0123456789"));
    bench.must(
        "ana",
        Command::Capture { capture, resolved: Box::new(Resolved::captured(capture, "uptime".to_owned())) },
    );
}
