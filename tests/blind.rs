//! When our own network is gone, everything fails at once: that is told as what it is, and nothing turns red.

use std::io::{BufRead, BufReader, Lines};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::attempts::SWITCHBACK;
use crate::support::http::{Answer, HttpServer};

/// Longer than anything takes on the slowest machine.
const PATIENCE: Duration = Duration::from_secs(90);

/// A watcher, and what it says once a second.
struct Watcher {
    child: Child,
    says: Lines<BufReader<ChildStdout>>,
}

impl Watcher {
    fn start(folder: &std::path::Path, estate: &str) -> Self {
        let file = folder.join("switchback.toml");
        std::fs::write(&file, estate).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        let mut child = Command::new(SWITCHBACK)
            .args(["status", "--watch", "--json", "--config"])
            .arg(&file)
            .arg("--state")
            .arg(folder.join("state"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let says = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, says }
    }

    /// Reads on until `holds`; every status on the way, and that one, must satisfy `always`.
    fn until(&mut self, what: &str, holds: impl Fn(&Value) -> bool, always: impl Fn(&Value) -> bool) {
        let end = Instant::now() + PATIENCE;
        for line in self.says.by_ref() {
            let status: Value = serde_json::from_str(&line.unwrap()).unwrap();
            assert!(always(&status), "on the way to `{what}`: {status:#}");
            if holds(&status) {
                return;
            }
            assert!(Instant::now() < end, "never came true: {what}; {status:#}");
        }
        panic!("the watcher ended before: {what}");
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Answers unless one of `cuts` is set: then every connection breaks.
fn server(body: &'static str, cuts: &[&Arc<AtomicBool>]) -> HttpServer {
    let cuts: Vec<Arc<AtomicBool>> = cuts.iter().map(|cut| Arc::clone(cut)).collect();
    HttpServer::new(move |_| match cuts.iter().any(|cut| cut.load(Ordering::SeqCst)) {
        true => Answer::Reset(""),
        false => Answer::json(body),
    })
}

fn region<'a>(status: &'a Value, name: &str) -> &'a Value {
    status["regions"].as_array().unwrap().iter().find(|region| region["name"] == name).unwrap()
}

#[test]
fn a_network_of_our_own_that_is_gone_is_no_outage_and_an_outage_is_no_network_that_is_gone() {
    let (ours, east) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let anything = server("{}", &[&ours]);
    let eastern = server(r#"{"region": "us-east-1"}"#, &[&ours, &east]);
    let western = server("{}", &[&ours]);
    let folder = tempfile::tempdir().unwrap();
    let mut watcher = Watcher::start(
        folder.path(),
        &format!(
            "name = \"blind\"\n[regions.us-east-1]\nrole = \"primary\"\n[regions.us-west-2]\n\
             [services.shop]\nhealth = {{ us-east-1 = \"{}\", us-west-2 = \"{}\" }}\n\
             serving = {{ url = \"{}\", json = \"region\" }}\n\
             [health]\ninterval = \"1s\"\ntimeout = \"20s\"\nfail_after = 2\nrecover_after = 1\n\
             [console]\nconnectivity = \"{}\"\n",
            eastern.url("/"),
            western.url("/"),
            eastern.url("/"),
            anything.url("/")
        ),
    );
    let up = |status: &Value| ["us-east-1", "us-west-2"].iter().all(|name| region(status, name)["status"] == "ok");
    let none_down = |status: &Value| {
        !status.to_string().contains("\"status\":\"down\"") && status["recommendation"]["failover"] == false
    };
    let well = |status: &Value| up(status) && status["blind"] == false;
    watcher.until(
        "both regions answer",
        |status| well(status) && region(status, "us-east-1")["serving"] == true,
        none_down,
    );
    ours.store(true, Ordering::SeqCst);
    watcher.until("it is blind", |status| status["blind"] == true, none_down);
    ours.store(false, Ordering::SeqCst);
    watcher.until("it sees again", well, none_down);
    east.store(true, Ordering::SeqCst);
    let dark = |status: &Value| region(status, "us-east-1")["status"] == "down";
    let seeing = |status: &Value| status["blind"] == false && region(status, "us-west-2")["status"] != "down";
    watcher.until(
        "the east is down, and left",
        |status| dark(status) && status["recommendation"]["failover"] == true,
        seeing,
    );
}
