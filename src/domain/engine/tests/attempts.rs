//! One attempt after another: what starts one, what ends it, and what may start the next.

use super::*;

#[test]
fn an_intent_is_recorded_and_only_then_executed() {
    let mut bench = Bench::opened();
    bench.tick("tell");
    assert!(bench.effects.is_empty());
    bench.execute("look", Confirmation::Key).unwrap();
    assert!(matches!(bench.state.entries.last().unwrap().event, Event::StepIntended { .. }));
    assert!(matches!(bench.effects.as_slice(), [Effect::Execute(resolved)] if resolved.text.trim() == "true"));
    assert_eq!(bench.step("look"), StepState::Running);
}

#[test]
fn one_key_is_not_enough_for_what_changes_something() {
    let mut bench = Bench::opened();
    bench.tick("tell");
    bench.done("look", Confirmation::Key);
    assert_eq!(bench.execute("stop", Confirmation::Key).unwrap_err().reason, Reason::Confirmation);
    bench.execute("stop", Confirmation::Yes).unwrap();
}

#[test]
fn what_changed_since_it_was_shown_does_not_run() {
    let mut bench = Bench::opened();
    bench.tick("tell");
    let mut resolved = bench.resolved("look", Part::Run);
    resolved.text.push_str("rm -rf /");
    assert_eq!(bench.refused("ana", execution(resolved, Confirmation::Key)), Reason::Changed);
}

#[test]
fn an_outcome_is_recorded_once() {
    let mut bench = Bench::opened();
    bench.tick("tell");
    bench.done("look", Confirmation::Key);
    assert_eq!(bench.finish("look", 1, End::TimedOut).unwrap_err().reason, Reason::Duplicate);
    assert_eq!(bench.finish("look", 9, End::TimedOut).unwrap_err().reason, Reason::NoSuchThing);
}

#[test]
fn a_lost_step_is_unknown_until_a_person_settles_it_and_nothing_goes_past_it() {
    let mut bench = Bench::opened();
    bench.tick("tell");
    bench.done("look", Confirmation::Key);
    bench.execute("stop", Confirmation::Yes).unwrap();
    bench.finish("stop", 1, End::TimedOut).unwrap();
    assert_eq!(bench.step("stop"), StepState::Unknown);
    assert_eq!(bench.run().state, RunState::HeldByFailure { step: StepId::from("stop") });
    assert_eq!(bench.execute("switch", Confirmation::Yes).unwrap_err().reason, Reason::NotNow);
    let settle = |evidence: &str| Command::Settle {
        run: RUN,
        step: StepId::from("stop"),
        succeeded: true,
        evidence: evidence.to_owned(),
    };
    assert_eq!(bench.refused("ana", settle(" ")), Reason::Confirmation);
    bench.must("ana", settle("no writes in the access log since 02:13Z"));
    assert_eq!(bench.step("stop"), StepState::Succeeded);
    assert_eq!(bench.run().state, RunState::Running);
}

#[test]
fn a_timeout_of_an_idempotent_block_is_a_failed_attempt_and_its_author_may_allow_another() {
    let mut bench = Bench::before_promotion();
    bench.must(
        "mara",
        Command::Skip { run: RUN, step: StepId::from("promote"), reason: "promoted by Patroni".to_owned() },
    );
    bench.execute("switch", Confirmation::Yes).unwrap();
    bench.effects.clear();
    bench.finish("switch", 1, End::TimedOut).unwrap();
    assert_eq!(bench.step("switch"), StepState::Failed);
    assert!(matches!(bench.effects.as_slice(), [Effect::Retry { .. }]));
    bench.execute("switch", Confirmation::Retry).unwrap();
    bench.finish("switch", 2, End::Failed { exit: Some(1), why: "exit 1".to_owned() }).unwrap();
    assert_eq!(bench.execute("switch", Confirmation::Retry).unwrap_err().reason, Reason::NotNow);
}

#[test]
fn what_is_not_idempotent_is_run_again_only_by_typing_its_name() {
    let mut bench = Bench::opened();
    bench.tick("tell");
    bench.done("look", Confirmation::Key);
    bench.execute("stop", Confirmation::Yes).unwrap();
    bench.finish("stop", 1, End::Failed { exit: Some(1), why: "exit 1".to_owned() }).unwrap();
    assert_eq!(bench.execute("stop", Confirmation::Yes).unwrap_err().reason, Reason::Confirmation);
    bench.execute("stop", Confirmation::Typed("stop".to_owned())).unwrap();
}

#[test]
fn what_is_typed_every_time_is_run_again_by_typing_it_again() {
    let typed = RUNBOOK.replace(
        "- [ ] Stop writes <!-- id: stop -->\n",
        "- [ ] Stop writes <!-- id: stop -->\n\n  Confirm: type $FROM\n",
    );
    let mut bench = Bench::opened_with(&typed);
    bench.tick("tell");
    bench.done("look", Confirmation::Key);
    let from = || Confirmation::Typed("us-east-1".to_owned());
    bench.execute("stop", from()).unwrap();
    bench.finish("stop", 1, End::Failed { exit: Some(1), why: "exit 1".to_owned() }).unwrap();
    assert_eq!(bench.execute("stop", Confirmation::Yes).unwrap_err().reason, Reason::Confirmation);
    bench.execute("stop", from()).unwrap();
}
