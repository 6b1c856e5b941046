//! Late answers, lines half crossed, names that do not fit: where a wrong yes would cost most.

use super::*;

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
