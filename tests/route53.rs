//! Steps that change records: what is not written stays, what stood before is one key away, and what became of a change
//! is read from Route 53 itself when its supervisor or its answer is lost.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::execution::{AttemptOutcome, End};
use domain::log::{Entry, Event};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::console::Console;
use crate::support::estate::Estate;
use crate::support::moto::{Gate, Moto, Way, environment};
use crate::support::wait::until;

const NAME: &str = "pay.example.com";
const TITLE: &str = "Point the name at the standby";

/// A weighted set with a health check, as it stands before the incident.
fn before() -> Value {
    json!({
        "Name": "pay.example.com.", "Type": "CNAME", "SetIdentifier": "active", "Weight": 100, "TTL": 60,
        "ResourceRecords": [{"Value": "pay.us-east-1.example.com"}], "HealthCheckId": "11111111-2222-3333-4444-555555555555",
    })
}

fn after() -> Value {
    let mut after = before();
    after["ResourceRecords"][0]["Value"] = "pay.us-west-2.example.com".into();
    after
}

struct Stage {
    _folder: TempDir,
    estate: Estate,
    moto: Moto,
    zone: String,
}

impl Stage {
    fn new(attributes: &str) -> Self {
        let moto = Moto::start();
        let zone = moto.zone("example.com");
        moto.put(&zone, &before());
        let (folder, estate) = Self::estate(&zone, attributes);
        Self { _folder: folder, estate, moto, zone }
    }

    fn estate(zone: &str, attributes: &str) -> (TempDir, Estate) {
        let folder = tempfile::tempdir().unwrap();
        let runbook = format!(
            "---\nrunbook: 1\ntype: failover\nrto: 10m\nvars:\n  CHANGE: {{type: string, from: step}}\n  SIDE: {{type: region, default: us-west-2}}\n---\n\n# Walk a region over\n\n## Do\n\n\
             - [ ] **{TITLE}** <!-- id: dns -->\n\n  ```route53 run {attributes}\n  zone: {zone}\n  name: {NAME}\n  type: CNAME\n  \
             values: [pay.$SIDE.example.com]\n  ```\n"
        );
        let estate = Estate::bare(folder.path(), folder.path().join("state"), &runbook);
        (folder, estate)
    }

    fn stands(&self) -> Vec<Value> {
        self.moto.sets(&self.zone, NAME)
    }

    /// `switchback run walk`, asking the endpoint at `url`.
    fn run(&self, url: &str, also: &[(&str, &str)]) -> Output {
        let words = self.estate.command(&["run", "walk", "--yes", "--from", "us-east-1", "--to", "us-west-2"], "ana");
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).envs(environment(url)).envs(also.iter().copied());
        command.output().unwrap()
    }

    fn console(&self, url: &str, person: &str) -> Console {
        let env = environment(url);
        let env: Vec<(&str, &str)> = env.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Console::open_with(&self.estate, person, &env)
    }

    /// Declares, and starts the step.
    fn begun(&self, url: &str) -> Console {
        let mut console = self.console(url, "ana");
        console.shows(&["i declare", "Walk a region over"]);
        console.declares();
        console.at(TITLE);
        console.starts();
        console
    }

    fn outcomes(&self) -> Vec<AttemptOutcome> {
        outcomes(&self.estate.entries())
    }

    fn why(&self) -> String {
        match self.outcomes().remove(0).end {
            End::Failed { why, .. } | End::Unknown { why } | End::NotStarted { why } => why,
            end => panic!("{end:?}"),
        }
    }
}

fn outcomes(entries: &[Entry]) -> Vec<AttemptOutcome> {
    let outcome = |entry: &Entry| match &entry.event {
        Event::StepFinished { outcome, .. } => Some(outcome.clone()),
        _ => None,
    };
    entries.iter().filter_map(outcome).collect()
}

