//! From the table of the file to the typed estate.

mod alerts;
mod calculated;
mod checks;
mod comms;
mod databases;
mod rules;
mod self_healing;

use std::time::Duration;

use toml::de::DeTable;

use super::aws;
use super::backup::{Around, BackupSource, Destination};
use super::channel::Channel;
use super::fields::Fields;
use super::model::{
    Automatic, AutomaticMode, Backup, ClockStart, Console, DownWhen, Estate, EstateKind, LogSettings, Mirror,
    Objective, PhaseBudget, Policy, Region, RegionRole, RestoreTests, Service, Target, TargetKind, Tier,
};
use super::schedule::ScheduledTest;
use super::value;
use crate::diagnostic::Diagnostic;
use crate::ident::{CheckId, DatabaseId, PersonId, RegionId};
use crate::people::Person;

/// Builds what can be built, and reports what no single value shows.
pub(super) fn build(file: &DeTable<'_>, report: &mut Vec<Diagnostic>) -> Estate {
    let file = Fields { table: file, span: 0..0 };
    let regions = regions(&file);
    let known_regions: Vec<RegionId> = regions.iter().map(|region| region.id.clone()).collect();
    let databases = databases::databases(&file, &known_regions, report);
    let known_databases: Vec<DatabaseId> = databases.iter().map(|database| database.id.clone()).collect();
    let tiers = tiers(&file);
    let services = services(&file, &known_regions, &known_databases, &tiers);
    let people = people(&file);
    let notify: Vec<Channel> =
        file.named("notify").iter().filter_map(|(name, fields)| Channel::read(name, fields, report)).collect();
    let outlets = comms::outlets(&file, &notify, report);
    let mut estate = Estate {
        name: file.text("name").unwrap_or_else(|| "unnamed".to_owned()),
        kind: match file.word("kind", &["live", "lab"]) {
            Some("lab") => EstateKind::Lab,
            _ => EstateKind::Live,
        },
        targets: targets(&file, &known_databases, report),
        audiences: comms::audiences(&file, &outlets, report),
        notify,
        outlets,
        tests: file.named("tests").iter().filter_map(|(name, fields)| ScheduledTest::read(name, fields)).collect(),
        backups: backups(&file, &known_databases, report),
        console: console(&file, &known_regions),
        aws: aws::accounts(&file),
        traffic: aws::traffic(&file),
        log: LogSettings { mirror: file.sub("log").and_then(|log| log.take("mirror", value::mirror)) },
        policy: policy(&file, &people),
        alerts: alerts::alerts(&file, report),
        runbooks: file.texts("runbooks").unwrap_or_else(|| vec!["runbooks".to_owned()]),
        scenarios: file.texts("scenarios").unwrap_or_else(|| vec!["scenarios".to_owned()]),
        templates: file.texts("templates").unwrap_or_else(|| vec!["templates".to_owned()]),
        vars: file.take("vars", value::values).unwrap_or_default(),
        availability: file.take("availability", value::percent),
        phases: phases(&file),
        time_zone: file.take("time_zone", value::time_zone),
        regions,
        tiers,
        services,
        databases,
        people,
        checks: Vec::new(),
        self_healing: Vec::new(),
        automatic: None,
        source: String::new(),
    };
    estate.checks = checks::checks(&file, &estate, report);
    estate.automatic = automatic(&file, &estate);
    estate.self_healing = self_healing::self_healing(&file, &estate, report);
    rules::rules(&file, &estate, report);
    estate
}

