//! `application-failover` by the real `kubectl`: what brings an application back, where it goes if nothing does, and what
//! is offered when a rollout does not become ready.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::log::Event;
use serde_json::Value;

use super::stage::{EAST, WEST, Walked};
use crate::support::cluster::{Cluster, Condition};
use crate::support::console::Console;
use crate::support::estate::Estate;
use crate::support::http::{Answer, HttpServer};

/// One application in two regions, each with a cluster, behind an edge.
struct Shop {
    east: Cluster,
    west: Cluster,
    _edge: HttpServer,
    serves: Arc<Mutex<String>>,
    estate: Estate,
    folder: tempfile::TempDir,
}

impl Shop {
    /// In the west it answers only with four pods, and has three.
    fn new(east: Cluster) -> Self {
        let west = Cluster::new(&["1"], Condition::Overloaded(4));
        let folder = tempfile::tempdir().unwrap();
        let serves = Arc::new(Mutex::new(EAST.to_owned()));
        let kept = Arc::clone(&serves);
        let edge = HttpServer::new(move |request| {
            let mut serves = kept.lock().unwrap_or_else(PoisonError::into_inner);
            if request.line.starts_with("POST /switch ") {
                let asked: Value = serde_json::from_slice(&request.body).unwrap();
                assert_eq!(asked["service"], "checkout");
                *serves = asked["region"].as_str().unwrap().to_owned();
            }
            Answer::json(&format!("{{\"region\": \"{serves}\"}}"))
        });
        let text = format!(
            "name = \"shop\"\nrunbooks = [\"runbooks\"]\n[regions.{EAST}]\nrole = \"primary\"\n[regions.{WEST}]\n\
             [services.checkout.health]\n{EAST} = \"{}\"\n{WEST} = \"{}\"\n\
             [services.checkout.serving]\nurl = \"{}\"\njson = \"region\"\n\
             [health]\ninterval = \"500ms\"\ntimeout = \"2s\"\n\
             [vars]\nNAMESPACE = \"shop\"\nTRAFFIC = \"edge\"\nEDGE = \"{}\"\nREPLICAS = \"7\"\n",
            east.url(),
            west.url(),
            edge.url("/active"),
            edge.url(""),
        );
        let file = folder.path().join("switchback.toml");
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        let estate = Estate { file, state: folder.path().join("state") };
        let configuration = Cluster::configuration(&[(EAST, &east), (WEST, &west)]);
        fs::write(folder.path().join("kubeconfig"), configuration).unwrap();
        Self { east, west, _edge: edge, serves, estate, folder }
    }

    fn kubeconfig(&self) -> String {
        self.folder.path().join("kubeconfig").display().to_string()
    }

    fn serves(&self) -> String {
        self.serves.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn run(&self, also: &[&str]) -> Output {
        let act = ["run", "application-failover", "--yes", "--json", "--from", EAST, "--to", WEST];
        let words = self.estate.command(&[&act, also].concat(), "ana");
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).env("KUBECONFIG", self.kubeconfig()).output().unwrap()
    }

    fn walk(&self, also: &[&str]) -> Walked {
        Walked::of(&self.run(also), || format!("{:?}", self.east.asked()))
    }

    /// It stops at this step, which failed; why.
    fn fails_at(&self, step: &str, also: &[&str]) -> String {
        let output = self.run(also);
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!((output.status.code(), document["stopped_at"].as_str()), (Some(1), Some(step)), "{said}");
        said
    }

    /// A person takes the rollback that is offered for the step in focus.
    fn rolls_back(&self, title: &str) {
        let mut console = Console::open_with(&self.estate, "ana", &[("KUBECONFIG", &self.kubeconfig())]);
        console.at(title);
        console.palette("rollback", "Roll back");
        console.press_until("y", "the box is gone", |screen| !screen.contains("y rolls back"));
        console.shows(&["undone"]);
        console.quits_the_open_incident();
    }
}

#[test]
fn pods_that_hang_are_restarted() {
    let shop = Shop::new(Cluster::new(&["1", "2"], Condition::Hung));
    assert_eq!(shop.walk(&[]).steps("succeeded"), ["look", "restart"]);
    let asked = shop.east.asked();
    assert!(asked.len() == 1 && asked[0].contains("kubectl.kubernetes.io/restartedAt"), "{asked:?}");
    assert_eq!((shop.east.version(), shop.east.replicas(), shop.serves()), ("2".into(), 3, EAST.into()));
    assert!(shop.west.asked().is_empty());
}

#[test]
fn a_rollout_that_broke_it_is_undone() {
    let shop = Shop::new(Cluster::new(&["1", "broken"], Condition::Well));
    assert_eq!(shop.walk(&["--set", "FIX=undo"]).steps("succeeded"), ["look", "undo"]);
    assert_eq!(shop.east.version(), "1");
}

#[test]
fn it_is_scaled_up_where_it_is() {
    let shop = Shop::new(Cluster::new(&["1"], Condition::Overloaded(5)));
    assert_eq!(shop.walk(&["--set", "FIX=scale"]).steps("succeeded"), ["look", "scale"]);
    assert_eq!((shop.east.replicas(), shop.west.replicas()), (7, 3));
}

#[test]
fn a_rollout_that_does_not_become_ready_fails_and_what_stood_is_one_key_away() {
    let shop = Shop::new(Cluster::new(&["1"], Condition::Stuck));
    let said = shop.fails_at("scale", &["--set", "FIX=scale"]);
    assert!(said.contains("exceeded its progress deadline"), "{said}");
    assert_eq!(shop.east.replicas(), 7);
    // The region is down, and what brings it back may take the time that it says.
    let timeouts = shop.estate.entries().into_iter().filter_map(|entry| match entry.event {
        Event::StepIntended { resolved, .. } => Some((resolved.step.to_string(), resolved.timeout)),
        _ => None,
    });
    assert!(timeouts.into_iter().any(|one| one == ("scale".to_owned(), Duration::from_secs(300))));
    shop.rolls_back("Scale up");
    assert_eq!(shop.east.replicas(), 3);
}

#[test]
fn it_goes_to_the_other_region_when_nothing_brings_it_back() {
    let shop = Shop::new(Cluster::new(&["1"], Condition::Stuck));
    let go = ["--set", "THEN=fail-over"];
    let said = shop.fails_at("restart", &go);
    assert!(said.contains("exceeded its progress deadline"), "{said}");
    assert_eq!(shop.serves(), EAST);
    let walked = shop.walk(&[&go[..], &["--start-at", "scale-to", "--reason", "a restart does not help"]].concat());
    assert_eq!(walked.steps("succeeded"), ["scale-to", "redirect"]);
    assert_eq!((shop.west.replicas(), shop.serves()), (7, WEST.to_owned()));
}