#[test]
fn an_unattended_run_changes_what_is_written_and_keeps_policy_and_health_check() {
    let stage = Stage::new("out=CHANGE");
    let output = stage.run(&stage.moto.url(), &[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(stage.stands(), [after()]);
    let outcome = stage.outcomes().remove(0);
    let change = &outcome.values["CHANGE"];
    let asked = stage.moto.aws(&["route53", "get-change", "--id", change]);
    assert_eq!(asked["ChangeInfo"]["Status"], "INSYNC");
    assert!(outcome.summary.contains(change.as_str()), "{outcome:?}");
    // The way back is in the log: the set that stood, complete.
    let undo = outcome.undo.unwrap();
    let put = undo.lines().find_map(|line| line.strip_prefix("- put: ")).unwrap();
    assert_eq!(serde_json::from_str::<Value>(put).unwrap(), before());
    let log = fs::read_to_string(stage.estate.incidents()[0].join("log.jsonl")).unwrap();
    assert!(!log.contains("a-secret-that-nobody-may-read") && !log.contains("AKIDTEST"));
}

#[test]
fn a_person_sees_the_record_before_and_after_and_puts_it_back_in_one_step() {
    let stage = Stage::new("");
    let mut console = stage.console(&stage.moto.url(), "ana");
    console.shows(&["i declare", "Walk a region over"]);
    console.declares();
    console.at(TITLE);
    console.shows(&["plane", "us-east-1 is the region being left"]);
    console.press_for("x", "y executes");
    console.shows(&["pay.us-east-1.example.com", "pay.us-west-2.example.com", "10 % of the RTO of 10m"]);
    console.press_until("y", "the box is gone", |screen| !screen.contains("y executes"));
    console.ended(TITLE);
    assert_eq!(stage.stands(), [after()]);
    console.palette("rollback", "Roll back");
    console.press_until("y", "the box is gone", |screen| !screen.contains("y rolls back"));
    console.shows(&["undone"]);
    assert_eq!(stage.stands(), [before()]);
    console.quits_the_open_incident();
    let ends: Vec<End> = stage.outcomes().into_iter().map(|outcome| outcome.end).collect();
    assert_eq!(ends, [End::Succeeded { exit: None }, End::Succeeded { exit: None }]);
}

#[test]
fn a_change_whose_supervisor_died_is_known_by_what_stands() {
    let stage = Stage::new("");
    let held = Arc::new(AtomicBool::new(true));
    let holds = Arc::clone(&held);
    let way = move |line: &str| {
        if line.contains("/change/") && holds.load(Ordering::SeqCst) { Way::Hold } else { Way::Pass }
    };
    let gate = Gate::before(&stage.moto, way);
    let console = stage.begun(&gate.url());
    until("it is asked whether the change is INSYNC", || gate.seen().iter().any(|line| line.contains("/change/")));
    console.killed();
    kill_process(supervisor(&stage.estate), Signal::KILL).unwrap();
    held.store(false, Ordering::SeqCst);
    let mut next = stage.console(&gate.url(), "mara");
    next.ended(TITLE);
    next.quits_the_open_incident();
    let outcome = stage.outcomes().remove(0);
    assert_eq!(outcome.end, End::Succeeded { exit: None });
    assert!(outcome.summary.contains("stand as intended; change "), "{outcome:?}");
    assert!(outcome.summary.ends_with("is INSYNC") && outcome.undo.is_some(), "{outcome:?}");
    assert_eq!(stage.stands(), [after()]);
}

#[test]
fn a_change_that_is_still_pending_is_not_taken_for_done_by_whoever_comes_later() {
    const PENDING: &str = "<?xml version=\"1.0\"?><GetChangeResponse xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\">\
                           <ChangeInfo><Id>/change/C1</Id><Status>PENDING</Status>\
                           <SubmittedAt>2020-01-01T00:00:00Z</SubmittedAt></ChangeInfo></GetChangeResponse>";
    let stage = Stage::new("");
    let asks = |line: &str| line.contains("/change/");
    let gate = Gate::before(&stage.moto, move |line| if asks(line) { Way::Say("200 OK", PENDING) } else { Way::Pass });
    let console = stage.begun(&gate.url());
    until("it is asked whether the change is INSYNC", || gate.seen().iter().any(|line| asks(line)));
    console.killed();
    kill_process(supervisor(&stage.estate), Signal::KILL).unwrap();
    let mut next = stage.console(&gate.url(), "mara");
    next.waits("its outcome is recorded", |_| !stage.outcomes().is_empty());
    next.quits_the_open_incident();
    let outcome = stage.outcomes().remove(0);
    let End::Unknown { why } = &outcome.end else { panic!("{outcome:?}") };
    assert!(why.contains("stand as intended") && why.contains("is still PENDING"), "{why}");
    assert!(outcome.undo.is_some());
}

#[test]
fn a_change_that_was_never_taken_is_known_to_have_failed() {
    let stage = Stage::new("");
    let sending = |line: &str| line.starts_with("POST") && line.contains("rrset");
    let gate = Gate::before(&stage.moto, move |line| if sending(line) { Way::Hold } else { Way::Pass });
    let console = stage.begun(&gate.url());
    until("the batch is sent", || gate.seen().iter().any(|line| sending(line)));
    console.killed();
    kill_process(supervisor(&stage.estate), Signal::KILL).unwrap();
    let mut next = stage.console(&gate.url(), "mara");
    next.waits("the step has failed", |screen| screen.contains("the record sets stand"));
    next.quits_the_open_incident();
    let outcome = stage.outcomes().remove(0);
    assert!(matches!(outcome.end, End::Failed { .. }) && outcome.undo.is_none(), "{outcome:?}");
    assert_eq!(stage.stands(), [before()]);
}

#[test]
fn an_answer_that_is_lost_on_its_way_is_looked_up() {
    let stage = Stage::new("");
    let way = |line: &str| if line.starts_with("POST") { Way::LoseAnswer } else { Way::Pass };
    let gate = Gate::before(&stage.moto, way);
    assert!(stage.run(&gate.url(), &[]).status.success());
    let outcome = stage.outcomes().remove(0);
    assert_eq!(outcome.end, End::Succeeded { exit: None });
    assert!(outcome.summary.contains("it was accepted") && outcome.undo.is_some(), "{outcome:?}");
    assert_eq!(stage.stands(), [after()]);
    let sent = gate.seen().iter().filter(|line| line.starts_with("POST")).count();
    assert_eq!(sent, 1, "{:?}", gate.seen());
}

#[test]
fn what_aws_or_the_network_refuses_says_why_and_changes_nothing() {
    const EXPIRED: &str = "<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredToken</Code><Message>The security token included in the request is expired</Message></Error></ErrorResponse>";
    const SKEWED: &str = "<ErrorResponse><Error><Type>Sender</Type><Code>SignatureDoesNotMatch</Code><Message>Signature expired</Message></Error></ErrorResponse>";
    let expired = |_: &str| Way::Say("403 Forbidden", EXPIRED);
    let skewed = |_: &str| Way::Say("403 Forbidden", SKEWED);
    let html = |_: &str| Way::Say("200 OK", "<html>sign in</html>");
    let hold = |_: &str| Way::Hold;
    const NOTHING: &str = "nothing was sent";
    type Case = (fn(&str) -> Way, &'static [(&'static str, &'static str)], &'static [&'static str]);
    let cases: [Case; 5] = [
        (expired, &[("AWS_PROFILE", "default")], &["have expired", "`aws sso login --profile default`", NOTHING]),
        (skewed, &[], &["this machine's clock is", "ahead of AWS's", NOTHING]),
        (html, &[], &["not AWS's", NOTHING]),
        (hold, &[], &["no connection in time", NOTHING]),
        (
            hold,
            &[("AWS_ACCESS_KEY_ID", ""), ("AWS_SECRET_ACCESS_KEY", "")],
            &["no AWS credentials were found", NOTHING],
        ),
    ];
    let mut stage = Stage::new("timeout=4s");
    for (way, env, said) in cases {
        (stage._folder, stage.estate) = Stage::estate(&stage.zone, "timeout=4s");
        let gate = Gate::before(&stage.moto, way);
        let url = gate.url();
        let metadata = [("AWS_EC2_METADATA_DISABLED", "false"), ("AWS_EC2_METADATA_SERVICE_ENDPOINT", url.as_str())];
        let also: Vec<(&str, &str)> = env.iter().copied().chain(metadata).collect();
        assert!(!stage.run(&gate.url(), &also).status.success());
        let why = stage.why();
        for said in said {
            assert!(why.contains(said), "{why}");
        }
    }
    assert_eq!(stage.stands(), [before()]);
}

/// Who supervises the only attempt there is, by its claim.
fn supervisor(estate: &Estate) -> Pid {
    let attempts = fs::read_dir(estate.incidents()[0].join("attempts")).unwrap();
    let folders: Vec<PathBuf> = attempts.map(|attempt| attempt.unwrap().path()).collect();
    let [attempt] = folders.as_slice() else { panic!("not one attempt: {folders:?}") };
    let claim: Value = serde_json::from_slice(&fs::read(Path::join(attempt, "claim")).unwrap()).unwrap();
    Pid::from_raw(i32::try_from(claim["pid"].as_i64().unwrap()).unwrap()).unwrap()
}
