//! Late answers, lines half crossed, names that do not fit: where a wrong yes would cost most.

use super::*;
use crate::execution::{GuardResult, GuardVerdict};

impl Bench {
    /// Fenced, approved in raj's name, every other guard overridden: the promotion runs.
    fn promote(&mut self) {
        self.state_fence();
        break_every_glass(self);
        let resolved = self.resolved("promote", Part::Run);
        let (digest, step) = (resolved.digest(), StepId::from("promote"));
        self.must("ana", Command::RequestApproval { run: RUN, step: step.clone(), resolved: Box::new(resolved) });
        self.must("ana", Command::Approve { run: RUN, step, digest, by: "raj".into(), spoken: true });
        self.execute("promote", Confirmation::Typed("us-west-2".to_owned())).unwrap();
    }
}

#[test]
fn a_verify_of_an_earlier_attempt_says_nothing_of_a_later_one() {
    let mut bench = Bench::before_promotion();
    bench.must("mara", Command::Skip { run: RUN, step: StepId::from("promote"), reason: "by Patroni".to_owned() });
    bench.done("switch", Confirmation::Yes);
    bench.verified("switch", 1, false);
    bench.execute("switch", Confirmation::Yes).unwrap();
    bench.finish("switch", 2, End::Succeeded { exit: Some(0) }).unwrap();
    let result = VerifyResult { passed: false, tries: 9, detail: "late".to_owned(), took: Duration::ZERO };
    let late = Command::VerifyStep { run: RUN, step: StepId::from("switch"), attempt: 1, result };
    assert_eq!(bench.refused("ana", late), Reason::Duplicate);
    bench.verified("switch", 2, true);
    assert_eq!(bench.step("switch"), StepState::Succeeded);
}

#[test]
fn a_run_whose_last_step_ended_while_it_was_paused_ends_when_it_goes_on() {
    let mut bench = Bench::before_promotion();
    bench.must("mara", Command::Skip { run: RUN, step: StepId::from("promote"), reason: "by Patroni".to_owned() });
    bench.done("switch", Confirmation::Yes);
    bench.must("mara", Command::Pause { run: RUN, reason: "coffee".to_owned() });
    bench.verified("switch", 1, true);
    assert!(matches!(bench.run().state, RunState::Paused { .. }));
    bench.must("mara", Command::Resume { run: RUN });
    assert!(matches!(bench.run().state, RunState::CompletedWithExceptions { .. }), "{:?}", bench.run().state);
}

#[test]
fn undo_before_a_line_that_may_have_been_crossed_is_not_offered() {
    let mut bench = Bench::before_promotion();
    let stop = StepId::from("stop");
    assert!(bench.run().rollback_offered(&stop));
    bench.promote();
    assert!(!bench.run().rollback_offered(&stop), "while it runs");
    bench.finish("promote", 1, End::TimedOut).unwrap();
    assert!(!bench.run().rollback_offered(&stop), "while nobody knows");
    let evidence = "pg_is_in_recovery() is true".to_owned();
    bench.must("ana", Command::Settle { run: RUN, step: "promote".into(), succeeded: false, evidence });
    assert!(bench.run().rollback_offered(&stop), "a person has seen that it was not crossed");
}

#[test]
fn a_promotion_by_hand_crosses_the_line_too() {
    let mut bench = Bench::before_promotion();
    let evidence = "Patroni promoted it at 02:14Z".to_owned();
    bench.must("ana", Command::DoneByHand { run: RUN, step: "promote".into(), evidence });
    assert!(bench.state.incident.as_ref().unwrap().no_return_at.is_some());
    assert!(!bench.run().rollback_offered(&StepId::from("stop")));
    let close = || Command::Close { reason: "over".to_owned() };
    assert_eq!(bench.refused("mara", close()), Reason::NotNow, "the old side is neither a standby nor fenced");
    bench.state_fence();
    bench.must("mara", close());
}

#[test]
fn a_point_of_no_return_without_a_server_asks_a_person() {
    let mut bench = Bench::opened_with(&RUNBOOK.replace("On: orders-db@$TO; ", "On: $TO; "));
    bench.tick("tell");
    bench.tick("wait");
    bench.verified("wait", 0, true);
    bench.done("look", Confirmation::Key);
    bench.done("stop", Confirmation::Yes);
    bench.state_fence();
    let refusal = bench.execute("promote", Confirmation::Typed("us-west-2".to_owned())).unwrap_err();
    assert_eq!(refusal.reason, Reason::Guard);
    assert!(refusal.message.contains("names no DATABASE@REGION"), "{}", refusal.message);
}

