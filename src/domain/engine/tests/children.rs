//! A step that is done by walking another runbook: opened, completed, aborted, refused.

use super::*;
use crate::log::Parent;

const PARENT: &str = "---\nrunbook: 1\nvars:\n  POOL: {type: string}\n  COUNT: {type: string}\n---\n# P\n## A\n- [ ] Tell <!-- id: tell -->\n\n- [ ] [The cache](cache-failure.md) <!-- id: cache -->\n\n- [ ] Look <!-- id: look -->\n\n  ```bash run readonly\n  true\n  ```\n";
const CHILD: &str = "---\nrunbook: 1\nvars:\n  POOL: {type: string}\n  COUNT: {type: int}\n---\n# C\n## A\n- [ ] Warm it <!-- id: warm -->\n- [ ] [Deeper](deeper.md) <!-- id: deeper -->\n";
const INNER: RunId = RunId(ulid::Ulid(8));

fn start(name: &str, text: &str, run: RunId, parent: RunId, step: &str) -> Command {
    Command::StartRun(Box::new(Start {
        run,
        runbook: Arc::from(text),
        runbook_name: name.to_owned(),
        mode: Mode::Planned,
        from: None,
        to: None,
        values: BTreeMap::new(),
        parent: Some(Parent { run: parent, step: step.into() }),
    }))
}

fn open() -> Command {
    start("cache-failure", CHILD, INNER, RUN, "cache")
}

fn tick(bench: &mut Bench, step: &str) {
    bench.must("ana", Command::DoneByHand { run: INNER, step: step.into(), evidence: String::new() });
}

/// With the child open, everything before its step done.
fn opened() -> Bench {
    let mut bench = Bench::opened_with(PARENT);
    for (name, value) in [("POOL", "sessions"), ("COUNT", "many")] {
        bench.must("mara", Command::SetValue { run: RUN, name: name.to_owned(), value: value.to_owned() });
    }
    bench.tick("tell");
    bench.must("ana", open());
    bench
}

#[test]
fn a_child_has_the_sides_the_mode_and_the_values_of_its_parent() {
    let bench = opened();
    let child = bench.state.run(INNER).unwrap();
    assert_eq!(
        (child.mode, child.from.clone(), child.to.clone()),
        (Mode::Forced, bench.run().from.clone(), bench.run().to.clone())
    );
    // What its own declaration does not take is asked for there.
    assert_eq!(child.values, BTreeMap::from([("POOL".to_owned(), "sessions".to_owned())]));
    let (parent, step) = bench.state.parent_of(child).unwrap();
    assert_eq!((parent.id, step.id.as_str()), (RUN, "cache"));
    assert_eq!(bench.state.child_of(parent, &step.id).map(|child| child.id), Some(INNER));
}

#[test]
fn a_step_is_done_when_the_runbook_walked_in_its_place_is() {
    let mut bench = opened();
    assert_eq!(bench.step("cache"), StepState::Running);
    assert!(bench.run().in_child(&"cache".into()) && !bench.run().busy());
    assert_eq!(bench.execute("look", Confirmation::Key).unwrap_err().message, "`The cache` is still running");
    let by_hand = Command::DoneByHand { run: RUN, step: "cache".into(), evidence: "seen".to_owned() };
    let refusal = bench.act("ana", by_hand).unwrap_err();
    assert!(refusal.message.contains("cache-failure is being walked"), "{refusal}");
    tick(&mut bench, "warm");
    // One level is opened: what the child links to is a step done by hand.
    tick(&mut bench, "deeper");
    assert_eq!(bench.state.run(INNER).unwrap().state, RunState::Completed);
    assert_eq!(bench.step("cache"), StepState::DoneByHand);
    assert_eq!(bench.run().record(&"cache".into()).remark.as_deref(), Some("runbook cache-failure completed"));
    bench.done("look", Confirmation::Key);
    assert_eq!(bench.run().state, RunState::Completed);
}

