//! A status as plain sentences, one thing a line: for a terminal of any width, a mail, a screen reader.

mod advice;
mod backups;
mod readiness;

use std::fmt::Write;

use domain::reading::{
    AlertStatus, AutomaticStatus, BackupStatus, Change, CheckStatus, Health, ObjectiveStatus, RegionStatus,
    ReplicationStatus, Status, Stream, Verdict,
};
use domain::time::{clock, human, rfc3339, since};
use domain::untrusted::sanitise_line;

use super::Answer;

/// The whole status. Ends with a line end.
pub(super) fn status(status: &Status) -> String {
    let mut text = format!("{}, {}, {}\n{}\n", status.estate, status.kind, rfc3339(status.at), summary(status));
    for region in &status.regions {
        let _ = writeln!(text, "\n{}", region_line(region, status));
        for check in &region.checks {
            let _ = writeln!(text, "  {}", check_line(check, status));
        }
    }
    let mut section = |lines: Vec<String>| {
        if !lines.is_empty() {
            let _ = writeln!(text, "\n{}", lines.join("\n"));
        }
    };
    section(status.checks.iter().map(|check| check_line(check, status)).collect());
    section(
        status
            .services
            .iter()
            .map(|service| {
                let from =
                    service.serving.as_ref().map_or_else(String::new, |region| format!(", served from {region}"));
                format!("Service {}: {}{from}", service.name, service.status.word())
            })
            .collect(),
    );
    section(status.replication.iter().map(|server| replication_line(server, status)).collect());
    section(status.automatic.iter().flat_map(|automatic| automatic_lines(automatic, status)).collect());
    section(status.backups.iter().map(|backup| backup_line(backup, status)).collect());
    section(status.objectives.iter().map(objective_line).collect());
    section(status.readiness.iter().map(|test| readiness::line(test, status.at)).collect());
    section(status.firing().map(alert_line).collect());
    section(advice::lines(status));
    text
}

/// With its key: what `switchback ack` and `silence` take.
pub(in crate::cli) fn alert_line(alert: &AlertStatus) -> String {
    let mut line =
        format!("Alert since {}, {}: {} ({})", clock(alert.since), alert.severity.word(), alert.text, alert.key);
    if let Some(by) = &alert.acknowledged_by {
        let _ = write!(line, ", acknowledged by {by}");
    }
    if let Some(until) = alert.silenced_until {
        let _ = write!(line, ", silenced until {}", clock(until));
    }
    line
}

/// What is advised, for `--watch`: told when it changes.
pub(super) fn advised(status: &Status) -> String {
    let lines = advice::lines(status);
    let what = if lines.is_empty() { "Nothing is advised any more".to_owned() } else { lines.join("\n") };
    format!("{} {what}", clock(status.at))
}

/// What the readiness comes to, and what of it is failing or overdue: a line each, for `--watch`.
pub(super) fn rated(status: &Status) -> Vec<String> {
    let Some(evaluation) = &status.evaluation else { return Vec::new() };
    let age = human(since(status.at, evaluation.looked_at));
    let first = format!("{} Readiness: {}; looked at {age} ago", clock(status.at), evaluation.summary());
    let bad = evaluation.bad.iter().map(|row| {
        let because = row.because.as_ref().map_or_else(String::new, |because| format!(": {because}"));
        format!("  {}, {} {}{because}", row.verdict.word(), row.area.word(), row.name)
    });
    std::iter::once(first).chain(bad).map(|line| sanitise_line(&line)).collect()
}

/// One change, for `--watch`.
pub(super) fn change(change: &Change) -> String {
    match change {
        Change::Check { check, from, to, because, at } => {
            format!("{} {check}: {}, was {} ({because})", clock(*at), to.word(), from.word())
        }
        Change::Region { region, from, to, because, at } => {
            format!("{} Region {region}: {}, was {} ({because})", clock(*at), to.word(), from.word())
        }
        Change::Serving { subject, from, to, at } => {
            let name = |region: &Option<domain::ident::RegionId>| {
                region.as_ref().map_or_else(|| "nowhere that is seen".to_owned(), ToString::to_string)
            };
            format!("{} {subject}: served from {}, was {}", clock(*at), name(to), name(from))
        }
        Change::SplitBrain { database, regions, at } => {
            let regions: Vec<String> = regions.iter().map(ToString::to_string).collect();
            format!("{} SPLIT BRAIN: {database} accepts writes in {}", clock(*at), regions.join(" and "))
        }
        Change::Blind { blind: true, at } => {
            format!("{} Our own network does not answer: nothing that fails now is believed", clock(*at))
        }
        Change::Blind { blind: false, at } => format!("{} Our own network answers again", clock(*at)),
    }
}

