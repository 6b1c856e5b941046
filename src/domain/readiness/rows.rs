//! Rows of what was looked at, and of what the readings tell.

use std::time::Duration;

use super::evaluate::Evidence;
use super::{
    AccountFact, Area, DiskFact, Exercised, FileFact, Login, LoginFact, NameFact, Past, Row, Seen, Standing,
    TemplateFact, TestResult, Verdict,
};
use crate::alert::Rule;
use crate::estate::{RegionRole, TestKind};
use crate::log::Kind;
use crate::reading::{BackupHealth, BackupStatus, ReplicationStatus, Status, Stream};
use crate::time::{human, since};

/// Clocks further apart than this are a fault: figures of lag, and the limits of tokens, rest on them.
const SKEW_MS: i64 = 2000;
/// Less room than this, and the log of an incident may not be written to its end.
const FULL: u64 = 100 << 20;
const NEARLY_FULL: u64 = 1 << 30;

pub(super) fn of_facts(evidence: &Evidence<'_>) -> Vec<Row> {
    let facts = evidence.facts;
    let mut rows: Vec<Row> = facts.accounts.iter().map(|fact| account(fact, evidence)).collect();
    rows.extend(facts.logins.iter().map(|fact| login(fact, evidence)));
    rows.extend(facts.contexts.iter().map(|(context, seen)| kube(context, seen, evidence)));
    rows.extend(facts.logins.iter().filter_map(|fact| clock(fact, evidence)));
    rows.extend(facts.names.iter().map(|fact| name(fact, evidence)));
    rows.extend(channels(evidence));
    rows.extend(facts.templates.iter().map(|fact| template(fact, evidence)));
    rows.extend(facts.disks.iter().map(|fact| disk(fact, evidence)));
    rows.extend(facts.file.iter().map(|fact| file(fact, evidence)));
    rows
}

fn row(evidence: &Evidence<'_>, area: Area, name: impl Into<String>, verdict: Verdict) -> Row {
    Row::new(area, name, verdict, evidence.now)
}

fn account(fact: &AccountFact, evidence: &Evidence<'_>) -> Row {
    let named = format!("aws {}", fact.name);
    match &fact.seen {
        Seen::Answer(who) => row(evidence, Area::Credential, named, Verdict::Ready).because(who),
        Seen::Refused(why) => row(evidence, Area::Credential, named, Verdict::Failing)
            .because(why)
            .remedy("renew the credentials where this console runs"),
        Seen::Silent(why) => row(evidence, Area::Credential, named, Verdict::Unknown).because(why),
    }
}

fn login(fact: &LoginFact, evidence: &Evidence<'_>) -> Row {
    let named = format!("{}@{}", fact.database, fact.region);
    let verdict = |verdict| row(evidence, Area::Credential, named.clone(), verdict);
    let login = match &fact.seen {
        Seen::Answer(login) => login,
        Seen::Refused(why) => {
            return verdict(Verdict::Failing)
                .because(format!("the login is refused: {why}"))
                .remedy("mend the connection string, ~/.pgpass or pg_hba.conf");
        }
        Seen::Silent(why) => return verdict(Verdict::Unknown).because(why),
    };
    let Login { user, .. } = login;
    let mut lacks = Vec::new();
    if !login.superuser && !login.may_promote {
        lacks.push("it may not execute pg_promote");
    }
    if !login.superuser && !login.may_monitor {
        lacks.push("it is no member of pg_monitor: lag and senders cannot be seen");
    }
    if lacks.is_empty() {
        let rights = if login.superuser { "a superuser" } else { "may promote, and monitor" };
        return verdict(Verdict::Ready).because(format!("{user}: {rights}"));
    }
    let remedy = match login.may_promote {
        false => format!("GRANT EXECUTE ON FUNCTION pg_promote(boolean, integer) TO \"{user}\", on the primary"),
        true => format!("GRANT pg_monitor TO \"{user}\", on the primary"),
    };
    lacks.into_iter().fold(verdict(Verdict::Failing), |row, why| row.because(format!("{user}: {why}"))).remedy(remedy)
}

fn kube(context: &str, seen: &Seen<()>, evidence: &Evidence<'_>) -> Row {
    let named = format!("kubectl {context}");
    match seen {
        Seen::Answer(()) => {
            row(evidence, Area::Credential, named, Verdict::Ready).because("the cluster takes these credentials")
        }
        Seen::Refused(why) => row(evidence, Area::Credential, named, Verdict::Failing)
            .because(why)
            .remedy("mend the context in the kubeconfig of this machine"),
        Seen::Silent(why) => row(evidence, Area::Credential, named, Verdict::Unknown).because(why),
    }
}