#[test]
fn the_same_text_is_not_walked_twice_at_once_by_another_name() {
    let mut bench = opened();
    let again = Start {
        run: RunId(ulid::Ulid(9)),
        runbook: Arc::from(CHILD),
        runbook_name: "./runbooks/cache-failure.md".to_owned(),
        mode: Mode::Forced,
        from: None,
        to: None,
        values: BTreeMap::new(),
        parent: None,
    };
    let refusal = bench.act("ana", Command::StartRun(Box::new(again))).unwrap_err();
    assert!(refusal.message.contains("is being walked already"), "{refusal}");
}

#[test]
fn what_a_child_would_open_is_for_a_person_to_say() {
    let bench = opened();
    let deeper = bench.state.run(INNER).unwrap().step(&"deeper".into()).unwrap();
    assert!(deeper.manual() && deeper.manual_because.as_deref().unwrap().starts_with("it opens deeper"));
}

#[test]
fn what_was_left_out_in_the_child_is_an_exception_of_its_parent() {
    let mut bench = opened();
    bench.must("ana", Command::Skip { run: INNER, step: "warm".into(), reason: "it is warm".to_owned() });
    tick(&mut bench, "deeper");
    let remark = bench.run().record(&"cache".into()).remark.clone();
    assert_eq!(
        remark.as_deref(),
        Some("runbook cache-failure completed with exceptions: Warm it: skipped (it is warm)")
    );
    bench.done("look", Confirmation::Key);
    let RunState::CompletedWithExceptions { exceptions } = &bench.run().state else { panic!() };
    assert_eq!(exceptions.as_slice(), ["The cache, cache-failure: Warm it: skipped (it is warm)"]);
}

#[test]
fn a_child_that_is_the_last_step_ends_both_runs_at_once() {
    let last = PARENT.split("- [ ] Look").next().unwrap();
    let mut bench = Bench::opened_with(last);
    bench.tick("tell");
    bench.must("ana", open());
    tick(&mut bench, "warm");
    let before = bench.state.entries.len();
    tick(&mut bench, "deeper");
    let said: Vec<_> = bench.state.entries[before..].iter().map(|entry| std::mem::discriminant(&entry.event)).collect();
    assert_eq!(said.len(), 4, "the tick, the child's end, the parent's step, its end");
    assert_eq!((bench.run().state.clone(), bench.run().ended_at.is_some()), (RunState::Completed, true));
}

#[test]
fn a_child_that_is_aborted_leaves_the_step_open_with_the_reason() {
    let mut bench = opened();
    bench.must("mara", Command::Abort { run: INNER, reason: "wrong cache".to_owned() });
    let record = bench.run().record(&"cache".into());
    assert_eq!(record.remark.as_deref(), Some("cache-failure was aborted by mara: wrong cache"));
    assert_eq!((bench.step("cache"), record.child), (StepState::Ready, None));
    // Again, by hand with evidence, or not at all.
    let mut again = Bench { state: bench.state.clone(), board: bench.board.clone(), ..Bench::opened() };
    again.must("ana", start("cache-failure", CHILD, RunId(id(9)), RUN, "cache"));
    assert_eq!(again.step("cache"), StepState::Running);
    let by_hand =
        |evidence: &str| Command::DoneByHand { run: RUN, step: "cache".into(), evidence: evidence.to_owned() };
    assert_eq!(bench.refused("ana", by_hand("")), Reason::Confirmation);
    bench.must("ana", by_hand("warmed from the other side"));
    bench.done("look", Confirmation::Key);
    assert_eq!(bench.run().exceptions(), ["The cache: done by hand"]);
}

#[test]
fn a_parent_that_is_aborted_takes_its_child_with_it() {
    let mut bench = opened();
    bench.must("mara", Command::Abort { run: RUN, reason: "false alarm".to_owned() });
    for run in [RUN, INNER] {
        let run = bench.state.run(run).unwrap();
        assert!(matches!(&run.state, RunState::Aborted { reason, .. } if reason == "false alarm"), "{:?}", run.state);
    }
}

