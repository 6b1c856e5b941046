//! A failover that nobody starts, on real PostgreSQL: observed only; started and stopped before the promotion where
//! nothing proves the fence; walked to its end where a clean stop does. Of two watchers one acts, and it acts once.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use domain::automatic::Due;
use domain::engine::{Recorded, RunState};
use domain::ident::StepId;
use domain::log::Event;
use domain::time::Timestamp;
use rustix::process::{Pid, Signal, kill_process};
use switchback::runtime::automatic::{Ledger, What};
use switchback::runtime::paths::Paths;

use crate::support::estate::Estate;
use crate::support::lab::TestLab;
use crate::support::wait::until;

const RUNBOOK: &str = "---
runbook: 1
type: failover
---

# Fail over alone

## Do

- [ ] **See that it is down** <!-- id: see -->

  ```check verify within=1m
  orders-db@$FROM down
  ```

- [ ] **Promote the standby** <!-- id: promote -->

  On: orders-db@$TO; Point of no return: yes; Undo: rebuild the old primary

  ```check guard
  fenced orders-db@$FROM
  loss orders-db@$TO <= 5m
  ```

  ```sql run timeout=90s
  SELECT pg_promote(true, 60);
  ```

  ```sql verify every=1s within=1m
  SELECT NOT pg_is_in_recovery();
  ```
";

struct Stage {
    lab: TestLab,
    estate: Estate,
    watchers: usize,
}

impl Stage {
    fn new(mode: &str) -> Self {
        let lab = TestLab::up();
        let runbook = lab.dir().join("runbooks/alone.md");
        fs::write(&runbook, RUNBOOK).unwrap();
        fs::set_permissions(&runbook, fs::Permissions::from_mode(0o600)).unwrap();
        let pager = lab.dir().join("paged");
        let estate = lab.estate().with(&format!(
            "\n[automatic]\nrunbook = \"alone\"\nmode = \"{mode}\"\nafter = \"2s\"\n\n[notify.pager]\ntype = \"command\"\n\
             argv = [\"sh\", \"-c\", \"cat >>{}\"]\n",
            pager.display()
        ));
        Self { lab, estate, watchers: 0 }
    }

    fn switches_to(&self, mode: &str) {
        let text = fs::read_to_string(&self.estate.file).unwrap();
        fs::write(&self.estate.file, text.replace("mode = \"observe\"", &format!("mode = \"{mode}\""))).unwrap();
    }

    fn watches(&mut self) -> Watcher {
        self.watchers += 1;
        let said = self.lab.dir().join(format!("watcher-{}", self.watchers));
        let words = self.estate.command(&["run", "--when-recommended"], "cron");
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(File::create(&said).unwrap());
        Watcher { child: command.spawn().unwrap(), said }
    }

    fn paged(&self) -> String {
        fs::read_to_string(self.lab.dir().join("paged")).unwrap_or_default()
    }
}

struct Watcher {
    child: Child,
    said: PathBuf,
}

impl Watcher {
    fn said(&self) -> String {
        fs::read_to_string(&self.said).unwrap_or_default()
    }

    fn says(&self, text: &str) {
        until(&format!("it says `{text}`"), || self.said().contains(text));
    }

    fn ended(&mut self) -> Option<i32> {
        self.child.try_wait().unwrap().map(|status| status.code().unwrap())
    }

    fn ends(&mut self) -> i32 {
        let mut code = None;
        until("the watcher ends", || {
            code = self.ended();
            code.is_some()
        });
        code.unwrap()
    }

    fn told_to_end(mut self) -> i32 {
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
        self.ends()
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let _ = self.child.kill();
        self.child.wait().unwrap();
    }
}

#[test]
fn it_observes_then_acts_once_and_stops_before_the_promotion_where_nothing_proves_the_fence() {
    let mut stage = Stage::new("observe");
    let observer = stage.watches();
    observer.says("nothing is recommended: us-east-1 is ok");
    a_dry_run_asks_the_servers(&stage);
    stage.lab.done(&["break", "region"]);
    observer.says("would have started us-east-1 ▸ us-west-2");
    assert_eq!(observer.told_to_end(), 0);
    assert!(stage.estate.incidents().is_empty() && stage.paged().matches("without a person").count() == 0);

    stage.switches_to("act");
    let mut watchers = [stage.watches(), stage.watches()];
    until("one of them has acted", || watchers.iter_mut().any(|watcher| watcher.ended().is_some()));
    let acted = watchers.iter_mut().position(|watcher| watcher.ended().is_some()).unwrap();
    assert_eq!(watchers[acted].ends(), 4, "{}", watchers[acted].said());
    assert!(watchers[acted].said().contains("a person has to say how"), "{}", watchers[acted].said());
    assert!(watchers[acted].said().contains("called through pager"), "{}", watchers[acted].said());
    assert!(stage.paged().contains("stopped, and needs one"), "{}", stage.paged());
    let other = &watchers[1 - acted];
    other.says("is open: whoever commands it decides");

    let entries = stage.estate.entries();
    assert!(!entries.iter().any(|entry| matches!(entry.event, Event::StepIntended { .. } | Event::FenceStated { .. })));
    let decided = entries.iter().find_map(|entry| match &entry.event {
        Event::DecisionRecorded { text, failover: true, .. } => Some((entry.actor.name.to_string(), text.clone())),
        _ => None,
    });
    let (by, why) = decided.unwrap();
    assert!(by == "automatic" && why.contains("checks failed") && why.contains("without interruption"), "{by}: {why}");
    let handed =
        |event: &Event| matches!(event, Event::Observation { subject: Some(subject), .. } if subject == "automatic");
    assert!(entries.iter().any(|entry| handed(&entry.event)), "the log says that a person is needed");

    stage.estate.login("mara", &["close", "looked into by hand"]);
    other.says("it acted");
    assert_eq!(stage.estate.incidents().len(), 1);
}

