//! A step runs once, in its own process tree, bounded in time and output, and ends with a definite outcome.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use domain::execution::{End, Resolved};
use domain::ident::{CaptureId, Hash};
use domain::runbook::Lang;
use rustix::process::{Pid, test_kill_process};
use switchback::runtime::exec::{AttemptId, LiveExec, Secrets, Settlement, StartError, Surroundings};
use tempfile::tempdir;

use crate::support::attempts::{block, live, perform, start};
use crate::support::wait::until;

const SUCCEEDED: End = End::Succeeded { exit: Some(0) };

fn alive(pid_file: &Path) -> bool {
    let pid = fs::read_to_string(pid_file).unwrap().trim().parse().ok().and_then(Pid::from_raw);
    test_kill_process(pid.unwrap()).is_ok()
}

#[test]
fn a_block_ends_with_its_outcome_values_and_output() {
    let incident = tempdir().unwrap();
    let resolved = Resolved {
        text: "echo \"to $TO\"; echo oops >&2; echo SNAP=snap-1 >>\"$SWITCHBACK_OUT\"; echo X=1 >>\"$SWITCHBACK_OUT\""
            .to_owned(),
        env: BTreeMap::from([("TO".to_owned(), "us-west-2; rm -rf /".to_owned())]),
        out: Some("WHERE".to_owned()),
        may_set: vec!["SNAP".to_owned()],
        ..block("")
    };
    let outcome = perform(incident.path(), &resolved);
    assert_eq!(outcome.end, SUCCEEDED);
    let values: Vec<_> = outcome.values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(values, [("SNAP", "snap-1"), ("WHERE", "to us-west-2; rm -rf /")]);
    assert!(outcome.summary.contains("value not taken: X is not declared"), "{}", outcome.summary);

    let output = outcome.output.unwrap();
    let text = fs::read(incident.path().join(&output.path)).unwrap();
    assert_eq!(String::from_utf8_lossy(&text).lines().collect::<Vec<_>>().len(), 2);
    assert_eq!((output.bytes, output.sha256, output.cut), (text.len() as u64, Hash::of(&text), false));
    for file in fs::read_dir(incident.path().join(AttemptId::of(&resolved).folder())).unwrap() {
        assert_eq!(file.unwrap().metadata().unwrap().mode() & 0o777, 0o600);
    }
}

#[test]
fn the_exit_code_decides() {
    let incident = tempdir().unwrap();
    let failed = perform(incident.path(), &block("echo no such standby >&2; exit 3"));
    assert_eq!(failed.end, End::Failed { exit: Some(3), why: "exit code 3".to_owned() });
    assert_eq!(failed.summary, "no such standby");
    let accepted = Resolved { attempt: 2, exit: vec![0, 3], ..block("exit 3") };
    assert_eq!(perform(incident.path(), &accepted).end, End::Succeeded { exit: Some(3) });
    let strict = Resolved { attempt: 3, ..block("false | true; echo unreached") };
    assert_eq!(perform(incident.path(), &strict).end, End::Failed { exit: Some(1), why: "exit code 1".to_owned() });
    let unset = Resolved { attempt: 4, lang: Lang::Sh, ..block("echo \"$NOWHERE\"") };
    assert!(matches!(perform(incident.path(), &unset).end, End::Failed { .. }));
    let killed = Resolved { attempt: 5, ..block("kill -KILL $$") };
    assert_eq!(perform(incident.path(), &killed).end, End::Failed { exit: None, why: "ended by signal 9".to_owned() });
}

#[test]
fn a_block_sees_no_terminal_no_input_and_only_what_is_passed_on() {
    let incident = tempdir().unwrap();
    let descriptors = "ls /proc/self/fd | wc -l";
    // What whoever started the tests left open is not ours.
    let usual = Command::new("sh").args(["-c", descriptors]).stdin(Stdio::null()).output().unwrap().stdout;
    let text = "cat; ! (: </dev/tty) 2>/dev/null; test \"$TERM\" = dumb; test \"$(umask)\" = 0077; \
                test \"$(ulimit -c)\" = 0; test -z \"${CARGO_MANIFEST_DIR-}\"; \
                test \"$(cut -d' ' -f6 /proc/$$/stat)\" = \"$PPID\"; echo fine; ";
    let outcome = perform(incident.path(), &block(&format!("{text}{descriptors}")));
    assert_eq!((outcome.end, outcome.summary.as_str()), (SUCCEEDED, String::from_utf8(usual).unwrap().trim()));
    let asked = Resolved {
        attempt: 2,
        pass_env: vec!["CARGO_MANIFEST_DIR".to_owned()],
        ..block("test -n \"$CARGO_MANIFEST_DIR\"")
    };
    assert_eq!(perform(incident.path(), &asked).end, SUCCEEDED);
}