#[test]
fn a_parent_that_is_paused_goes_on_with_its_step_done() {
    let mut bench = opened();
    bench.must("mara", Command::Pause { run: RUN, reason: String::new() });
    tick(&mut bench, "warm");
    tick(&mut bench, "deeper");
    assert_eq!(bench.step("cache"), StepState::DoneByHand);
    bench.must("mara", Command::Resume { run: RUN });
    assert_eq!(bench.run().next(), [StepId::from("look")]);
}

#[test]
fn only_the_runbook_that_the_step_names_is_opened_and_only_when_its_turn_has_come() {
    let mut bench = opened();
    for (command, said) in [
        (open(), "started already"),
        (start("other", CHILD, RunId(id(9)), RUN, "cache"), "does not open `other`"),
        (start("deeper", CHILD, RunId(id(9)), INNER, "deeper"), "does not open `deeper`"),
        (start("cache-failure", CHILD, RunId(id(9)), RUN, "cache"), "is being walked already"),
    ] {
        let refusal = bench.act("ana", command).unwrap_err();
        assert!(refusal.message.contains(said), "{refusal}");
    }
    let mut bench = Bench::opened_with(PARENT);
    for (text, said) in [("## A\n- [ ] B\n", "not written as a runbook"), (PARENT, "the runbook that it stands in")] {
        let refusal = bench.act("ana", start("x/cache-failure.md", text, INNER, RUN, "cache")).unwrap_err();
        assert!(refusal.message.contains(said), "{refusal}");
    }
    let runs = "- [ ] Run <!-- id: run -->\n\n  ```bash run\n  true\n  ```\n\n- [ ] [The cache]";
    let mut bench = Bench::opened_with(&PARENT.replace("- [ ] [The cache]", runs));
    assert_eq!(
        bench.act("ana", open()).unwrap_err().message,
        "`Run` comes first: execute it, or skip it with a reason"
    );
}

#[test]
fn a_guard_of_the_step_is_asked_before_its_runbook_is_opened() {
    let guarded = "<!-- id: cache -->\n\n  ```check guard\n  fenced orders-db@us-east-1\n  ```\n";
    let mut bench = Bench::opened_with(&PARENT.replace("<!-- id: cache -->\n", guarded));
    assert_eq!(bench.refused("ana", open()), Reason::Guard);
    bench.state_fence();
    bench.must("ana", open());
}

#[test]
fn the_verify_blocks_of_a_step_are_asked_after_its_runbook() {
    let verified = "<!-- id: cache -->\n\n  ```bash verify\n  true\n  ```\n";
    let mut bench = Bench::opened_with(&PARENT.replace("<!-- id: cache -->\n", verified));
    bench.must("ana", open());
    tick(&mut bench, "warm");
    tick(&mut bench, "deeper");
    assert_eq!(bench.step("cache"), StepState::Verifying);
    assert!(matches!(bench.effects.last(), Some(Effect::Verify { run: RUN, attempt: 0, .. })), "{:?}", bench.effects);
    bench.verified("cache", 0, false);
    assert_eq!(bench.step("cache"), StepState::Failed);
    bench.must("ana", start("cache-failure", CHILD, RunId(id(9)), RUN, "cache"));
    assert_eq!(bench.step("cache"), StepState::Running);
}

#[test]
fn an_entry_that_names_no_parent_reads_as_one_without() {
    let bench = opened();
    let started: Vec<_> =
        bench.state.entries.iter().filter(|entry| matches!(entry.event, Event::RunStarted { .. })).collect();
    let texts: Vec<_> = started.iter().map(|entry| serde_json::to_string(&entry.event).unwrap()).collect();
    assert!(!texts[0].contains("parent") && texts[1].contains("\"parent\":{\"run\":"), "{texts:?}");
    for (text, entry) in texts.iter().zip(started) {
        assert_eq!(serde_json::from_str::<Event>(text).unwrap(), entry.event);
    }
}