fn clock(fact: &LoginFact, evidence: &Evidence<'_>) -> Option<Row> {
    let Seen::Answer(login) = &fact.seen else { return None };
    let skew = login.clock_skew_ms?;
    let named = format!("{}@{}", fact.database, fact.region);
    let by = human(Duration::from_millis(skew.unsigned_abs()));
    Some(match skew.abs() > SKEW_MS {
        true => row(evidence, Area::Clock, named, Verdict::Failing)
            .because(format!("its clock is {by} {} ours", if skew < 0 { "behind" } else { "ahead of" }))
            .remedy("see to the time service of both machines: figures of lag rest on their clocks"),
        false => row(evidence, Area::Clock, named, Verdict::Ready).because(format!("within {by} of ours")),
    })
}

fn name(fact: &NameFact, evidence: &Evidence<'_>) -> Row {
    let NameFact { name, named_by, seen, budget } = fact;
    let verdict = |verdict| row(evidence, Area::Dns, name, verdict);
    let by = format!("named by {named_by}");
    match (seen, budget) {
        (Seen::Answer(None), _) => {
            verdict(Verdict::Ready).because("an alias: it has no time to live of its own").because(by)
        }
        (Seen::Answer(Some(ttl)), Some((most, whose))) if ttl > most => verdict(Verdict::Failing)
            .because(format!(
                "TTL {}, over {whose} of {}: clients keep the old answer that long",
                human(*ttl),
                human(*most)
            ))
            .because(by)
            .remedy(format!("lower the TTL to {} or less, at least one old TTL before it is needed", human(*most / 2))),
        (Seen::Answer(Some(ttl)), Some((most, whose))) => verdict(Verdict::Ready)
            .because(format!("TTL {}, within {whose} of {}", human(*ttl), human(*most)))
            .because(by),
        (Seen::Answer(Some(ttl)), None) => verdict(Verdict::Ready)
            .because(format!("TTL {}; no objective says how long it may be", human(*ttl)))
            .because(by),
        (Seen::Refused(why), _) => verdict(Verdict::Failing).because(why).because(by),
        (Seen::Silent(why), _) => verdict(Verdict::Unknown).because(why).because(by),
    }
}

fn channels(evidence: &Evidence<'_>) -> Vec<Row> {
    let told = |row: Row, name: &str| {
        let key = Rule::NotifyFailed.key(name);
        let mut firing = evidence.status.into_iter().flat_map(Status::firing);
        match firing.find(|alert| alert.key == key) {
            Some(alert) => Row { verdict: Verdict::Failing, ..row.because(&alert.text) },
            None => row,
        }
    };
    let rows = evidence.facts.channels.iter().map(|(channel, configured)| {
        let name = channel.as_str();
        let row = match configured {
            Ok(()) => row(evidence, Area::Notification, name, Verdict::Ready).because("configured"),
            Err(why) => row(evidence, Area::Notification, name, Verdict::Failing).because(why),
        };
        let row = told(row, name);
        if row.verdict == Verdict::Ready {
            row
        } else {
            row.remedy(format!("`switchback notify test {name}` tries it"))
        }
    });
    let rows: Vec<Row> = rows.collect();
    let elsewhere = evidence.estate.notify.iter().any(|channel| !channel.on_screen());
    if elsewhere || evidence.status.is_none() {
        return rows;
    }
    let nobody = row(evidence, Area::Notification, "beyond the screen", Verdict::NeedsVerification)
        .because("nobody is told of alerts who does not look at a console")
        .remedy("add [notify.NAME]");
    rows.into_iter().chain([nobody]).collect()
}

fn template(fact: &TemplateFact, evidence: &Evidence<'_>) -> Row {
    let row = row(evidence, Area::Notification, format!("template {}", fact.name), Verdict::Failing).because(&fact.why);
    match &fact.remedy {
        Some(remedy) => row.remedy(remedy),
        None => row,
    }
}

fn disk(fact: &DiskFact, evidence: &Evidence<'_>) -> Row {
    let free = fact.free_bytes.map(crate::report::size);
    let verdict = match (&fact.trouble, fact.free_bytes) {
        (Some(_), _) => Verdict::Failing,
        (None, Some(free)) if free < FULL => Verdict::Failing,
        (None, Some(free)) if free < NEARLY_FULL => Verdict::Due,
        (None, Some(_)) => Verdict::Ready,
        (None, None) => Verdict::Unknown,
    };
    let mut row = row(evidence, Area::Disk, &fact.what, verdict);
    row.reasons.extend(fact.trouble.clone());
    row.reasons.extend(free.map(|free| format!("{free} free")));
    row.reasons.push(fact.path.clone());
    match verdict {
        Verdict::Ready | Verdict::Unknown => row,
        _ => row.remedy("make room, or name another folder with --state: without the log nothing executes"),
    }
}

