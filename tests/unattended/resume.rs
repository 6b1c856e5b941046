//! A run that stopped goes on: after a failure, after its console was killed at any of its steps, after somebody settled
//! what nobody could know.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use rustix::fs::Mode;
use rustix::process::{Pid, Signal, kill_process};

use super::{Stage, code, json, said, step};
use crate::support::console::Console;
use crate::support::wait::until;

const STEPS: usize = 8;

/// Half of the steps may be repeated.
const fn idempotent(step: usize) -> bool {
    matches!(step % 4, 2 | 3)
}

/// Of half of the steps the supervisor is killed, too.
const fn supervisor_dies(step: usize) -> bool {
    step % 2 == 1
}

/// Eight steps, of which this one waits at a gate.
fn gated(at: usize) -> Stage {
    let steps = (1..=STEPS).map(|number| {
        let attribute = if idempotent(number) { " idempotent" } else { "" };
        let waits = if number == at { "  cat HERE/gate >/dev/null\n" } else { "" };
        format!(
            "- [ ] **Step {number}** <!-- id: step-{number} -->\n\n  ```bash run{attribute}\n  echo {number} began >>HERE/ran\n{waits}  \
             echo {number} passed >>HERE/ran\n  ```\n\n"
        )
    });
    let stage = Stage::new(&steps.collect::<String>());
    rustix::fs::mkfifoat(rustix::fs::CWD, stage.folder.path().join("gate"), Mode::RUSR | Mode::WUSR).unwrap();
    stage
}

