//! The way through a run: which step is next, what may be left out, when it is over.

use super::*;

#[test]
fn a_step_that_does_not_apply_is_no_obstacle_and_a_mode_change_brings_it_back() {
    let mut bench = Bench::before_promotion();
    assert_eq!(bench.step("planned"), StepState::NotApplicable);
    assert_eq!(bench.run().next(), [StepId::from("promote")]);
    let reason = "the old side is reachable after all".to_owned();
    bench.must("mara", Command::ChangeMode { run: RUN, step: None, mode: Mode::Planned, reason });
    assert_eq!(bench.run().next(), [StepId::from("planned")]);
}

#[test]
fn an_open_manual_step_does_not_hold_up_the_next_but_is_noted() {
    let mut bench = Bench::opened();
    bench.execute("look", Confirmation::Key).unwrap();
    assert!(bench.run().record(&StepId::from("look")).out_of_order);
    assert_eq!(bench.execute("switch", Confirmation::Yes).unwrap_err().reason, Reason::NotNow);
}

#[test]
fn the_verify_blocks_of_a_manual_step_have_their_say() {
    let mut bench = Bench::opened();
    bench.tick("wait");
    assert_eq!(bench.step("wait"), StepState::Verifying);
    assert!(matches!(bench.effects.as_slice(), [Effect::Verify { attempt: 0, .. }]));
    bench.verified("wait", 0, false);
    assert_eq!(bench.step("wait"), StepState::Failed);
    let by_hand =
        |evidence: &str| Command::DoneByHand { run: RUN, step: StepId::from("wait"), evidence: evidence.into() };
    assert_eq!(bench.refused("ana", by_hand("")), Reason::Confirmation);
    bench.must("ana", by_hand("the provider confirms the outage"));
    assert_eq!(bench.step("wait"), StepState::DoneByHand);
}

#[test]
fn a_value_is_taken_as_its_declaration_says_and_a_secret_never() {
    let vars =
        "---\nrunbook: 1\nvars:\n  COUNT: {type: int, min: 1}\n  TOKEN: {type: secret, from: \"env:TOKEN\"}\n---\n";
    let mut bench = Bench::opened_with(&RUNBOOK.replacen("---\nrunbook: 1\ntitle: Regional failover\n---\n", vars, 1));
    let set = |name: &str, value: &str| Command::SetValue { run: RUN, name: name.to_owned(), value: value.to_owned() };
    bench.must("mara", set("COUNT", " 07 "));
    assert_eq!(bench.run().values["COUNT"], "7");
    assert_eq!(bench.refused("mara", set("COUNT", "0")), Reason::NotNow);
    assert_eq!(bench.refused("mara", set("TOKEN", "hunter2")), Reason::NotNow);
    assert_eq!(bench.refused("mara", set("NOTHING", "1")), Reason::NoSuchThing);
}

#[test]
fn a_paused_run_starts_nothing() {
    let mut bench = Bench::opened();
    bench.must("mara", Command::Pause { run: RUN, reason: "waiting for the provider".to_owned() });
    assert_eq!(bench.execute("look", Confirmation::Key).unwrap_err().reason, Reason::NotNow);
    bench.must("mara", Command::Resume { run: RUN });
    bench.execute("look", Confirmation::Key).unwrap();
}

#[test]
fn a_run_ends_with_its_exceptions_named() {
    let mut bench = Bench::before_promotion();
    bench.must("mara", Command::Skip { run: RUN, step: StepId::from("promote"), reason: "done by Patroni".to_owned() });
    bench.done("switch", Confirmation::Yes);
    assert_eq!(bench.step("switch"), StepState::Verifying);
    bench.verified("switch", 1, true);
    let RunState::CompletedWithExceptions { exceptions } = &bench.run().state else {
        panic!("{:?}", bench.run().state)
    };
    assert_eq!(exceptions.as_slice(), ["Promote: skipped (done by Patroni)"]);
}
