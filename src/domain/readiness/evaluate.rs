//! From everything that is known to the report. Pure: the same facts give the same rows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::exercise::exercise;
use super::rows;
use super::sound::{Sides, faults, nobody, roles, targets};
use super::{Area, Facts, Past, Readiness, Row, Verdict, how_to_get, tools};
use crate::estate::Estate;
use crate::people::Role;
use crate::reading::Status;
use crate::runbook::Runbook;
use crate::time::Timestamp;

/// Everything that an evaluation rests on.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    pub estate: &'a Estate,
    /// By name; `Err` says why one cannot be read.
    pub runbooks: &'a [(String, Result<Arc<Runbook>, String>)],
    /// `None` until it was read.
    pub past: Option<&'a Past>,
    /// The newest readings; `None`: nothing was looked at, and nothing is said of what they tell.
    pub status: Option<&'a Status>,
    pub facts: &'a Facts,
    pub now: Timestamp,
}

/// Evaluates everything.
#[must_use]
pub fn evaluate(evidence: &Evidence<'_>) -> Readiness {
    let sides = sides(evidence);
    let mut report = Readiness {
        estate: evidence.estate.name.clone(),
        at: evidence.now,
        looked_at: evidence.facts.at,
        rows: evidence.runbooks.iter().map(|(name, runbook)| plan(evidence, &sides, name, runbook)).collect(),
    };
    report.rows.extend(tool_rows(evidence));
    report.rows.extend(target_rows(evidence, &sides));
    report.rows.extend(role_rows(evidence));
    report.rows.extend(rows::of_facts(evidence));
    report.rows.extend(evidence.status.into_iter().flat_map(|status| rows::of_status(evidence, status)));
    report.sort();
    report
}

/// Away from the side that serves, as far as that is seen; else from the one that usually does.
fn sides(evidence: &Evidence<'_>) -> Sides {
    let estate = evidence.estate;
    let seen = |wanted: &dyn Fn(&crate::reading::RegionStatus) -> bool| {
        evidence.status?.regions.iter().find(|region| wanted(region)).map(|region| region.name.clone())
    };
    let from = seen(&|region| region.serving == Some(true)).or_else(|| Some(estate.usual_primary()?.id.clone()));
    let best = || estate.preferred_beside(from.as_ref()).map(|region| region.id.clone());
    let to = seen(&|region| region.candidate == Some(1) && Some(&region.name) != from.as_ref()).or_else(best);
    Sides { from, to }
}

fn plan(evidence: &Evidence<'_>, sides: &Sides, name: &str, runbook: &Result<Arc<Runbook>, String>) -> Row {
    let now = evidence.now;
    let runbook = match runbook {
        Ok(runbook) => runbook,
        Err(why) => return Row::new(Area::Runbook, name, Verdict::Failing, now).because(why),
    };
    if !runbook.native {
        let row = Row::new(Area::Runbook, name, Verdict::NeedsVerification, now);
        let row = row.because("it is not written as a runbook of this console: nothing in it runs");
        return row.remedy(format!("`switchback import {name}.md` makes one of it"));
    }
    let faults = faults(name, runbook, evidence.estate, sides, evidence.facts);
    let Some(past) = evidence.past else {
        let row = Row::new(Area::Runbook, name, Verdict::Unknown, now);
        return row.because("what was done before is not read yet");
    };
    let exercise = exercise(name, runbook, &past.walks, now);
    let verdict = match (faults.reasons.is_empty(), exercise.verified, &past.trouble) {
        (false, ..) => Verdict::Failing,
        (true, true, _) => Verdict::Ready,
        // The exercise may be among what could not be read.
        (true, false, Some(_)) => Verdict::Unknown,
        (true, false, None) => Verdict::NeedsVerification,
    };
    let mut row = Row::new(Area::Runbook, name, verdict, now);
    row.reasons = faults.reasons;
    row.reasons.extend(exercise.reasons);
    row.reasons.extend(past.trouble.clone().filter(|_| verdict == Verdict::Unknown));
    row.remedy = faults.remedy.or_else(|| {
        let walk = format!("walk it in a lab or a drill: `switchback lab up`, `switchback run {name}`");
        (verdict == Verdict::NeedsVerification).then_some(walk)
    });
    row.last = exercise.last;
    row
}