fn file(fact: &FileFact, evidence: &Evidence<'_>) -> Row {
    let verdict = match (fact.errors.is_empty(), fact.changed) {
        (false, _) => Verdict::Failing,
        (true, true) => Verdict::NeedsVerification,
        (true, false) => Verdict::Ready,
    };
    let mut row = row(evidence, Area::Estate, &fact.path, verdict);
    row.reasons.extend(fact.errors.iter().cloned());
    if fact.changed {
        row.reasons.push("it was changed since this console read it".to_owned());
    }
    row.reasons.extend(fact.warnings.iter().cloned());
    match verdict {
        Verdict::Failing => row.remedy("`switchback config check` says what, where and how to mend it"),
        Verdict::NeedsVerification => row.remedy("open the console anew to work with what it says now"),
        _ => row,
    }
}

pub(super) fn of_status(evidence: &Evidence<'_>, status: &Status) -> Vec<Row> {
    let standbys = status.replication.iter().filter(|row| row.role == "standby" || row.state == Stream::Unknown);
    let written = standbys.filter(|row| row.member.is_none());
    let mut rows: Vec<Row> = written.filter_map(|standby| replication(standby, evidence)).collect();
    rows.extend(status.backups.iter().map(|one| backup(one, evidence)));
    rows.extend(status.readiness.iter().map(|test| scheduled(test, evidence)));
    if let Some(skew) = status.clock_skew() {
        let of = status.clock_skew_of.as_ref().map(ToString::to_string).unwrap_or_default();
        if !rows.iter().any(|row| row.area == Area::Clock && row.name == of) {
            let remedy = "see to the time service of both machines";
            rows.push(row(evidence, Area::Clock, of, Verdict::Failing).because(skew).remedy(remedy));
        }
    }
    rows
}

/// The mark of its database that it is over.
fn behind(standby: &ReplicationStatus, evidence: &Evidence<'_>) -> Option<Duration> {
    let mark = evidence.estate.database(&standby.database)?.lag_warning;
    standby.lag.filter(|lag| *lag > mark).map(|_| mark)
}

fn replication(standby: &ReplicationStatus, evidence: &Evidence<'_>) -> Option<Row> {
    let named = format!("{}@{}", standby.database, standby.region);
    let usual = evidence.estate.region(&standby.region).is_some_and(|region| region.role == RegionRole::Primary);
    let lag = standby.lag.map_or_else(|| "lag unknown".to_owned(), |lag| format!("{} behind", human(lag)));
    let row = |verdict| row(evidence, Area::Replication, named.clone(), verdict);
    let mut row = match (standby.state, standby.role.as_str()) {
        (Stream::Streaming, _) if standby.lag.is_none() && standby.not_received_bytes.is_none() => {
            row(Verdict::Unknown).because("streaming; how far behind it is cannot be seen")
        }
        (Stream::Streaming, _) => match behind(standby, evidence) {
            None => row(Verdict::Ready).because(format!("streaming, {lag}")),
            Some(mark) => row(Verdict::Failing)
                .because(format!("streaming, {lag}, over its mark of {}", human(mark)))
                .remedy("see to the standby: a failover to it loses what it lacks"),
        },
        (Stream::Frozen | Stream::Absent, _) => row(Verdict::Failing)
            .because("nothing feeds it")
            .remedy("see to the standby: a failover to it loses what it lacks"),
        // A primary has no stream of its own.
        (Stream::Unknown, "primary") => return None,
        (Stream::Unknown, "standby") => row(Verdict::Unknown).because("whether it is fed cannot be seen"),
        (Stream::Unknown, _) if usual => return None,
        (Stream::Unknown, _) => row(Verdict::Unknown).because("it does not answer"),
    };
    row.reasons.extend(standby.notes.iter().cloned());
    Some(row)
}

