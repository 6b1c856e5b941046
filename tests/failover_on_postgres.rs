//! A real failover: PostgreSQL is killed, the region turns red, and a person walks the runbook to its end on the screen,
//! while a second login takes part. What was truly lost lies inside what was shown.

use std::time::Duration;

use domain::engine::{RunState, State};
use domain::log::{Entry, Event, Mode};
use domain::objective::AtRisk;
use domain::reading::Health;
use domain::time::{Timestamp, since};
use switchback::runtime::paths::Paths;
use switchback::runtime::readings;

use crate::support::console::Console;
use crate::support::estate::Estate;
use crate::support::lab::TestLab;
use crate::support::wait::until;

const BEFORE: [&str; 2] = ["Confirm primary region failure", "Notify stakeholders"];
const HEALTHY: &str = "2 regions ok   5 of 5 checks ok   lag";

#[test]
fn a_region_dies_and_is_failed_over_from_the_screen() {
    let lab = TestLab::up();
    let estate = lab.estate();
    let mut ana = Console::open(&estate, "ana");
    ana.shows(&[HEALTHY, "streaming"]);

    let killed_at = Timestamp::now();
    lab.done(&["break", "region"]);
    ana.shows(&["us-east-1 DOWN", "us-east-1 ▸ us-west-2", "FROZEN"]);

    ana.press_for("i", "Declare an incident");
    let form = ana.screen();
    for (field, answer) in
        [("from", "us-east-1"), ("to", "us-west-2"), ("runbook", "regional-failover"), ("mode", "forced")]
    {
        let is_filled = |line: &str| line.split_once(&format!("  {field}  ")).is_some_and(|(_, x)| x.contains(answer));
        assert!(form.lines().any(is_filled), "{field} is not {answer}:\n{form}");
    }
    ana.press_for("\r", "INC-");
    ana.decides();

    for title in BEFORE {
        ana.ticks(title, "seen and told");
    }
    ana.executes("Verify DR region health");
    ana.ticks("Isolate the old primary", "its processes are gone");

    // A second name is asked for on the screen and given at another login; meanwhile nothing fences the old side.
    ana.press_for("a", "awaiting approval");
    estate.login("raj", &["note", "raj is at his desk"]);
    estate.login("raj", &["approve", "promote"]);
    ana.shows(&["raj is at his desk", "approved by raj"]);
    ana.shows(&["no fence evidence: a refused", "a person has to accept it"]);
    ana.types_the_region("us-west-2");
    ana.shows(&["`fenced orders-db@us-east-1` is not met"]);
    ana.press_until("\x1b", "the refusal is read", |screen| !screen.contains("is not met"));
    assert!(intended(&estate.entries(), "promote").is_none(), "promoted without a fence");

    states_the_fence(&mut ana);
    ana.promotes("Promote DR database", "us-west-2");
    ana.confirms("Update DNS records");
    ana.executes("Verify service health");
    ana.executes("Run smoke tests");
    ana.ticks("Notify customers", "by mail");
    ana.ticks("Document incident", "in the log");
    ana.shows(&["completed"]);
    ana.closes("served by us-west-2");
    ana.quits();

    turned_red_in_time(&estate, killed_at);
    walked_to_its_end(&estate.replayed());
    told_in_full(&estate);
    let report = lab.report();
    assert_eq!(report.serving.as_deref(), Some("us-west-2"));
    assert!(report.last_before < report.first_after, "writes resumed: {report:?}");
    let at_risk = intended(&estate.entries(), "promote").unwrap();
    let truly = Duration::from_millis(report.rpo_ms.unwrap());
    assert!(at_risk.at_least <= truly, "{truly:?} were lost, {} were shown", at_risk.interval());
    assert!(at_risk.at_most.is_some_and(|most| truly <= most), "{truly:?} were lost, {} shown", at_risk.interval());

    leaves_nothing(&lab);
}

