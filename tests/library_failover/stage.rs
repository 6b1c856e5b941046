//! A lab of two real regions whose estate takes the shipped runbooks, and the unattended walk through one of them.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use domain::execution::{End, Part};
use domain::log::{Entry, Event};
use domain::objective::AtRisk;
use domain::reading::{Health, Status, Stream};
use serde_json::Value;
use switchback::runtime::paths::Paths;
use switchback::runtime::readings;

use crate::support::console::Console;
use crate::support::estate::{Estate, entries};
use crate::support::hands::Hands;
use crate::support::lab::TestLab;
use crate::support::postgres::binary;
use crate::support::wait::until;

pub(super) const EAST: &str = "us-east-1";
pub(super) const WEST: &str = "us-west-2";

pub(super) struct Stage {
    pub(super) lab: TestLab,
    pub(super) estate: Estate,
    pub(super) hands: Hands,
    watcher: Child,
}

impl Drop for Stage {
    fn drop(&mut self) {
        let _ = self.watcher.kill();
        let _ = self.watcher.wait();
    }
}

impl Stage {
    /// The shipped runbooks in the place of the lab's own; `vars` are lines of `[vars]`.
    pub(super) fn new(vars: &str) -> Self {
        Self::with(vars, |_, text| text)
    }

    /// The same with an estate that was altered before anybody reads it.
    pub(super) fn with(vars: &str, alter: impl FnOnce(&TestLab, String) -> String) -> Self {
        let lab = TestLab::up();
        let file = lab.estate().file;
        std::fs::write(&file, alter(&lab, std::fs::read_to_string(&file).unwrap())).unwrap();
        std::fs::remove_file(lab.dir().join("runbooks/regional-failover.md")).unwrap();
        let dump = lab.dir().join("orders.dump");
        std::fs::write(&dump, "a backup").unwrap();
        let bin = binary("pg_ctl").parent().unwrap().display().to_string();
        let estate = lab.estate().with(&format!(
            "\n[backups.orders-db]\ntype = \"files\"\nglob = \"{}\"\nevery = \"1d\"\n\n[vars]\nPG_BIN = \"{bin}\"\n\
             DNS = \"edge\"\nEDGE = \"{}\"\n{vars}",
            dump.display(),
            edge(&lab),
        ));
        for side in ["east", "west"] {
            // Started again by a runbook they have to find their port by themselves.
            let conf = lab.dir().join(side).join("data/postgresql.conf");
            let text = std::fs::read_to_string(&conf).unwrap();
            std::fs::write(&conf, format!("{text}\nport = {}\n", port(&lab, side))).unwrap();
        }
        let words = estate.command(&["status", "--watch"], "watcher");
        let watcher = Command::new(&words[0]).args(&words[1..]).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let stage = Self { lab, estate, hands: Hands::new(), watcher: watcher.unwrap() };
        stage.until_seen("the primary and its standby", |status| {
            status.replication.iter().any(|row| row.region.as_str() == WEST && row.state == Stream::Streaming)
                && region(status, EAST) == Some(Health::Ok)
        });
        stage
    }

    /// Returns once the watcher saw it.
    pub(super) fn until_seen(&self, what: &str, holds: impl Fn(&Status) -> bool) {
        let paths = Paths { state: self.estate.state.clone(), config: self.estate.state.clone() };
        let folder = paths.estate("lab");
        until(what, || readings::live(&folder).is_some_and(|status| holds(&status)));
    }

    pub(super) fn data(&self, side: &str) -> PathBuf {
        self.lab.dir().join(side).join("data")
    }

    /// How one server of the lab reaches another, as an administrator.
    pub(super) fn source(&self, side: &str) -> String {
        let passfile = self.lab.dir().join("pgpass");
        format!(
            "host=127.0.0.1 port={} user=switchback dbname=postgres passfile={}",
            port(&self.lab, side),
            passfile.display()
        )
    }