fn regions(file: &Fields<'_, '_>) -> Vec<Region> {
    let region = |(place, (name, fields)): (usize, (&str, Fields<'_, '_>))| Region {
        id: RegionId::new(name),
        role: match fields.word("role", &["primary", "standby", "active"]) {
            Some("primary") => RegionRole::Primary,
            Some("active") => RegionRole::Active,
            _ => RegionRole::Standby,
        },
        priority: fields.small("priority").unwrap_or_else(|| u32::try_from(place + 1).unwrap_or(u32::MAX)),
        weight: fields.take("weight", value::share).unwrap_or(1.0),
        down_when: fields.take("down_when", value::down_when).unwrap_or(DownWhen::All),
        title: fields.text("title"),
        aws_region: fields.text("aws_region"),
    };
    file.named("regions").into_iter().enumerate().map(region).collect()
}

fn tiers(file: &Fields<'_, '_>) -> Vec<Tier> {
    let tier = |(name, fields): (&str, Fields<'_, '_>)| Tier {
        id: name.into(),
        rto: fields.take("rto", value::objective).unwrap_or(Objective::NotApplicable),
        rpo: fields.take("rpo", value::objective).unwrap_or(Objective::NotApplicable),
        from: match fields.word("from", &["impact", "declared", "decided"]) {
            Some("declared") => ClockStart::Declared,
            Some("decided") => ClockStart::Decided,
            _ => ClockStart::Impact,
        },
        hold: fields.take("hold", value::duration).unwrap_or(Duration::from_secs(60)),
    };
    file.named("tiers").into_iter().map(tier).collect()
}

fn targets(file: &Fields<'_, '_>, databases: &[DatabaseId], report: &mut Vec<Diagnostic>) -> Vec<Target> {
    let mut targets = Vec::new();
    for fields in file.list("targets") {
        let (name, kind) = match (fields.text("component"), fields.text("scenario")) {
            (Some(name), None) => (name, TargetKind::Component),
            (None, Some(name)) => (name, TargetKind::Scenario),
            (component, _) => {
                let message = if component.is_some() {
                    "a target is for a component or for a scenario, not for both"
                } else {
                    "this target says neither `component` nor `scenario`"
                };
                report.push(
                    Diagnostic::error("estate::target", fields.span.clone(), message)
                        .help("write component = \"Database\" or scenario = \"Regional outage\""),
                );
                continue;
            }
        };
        targets.push(Target {
            name,
            kind,
            rto: fields.take("rto", value::objective).unwrap_or(Objective::NotApplicable),
            rpo: fields.take("rpo", value::objective).unwrap_or(Objective::NotApplicable),
            databases: known(fields.names("databases"), databases),
        });
    }
    targets
}

/// Those of the names that exist; the others were reported.
fn known<T: Clone + std::borrow::Borrow<str>>(names: Option<Vec<String>>, all: &[T]) -> Vec<T> {
    let names = names.unwrap_or_default();
    names.iter().filter_map(|name| one(Some(name), all)).collect()
}

fn one<T: Clone + std::borrow::Borrow<str>>(name: Option<&String>, all: &[T]) -> Option<T> {
    name.and_then(|name| all.iter().find(|known| (*known).borrow() == name.as_str())).cloned()
}

fn services(file: &Fields<'_, '_>, regions: &[RegionId], databases: &[DatabaseId], tiers: &[Tier]) -> Vec<Service> {
    let tier_names: Vec<_> = tiers.iter().map(|tier| tier.id.clone()).collect();
    let service = |(name, fields): (&str, Fields<'_, '_>)| Service {
        id: name.into(),
        tier: one(fields.name("tier").as_ref(), &tier_names),
        regions: match known(fields.names("regions"), regions) {
            placed if placed.is_empty() => regions.to_vec(),
            placed => placed,
        },
        databases: known(fields.names("databases"), databases),
        serving: fields.sub("serving").map(|_| serving_check(name)),
    };
    file.named("services").into_iter().map(service).collect()
}

/// The name of the check that tells which region serves a service.
fn serving_check(service: &str) -> CheckId {
    CheckId::new(format!("serving:{service}"))
}