#[test]
fn a_first_attempt_is_no_retry() {
    let mut bench = Bench::opened();
    bench.tick("tell");
    bench.done("look", Confirmation::Key);
    assert_eq!(bench.execute("stop", Confirmation::Retry).unwrap_err().reason, Reason::Confirmation);
}

#[test]
fn whoever_approves_does_not_execute_and_nobody_approves_for_another() {
    let mut bench = Bench::before_promotion();
    bench.state_fence();
    break_every_glass(&mut bench);
    let resolved = bench.resolved("promote", Part::Run);
    let digest = resolved.digest();
    bench.must("mara", Command::RequestApproval { run: RUN, step: "promote".into(), resolved: Box::new(resolved) });
    let approve = |spoken| Command::Approve { run: RUN, step: "promote".into(), digest, by: "raj".into(), spoken };
    assert_eq!(bench.refused("ana", approve(false)), Reason::Approval);
    bench.must("raj", approve(false));
    let execution = execution(bench.resolved("promote", Part::Run), Confirmation::Typed("us-west-2".to_owned()));
    assert_eq!(bench.refused("raj", execution.clone()), Reason::Approval);
    bench.must("ana", execution);
}

#[test]
fn an_override_lets_a_guard_through_that_takes_longer_than_its_answers_are_believed() {
    let guarded = RUNBOOK.replace(
        "- [ ] Stop writes <!-- id: stop -->\n",
        "- [ ] Stop writes <!-- id: stop -->\n\n  ```bash guard\n  slow\n  ```\n",
    );
    let mut bench = Bench::opened_with(&guarded);
    bench.tick("tell");
    bench.done("look", Confirmation::Key);
    let name = "bash 1: slow".to_owned();
    let answer = GuardResult {
        name: name.clone(),
        verdict: GuardVerdict::Pass,
        seen: "fine".to_owned(),
        evaluated_at: bench.now.wall,
        measured_at: None,
    };
    bench.now = bench.now.after(Duration::from_secs(6));
    let (resolved, confirmation) = (bench.resolved("stop", Part::Run), Confirmation::Yes);
    let execute = Command::Execute(Box::new(Execution {
        resolved,
        guards: vec![answer],
        confirmation,
        at_risk: BTreeMap::new(),
    }));
    assert_eq!(bench.refused("ana", execute.clone()), Reason::Guard);
    let (step, seen, reason) = ("stop".into(), "slow".to_owned(), "it takes a minute to ask".to_owned());
    bench.must("mara", Command::OverrideGuard { run: RUN, step, guard: name, seen, reason, authority: "mara".into() });
    bench.must("ana", execute);
}

#[test]
fn switching_the_mode_is_a_way_past_a_step_that_failed_in_the_other() {
    let mut bench = Bench::before_promotion();
    let mode = |mode| Command::ChangeMode { run: RUN, step: None, mode, reason: "see the log".to_owned() };
    bench.must("mara", mode(Mode::Planned));
    bench.execute("planned", Confirmation::Yes).unwrap();
    bench.finish("planned", 1, End::Failed { exit: Some(1), why: "exit code 1".to_owned() }).unwrap();
    assert_eq!(bench.run().state, RunState::HeldByFailure { step: "planned".into() });
    bench.must("mara", mode(Mode::Forced));
    assert_eq!(bench.run().state, RunState::Running);
    assert_eq!(bench.run().next(), [StepId::from("promote")]);
    assert!(bench.run().exceptions().iter().any(|said| said.contains("left behind")));
}

#[test]
fn a_missing_approval_is_overridden_for_one_text_only() {
    let text = RUNBOOK
        .replace("title: Regional failover\n", "title: Regional failover\nvars:\n  HOW: {type: text, default: fast}\n")
        .replace("  promote\n  ```", "  promote \"$HOW\"\n  ```");
    let mut bench = Bench::opened_with(&text);
    bench.tick("tell");
    bench.tick("wait");
    bench.verified("wait", 0, true);
    bench.done("look", Confirmation::Key);
    bench.done("stop", Confirmation::Yes);
    bench.state_fence();
    break_every_glass(&mut bench);
    let (step, guard, reason) = ("promote".into(), APPROVAL_GUARD.to_owned(), "alone at night".to_owned());
    let authority = "ana".into();
    bench.must("ana", Command::OverrideGuard { run: RUN, step, guard, seen: String::new(), reason, authority });
    bench.must("ana", Command::SetValue { run: RUN, name: "HOW".to_owned(), value: "slow".to_owned() });
    let typed = || Confirmation::Typed("us-west-2".to_owned());
    assert_eq!(bench.execute("promote", typed()).unwrap_err().reason, Reason::Approval);
    bench.must("ana", Command::SetValue { run: RUN, name: "HOW".to_owned(), value: "fast".to_owned() });
    bench.execute("promote", typed()).unwrap();
}