fn backup(backup: &BackupStatus, evidence: &Evidence<'_>) -> Row {
    let facts = &backup.facts;
    let failed_test = facts.restore_test.as_ref().is_some_and(|test| !test.passed);
    let verdict = match backup.status {
        BackupHealth::Failed => Verdict::Failing,
        _ if failed_test => Verdict::Failing,
        BackupHealth::Late => Verdict::Overdue,
        BackupHealth::Unknown => Verdict::Unknown,
        BackupHealth::Ok if facts.restore_test_overdue => Verdict::Overdue,
        BackupHealth::Ok if backup.restore_tested.is_none() || !facts.concerns.is_empty() => Verdict::NeedsVerification,
        BackupHealth::Ok => Verdict::Ready,
    };
    let mut row = row(evidence, Area::Backup, backup.name.as_str(), verdict);
    row.reasons.extend(backup.error.clone());
    row.reasons.extend(facts.concerns.iter().cloned());
    if verdict == Verdict::NeedsVerification && backup.restore_tested.is_none() {
        row.reasons.push("no restore of it was ever proved".to_owned());
    }
    row.reasons.push(backup.age.map_or_else(
        || "no usable backup is known".to_owned(),
        |age| format!("newest usable {} old, expected every {}", human(age), human(backup.every)),
    ));
    row.last = backup.restore_tested.map(|at| Exercised {
        at,
        by: "restore test".to_owned(),
        kind: None,
        rto: None,
        lost: None,
    });
    match verdict {
        Verdict::Failing | Verdict::Overdue if matches!(backup.status, BackupHealth::Failed | BackupHealth::Late) => {
            row.remedy("see why the last backup did not end, and take one now")
        }
        Verdict::NeedsVerification if backup.restore_tested.is_some() => {
            row.remedy("see to what is named: it is usable, and not what the estate asks for")
        }
        Verdict::Failing | Verdict::Overdue | Verdict::NeedsVerification => {
            row.remedy("restore it somewhere, and write it down where `restore_tests` looks")
        }
        _ => row,
    }
}

fn scheduled(test: &super::ReadinessStatus, evidence: &Evidence<'_>) -> Row {
    let verdict = match test.standing {
        Standing::Ok => Verdict::Ready,
        Standing::Due => Verdict::Due,
        Standing::Overdue | Standing::Never => Verdict::Overdue,
        Standing::Failed => Verdict::Failing,
        Standing::Unknown => Verdict::Unknown,
    };
    let now = evidence.now;
    let mut row = row(evidence, Area::Test, test.name.as_str(), verdict);
    let every = human(test.every);
    row.reasons.push(match (test.standing, test.due_at) {
        (Standing::Never, _) => format!("{}, never done; expected every {every}", test.kind.word()),
        (Standing::Overdue, Some(due)) => {
            format!("{}, overdue by {}; expected every {every}", test.kind.word(), human(since(now, due)))
        }
        (Standing::Failed, _) => format!("{}, failed the last time; expected every {every}", test.kind.word()),
        (_, Some(due)) => format!("{}, due in {}; expected every {every}", test.kind.word(), human(since(due, now))),
        (_, None) => format!("{}, expected every {every}", test.kind.word()),
    });
    row.reasons.extend(test.error.clone());
    if let Some(last) = &test.last {
        let result = if last.result == TestResult::Pass { "passed" } else { "failed" };
        let note = last.note.as_ref().map_or_else(String::new, |note| format!(": {note}"));
        row.reasons.push(format!("{result} {} ago{note}", human(since(now, last.at))));
        let measured = evidence.past.and_then(|past| measured(past, &last.by));
        let (kind, rto, lost) = measured.unwrap_or_default();
        row.last = Some(Exercised { at: last.at, by: last.by.clone(), kind, rto, lost });
    }
    let owner = test.owner.as_ref().map_or_else(String::new, |owner| format!("{owner}: "));
    match (verdict, &test.runbook) {
        (Verdict::Ready | Verdict::Unknown, _) => row,
        (_, Some(runbook)) => row.remedy(format!("{owner}walk {runbook} to its end, in a drill or in earnest")),
        (_, None) if matches!(test.kind, TestKind::Drill | TestKind::Exercise) => row.remedy(format!(
            "{owner}hold an exercise that counts as it: `switchback drill --list` names them, their `counts_as` says which"
        )),
        (_, None) => row.remedy(format!("{owner}do it, then `switchback tested {} --result pass`", test.name)),
    }
}

/// The kind of the exercise or incident of this label, and what it measured.
fn measured(past: &Past, label: &str) -> Option<(Option<Kind>, Option<Duration>, Option<String>)> {
    let held = past.held.iter().rfind(|held| held.incident == label);
    let held = held.map(|held| (Some(held.kind), held.rto, held.lost.clone()));
    let walk = || past.walks.iter().rfind(|walk| walk.incident == label);
    held.or_else(|| walk().map(|walk| (Some(walk.kind), walk.rto, walk.lost.clone())))
}
