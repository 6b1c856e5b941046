//! Consoles and supervisors die while steps run: the next console finds what truly became of them, asks a person where
//! nobody can know, and runs nothing twice.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use domain::engine::Recorded;
use domain::execution::End;
use domain::ident::StepId;
use domain::log::{Entry, Event};
use rustix::fs::Mode;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::support::console::Console;
use crate::support::estate::{Estate, entries, folded};
use crate::support::moments::Moments;
use crate::support::wait::until;

/// An estate whose one step waits at a gate, and what the step leaves behind.
struct Gated {
    folder: TempDir,
    estate: Estate,
}

impl Gated {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (gate, ran) = (folder.path().join("gate"), folder.path().join("ran"));
        rustix::fs::mkfifoat(rustix::fs::CWD, &gate, Mode::RUSR | Mode::WUSR).unwrap();
        let (gate, ran) = (gate.display(), ran.display());
        let runbook = format!(
            "---\nrunbook: 1\ntype: failover\n---\n\n# Walk a region over\n\n## Do\n\n- [ ] **Pass the gate** <!-- id: pass -->\n\n  \
             ```bash run timeout=5m\n  echo began >>{ran}\n  cat {gate} >/dev/null\n  echo passed >>{ran}\n  ```\n"
        );
        let estate = Estate::bare(folder.path(), folder.path().join("state"), &runbook);
        Self { folder, estate }
    }

    fn ran(&self) -> String {
        fs::read_to_string(self.folder.path().join("ran")).unwrap_or_default()
    }

    /// Declares, and leaves the step waiting at the gate.
    fn begun(&self) -> Console {
        let mut console = Console::open(&self.estate, "ana");
        console.shows(&["i declare", "Walk a region over"]);
        console.declares();
        console.at("Pass the gate");
        console.starts();
        until("the step waits at the gate", || self.ran() == "began\n");
        console
    }

    /// Returns once the step took what opens the gate.
    fn open_the_gate(&self) {
        fs::write(self.folder.path().join("gate"), "go\n").unwrap();
    }
}

#[test]
fn a_killed_console_is_followed_by_one_that_records_the_true_outcome() {
    let gated = Gated::new();
    gated.begun().killed();
    let mut next = Console::open(&gated.estate, "mara");
    next.shows(&["Pass the gate", "INC-", "running"]);
    gated.open_the_gate();
    next.ended("Pass the gate");
    next.shows(&["completed"]);
    next.quits_the_open_incident();
    ran_once(&gated);
}

#[test]
fn a_step_that_ended_while_no_console_was_there_is_not_run_again() {
    let gated = Gated::new();
    gated.begun().killed();
    gated.open_the_gate();
    until("the step ended", || gated.ran() == "began\npassed\n");
    let mut next = Console::open(&gated.estate, "mara");
    next.ended("Pass the gate");
    next.quits_the_open_incident();
    ran_once(&gated);
}

#[test]
fn a_killed_supervisor_leaves_it_to_a_person_to_say_what_became_of_the_step() {
    let gated = Gated::new();
    let console = gated.begun();
    kill_process(supervisor(&gated.estate), Signal::KILL).unwrap();
    console.shows(&["unknown"]);
    console.killed();

    let mut next = Console::open(&gated.estate, "mara");
    next.shows(&["Pass the gate", "unknown"]);
    next.press_for("x", "settle");
    next.palette("took effect", "evidence   ");
    next.types("the gate was seen open");
    next.press_until("\r", "it is settled", |screen| screen.contains("completed"));
    next.quits_the_open_incident();
    gated.open_the_gate();
    until("what the supervisor left behind ended", || gated.ran() == "began\npassed\n");

    let entries = gated.estate.entries();
    assert!(matches!(outcomes(&entries).as_slice(), [End::Unknown { .. }]), "{:?}", outcomes(&entries));
    let settled = entries.iter().find(|entry| matches!(entry.event, Event::StepSettled { .. })).unwrap();
    assert_eq!(settled.actor.name.as_str(), "mara");
}

const KILLS: usize = 60;
const STEPS: usize = 30;