fn backups(file: &Fields<'_, '_>, databases: &[DatabaseId], report: &mut Vec<Diagnostic>) -> Vec<Backup> {
    let mut backups = Vec::new();
    for (name, fields) in file.named("backups") {
        let database = match fields.name("database") {
            Some(written) => one(Some(&written), databases),
            None => one(Some(&name.to_owned()), databases),
        };
        let around = Around { name, database: database.as_ref() };
        let source = BackupSource::read(&fields, &around, report);
        let (Some(source), Some(every)) = (source, fields.take("every", value::duration)) else { continue };
        let usual = Backup::new(name.into(), source, every);
        backups.push(Backup {
            retention: fields.take("retention", value::duration),
            destinations: Destination::all(&fields, &around, report),
            encrypted: fields.take("encrypted", value::boolean).unwrap_or(false),
            restore_test_every: fields.take("restore_test_every", value::duration),
            restore_tests: fields.take("restore_tests", value::mirror).map(|written| match written {
                Mirror::Path(path) => RestoreTests::Path(path),
                Mirror::Command(argv) => RestoreTests::Command(argv),
            }),
            env: fields.texts("env").unwrap_or_default(),
            interval: fields.take("interval", value::duration).unwrap_or(usual.interval),
            timeout: fields.take("timeout", value::duration).unwrap_or(usual.timeout),
            database,
            ..usual
        });
    }
    backups
}

fn people(file: &Fields<'_, '_>) -> Vec<Person> {
    let person = |(name, fields): (&str, Fields<'_, '_>)| Person {
        name: PersonId::new(name),
        roles: fields.take("roles", value::roles).unwrap_or_default(),
        phone: fields.text("phone"),
        email: fields.text("email"),
        keys: fields.take("key", value::public_keys).unwrap_or_default(),
    };
    file.named("people").into_iter().map(person).collect()
}

fn console(file: &Fields<'_, '_>, regions: &[RegionId]) -> Console {
    file.sub("console").map_or_else(Console::default, |fields| Console {
        region: one(fields.name("region").as_ref(), regions),
        connectivity: fields.take("connectivity", value::url_or_host_port),
        key: fields.text("key"),
    })
}

fn automatic(file: &Fields<'_, '_>, estate: &Estate) -> Option<Automatic> {
    let fields = file.sub("automatic")?;
    let regions: Vec<_> = estate.regions.iter().map(|region| region.id.clone()).collect();
    Some(Automatic {
        runbook: fields.text("runbook")?,
        mode: match fields.word("mode", &["observe", "act"]) {
            Some("act") => AutomaticMode::Act,
            _ => AutomaticMode::Observe,
        },
        after: fields.take("after", value::duration).unwrap_or(Duration::from_secs(120)),
        to: one(fields.name("to").as_ref(), &regions),
        cool_down: fields.take("cool_down", value::duration).unwrap_or(estate.policy.cool_down),
    })
}

fn policy(file: &Fields<'_, '_>, people: &[Person]) -> Policy {
    let usual = Policy::default();
    let names: Vec<_> = people.iter().map(|person| person.name.clone()).collect();
    file.sub("policy").map_or(usual.clone(), |fields| Policy {
        dark_cut: fields.take("dark_cut", value::duration).unwrap_or(usual.dark_cut),
        cool_down: fields.take("cool_down", value::duration).unwrap_or(usual.cool_down),
        recommend_after: fields.take("recommend_after", value::duration).unwrap_or(usual.recommend_after),
        override_by: known(fields.names("override_by"), &names),
        quiet_after: fields.take("quiet_after", value::duration).unwrap_or(usual.quiet_after),
    })
}

fn phases(file: &Fields<'_, '_>) -> PhaseBudget {
    file.sub("phases").map_or_else(PhaseBudget::default, |fields| PhaseBudget {
        detection: fields.take("detection", value::duration),
        assessment: fields.take("assessment", value::duration),
        recovery: fields.take("recovery", value::duration),
        verification: fields.take("verification", value::duration),
    })
}
