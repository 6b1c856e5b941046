//! Consoles and supervisors are killed at random moments: nothing ever runs twice, and what can be known is known.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use domain::execution::{AttemptOutcome, End, Resolved};
use rustix::process::{Pid, Signal, kill_process};
use switchback::runtime::exec::{AttemptId, Secrets, Settlement, StartError};
use tempfile::tempdir;

use crate::support::attempts::{block, live};
use crate::support::moments::Moments;
use crate::support::wait::until;

const ROLE: &str = "SWITCHBACK_TEST_CONSOLE_IN";
const KILLS: usize = 320;

fn attempt(incident: &Path, number: u32) -> Resolved {
    let ran = incident.join("ran");
    Resolved { attempt: number, ..block(&format!("echo {number} >>{}; sleep 0.005", ran.display())) }
}

fn settled(incident: &Path, number: u32) -> AttemptOutcome {
    match live(incident).settle(&AttemptId::of(&attempt(incident, number))).unwrap() {
        Settlement::Finished(outcome) => outcome,
        Settlement::StillRunning(running) => running.wait(),
    }
}

fn intended(incident: &Path) -> u32 {
    fs::read_to_string(incident.join("intended"))
        .unwrap_or_default()
        .lines()
        .filter_map(|line| line.parse().ok())
        .max()
        .unwrap_or(0)
}

/// What a console does, in a process of its own that the tests below kill: settle the last intent, go on with the next.
/// Called by the test runner itself, it is not asked to.
#[test]
fn a_console_to_kill() {
    let Some(incident) = std::env::var_os(ROLE).map(PathBuf::from) else { return };
    let mut last = intended(&incident);
    if last > 0 {
        let _ = settled(&incident, last);
    }
    let mut log = OpenOptions::new().append(true).create(true).open(incident.join("intended")).unwrap();
    loop {
        last += 1;
        writeln!(log, "{last}").unwrap();
        let resolved = attempt(&incident, last);
        match live(&incident).start(&AttemptId::of(&resolved), &resolved, &Secrets::default()) {
            Ok(running) => drop(running.wait()),
            Err(StartError::Taken) => drop(settled(&incident, last)),
            Err(error) => panic!("{error}"),
        }
    }
}

fn console(incident: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "execution_kills::a_console_to_kill"])
        .env(ROLE, incident)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Who supervises the attempt, by its claim.
fn supervisor(incident: &Path, resolved: &Resolved) -> Option<Pid> {
    let claim = fs::read(incident.join(AttemptId::of(resolved).folder()).join("claim")).ok()?;
    let claim: serde_json::Value = serde_json::from_slice(&claim).ok()?;
    (claim["by"] == "supervisor").then(|| claim["pid"].as_i64()).flatten().and_then(|pid| Pid::from_raw(pid as i32))
}

#[test]
fn a_killed_console_finds_the_true_outcome_of_the_step_that_went_on() {
    let incident = tempdir().unwrap();
    let go = incident.path().join("go");
    let ran = incident.path().join("ran");
    let text = format!("echo $$ >>{}; until test -e {}; do sleep 0.01; done; exit 3", ran.display(), go.display());
    let resolved = block(&text);
    // The console's whole life: start, and be gone without having waited.
    let running = live(incident.path()).start(&AttemptId::of(&resolved), &resolved, &Secrets::default()).unwrap();
    drop(running);
    until("the step runs", || fs::read_to_string(&ran).is_ok_and(|text| text.ends_with('\n')));

    let Settlement::StillRunning(adopted) = live(incident.path()).settle(&AttemptId::of(&resolved)).unwrap() else {
        panic!("the step runs")
    };
    fs::write(go, "").unwrap();
    assert_eq!(adopted.wait().end, End::Failed { exit: Some(3), why: "exit code 3".to_owned() });
    assert_eq!(fs::read_to_string(ran).unwrap().lines().count(), 1);
}