#[test]
fn a_tree_that_ignores_term_is_killed_whole() {
    let incident = tempdir().unwrap();
    let pids = incident.path().to_str().unwrap();
    let text = format!(
        "trap '' TERM
         (trap '' TERM; echo $BASHPID >{pids}/child; while :; do sleep 1000; done) &
         setsid bash -c 'trap \"\" TERM; echo $$ >{pids}/session; while :; do sleep 1000; done' &
         (setsid bash -c 'trap \"\" TERM; echo $$ >{pids}/orphan; while :; do sleep 1000; done' &) &
         until test -s {pids}/child -a -s {pids}/session -a -s {pids}/orphan; do sleep 0.01; done
         echo ready
         while :; do sleep 1000; done"
    );
    let resolved = block(&text);
    let exec = live(incident.path()).with_grace(Duration::from_millis(50));
    let running = exec.start(&AttemptId::of(&resolved), &resolved, &Secrets::default()).unwrap();
    let mut tail = running.tail();
    until("all of it runs", || tail.more().is_some());
    running.canceller().cancel();
    assert_eq!(running.wait().end, End::Cancelled);
    for pid in ["child", "session", "orphan"] {
        assert!(!alive(&incident.path().join(pid)), "{pid} goes on");
    }
}

#[test]
fn a_block_out_of_time_is_ended() {
    let incident = tempdir().unwrap();
    let resolved = Resolved { timeout: Duration::from_millis(200), ..block("while :; do sleep 1000; done") };
    assert_eq!(perform(incident.path(), &resolved).end, End::TimedOut);
}

#[test]
fn a_cancelled_block_may_clean_up_and_is_reported_as_cancelled() {
    let incident = tempdir().unwrap();
    let mark = incident.path().join("cleaned");
    let text =
        format!("trap 'echo cleaned >{}; exit 0' TERM; echo ready; while :; do sleep 0.01; done", mark.display());
    let running = start(incident.path(), &block(&text));
    let mut tail = running.tail();
    until("the block is ready", || tail.more().is_some_and(|text| text == "ready\n"));
    let canceller = running.canceller();
    canceller.cancel();
    assert_eq!(running.wait().end, End::Cancelled);
    assert!(mark.exists());
    canceller.cancel();
}

#[test]
fn what_a_finished_block_left_running_goes_on() {
    let incident = tempdir().unwrap();
    let pid = incident.path().join("daemon");
    let text = format!("setsid sleep 1000 >/dev/null 2>&1 </dev/null & echo $! >{}", pid.display());
    assert_eq!(perform(incident.path(), &block(&text)).end, SUCCEEDED);
    let daemon = Pid::from_raw(fs::read_to_string(&pid).unwrap().trim().parse().unwrap()).unwrap();
    rustix::process::kill_process(daemon, rustix::process::Signal::KILL).unwrap();
}

#[test]
fn secrets_reach_the_block_but_neither_a_file_nor_a_value() {
    let incident = tempdir().unwrap();
    let text = "set -x; echo \"token $TOKEN\"; printf %s \"$TOKEN\" | base64; \
                (sleep 0; printf %s \"${TOKEN:0:5}\"; sleep 0.05; printf '%s\\n' \"${TOKEN:5}\"); \
                echo \"NAME=$TOKEN\" >>\"$SWITCHBACK_OUT\"; tr '\\0' ' ' </proc/$PPID/cmdline; echo";
    let resolved = Resolved { may_set: vec!["NAME".to_owned()], ..block(text) };
    let secrets = Secrets::of(BTreeMap::from([("TOKEN".to_owned(), "correct-horse".to_owned())]));
    let running = live(incident.path()).start(&AttemptId::of(&resolved), &resolved, &secrets).unwrap();
    let outcome = running.wait();
    assert_eq!(outcome.end, SUCCEEDED);
    assert!(outcome.values.is_empty());
    assert!(outcome.summary.contains("NAME holds a secret"), "{}", outcome.summary);
    let folder = incident.path().join(AttemptId::of(&resolved).folder());
    // `values` is the block's own file, and is gone.
    for file in fs::read_dir(folder).unwrap() {
        let file = file.unwrap().path();
        let text = String::from_utf8_lossy(&fs::read(&file).unwrap()).into_owned();
        assert!(!text.contains("correct-horse") && !text.contains("Y29ycmVjdC1ob3JzZ"), "{}: {text}", file.display());
    }
}

#[test]
fn much_output_is_whole_in_its_file_and_bounded_on_its_way_to_the_screen() {
    let incident = tempdir().unwrap();
    let running =
        start(incident.path(), &block("{ yes 'one line of output' || true; } | head -c 100000000; echo; echo end"));
    let mut tail = running.tail();
    until("output appears", || tail.more().is_some_and(|text| text.len() < 140_000));
    let outcome = running.wait();
    let output = outcome.output.unwrap();
    assert_eq!((outcome.end, output.cut, output.bytes), (SUCCEEDED, false, 100_000_005));
    assert_eq!(fs::metadata(incident.path().join(&output.path)).unwrap().len(), output.bytes);
    let rest = tail.rest().unwrap();
    assert!(rest.len() < 140_000 && rest.ends_with("\nend\n"));
}