fn summary(status: &Status) -> String {
    let mut text = match Answer::of(status) {
        Answer::Well => "Nothing is down.".to_owned(),
        Answer::Unknown => "Nothing is known to be down, but not everything critical is known.".to_owned(),
        Answer::Down => {
            let down: Vec<&str> = status
                .regions
                .iter()
                .filter(|region| region.status == Health::Down)
                .map(|region| region.name.as_str())
                .collect();
            if down.is_empty() { "Something is down.".to_owned() } else { format!("Down: {}.", down.join(", ")) }
        }
    };
    if status.blind {
        text.push_str(" Our own network does not answer: nothing here can be believed.");
    }
    if let Some(skew) = status.clock_skew() {
        let _ = write!(text, " Clocks differ: {skew}.");
    }
    text
}

fn region_line(region: &RegionStatus, status: &Status) -> String {
    let mut text = format!("Region {}, {}: {}", region.name, region.role, region.status.word());
    if let Some(at) = region.since.filter(|_| region.status != Health::Ok) {
        // Who looked for the first time when it was down already does not know for how long it was.
        let least = if region.status == Health::Down && region.last_good.is_none() { "at least " } else { "" };
        let _ = write!(text, " for {least}{}", human(since(status.at, at)));
    }
    if region.serving == Some(true) {
        text.push_str(", serves");
    }
    if let Some(rank) = region.candidate {
        let _ = write!(text, ", choice {rank} for a failover");
    }
    if !region.candidate_because.is_empty() {
        let _ = write!(text, " ({})", region.candidate_because.join("; "));
    }
    text
}

fn check_line(check: &CheckStatus, status: &Status) -> String {
    let mut text = format!("{}, {}: {}", check.name, check.kind, check.status.word());
    if let Some(at) = check.since.filter(|_| check.status == Health::Down || check.status == Health::Degraded) {
        let _ = write!(text, " for {}", human(since(status.at, at)));
    }
    if check.suspect {
        text.push_str(", failing now");
    }
    if check.flapping {
        text.push_str(", flapping");
    }
    if let Some(latency) = check.latency.filter(|_| check.status != Health::Down) {
        let _ = write!(text, ", {}", human(latency));
    }
    match (&check.error, &check.value) {
        (Some(error), _) => {
            let _ = write!(text, ", {error}");
        }
        (None, Some(value)) => {
            let _ = write!(text, ", {value}");
        }
        (None, None) => {}
    }
    if check.status == Health::Stale
        && let Some(age) = check.age
    {
        let _ = write!(text, ", last looked at {} ago", human(age));
    }
    text
}

fn replication_line(server: &ReplicationStatus, status: &Status) -> String {
    let mut text = match &server.member {
        None => format!("Database {} in {}: {}", server.database, server.region, server.role),
        Some(member) => {
            let place = server.region.as_str();
            let place = if place.is_empty() { String::new() } else { format!(" in {place}") };
            format!("{} {member}{place}, says {}: {}", server.database, server.source.word(), server.role)
        }
    };
    if server.role == "standby" {
        let stream = match server.state {
            Stream::Streaming => "streaming",
            Stream::Frozen => "frozen, its sender is gone",
            Stream::Absent => "nothing feeds it",
            Stream::Unknown => "replication unknown",
        };
        let bytes = |bytes: Option<u64>| bytes.map_or_else(|| "unknown".to_owned(), |bytes| format!("{bytes} bytes"));
        let _ = write!(
            text,
            ", {stream}, not received {}, not replayed {}, lag {}",
            bytes(server.not_received_bytes),
            bytes(server.not_replayed_bytes),
            server.lag.map_or_else(|| "unknown".to_owned(), human)
        );
    }
    if let Some(at) = server.measured_at {
        let _ = write!(text, ", read {} ago", human(since(status.at, at)));
    }
    if let Some(at_risk) = &server.at_risk {
        let _ = write!(text, "; at risk {} ({})", at_risk.interval(), at_risk.basis);
    }
    for note in &server.notes {
        let _ = write!(text, "; {note}");
    }
    text
}

fn automatic_lines(automatic: &AutomaticStatus, status: &Status) -> Vec<String> {
    let promise = human(automatic.promise);
    let now = match (automatic.failing_since, &automatic.serving) {
        (Some(failing), _) => format!("dark for {}, promised within {promise}", human(since(status.at, failing))),
        (None, Some(serving)) => format!("{serving} serves, promised to be back within {promise}"),
        (None, None) => "not known who serves".to_owned(),
    };
    let recent = automatic.recent.iter().rev().take(5).map(|healing| format!("  {}", automatic.sentence(healing)));
    [format!("Self-healing {}: {now}", automatic.name)].into_iter().chain(recent).collect()
}