#[test]
fn a_planned_switchover_loses_nothing_and_proves_it() {
    let lab = TestLab::up();
    let estate = lab.estate();
    let mut ana = Console::open(&estate, "ana");
    ana.shows(&[HEALTHY, "streaming"]);

    ana.press_for("i", "Declare an incident");
    assert!(ana.screen().contains("planned"), "both sides are well:\n{}", ana.screen());
    ana.press_for("\r", "INC-");
    ana.decides();
    ana.ticks("Notify stakeholders", "told");
    ana.executes("Verify DR region health");
    ana.confirms("Stop writes to primary");
    ana.at("Promote DR database");
    ana.shows(&["clean stop, nothing lost"]);
    ana.press_for("a", "awaiting approval");
    estate.login("raj", &["approve", "promote"]);
    ana.shows(&["approved by raj"]);
    ana.promotes("Promote DR database", "us-west-2");
    ana.confirms("Update DNS records");
    ana.executes("Verify service health");
    ana.executes("Run smoke tests");
    ana.ticks("Notify customers", "by mail");
    ana.ticks("Document incident", "in the log");
    ana.shows(&["completed"]);
    ana.quits_the_open_incident();

    let entries = estate.entries();
    assert!(entries.iter().any(|entry| matches!(&entry.event, Event::FenceObserved { zero_loss: true, .. })));
    assert!(!entries.iter().any(|entry| matches!(&entry.event, Event::FenceStated { .. })), "nobody had to say so");
    let at_risk = intended(&entries, "promote").unwrap();
    assert_eq!((at_risk.bytes_at_least, at_risk.at_most), (Some(0), Some(Duration::ZERO)), "{}", at_risk.basis);
    let report = lab.report();
    assert_eq!((report.lost, report.rpo_ms), (0, Some(0)));
    assert_eq!(report.serving.as_deref(), Some("us-west-2"));
}

fn states_the_fence(ana: &mut Console) {
    ana.press_for("f", "State how the old side is fenced");
    ana.types("processes killed, nothing restarts them");
    ana.press_for("\r", "by statement: ana");
}

/// What the step would lose, as frozen with the intent to run it.
fn intended(entries: &[Entry], step: &str) -> Option<AtRisk> {
    entries.iter().find_map(|entry| match &entry.event {
        Event::StepIntended { resolved, at_risk, .. } if resolved.step.as_str() == step => {
            at_risk.values().next().cloned()
        }
        _ => None,
    })
}

/// By the recorded status: within interval × threshold + timeout of the kill; a machine under load is given as much
/// again.
fn turned_red_in_time(estate: &Estate, killed_at: Timestamp) {
    let written = domain::estate::parse(&std::fs::read_to_string(&estate.file).unwrap()).estate;
    let check = &written.checks[0];
    let bound = check.interval * check.fail_after + check.timeout;
    let paths = Paths { state: estate.state.clone(), config: estate.state.clone() };
    let status = readings::live(&paths.estate(&written.name)).unwrap();
    let east = status.regions.iter().find(|region| region.name.as_str() == "us-east-1").unwrap();
    assert_eq!(east.status, Health::Down);
    let took = since(east.since.unwrap(), killed_at);
    assert!(took <= bound * 2, "red {took:?} after the kill; {bound:?} is what the estate says");
}

fn walked_to_its_end(state: &State) {
    let incident = state.incident.as_ref().unwrap();
    assert!(incident.closed_at.is_some() && incident.decided_at.is_some() && incident.no_return_at.is_some());
    assert!(incident.impact_basis.contains("last good sample"), "{}", incident.impact_basis);
    let [run] = state.runs.as_slice() else { panic!("{} runs", state.runs.len()) };
    assert_eq!((run.mode, run.name.as_str()), (Mode::Forced, "regional-failover"));
    assert!(matches!(run.state, RunState::Completed), "{:?}", run.state);
    assert_eq!(run.exceptions(), Vec::<String>::new());
}

/// The log is whole, and its page has every step with times, actor and evidence.
fn told_in_full(estate: &Estate) {
    assert!(estate.login("raj", &["verify", "last"]).contains("is whole"));
    let page = estate.login("raj", &["export", "last", "--format", "md"]);
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| ")).collect();
    let state = estate.replayed();
    for (number, step) in (1..).zip(state.runs[0].runbook.steps()) {
        let row = rows.iter().find(|row| row.starts_with(&format!("| {number} | {}", step.title)));
        let row = row.unwrap_or_else(|| panic!("{} is not on the page", step.title));
        let applies = state.runs[0].applicable(step);
        assert_eq!(row.contains("| ana |"), applies, "{row}");
        assert_eq!(row.matches('Z').count(), if applies { 2 } else { 0 }, "{row}");
    }
    for said in ["its processes are gone", "authorised by raj", "raj is at his desk", "by statement: ana", "At risk"] {
        assert!(page.to_lowercase().contains(&said.to_lowercase()), "`{said}` is not on the page");
    }
}

fn leaves_nothing(lab: &TestLab) {
    let processes = lab.status().processes;
    assert!(processes.iter().any(|process| process.running));
    lab.done(&["down"]);
    assert!(!lab.dir().exists());
    for process in processes {
        // A zombie that nobody has waited for yet has no command line.
        let line = format!("/proc/{}/cmdline", process.pid);
        until("the process is gone", || {
            std::fs::read(&line).is_ok_and(|line| line.is_empty()) || std::fs::metadata(&line).is_err()
        });
    }
}