#[test]
fn unattended_runs_that_are_killed_at_any_moment_do_every_step_at_most_once() {
    let folder = tempfile::tempdir().unwrap();
    let ran = folder.path().join("ran");
    let mut runbook = "---\nrunbook: 1\ntype: failover\n---\n\n# Walk a region over\n\n## Do\n".to_owned();
    for step in 1..=STEPS {
        let line = format!("echo \"$INCIDENT step-{step}\" >>{}", ran.display());
        runbook += &format!("\n- [ ] **Step {step}** <!-- id: step-{step} -->\n\n  ```bash run\n  {line}\n  ```\n");
    }
    let estate = Estate::bare(folder.path(), folder.path().join("state"), &runbook);
    let mut moments = Moments::new();
    let mut goes_on = false;
    let mut kills = 0;
    while kills < KILLS {
        let before = recorded(&estate);
        let mut run = Unattended::start(&estate, goes_on);
        until("it goes on, or has ended", || run.ended() || recorded(&estate) > before);
        moments.pass(Duration::from_millis(150));
        // What ended by itself was completed, or held by a step that was never started: the next one begins anew.
        goes_on = !run.ended();
        kills += usize::from(goes_on);
        run.kill();
    }
    let mut last = Unattended::start(&estate, goes_on);
    until("the last one ended", || last.ended());

    let ran = fs::read_to_string(ran).unwrap();
    let mut succeeded = 0;
    for incident in estate.incidents() {
        let state = folded(entries(&incident));
        // One that was killed before it could open its incident left a log without entries.
        let Some(label) = state.incident.as_ref().map(|incident| &incident.label) else { continue };
        for step in 1..=STEPS {
            let id = StepId::from(format!("step-{step}").as_str());
            let line = format!("{label} {id}");
            let times = ran.lines().filter(|ran| *ran == line).count();
            let recorded = state.runs.first().map_or(Recorded::Nothing, |run| run.record(&id).recorded);
            let attempts = state.runs.first().map_or(0, |run| run.record(&id).attempts.len());
            assert!(times <= 1 && times <= attempts, "{line} ran {times} times for {attempts} intents");
            match recorded {
                Recorded::Succeeded => assert_eq!(times, 1, "{line} is said to have run"),
                Recorded::Nothing => assert_eq!(times, 0, "{line} was never intended"),
                _ => {}
            }
            succeeded += usize::from(recorded == Recorded::Succeeded);
        }
    }
    println!("{} incidents, {succeeded} steps succeeded", estate.incidents().len());
    assert!(succeeded > STEPS);
}

/// `switchback run walk --yes`, to be killed; killed when dropped.
struct Unattended(Child);

impl Unattended {
    fn start(estate: &Estate, goes_on: bool) -> Self {
        let mut act = vec!["run", "walk", "--yes"];
        if goes_on {
            act.extend(["--incident", "last"]);
        }
        let words: Vec<OsString> = estate.command(&act, "cron");
        let mut command = Command::new(&words[0]);
        let command = command.args(&words[1..]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Self(command.spawn().unwrap())
    }

    fn ended(&mut self) -> bool {
        self.0.try_wait().unwrap().is_some()
    }

    fn kill(&mut self) {
        let _ = self.0.kill();
        self.0.wait().unwrap();
    }
}

impl Drop for Unattended {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Bytes in the logs of all incidents.
fn recorded(estate: &Estate) -> u64 {
    let incidents = fs::read_dir(estate.state.join("incidents")).into_iter().flatten().flatten();
    incidents.filter_map(|incident| fs::metadata(incident.path().join("log.jsonl")).ok()).map(|log| log.len()).sum()
}

fn outcomes(entries: &[Entry]) -> Vec<End> {
    let outcome = |entry: &Entry| match &entry.event {
        Event::StepFinished { outcome, .. } => Some(outcome.end.clone()),
        _ => None,
    };
    entries.iter().filter_map(outcome).collect()
}

fn ran_once(gated: &Gated) {
    let entries = gated.estate.entries();
    let intents = entries.iter().filter(|entry| matches!(entry.event, Event::StepIntended { .. })).count();
    assert_eq!(intents, 1);
    assert_eq!(outcomes(&entries), [End::Succeeded { exit: Some(0) }]);
    assert_eq!(gated.ran(), "began\npassed\n");
}

/// Who supervises the only attempt there is, by its claim.
fn supervisor(estate: &Estate) -> Pid {
    let incidents = estate.incidents();
    let attempts = fs::read_dir(incidents[0].join("attempts")).unwrap();
    let folders: Vec<PathBuf> = attempts.map(|attempt| attempt.unwrap().path()).collect();
    let [attempt] = folders.as_slice() else { panic!("not one attempt: {folders:?}") };
    let claim: serde_json::Value = serde_json::from_slice(&fs::read(Path::join(attempt, "claim")).unwrap()).unwrap();
    assert_eq!(claim["by"], "supervisor");
    Pid::from_raw(i32::try_from(claim["pid"].as_i64().unwrap()).unwrap()).unwrap()
}