fn backup_line(backup: &BackupStatus, status: &Status) -> String {
    let newest = backup
        .age
        .map_or_else(|| "no usable backup is known".to_owned(), |age| format!("newest usable {} old", human(age)));
    let mut text = format!(
        "Backup {}, {}: {}, {newest}, expected every {}",
        backup.name,
        backup.kind,
        backup.status.word(),
        human(backup.every)
    );
    for more in backup.detail.iter().chain(&backup.error) {
        let _ = write!(text, ", {more}");
    }
    text.push_str(&backups::facts(&backup.facts, status));
    text
}

fn objective_line(objective: &ObjectiveStatus) -> String {
    let figure = |figure: Option<std::time::Duration>| figure.map_or_else(|| "not applicable".to_owned(), human);
    let verdict = |verdict: Verdict| match verdict {
        Verdict::Ok => "ok",
        Verdict::AtRisk => "at risk",
        Verdict::Missed => "missed",
        Verdict::Unknown => "unknown",
        Verdict::NotApplicable => "no objective",
    };
    let mut text = format!(
        "Objective {}: RTO {} ({}), RPO {} ({})",
        objective.name,
        figure(objective.rto),
        verdict(objective.rto_verdict),
        figure(objective.rpo),
        verdict(objective.rpo_verdict)
    );
    if let Some(at_risk) = &objective.at_risk {
        let _ = write!(text, ", at risk {}", at_risk.interval());
    }
    text
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::ident::{CheckId, RegionId};
    use domain::time::Timestamp;

    use super::*;

    fn of(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn check(health: Health, error: Option<&str>) -> CheckStatus {
        CheckStatus {
            name: CheckId::from("api@us-east-1"),
            kind: "http".into(),
            status: health,
            since: Some(of(-221)),
            value: Some("200 OK".into()),
            error: error.map(str::to_owned),
            measured_at: Some(of(-3)),
            age: Some(Duration::from_secs(3)),
            latency: Some(Duration::from_millis(12)),
            flapping: false,
            suspect: false,
            critical: true,
            trend: Vec::new(),
        }
    }

    fn estate(check: CheckStatus) -> Status {
        let region = RegionStatus {
            name: RegionId::from("us-east-1"),
            role: "primary".into(),
            serving: Some(true),
            was_serving: true,
            status: check.status,
            since: Some(of(-221)),
            last_good: Some(of(-223)),
            candidate: None,
            candidate_because: Vec::new(),
            cost: None,
            latency: None,
            checks: vec![check],
        };
        Status { at: of(0), estate: "orders".into(), kind: "live".into(), regions: vec![region], ..Status::default() }
    }

    #[test]
    fn a_status_reads_as_sentences() {
        let down = status(&estate(check(Health::Down, Some("503 Service Unavailable"))));
        assert_eq!(
            down,
            "orders, live, 2027-01-15T08:00:00.000Z\nDown: us-east-1.\n\n\
             Region us-east-1, primary: down for 3m41s, serves\n  \
             api@us-east-1, http: down for 3m41s, 503 Service Unavailable\n\nNo failover is recommended\n"
        );
        let mut first_look = estate(check(Health::Down, None));
        first_look.regions[0].last_good = None;
        assert!(status(&first_look).contains("primary: down for at least 3m41s"));
        let well = status(&estate(check(Health::Ok, None)));
        assert!(well.contains("Nothing is down.") && well.contains("http: ok, 12ms, 200 OK"), "{well}");
    }

    #[test]
    fn a_check_that_speaks_for_no_region_is_told_and_counts() {
        let mut beat = check(Health::Down, Some("it was never heard of"));
        beat.name = "nightly".into();
        beat.critical = false;
        let status = Status { checks: vec![beat], ..estate(check(Health::Ok, None)) };
        let text = super::status(&status);
        assert!(text.contains("Something is down.") && text.contains("\nnightly, http: down for"), "{text}");
        assert_eq!(Answer::of(&status), Answer::Down);
    }

    #[test]
    fn what_is_not_known_is_not_well() {
        for health in [Health::Unknown, Health::Stale] {
            assert_eq!(Answer::of(&estate(check(health, None))), Answer::Unknown);
            let mut unwatched = estate(check(Health::Ok, None));
            unwatched.regions[0].checks.clear();
            unwatched.regions[0].status = health;
            assert_eq!(Answer::of(&unwatched), Answer::Unknown);
        }
        assert_eq!(Answer::of(&estate(check(Health::Degraded, None))), Answer::Well);
        assert_eq!(Answer::of(&estate(check(Health::Down, None))), Answer::Down);
        let blind = Status { blind: true, ..estate(check(Health::Ok, None)) };
        assert_eq!(Answer::of(&blind), Answer::Unknown);
    }
}