#[test]
fn an_adopted_step_can_be_cancelled() {
    let incident = tempdir().unwrap();
    let resolved = block("echo ready; while :; do sleep 0.01; done");
    let running = live(incident.path()).start(&AttemptId::of(&resolved), &resolved, &Secrets::default()).unwrap();
    let mut tail = running.tail();
    until("the step runs", || tail.more().is_some());
    drop(running);
    let Settlement::StillRunning(adopted) = live(incident.path()).settle(&AttemptId::of(&resolved)).unwrap() else {
        panic!("the step runs")
    };
    adopted.canceller().cancel();
    assert_eq!(adopted.wait().end, End::Cancelled);
}

#[test]
fn a_killed_supervisor_leaves_an_unknown_outcome() {
    let incident = tempdir().unwrap();
    let pid = incident.path().join("pid");
    let resolved = block(&format!("echo $$ >{}; sleep 1000", pid.display()));
    let running = live(incident.path()).start(&AttemptId::of(&resolved), &resolved, &Secrets::default()).unwrap();
    until("the step runs", || fs::read_to_string(&pid).is_ok_and(|text| text.ends_with('\n')));
    kill_process(supervisor(incident.path(), &resolved).unwrap(), Signal::KILL).unwrap();
    assert!(matches!(running.wait().end, End::Unknown { .. }));
    assert!(matches!(
        live(incident.path()).settle(&AttemptId::of(&resolved)).unwrap(),
        Settlement::Finished(AttemptOutcome { end: End::Unknown { .. }, .. })
    ));
    let shell = Pid::from_raw(fs::read_to_string(pid).unwrap().trim().parse().unwrap()).unwrap();
    rustix::process::kill_process_group(shell, Signal::KILL).unwrap();
}

#[test]
fn nothing_runs_twice_however_consoles_and_supervisors_are_killed() {
    let incident = tempdir().unwrap();
    let incident = incident.path();
    let mut moments = Moments::new();
    let mut killed_supervisors = Vec::new();
    let mut running = console(incident);
    let mut seen = 0;
    for _ in 0..KILLS {
        // Mostly once it has begun something, sometimes while it settles what the one before it left.
        if moments.below(4) > 0 {
            until("the console goes on", || intended(incident) > seen);
        }
        moments.pass(Duration::from_millis(40));
        let last = intended(incident);
        seen = last;
        let victim = if moments.below(3) == 0 { supervisor(incident, &attempt(incident, last.max(1))) } else { None };
        if let Some(victim) = victim {
            // It may have ended by itself just now.
            if kill_process(victim, Signal::KILL).is_ok() {
                killed_supervisors.push(last);
            }
        } else {
            running.kill().unwrap();
            running.wait().unwrap();
            running = console(incident);
        }
    }
    until("the last console went on", || intended(incident) > 0);
    running.kill().unwrap();
    running.wait().unwrap();

    let last = intended(incident);
    let outcomes: Vec<AttemptOutcome> = (1..=last).map(|number| settled(incident, number)).collect();
    let ran = fs::read_to_string(incident.join("ran")).unwrap_or_default();
    let (mut succeeded, mut never, mut unknown) = (0, 0, 0);
    for (number, outcome) in (1..).zip(outcomes) {
        let times = ran.lines().filter(|line| line.parse() == Ok(number)).count();
        match outcome.end {
            End::Succeeded { .. } => {
                assert_eq!(times, 1, "attempt {number} is said to have run");
                succeeded += 1;
            }
            End::NotStarted { .. } => {
                assert_eq!(times, 0, "attempt {number} is said never to have run");
                never += 1;
            }
            End::Unknown { .. } => {
                assert!(times <= 1, "attempt {number} ran {times} times");
                assert!(killed_supervisors.contains(&number), "attempt {number} is unknown, and nobody killed it");
                unknown += 1;
            }
            end => panic!("attempt {number}: {end:?}"),
        }
    }
    println!("{last} attempts: {succeeded} succeeded, {never} never ran, {unknown} unknown");
    assert!(succeeded > 0 && last > 50);
}
