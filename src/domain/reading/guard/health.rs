//! `NAME ok [for 2m]` and `serving NAME REGION`.

use std::time::Duration;

use super::Finding;
use crate::estate::{Check, Service};
use crate::ident::RegionId;
use crate::reading::{Board, Health, age};
use crate::time::{Now, Timestamp, human};

/// What a name stands for: a check before a service before a region.
enum Named<'a> {
    Check(&'a Check),
    Service(&'a Service),
    Region(&'a RegionId),
}

fn named<'a>(board: &'a Board, name: &str) -> Option<Named<'a>> {
    let estate = board.estate();
    let check = estate.checks.iter().find(|check| check.id.as_str() == name).map(Named::Check);
    let service = || estate.services.iter().find(|service| service.id.as_str() == name).map(Named::Service);
    let region = || estate.regions.iter().find(|region| region.id.as_str() == name).map(|it| Named::Region(&it.id));
    check.or_else(service).or_else(region)
}

pub(super) fn is(board: &Board, name: &str, wanted: Health, held: Option<Duration>, now: Now) -> Finding {
    let Some(named) = named(board, name) else {
        return Finding::unknown(format!("`{name}` is no check, service or region of the estate"));
    };
    let (health, checks) = match named {
        Named::Check(check) => (board.check_health(check, now), vec![check]),
        Named::Service(service) => (board.service_health(service, now), board.checks_of(service)),
        Named::Region(region) => (
            board.roll_up_region(region, now).map_or(Health::Unknown, |rolled| rolled.health),
            board.critical(region).collect(),
        ),
    };
    let measured = oldest(board, &checks, now);
    if matches!(health, Health::Unknown | Health::Stale) {
        return Finding::unknown(describe(board, &checks, health, now)).at(measured);
    }
    if health != wanted {
        return Finding::holds(false, describe(board, &checks, health, now)).at(measured);
    }
    let Some(held) = held else { return Finding::holds(true, health.word()).at(measured) };
    let tracks = || checks.iter().filter_map(|check| board.tracks.get(&check.id));
    if tracks().any(|track| track.flapping()) {
        return Finding::holds(false, format!("{}, but flapping", health.word())).at(measured);
    }
    let so_far = [steady(board, &checks, now), changed(board, name, now)].into_iter().flatten().min();
    match so_far {
        Some(so_far) => Finding::holds(so_far >= held, format!("{} for {}", health.word(), human(so_far))).at(measured),
        None => Finding::unknown(format!("{}, since when is not known", health.word())).at(measured),
    }
}

/// For how long every check that counts has said what it says, without a gap.
fn steady(board: &Board, checks: &[&Check], now: Now) -> Option<Duration> {
    fresh(board, checks, now)
        .filter_map(|check| board.tracks.get(&check.id)?.steady())
        .map(|since| age(since, now))
        .min()
}

/// For how long a service or region has been what it is.
fn changed(board: &Board, name: &str, now: Now) -> Option<Duration> {
    let held = board.services.get(name).or_else(|| board.regions.get(name))?;
    held.since.map(|since| age(since, now))
}

fn fresh<'a>(board: &Board, checks: &[&'a Check], now: Now) -> impl Iterator<Item = &'a Check> {
    checks
        .iter()
        .copied()
        .filter(move |check| !matches!(board.check_health(check, now), Health::Unknown | Health::Stale))
}

fn oldest(board: &Board, checks: &[&Check], now: Now) -> Option<Timestamp> {
    fresh(board, checks, now).filter_map(|check| board.tracks.get(&check.id)?.measured()).map(|at| at.wall).min()
}

/// `down: timeout 2s`.
fn describe(board: &Board, checks: &[&Check], health: Health, now: Now) -> String {
    let culprit = checks.iter().find(|check| board.check_health(check, now) == health);
    let why = culprit.and_then(|check| board.tracks.get(&check.id)?.why());
    match (why, checks.is_empty()) {
        (Some(why), _) => format!("{}: {why}", health.word()),
        (None, true) => format!("{}: nothing checks it", health.word()),
        (None, false) => health.word().to_owned(),
    }
}

/// Every service that is deployed in a region goes there; the first that does not, or of which nothing tells, is named.
fn serving_all(board: &Board, wanted: &RegionId, now: Now) -> Finding {
    let deployed = |service: &&Service| service.regions.is_empty() || service.regions.contains(wanted);
    let mut services = board.estate().services.iter().filter(deployed).peekable();
    if services.peek().is_none() {
        return Finding::unknown(format!("the estate has no service in {wanted}"));
    }
    let seen: Vec<_> = services.map(|service| (&service.id, board.seen_serving(service, now))).collect();
    let elsewhere = seen.iter().find_map(|(id, at)| Some((id, at.as_ref().filter(|at| *at != wanted)?)));
    if let Some((id, at)) = elsewhere {
        return Finding::holds(false, format!("{id} is served by {at}"));
    }
    match seen.iter().find(|(_, at)| at.is_none()) {
        Some((id, _)) => Finding::unknown(format!("nothing tells now which side serves {id}")),
        None => Finding::holds(true, wanted.to_string()),
    }
}

pub(super) fn serving(board: &Board, name: &str, wanted: &RegionId, now: Now) -> Finding {
    if name == "all" {
        return serving_all(board, wanted, now);
    }
    if let Some(service) = board.estate().services.iter().find(|service| service.id.as_str() == name) {
        return match board.seen_serving(service, now) {
            Some(region) => Finding::holds(region == *wanted, region.to_string()),
            None => Finding::unknown("nothing tells now which side serves it"),
        };
    }
    let Some(cluster) = board.clusters.get(name) else {
        return Finding::unknown(format!("`{name}` is no service or database of the estate"));
    };
    let writable = cluster.writable(now);
    let measured = cluster.servers.get(wanted).and_then(|server| server.seen.as_ref()).map(|seen| seen.measured.wall);
    match writable.as_slice() {
        [] => Finding::unknown("no side is seen to accept writes"),
        [one] => Finding::holds(*one == wanted, one.to_string()).at(measured),
        many => {
            let names: Vec<&str> = many.iter().map(|region| region.as_str()).collect();
            let legal = board.estate().active_active() && many.contains(&wanted);
            Finding::holds(legal, format!("{} accept writes", names.join(" and "))).at(measured)
        }
    }
}
