//! Twenty steps that do nothing, every entry synced and each step under its supervisor, against `bash -e` and against a
//! playbook of Ansible.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use domain::time::Timestamp;
use serde_json::Value;

use super::estate::Estate;
use super::report::{Aim, Row};

const STEPS: usize = 20;
const RUNS: usize = 15;
/// A playbook takes seconds.
const PLAYS: usize = 3;

pub(crate) fn measure() -> Vec<Row> {
    let estate = Estate::bare();
    let mut runbook = "---\nrunbook: 1\ntitle: Twenty steps\n---\n\n## During\n".to_owned();
    for step in 1..=STEPS {
        runbook.push_str(&format!("\n- [ ] **Step {step}**\n\n  Owner: operator\n\n  ```bash run\n  true\n  ```\n"));
    }
    std::fs::write(estate.folder().join("twenty.md"), runbook).unwrap();
    let (mut whole, mut steps, mut one_shell, mut shells) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut plays = Vec::new();
    for run in 0..RUNS {
        let state = format!("{}-{run}", estate.state);
        let mut command = Command::new(env!("CARGO_BIN_EXE_switchback"));
        command.args(["run", "twenty", "--yes", "--state", &state]).args(estate.arguments());
        whole.push(timed(&mut command));
        steps.push(of_the_log(&state));
        one_shell.push(timed(Command::new("bash").args(["-e", "-c", &"true\n".repeat(STEPS)])));
        if run < PLAYS {
            plays.extend(playbook(&estate.folder().join("twenty.yaml")));
        }
        shells.push((0..STEPS).map(|_| timed(Command::new("bash").args(["-euo", "pipefail", "-c", "true"]))).sum());
    }
    vec![
        Row::times("20 steps, first intent to end of the run", &steps)
            .beside("bash -e, 20 lines", &one_shell)
            .aiming_at(Aim::AtMost(150.0)),
        Row::times("20 steps, the whole command", &whole)
            .beside("bash, 20 times", &shells)
            .aiming_at(Aim::AtMost(150.0)),
        Row::times("20 steps, the whole command", &whole).beside("ansible-playbook, 20 commands", &plays),
    ]
}

/// The same with Ansible, on this machine without a connection; `None` where it is not installed.
fn playbook(file: &Path) -> Option<Duration> {
    // The Python that Ansible itself runs on: none has to be looked for.
    let python = "{ansible_python_interpreter: \"{{ ansible_playbook_python }}\"}";
    let mut text =
        format!("- hosts: localhost\n  connection: local\n  gather_facts: false\n  vars: {python}\n  tasks:\n");
    for step in 1..=STEPS {
        text.push_str(&format!("    - name: Step {step}\n      ansible.builtin.command: \"true\"\n"));
    }
    std::fs::write(file, text).unwrap();
    let mut command = Command::new("ansible-playbook");
    // Its own folders, so that nothing of this machine's configuration is measured.
    let home = file.parent().unwrap();
    command.args(["-i", "localhost,"]).arg(file).env("HOME", home).env("ANSIBLE_LOCALHOST_WARNING", "False");
    command.env("LC_ALL", "C.UTF-8");
    let began = Instant::now();
    let output = command.stdin(Stdio::null()).output().ok()?;
    let took = began.elapsed();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    Some(took)
}

fn timed(command: &mut Command) -> Duration {
    let began = Instant::now();
    let output = command.stdin(Stdio::null()).output().unwrap();
    let took = began.elapsed();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    took
}

/// By the times in the log: from the first intent until the run finished.
fn of_the_log(state: &str) -> Duration {
    let incidents = std::fs::read_dir(format!("{state}/incidents")).unwrap();
    let incident = incidents.flatten().map(|entry| entry.path()).find(|path| path.is_dir()).unwrap();
    let log = std::fs::read_to_string(incident.join("log.jsonl")).unwrap();
    let entries: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let at = |entry: &Value| -> Timestamp { entry["recorded_at"].as_str().unwrap().parse().unwrap() };
    let named = |name: &'static str| entries.iter().filter(move |entry| entry["event"]["type"] == name);
    assert_eq!(named("step_finished").count(), STEPS);
    let (first, last) = (at(named("step_intended").next().unwrap()), at(named("run_finished").next().unwrap()));
    Duration::try_from(last.duration_since(first)).unwrap()
}
