//! What the demonstration's readiness shows: a past that nobody lived, and looks at a world that is not there.

use std::sync::Arc;
use std::time::Duration;

use crate::estate::Estate;
use crate::ident::{Hash, PersonId, TestId};
use crate::log::Kind;
use crate::readiness::{
    DiskFact, Facts, Login, LoginFact, NameFact, Past, Seen, TestRecord, TestResult, Walk, WalkEnd, tools,
};
use crate::runbook::Runbook;
use crate::time::Timestamp;

const DAY: u64 = 86_400;

/// Runbooks by name; `Err` says why one cannot be read.
type Runbooks = [(String, Result<Arc<Runbook>, String>)];

/// Walks and tests of the months before `now`, of those runbooks that are there.
#[must_use]
pub fn demo_past(now: Timestamp, estate: &Estate, runbooks: &Runbooks) -> Past {
    let ago = |days: u64| now.checked_sub(Duration::from_secs(days * DAY)).unwrap_or(now);
    let mut past = Past::default();
    for (at, (name, days, kind)) in [
        ("database-failover", 20, Kind::Lab),
        ("regional-failover", 12, Kind::Drill),
        ("failback", 12, Kind::Drill),
        ("backup-full", 2, Kind::Live),
        ("backup-verification", 5, Kind::Live),
        ("application-failover", 41, Kind::Drill),
        ("data-corruption", 30, Kind::Drill),
        ("monthly-drill", 12, Kind::Drill),
    ]
    .into_iter()
    .enumerate()
    {
        let Some(runbook) = runbooks.iter().find(|(known, _)| known == name).and_then(|(_, read)| read.as_ref().ok())
        else {
            continue;
        };
        let incident = format!("DEMO-{:04}", 101 + at);
        let mut walk = Walk::completed(&incident, kind, name, runbook, ago(days));
        match name {
            // One of its steps has been written anew since.
            "regional-failover" => {
                walk.rto = Some(Duration::from_secs(252));
                walk.lost = Some("0".to_owned());
                let middle = walk.steps.len() / 2;
                walk.steps.iter_mut().skip(middle).take(1).for_each(|step| step.text = Hash::ZERO);
                walk.hash = Hash::ZERO;
            }
            "database-failover" => {
                walk.rto = Some(Duration::from_secs(48));
                walk.lost = Some("0 … 1.2s".to_owned());
            }
            "data-corruption" => walk.end = WalkEnd::Aborted,
            _ => {}
        }
        past.walks.push(walk);
    }
    let every = estate.tests.iter().map(|test| {
        // All of them in time; what is practised twice a year comes due soon.
        let share = if test.every > Duration::from_secs(150 * DAY) { 0.93 } else { 0.4 };
        let at = now.checked_sub(test.every.mul_f64(share)).unwrap_or(now);
        let note = (test.every > Duration::from_secs(300 * DAY)).then(|| "the network team was missing".to_owned());
        let (name, by): (TestId, PersonId) = (test.name.clone(), "mara".into());
        TestRecord { test: name, at, recorded_at: at, by, result: TestResult::Pass, note }
    });
    past.records = every.collect();
    past
}

/// Everything is there, but that one login may not promote.
#[must_use]
pub fn demo_facts(at: Timestamp, estate: &Estate, runbooks: &Runbooks) -> Facts {
    let usable = || runbooks.iter().filter_map(|(_, read)| read.as_deref().ok());
    let place = |name: &String| {
        let place = if name.contains('/') { name.clone() } else { format!("/usr/bin/{name}") };
        Some(place)
    };
    let servers = estate.databases.iter().flat_map(|database| {
        database.servers.keys().enumerate().map(move |(at, region)| LoginFact {
            database: database.id.clone(),
            region: region.clone(),
            seen: Seen::Answer(Login {
                user: "switchback".to_owned(),
                superuser: false,
                may_promote: at != 0 || database.servers.len() < 3,
                may_monitor: true,
                standby: region.as_str() != "us-east-1",
                clock_skew_ms: Some(40),
            }),
        })
    });
    let names = estate.services.iter().filter(|service| service.serving.is_some()).map(|service| NameFact {
        name: format!("{}.example.com", service.id),
        named_by: format!("service {}", service.id),
        seen: Seen::Answer(Some(Duration::from_secs(60))),
        budget: Some((Duration::from_secs(300), "the RTO of DNS".to_owned())),
    });
    Facts {
        tools: usable()
            .flat_map(|runbook| tools(runbook).into_keys())
            .map(|name| (name.clone(), place(&name)))
            .collect(),
        logins: servers.collect(),
        contexts: vec![("east".to_owned(), Seen::Answer(())), ("west".to_owned(), Seen::Answer(()))],
        names: names.collect(),
        disks: vec![DiskFact {
            path: "~/.local/state/switchback".to_owned(),
            what: "logs and readings".to_owned(),
            free_bytes: Some(48 << 30),
            trouble: None,
        }],
        ..Facts::none(at)
    }
}