#[test]
fn an_attempt_starts_once() {
    let incident = tempdir().unwrap();
    let mark = incident.path().join("mark");
    let resolved = block(&format!("echo ran >>{}", mark.display()));
    let attempt = AttemptId::of(&resolved);
    let exec = live(incident.path());
    assert_eq!(perform(incident.path(), &resolved).end, SUCCEEDED);
    assert!(matches!(exec.start(&attempt, &resolved, &Secrets::default()), Err(StartError::Taken)));
    assert!(matches!(exec.settle(&attempt).unwrap(), Settlement::Finished(outcome) if outcome.end == SUCCEEDED));
    assert_eq!(fs::read_to_string(mark).unwrap(), "ran\n");
}

#[test]
fn of_two_consoles_that_start_the_same_attempt_one_runs_it_and_both_learn_the_outcome() {
    let incident = tempdir().unwrap();
    for attempt in 1..=20 {
        let mark = incident.path().join(format!("mark-{attempt}"));
        let resolved = Resolved { attempt, ..block(&format!("echo ran >>{}; sleep 0.02", mark.display())) };
        std::thread::scope(|consoles| {
            let both = [(); 2].map(|()| {
                consoles.spawn(|| {
                    match live(incident.path()).start(&AttemptId::of(&resolved), &resolved, &Secrets::default()) {
                        Ok(running) => running.wait(),
                        Err(StartError::Taken) => {
                            match live(incident.path()).settle(&AttemptId::of(&resolved)).unwrap() {
                                Settlement::Finished(outcome) => outcome,
                                Settlement::StillRunning(running) => running.wait(),
                            }
                        }
                        Err(error) => panic!("{error}"),
                    }
                })
            });
            for console in both {
                assert_eq!(console.join().unwrap().end, SUCCEEDED);
            }
        });
        assert_eq!(fs::read_to_string(mark).unwrap(), "ran\n");
    }
}

#[test]
fn an_attempt_that_was_never_claimed_never_ran_and_never_will() {
    let incident = tempdir().unwrap();
    let resolved = block("echo ran");
    let attempt = AttemptId::of(&resolved);
    let exec = live(incident.path());
    for _ in 0..2 {
        let Settlement::Finished(outcome) = exec.settle(&attempt).unwrap() else { panic!("nothing runs") };
        assert!(matches!(outcome.end, End::NotStarted { .. }));
    }
    assert!(matches!(exec.start(&attempt, &resolved, &Secrets::default()), Err(StartError::Taken)));
}

#[test]
fn an_attempt_claimed_before_the_machine_was_started_again_is_unknown() {
    let incident = tempdir().unwrap();
    let resolved = block("true");
    let folder = incident.path().join(AttemptId::of(&resolved).folder());
    fs::create_dir_all(&folder).unwrap();
    for claim in [r#"{"by":"supervisor","boot":"another","pid":1,"started":1}"#, ""] {
        fs::write(folder.join("claim"), claim).unwrap();
        let Settlement::Finished(outcome) = live(incident.path()).settle(&AttemptId::of(&resolved)).unwrap() else {
            panic!("nothing runs")
        };
        assert!(matches!(outcome.end, End::Unknown { .. }));
    }
}

#[test]
fn a_shell_that_is_missing_is_a_step_that_did_not_start() {
    let incident = tempdir().unwrap();
    let resolved = Resolved { lang: Lang::World, ..block("promote orders-db@us-west-2") };
    assert!(matches!(perform(incident.path(), &resolved).end, End::NotStarted { .. }));
    let exec = LiveExec::new(incident.path()).supervised_by("/nonexistent");
    let again = Resolved { attempt: 2, ..resolved };
    assert!(matches!(exec.start(&AttemptId::of(&again), &again, &Secrets::default()), Err(StartError::Io(_))));
}

#[test]
fn a_captured_command_runs_in_its_folder() {
    let incident = tempdir().unwrap();
    let attempt = AttemptId::Capture(CaptureId(7.into()));
    let exec = live(incident.path())
        .surrounded_by(Surroundings { folder: Some(incident.path().to_owned()), ..Surroundings::default() });
    let outcome = exec.start(&attempt, &block("pwd"), &Secrets::default()).unwrap().wait();
    assert_eq!((outcome.end, outcome.summary.as_str()), (SUCCEEDED, incident.path().to_str().unwrap()));
    assert!(outcome.output.unwrap().path.starts_with("attempts/capture-"));
}

#[tokio::test]
async fn a_watched_attempt_tells_its_output_as_it_comes() {
    let incident = tempdir().unwrap();
    let mut told = String::new();
    let outcome =
        start(incident.path(), &block("echo one; printf '\\033[31mtwo'")).watch(|text| told.push_str(&text)).await;
    assert_eq!((outcome.end, told.as_str()), (SUCCEEDED, "one\ntwo"));
}