/// What every runbook needs, once.
fn tool_rows(evidence: &Evidence<'_>) -> Vec<Row> {
    let mut users: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (name, runbook) in evidence.runbooks {
        for tool in runbook.iter().flat_map(|runbook| tools(runbook).into_keys()) {
            users.entry(tool).or_default().insert(name);
        }
    }
    let row = |(tool, users): (String, BTreeSet<&str>)| {
        let users: Vec<&str> = users.into_iter().collect();
        let users = format!("used by {}", users.join(", "));
        Some(match evidence.facts.tools.get(&tool)? {
            Some(path) => Row::new(Area::Tool, tool, Verdict::Ready, evidence.now).because(path).because(users),
            None if tool.contains('/') => Row::new(Area::Tool, tool, Verdict::Failing, evidence.now)
                .because("there is no such file, or it may not be executed")
                .because(users)
                .remedy("put the script there, or mend its path"),
            None => {
                let remedy = how_to_get(&tool);
                Row::new(Area::Tool, tool, Verdict::Failing, evidence.now)
                    .because("it is not on PATH")
                    .because(users)
                    .remedy(remedy)
            }
        })
    };
    users.into_iter().filter_map(row).collect()
}

fn target_rows(evidence: &Evidence<'_>, sides: &Sides) -> Vec<Row> {
    let mut found: BTreeMap<String, (Option<String>, BTreeSet<&str>)> = BTreeMap::new();
    for (name, runbook) in evidence.runbooks {
        let targets = runbook.iter().flat_map(|runbook| targets(runbook, evidence.estate, sides));
        for (target, wrong) in targets {
            let known = found.entry(target).or_default();
            known.0 = wrong;
            known.1.insert(name);
        }
    }
    let row = |(target, (wrong, users)): (String, (Option<String>, BTreeSet<&str>))| {
        let users: Vec<&str> = users.into_iter().collect();
        let users = format!("used by {}", users.join(", "));
        match wrong {
            Some(why) => Row::new(Area::Target, target, Verdict::Failing, evidence.now)
                .because(why)
                .because(users)
                .remedy("mend the name in the runbook, or add it to the estate's file"),
            None => Row::new(Area::Target, target, Verdict::Ready, evidence.now).because(users),
        }
    };
    found.into_iter().map(row).collect()
}

/// Roles that runbooks ask for, and who holds them.
fn role_rows(evidence: &Evidence<'_>) -> Vec<Row> {
    let estate = evidence.estate;
    let mut users: BTreeMap<Role, BTreeSet<&str>> = BTreeMap::new();
    for (name, runbook) in evidence.runbooks {
        for role in runbook.iter().flat_map(|runbook| roles(runbook)) {
            users.entry(role).or_default().insert(name);
        }
    }
    if estate.people.is_empty() {
        let nobody = Row::new(Area::People, "people", Verdict::NeedsVerification, evidence.now)
            .because(
                "the estate names nobody: everybody may approve, and no telephone number stands where one is needed",
            )
            .remedy("add [people.NAME] with `roles` and `phone`");
        return if users.is_empty() { Vec::new() } else { vec![nobody] };
    }
    let row = |(role, users): (Role, BTreeSet<&str>)| {
        if nobody(role, estate) {
            let users: Vec<&str> = users.into_iter().collect();
            return Row::new(Area::People, role.name(), Verdict::Failing, evidence.now)
                .because(format!("nobody holds it; {} ask for it", users.join(", ")))
                .remedy(format!("add roles = [\"{}\"] to somebody in [people]", role.name()));
        }
        let holders = || estate.people.iter().filter(|person| person.roles.contains(&role));
        let names: Vec<&str> = holders().map(|person| person.name.as_str()).collect();
        let row = Row::new(Area::People, role.name(), Verdict::Ready, evidence.now).because(names.join(", "));
        match holders().any(|person| person.phone.is_some()) {
            true => row,
            false => row.because("no telephone number is written"),
        }
    };
    users.into_iter().map(row).collect()
}