/// While both regions are well: the standby says that it is one, and what the first step waits for is not so.
fn a_dry_run_asks_the_servers(stage: &Stage) {
    let output = stage.estate.tried("ana", &["run", "alone", "--dry-run", "--json", "--fenced-by", "stopped"]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let dry: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let promote = &dry["steps"][1];
    assert_eq!(promote["verifies"][0]["answer"], "not-met", "{promote}");
    assert!(promote["does"]["place"].as_str().unwrap().contains("@127.0.0.1:"), "{promote}");
    assert_eq!(promote["guards"][0]["answer"], "met", "what is stated counts as stated: {promote}");
    let found = dry["in_the_way"].as_array().unwrap().iter().map(|found| found.as_str().unwrap());
    assert!(found.clone().any(|found| found.contains("orders-db@us-east-1 down")), "{:?}", found.collect::<Vec<_>>());
    assert!(stage.estate.incidents().is_empty());
}

#[test]
fn it_acts_to_the_end_where_a_clean_stop_proves_that_nothing_is_lost() {
    let mut stage = Stage::new("act");
    let mut watcher = stage.watches();
    watcher.says("nothing is recommended: us-east-1 is ok");
    let postmaster = fs::read_to_string(stage.lab.dir().join("east/data/postmaster.pid")).unwrap();
    let pid: i32 = postmaster.lines().next().unwrap().parse().unwrap();
    kill_process(Pid::from_raw(pid).unwrap(), Signal::INT).unwrap();
    until("the server has stopped", || !stage.lab.dir().join("east/data/postmaster.pid").exists());
    stage.lab.done(&["break", "app"]);
    assert_eq!(watcher.ends(), 0, "{}", watcher.said());

    let state = stage.estate.replayed();
    assert!(matches!(state.runs[0].state, RunState::Completed), "{:?}", state.runs[0].state);
    assert_eq!(state.runs[0].record(&StepId::from("promote")).recorded, Recorded::Succeeded);
    let proven = |event: &Event| matches!(event, Event::FenceObserved { zero_loss: true, .. });
    assert!(state.entries.iter().any(|entry| proven(&entry.event)));
    assert!(
        !state
            .entries
            .iter()
            .any(|entry| matches!(entry.event, Event::FenceStated { .. } | Event::LossAccepted { .. }))
    );
    assert!(stage.paged().contains("starts without a person") && stage.paged().contains("ended: completed"));
}

#[test]
fn nothing_is_watched_where_the_estate_does_not_say_so() {
    let folder = tempfile::tempdir().unwrap();
    let runbook = "---\nrunbook: 1\n---\n\n## Do\n\n- [ ] **Look** <!-- id: look -->\n";
    let estate = Estate::bare(folder.path(), folder.path().join("state"), runbook);
    let code = |words: &[&str]| estate.tried("cron", words).status.code();
    assert_eq!(code(&["run", "--when-recommended"]), Some(3));
    assert_eq!(code(&["run"]), Some(2));
    for flag in [&["--fenced-by", "x"][..], &["--accept-loss"], &["--approve", "a=b"], &["--yes"]] {
        let words: Vec<&str> = ["run", "--when-recommended"].iter().chain(flag).copied().collect();
        assert_eq!(code(&words), Some(2), "{flag:?}");
    }
}

#[test]
fn what_was_cut_short_calls_people_once_when_the_next_watcher_comes() {
    let folder = tempfile::tempdir().unwrap();
    let runbook = "---\nrunbook: 1\n---\n\n## Do\n\n- [ ] **Look** <!-- id: look -->\n";
    let pager = folder.path().join("paged");
    let estate = Estate::bare(folder.path(), folder.path().join("state"), runbook).with(&format!(
        "\n[automatic]\nrunbook = \"walk\"\nmode = \"act\"\n\n[notify.pager]\ntype = \"command\"\n\
         argv = [\"sh\", \"-c\", \"cat >>{}\"]\n",
        pager.display()
    ));
    let ledger = Ledger::of(&Paths::from_environment(Some(&estate.state)).estate("orders"));
    let due = Due { from: "us-east-1".into(), to: "us-west-2".into(), because: vec!["down".to_owned()] };
    ledger.write(Timestamp::now(), What::acts(&due)).unwrap();
    for time in 1..=2 {
        let said = folder.path().join(format!("watcher-{time}"));
        let words = estate.command(&["run", "--when-recommended"], "cron");
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(File::create(&said).unwrap());
        let watcher = Watcher { child: command.spawn().unwrap(), said };
        watcher.says("nothing is recommended");
        assert_eq!(watcher.told_to_end(), 0);
        assert_eq!(fs::read_to_string(&pager).unwrap().matches("was cut short").count(), 1);
    }
    assert_eq!(ledger.cut_short().unwrap(), None);
}
