//! `network-outage`: a region that is alive and cannot be reached. Carried by a second way, or failed over; and what it
//! takes to be allowed to.

use std::path::PathBuf;

use serde_json::Value;

use super::stage::{EAST, Stage, WEST, Walked, plan, region};
use crate::support::console::Console;
use crate::support::postgres::{as_unprivileged, binary};
use crate::support::wait::until;
use crate::support::way::Way;
use domain::reading::Health;

const TEXT: &str = include_str!("../../runbooks/network-outage.md");
const ACT: [&str; 5] = ["network-outage", "--from", EAST, "--to", WEST];

/// Two regions of which the east is reached over ways that can be cut; inside it everything goes on.
struct Outage {
    stage: Stage,
    /// A program as the runbook calls it, and what it was told.
    program: PathBuf,
    told: PathBuf,
}

impl Outage {
    /// The network is gone. The backup network's program does as it is told, unless it `fails`.
    fn new(fails: bool) -> Self {
        let mut ways = Vec::new();
        let mut second = PathBuf::new();
        let stage = Stage::with("", |lab, text| {
            second = lab.dir().join("second-way");
            let way = |kind: &str| {
                let port = u16::try_from(plan(lab)[kind]["east"].as_u64().unwrap()).unwrap();
                (port, Way::to(port, second.clone()))
            };
            let ((database, to_database), (app, to_app)) = (way("databases"), way("apps"));
            let text = text.replace(&format!("port={database}"), &format!("port={}", to_database.port()));
            let text = text.replace(&format!("127.0.0.1:{app}/"), &format!("127.0.0.1:{}/", to_app.port()));
            ways.extend([to_database, to_app]);
            // Nobody looks into the region from beside it.
            let (before, after) = text.split_once("[databases.orders-db.control_data]").unwrap();
            format!("{before}{}", &after[after.find("\n[").unwrap()..])
        });
        let told = stage.lab.dir().join("told");
        let does = if fails { "exit 1" } else { "case $1 in up) : >\"$way\" ;; down) rm -f \"$way\" ;; esac" };
        let script = format!("#!/bin/sh\nway='{}'\necho \"$1\" >>'{}'\n{does}\n", second.display(), told.display());
        let program = stage.hands.program("backup-network", &script);
        ways.iter().for_each(Way::cut);
        stage.until_seen("the region is cut off", |status| region(status, EAST) == Some(Health::Down));
        Self { stage, program, told }
    }

    fn told(&self) -> String {
        std::fs::read_to_string(&self.told).unwrap_or_default()
    }

    fn program(&self) -> String {
        format!("BACKUP_NETWORK={}", self.program.display())
    }

    /// Stops, without having come to its end.
    fn stops(&self, also: &[&str], code: i32, step: &str) -> String {
        let output = self.stage.run_with(&[&ACT[..], also].concat(), &[]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let document: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {said}"));
        assert_eq!((output.status.code(), document["stopped_at"].as_str()), (Some(code), Some(step)), "{said}");
        said
    }

    fn walk(&self, also: &[&str]) -> Walked {
        self.stage.walk(&[&ACT[..], also].concat())
    }

    fn in_recovery(&self, side: &str) -> bool {
        self.stage.sql(side, "SELECT pg_is_in_recovery()").trim() == "t"
    }

    /// The region goes on by itself.
    fn takes_orders(&self) {
        let before = self.stage.orders("east").len();
        until("another order is taken inside", || self.stage.orders("east").len() > before);
    }
}

#[test]
fn the_backup_network_carries_the_region_and_nothing_is_failed_over() {
    let outage = Outage::new(false);
    // It has to hold for a minute; here a shorter time is enough.
    let text = TEXT.replace("$FROM ok for 1m", "$FROM ok for 5s");
    assert_ne!(text, TEXT);
    outage.stage.estate.add_runbook("network-outage", &text);
    outage.takes_orders();
    let walked = outage.walk(&["--set", "THEN=stay", "--set", &outage.program()]);
    assert_eq!(walked.steps("succeeded"), ["backup-network"]);
    outage.stage.until_seen("the region is reached again", |status| region(status, EAST) == Some(Health::Ok));
    assert_eq!((outage.told().as_str(), outage.in_recovery("east"), outage.in_recovery("west")), ("up\n", false, true));
    let report = outage.stage.lab.report();
    assert_eq!((report.lost, report.serving.as_deref()), (0, Some(EAST)));
}

#[test]
fn a_backup_network_that_does_not_come_up_is_a_failure_and_can_be_switched_off_again() {
    let outage = Outage::new(true);
    outage.stops(&["--set", &outage.program()], 1, "backup-network");
    assert!(outage.in_recovery("west"), "nothing was failed over");
    let mut console = Console::open_with(&outage.stage.estate, "ana", &[]);
    console.at("Activate backup network");
    console.palette("rollback", "Roll back");
    console.press_until("y", "the box is gone", |screen| !screen.contains("y rolls back"));
    console.waits("it is switched off", |_| outage.told() == "up\ndown\n");
    console.quits_the_open_incident();
}

#[test]
fn a_region_that_is_alive_is_left_only_after_somebody_fenced_it() {
    let outage = Outage::new(false);
    let lost = ["--approve", "promote=raj", "--accept-loss", "--reason", "the region cannot be reached"];
    let said = outage.stops(&lost, 4, "promote");
    assert!(said.contains("fence"), "{said}");
    outage.takes_orders();
    assert!(outage.in_recovery("west"));
    // By whoever can reach it, from inside.
    let data = outage.stage.data("east");
    let mut stop = as_unprivileged(&binary("pg_ctl"));
    assert!(stop.arg("stop").arg("-D").arg(&data).args(["-m", "fast", "-w"]).output().unwrap().status.success());
    let fenced = ["--incident", "last", "--fenced-by", "stopped from inside"];
    outage.walk(&[&lost[..], &fenced].concat());
    assert!(!outage.in_recovery("west"));
    let report = outage.stage.lab.report();
    assert_eq!((report.lost, report.serving.as_deref()), (0, Some(WEST)));
}
