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
    assert_eq!(bench.refused("mara", Command::TakeCommand { role: Role::Commander }), Reason::ReadOnly);
}