    /// `switchback run` as a cron job would call it.
    pub(super) fn run_with(&self, act: &[&str], env: &[(&str, String)]) -> Output {
        let words = self.estate.command(&[&["run", "--yes", "--json"], act].concat(), "ana");
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).env("PATH", self.hands.path()).current_dir(self.lab.dir());
        command.env("PGPASSFILE", self.lab.dir().join("pgpass")).envs(env.iter().cloned());
        command.output().unwrap()
    }

    /// Somebody who moves the edge as soon as the western server accepts writes; `promotes` is asked before that
    /// whether it is to be promoted.
    pub(super) fn somebody(&self, mut promotes: impl FnMut() -> bool + Send + 'static) {
        let (dsn, switch) = (self.source("west"), self.switch());
        let asked = move |statement: &str| {
            let output = Command::new(binary("psql")).args(["-XAtqd", &dsn, "-c", statement]).output().unwrap();
            String::from_utf8(output.stdout).unwrap().trim().to_owned()
        };
        std::thread::spawn(move || {
            until("the western server accepts writes", || {
                if promotes() {
                    asked("SELECT pg_promote()");
                }
                asked("SELECT pg_is_in_recovery()") == "f"
            });
            switch();
        });
    }

    /// What moves the edge to the west.
    pub(super) fn switch(&self) -> impl FnOnce() + Send + use<> {
        let edge = edge(&self.lab).replace("http://", "");
        move || {
            let body = format!("{{\"region\": \"{WEST}\"}}");
            let mut stream = TcpStream::connect(&edge).unwrap();
            let head = "POST /switch HTTP/1.1\r\nhost: edge\r\ncontent-type: application/json\r\nconnection: close\r\n";
            write!(stream, "{head}content-length: {}\r\n\r\n{body}", body.len()).unwrap();
            stream.read_to_end(&mut Vec::new()).unwrap();
        }
    }

    /// A person takes the rollback of a step of a run that is over.
    pub(super) fn rolls_back(&self, title: &str, env: &[(&str, String)]) {
        let path = self.hands.path().into_string().unwrap();
        let mut env: Vec<(&str, &str)> = env.iter().map(|(name, value)| (*name, value.as_str())).collect();
        env.push(("PATH", &path));
        let mut console = Console::open_with(&self.estate, "ana", &env);
        console.shows(&["Checklist"]);
        let in_focus = |screen: &str| -> String {
            let row = screen.lines().find(|line| line.contains("5 Checklist")).unwrap_or_default();
            row.split("┐┌").nth(1).unwrap_or_default().to_owned()
        };
        while !in_focus(&console.screen()).contains(title) {
            let before = in_focus(&console.screen());
            console.press("k");
            // What is drawn in two pieces is not taken for what stands there.
            let looked = RefCell::new((before.clone(), 0));
            console.waits("another step is in focus", |screen| {
                let (now, mut looked) = (in_focus(screen), looked.borrow_mut());
                let same = if looked.0 == now { looked.1 + 1 } else { 0 };
                *looked = (now, same);
                looked.0 != before && same >= 10
            });
        }
        console.press(":");
        console.shows(&["Palette"]);
        console.types("rollback");
        console.press_for("\r", "Roll back");
        console.press_until("y", "the box is gone", |screen| !screen.contains("y rolls back"));
        let undone = |entry: Entry| match entry.event {
            Event::StepFinished { part: Part::Rollback, outcome, .. } => Some(outcome.end),
            _ => None,
        };
        console.waits("it is rolled back", |_| {
            let ends = entries(&self.estate.incidents()[0]).into_iter().find_map(undone);
            matches!(ends, Some(End::Succeeded { .. }))
        });
        console.quits_the_open_incident();
    }

    /// The same, to its end: what became of each step.
    pub(super) fn walk(&self, act: &[&str]) -> Walked {
        self.walk_with(act, &[])
    }

    /// The same with these variables in its environment.
    pub(super) fn walk_with(&self, act: &[&str], env: &[(&str, String)]) -> Walked {
        let output = self.run_with(act, env);
        Walked::of(&output, || self.output())
    }

    /// What the attempts of all incidents printed: for a test that fails.
    pub(super) fn output(&self) -> String {
        let attempts = |dir: &Path| glob::glob(&format!("{}/attempts/*/*", dir.display())).unwrap();
        let files = self.estate.incidents().into_iter().flat_map(|dir| attempts(&dir).filter_map(Result::ok));
        files.filter_map(|path| Some(format!("{}\n{}", path.display(), std::fs::read_to_string(&path).ok()?))).collect()
    }

    /// What a step would lose, as frozen with the intent to run it.
    pub(super) fn at_risk(&self, step: &str) -> AtRisk {
        let intended = |entry: Entry| match entry.event {
            Event::StepIntended { resolved, at_risk, .. } if resolved.step.as_str() == step => {
                at_risk.into_values().next()
            }
            _ => None,
        };
        entries(&self.estate.incidents()[0]).into_iter().find_map(intended).unwrap()
    }

    /// Orders that one side has.
    pub(super) fn orders(&self, side: &str) -> BTreeSet<i64> {
        let asked = self.sql(side, "SELECT id FROM orders");
        asked.lines().map(|id| id.parse().unwrap()).collect()
    }

    /// Runs a statement as the administrator.
    pub(super) fn sql(&self, side: &str, statement: &str) -> String {
        let dsn = self.source(side).replace("dbname=postgres", "dbname=orders");
        let output = Command::new(binary("psql")).args(["-XAtqd", &dsn, "-c", statement]).output().unwrap();
        assert!(output.status.success(), "{statement}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Orders that were acknowledged after the standby stopped receiving.
    pub(super) fn acknowledged_alone(&self) -> BTreeSet<i64> {
        let behind = self.orders("west");
        let mut alone = BTreeSet::new();
        until("ten orders are on the primary alone", || {
            alone = &self.orders("east") - &behind;
            alone.len() >= 10
        });
        alone
    }

    /// A shipped runbook of which a phase on demand, and no other, is walked: under another name in the estate's folder.
    pub(super) fn only(&self, phase: &str, text: &str, name: &str) {
        let headings = text.lines().filter_map(|line| line.strip_prefix("## "));
        let kinds =
            headings.map(|heading| format!("\"{heading}\": {}", if heading == phase { "main" } else { "clean-up" }));
        let kinds: Vec<String> = kinds.collect();
        let phases = format!("runbook: 1\nphases: {{{}}}\n", kinds.join(", "));
        self.estate.add_runbook(name, &text.replacen("runbook: 1\n", &phases, 1));
    }
}

/// The document that `run --json` ends with.
pub(super) struct Walked(Value);

impl Walked {
    /// It came to its end; else what was `printed` says why.
    pub(super) fn of(output: &Output, printed: impl Fn() -> String) -> Self {
        let said = String::from_utf8_lossy(&output.stderr);
        let document: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {said}"));
        let outcome = document["outcome"].as_str().unwrap();
        let ended = matches!(outcome, "completed" | "completed-with-exceptions");
        assert!(ended, "{outcome}: {said}\n{}", printed());
        Self(document)
    }

    /// Ids of the steps that are in this state, in order.
    pub(super) fn steps(&self, state: &str) -> Vec<&str> {
        let steps = self.0["steps"].as_array().unwrap().iter();
        steps.filter(|step| step["state"] == state).map(|step| step["id"].as_str().unwrap()).collect()
    }
}

pub(super) fn region(status: &Status, name: &str) -> Option<Health> {
    status.regions.iter().find(|region| region.name.as_str() == name).map(|region| region.status)
}

fn edge(lab: &TestLab) -> String {
    format!("http://127.0.0.1:{}", plan(lab)["edge"])
}

pub(super) fn port(lab: &TestLab, side: &str) -> u64 {
    plan(lab)["databases"][side].as_u64().unwrap()
}

pub(super) fn plan(lab: &TestLab) -> Value {
    serde_json::from_slice(&std::fs::read(lab.dir().join("lab.json")).unwrap()).unwrap()
}
