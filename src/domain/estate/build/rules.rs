//! What no single value shows: rules about the estate as a whole.

use super::super::fields::Fields;
use super::super::model::{Check, Estate, RegionRole};
use crate::diagnostic::Diagnostic;

pub(super) fn rules(file: &Fields<'_, '_>, estate: &Estate, report: &mut Vec<Diagnostic>) {
    regions(file, estate, report);
    services(file, estate, report);
    timing(file, estate, report);
    keys(file, estate, report);
}

/// A key that two people have tells them apart from everybody but each other.
fn keys(file: &Fields<'_, '_>, estate: &Estate, report: &mut Vec<Diagnostic>) {
    let table = file.named("people");
    for (at, person) in estate.people.iter().enumerate() {
        let before = &estate.people[..at];
        let Some(other) = before.iter().find(|other| other.keys.iter().any(|key| person.keys.contains(key))) else {
            continue;
        };
        let of = |(name, _): &&(&str, Fields<'_, '_>)| *name == person.name.as_str();
        let span = table.iter().find(of).map_or(0..0, |(_, fields)| fields.span_of("key"));
        let message = format!("{} and {} have the same key", other.name, person.name);
        report
            .push(Diagnostic::error("estate::shared-key", span, message).help("give each of them a key of their own"));
    }
}

fn regions(file: &Fields<'_, '_>, estate: &Estate, report: &mut Vec<Diagnostic>) {
    if estate.regions.is_empty() {
        report.push(
            Diagnostic::error("estate::no-region", file.span_of("regions"), "the estate has no region")
                .help("add [regions.us-east-1] with role = \"primary\""),
        );
        return;
    }
    let table = file.named("regions");
    let role_span =
        |id: &str| table.iter().find(|(name, _)| *name == id).map_or(0..0, |(_, fields)| fields.span_of("role"));
    let primaries: Vec<_> = estate.regions.iter().filter(|region| region.role == RegionRole::Primary).collect();
    for second in primaries.iter().skip(1) {
        report.push(
            Diagnostic::error(
                "estate::two-primaries",
                role_span(second.id.as_str()),
                format!("{} and {} are both primary", primaries[0].id, second.id),
            )
            .help("where several regions serve together, each has role = \"active\""),
        );
    }
    // A role that could not be read was reported; which one it should have been is not known.
    let roles_are_read =
        table.iter().all(|(_, fields)| !fields.has("role") || fields.text("role").is_some_and(known_role));
    if roles_are_read && primaries.is_empty() && !estate.regions.iter().any(|region| region.role == RegionRole::Active)
    {
        report.push(
            Diagnostic::warning("estate::no-primary", file.span_of("regions"), "no region is primary or active")
                .help("write role = \"primary\" in the one that usually serves"),
        );
    }
    for (name, fields) in &table {
        let counts =
            |check: &Check| check.critical && check.region.as_ref().is_some_and(|region| region.as_str() == *name);
        if !estate.checks.iter().any(counts) {
            report.push(
                Diagnostic::warning(
                    "estate::unwatched",
                    fields.span.clone(),
                    format!("no critical check speaks for {name}: it is never seen to be down"),
                )
                .help("give a service a `health` address there, or add [[checks]] with critical = true"),
            );
        }
    }
}

fn known_role(word: impl AsRef<str>) -> bool {
    matches!(word.as_ref(), "primary" | "standby" | "active")
}

fn services(file: &Fields<'_, '_>, estate: &Estate, report: &mut Vec<Diagnostic>) {
    for (name, fields) in file.named("services") {
        let Some(service) = estate.service(&name.into()) else { continue };
        for (region, address) in fields.per_name("health") {
            if estate.region(&region.into()).is_some()
                && !service.regions.iter().any(|placed| placed.as_str() == region)
            {
                report.push(
                    Diagnostic::error(
                        "estate::placement",
                        address.span(),
                        format!("`{name}` is not deployed in {region}, and this is its health there"),
                    )
                    .help(format!("add \"{region}\" to its `regions`, or remove this line")),
                );
            }
        }
        if !estate.checks.iter().any(|check| check.service.as_ref() == Some(&service.id)) {
            report.push(
                Diagnostic::warning("estate::unwatched", fields.span.clone(), format!("no check looks at `{name}`"))
                    .help("add `health = { us-east-1 = \"https://…/health\" }`"),
            );
        }
    }
}

/// A timeout longer than the interval makes readings come late.
fn timing(file: &Fields<'_, '_>, estate: &Estate, report: &mut Vec<Diagnostic>) {
    let late = |check: &&Check| check.timeout > check.interval;
    let written = file.list("checks");
    for check in estate.checks.iter().filter(late) {
        let place = written.iter().find(|fields| fields.text("name").is_some_and(|name| name == check.id.as_str()));
        let place = place.cloned().or_else(|| file.sub("health"));
        let span =
            place.map_or(0..0, |fields| fields.span_of(if fields.has("timeout") { "timeout" } else { "interval" }));
        if report.iter().any(|found| found.code == "estate::timing" && found.span == span) {
            continue;
        }
        report.push(
            Diagnostic::warning("estate::timing", span, "the timeout is longer than the interval: readings come late")
                .help("make the timeout at most as long as the interval"),
        );
    }
}