fn started(stage: &Stage) -> Child {
    let words = stage.estate.command(&["run", "walk", "--yes"], "cron");
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Who supervises the attempt that has no outcome yet, by its claim.
fn supervisor(stage: &Stage) -> Pid {
    let attempts = fs::read_dir(stage.estate.incidents()[0].join("attempts")).unwrap();
    let open: Vec<PathBuf> =
        attempts.map(|attempt| attempt.unwrap().path()).filter(|path| !path.join("outcome.json").exists()).collect();
    let [attempt] = open.as_slice() else { panic!("not one attempt without an outcome: {open:?}") };
    let claim: serde_json::Value = serde_json::from_slice(&fs::read(attempt.join("claim")).unwrap()).unwrap();
    Pid::from_raw(i32::try_from(claim["pid"].as_i64().unwrap()).unwrap()).unwrap()
}

fn times(stage: &Stage, line: &str) -> usize {
    stage.trace("ran").unwrap_or_default().lines().filter(|ran| *ran == line).count()
}

#[test]
fn killed_at_any_step_a_run_goes_on_without_running_or_leaving_out_anything() {
    for at in 1..=STEPS {
        let stage = gated(at);
        let mut console = started(&stage);
        until("the step waits at its gate", || times(&stage, &format!("{at} began")) == 1);
        console.kill().unwrap();
        console.wait().unwrap();
        if supervisor_dies(at) {
            kill_process(supervisor(&stage), Signal::KILL).unwrap();
        }
        // What the supervisor left behind takes what opens the gate, too.
        fs::write(stage.folder.path().join("gate"), "go\n").unwrap();
        until("the step passed its gate", || times(&stage, &format!("{at} passed")) == 1);
        let unknown = supervisor_dies(at) && !idempotent(at);
        if unknown {
            stops_as_unknown(&stage, at);
        }
        // A block that may be repeated is: it reads the gate again.
        let repeated = supervisor_dies(at) && idempotent(at);
        let gate = stage.folder.path().join("gate");
        if repeated {
            fs::remove_file(&gate).unwrap();
            fs::write(&gate, "").unwrap();
        }
        let output = stage.run(&["--yes", "--incident", "last", "--json"]);
        assert_eq!(code(&output), 0, "step {at}: {}", said(&output));
        assert_eq!(json(&output)["outcome"], "completed", "step {at}: {}", said(&output));
        for step in 1..=STEPS {
            let expected = if repeated && step == at { 2 } else { 1 };
            for line in [format!("{step} began"), format!("{step} passed")] {
                assert_eq!(times(&stage, &line), expected, "killed at {at}: {line}");
            }
        }
        assert_eq!(stage.estate.incidents().len(), 1);
    }
}

fn stops_as_unknown(stage: &Stage, at: usize) {
    let id = format!("step-{at}");
    for _ in 0..2 {
        let output = stage.run(&["--yes", "--incident", "last", "--json"]);
        assert_eq!(code(&output), 5, "{}", said(&output));
        let ended = json(&output);
        assert_eq!((&ended["outcome"], &ended["stopped_at"]), (&"unknown".into(), &id.as_str().into()));
        assert!(said(&output).contains(&format!("switchback settle {id} --took-effect")), "{}", said(&output));
        assert_eq!(times(stage, &format!("{at} began")), 1, "what is unknown is not run again");
        assert_eq!(times(stage, &format!("{} began", at + 1)), 0, "and nothing goes past it");
    }
    stage.estate.login("mara", &["settle", &id, "--took-effect", "the gate was seen open"]);
}

#[test]
fn a_failure_names_its_step_and_is_tried_once_more_by_going_on() {
    let steps = format!(
        "{}{}{}",
        step("one", "echo one >>HERE/ran"),
        step("two", "echo two >>HERE/ran; echo look here; test -e HERE/mended").replace("run\n", "run idempotent\n"),
        step("three", "echo three >>HERE/ran")
    );
    let stage = Stage::new(&steps);
    let output = stage.run(&["--yes", "--json"]);
    let ended = json(&output);
    assert_eq!((code(&output), &ended["outcome"], &ended["stopped_at"]), (1, &"failed".into(), &"two".into()));
    assert_eq!(ended["steps"][1]["state"], "failed");
    let resume = ended["resume"].as_str().unwrap();
    assert!(resume.contains("run walk --yes --json") && resume.contains("--incident INC-"), "{resume}");
    let said_of_it = said(&output);
    for line in ["[2/3] Do two", "FAILED with exit code 1", "| look here", "To go on: switchback run walk"] {
        assert!(said_of_it.contains(line), "`{line}` is not in {said_of_it}");
    }
    assert_eq!(code(&stage.run(&["--yes", "--incident", "last"])), 1, "once more, and it still fails");
    assert_eq!(stage.trace("ran").as_deref(), Some("one\ntwo\ntwo\n"));
    stage.leaves("mended");
    let output = stage.run(&["--yes", "--incident", "last"]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    assert_eq!(stage.trace("ran").as_deref(), Some("one\ntwo\ntwo\ntwo\nthree\n"));
    let output = stage.run(&["--yes", "--incident", "last"]);
    assert_eq!(code(&output), 0);
    assert!(said(&output).contains("is complete since"), "{}", said(&output));
    assert_eq!(stage.trace("ran").as_deref(), Some("one\ntwo\ntwo\ntwo\nthree\n"));
}

#[test]
fn what_is_not_idempotent_is_run_again_only_when_that_is_said() {
    let stage = Stage::new(&step("once", "echo once >>HERE/ran; test -e HERE/mended"));
    assert_eq!(code(&stage.run(&["--yes"])), 1);
    stage.leaves("mended");
    let output = stage.run(&["--yes", "--incident", "last"]);
    assert_eq!(code(&output), 4, "{}", said(&output));
    assert!(said(&output).contains("--again once runs it again"), "{}", said(&output));
    assert_eq!(stage.trace("ran").as_deref(), Some("once\n"));
    let output = stage.run(&["--yes", "--incident", "last", "--again", "once"]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    assert_eq!(stage.trace("ran").as_deref(), Some("once\nonce\n"));
}

#[test]
fn a_step_that_is_not_there_leaves_out_nothing() {
    let stage = Stage::new(&format!("{}{}", step("one", "false"), step("two", "echo two >>HERE/ran")));
    assert_eq!(code(&stage.run(&["--yes"])), 1);
    for flag in ["--start-at", "--again"] {
        let output = stage.run(&["--yes", "--incident", "last", "--reason", "why", flag, "tow"]);
        assert_eq!(code(&output), 2, "{}", said(&output));
        assert!(said(&output).contains("did you mean `two`?"), "{}", said(&output));
    }
    let output = stage.run(&["--yes", "--incident", "last", "--reason", "mended by hand", "--start-at", "two"]);
    assert_eq!((code(&output), stage.trace("ran").as_deref()), (0, Some("two\n")), "{}", said(&output));
}

#[test]
fn a_run_that_begins_later_records_what_it_leaves_out_and_by_whom() {
    let steps: String = ["one", "two", "three"].iter().map(|id| step(id, &format!("echo {id} >>HERE/ran"))).collect();
    let stage = Stage::new(&steps);
    let output = stage.run(&["--yes", "--start-at", "three", "--reason", "the provider did it", "--json"]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    assert_eq!(json(&output)["outcome"], "completed-with-exceptions");
    assert_eq!(stage.trace("ran").as_deref(), Some("three\n"));
    let skipped: Vec<_> = stage
        .estate
        .entries()
        .into_iter()
        .filter_map(|entry| match &entry.event {
            domain::log::Event::StepSkipped { step, reason, .. } => {
                Some((step.to_string(), reason.clone(), entry.actor.name.to_string()))
            }
            _ => None,
        })
        .collect();
    let reason = "--start-at three: the provider did it";
    let expected = ["one", "two"].map(|id| (id.to_owned(), reason.to_owned(), "cron".to_owned()));
    assert_eq!(skipped, expected);
}

#[test]
fn told_to_end_a_run_leaves_its_step_to_its_supervisor_and_goes_on_later() {
    let stage = gated(4);
    let mut console = started(&stage);
    until("the step waits at its gate", || times(&stage, "4 began") == 1);
    kill_process(Pid::from_child(&console), Signal::TERM).unwrap();
    assert_eq!(console.wait().unwrap().code(), Some(5));
    fs::write(stage.folder.path().join("gate"), "go\n").unwrap();
    let output = stage.run(&["--yes", "--incident", "last"]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    assert_eq!((times(&stage, "4 began"), times(&stage, "4 passed"), times(&stage, "8 passed")), (1, 1, 1));
}

#[test]
fn whoever_is_not_in_command_is_refused_while_the_commander_is_there() {
    let stage = Stage::new(&step("one", "echo one >>HERE/ran"));
    stage.estate.login("ana", &["declare", "It burns", "--runbook", "walk"]);
    let mut ana = Console::open(&stage.estate, "ana");
    ana.shows(&["Do one", "INC-"]);
    let output = stage.run(&["--yes", "--incident", "last"]);
    assert_eq!(code(&output), 4, "{}", said(&output));
    assert!(said(&output).contains("not in command: ana is"), "{}", said(&output));
    assert_eq!(stage.trace("ran"), None);
    ana.quits_the_open_incident();
    let output = stage.run(&["--yes", "--incident", "last"]);
    assert_eq!((code(&output), stage.trace("ran").as_deref()), (0, Some("one\n")), "{}", said(&output));
}
