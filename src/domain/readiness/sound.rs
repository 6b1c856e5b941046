//! Whether a runbook can be carried out here: it reads without errors, its tools are there, what it names exists, its
//! variables have values, and somebody holds the roles it asks for.

use std::collections::{BTreeMap, BTreeSet};

use super::{Facts, how_to_get, tools};
use crate::diagnostic::{Severity, line_column};
use crate::estate::Estate;
use crate::execution::{ResolveError, RunContext, applicable, known_values, resolve, resolve_block};
use crate::ident::{DatabaseId, RegionId, StepId};
use crate::log::Mode;
use crate::people::{Role, Seat};
use crate::runbook::{Block, CheckLine, Lang, Runbook, Step, Variable, VariableKind, check_lines};

/// From where to where a failover would go now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sides {
    pub from: Option<RegionId>,
    pub to: Option<RegionId>,
}

/// Why it would not work, worst first, and the remedy of the first.
#[derive(Debug, Default)]
pub(super) struct Faults {
    pub(super) reasons: Vec<String>,
    pub(super) remedy: Option<String>,
}

impl Faults {
    fn add(&mut self, reason: String, remedy: &str) {
        if !self.reasons.contains(&reason) {
            self.reasons.push(reason);
            self.remedy.get_or_insert_with(|| remedy.to_owned());
        }
    }
}

pub(super) fn faults(name: &str, runbook: &Runbook, estate: &Estate, sides: &Sides, facts: &Facts) -> Faults {
    let mut faults = Faults::default();
    errors(name, runbook, &mut faults);
    missing_tools(runbook, facts, &mut faults);
    for variable in &runbook.vars {
        if let Some(why) = unasked(variable, estate) {
            faults.add(why, "give it a `default`, a `prompt`, or a value in the estate's [vars]");
        }
    }
    for why in unresolved(runbook, estate, sides) {
        faults.add(why, "mend the name in the runbook, or add it to the estate's file");
    }
    for role in roles(runbook).into_iter().filter(|role| nobody(*role, estate)) {
        let why = format!("nobody in [people] is {}", role.name());
        faults.add(why, "give somebody the role in [people], or name another in the runbook");
    }
    faults
}

fn errors(name: &str, runbook: &Runbook, faults: &mut Faults) {
    let errors = runbook.diagnostics.iter().filter(|found| found.severity == Severity::Error);
    for found in errors {
        let (line, _) = line_column(&runbook.source, found.span.start);
        let remedy = found.help.clone().unwrap_or_else(|| format!("`switchback lint` of {name} says more"));
        faults.add(format!("line {line}: {}", found.message), &remedy);
    }
}

/// What nobody looked for is not missing.
fn missing_tools(runbook: &Runbook, facts: &Facts, faults: &mut Faults) {
    let missing = tools(runbook).into_iter().filter(|(name, _)| matches!(facts.tools.get(name), Some(None)));
    for (name, steps) in missing {
        let by: Vec<&str> = steps.iter().map(StepId::as_str).collect();
        let by = if by.is_empty() { "`requires`".to_owned() } else { by.join(", ") };
        let (why, remedy) = match name.contains('/') {
            true => {
                (format!("there is no {name} (called by {by})"), "put the script there, or mend its path".to_owned())
            }
            false => (format!("{name} is not on PATH (called by {by})"), how_to_get(&name)),
        };
        faults.add(why, &remedy);
    }
}

/// A variable without a value that nobody is asked for.
fn unasked(variable: &Variable, estate: &Estate) -> Option<String> {
    let name = &variable.name;
    let written = estate.vars.contains_key(name) || variable.default.as_ref().is_some_and(|text| !text.is_empty());
    if written || variable.from_step || variable.prompt.is_some() || variable.evident(estate).is_some() {
        return None;
    }
    match &variable.kind {
        VariableKind::Secret { .. } => None,
        VariableKind::Choice { of } if !of.is_empty() => None,
        VariableKind::Bool => None,
        VariableKind::Database | VariableKind::Backup | VariableKind::Service | VariableKind::Check
            if variable.names(estate).is_empty() =>
        {
            Some(format!("${name} has no value: the estate has no {}", variable.kind.name()))
        }
        _ if !variable.names(estate).is_empty() => None,
        VariableKind::Db if !estate.databases.is_empty() => None,
        _ => Some(format!("${name} has no value, and no prompt asks for one")),
    }
}

/// Names and targets that are nothing here, with what a failover would take for the variables now.
fn unresolved(runbook: &Runbook, estate: &Estate, sides: &Sides) -> Vec<String> {
    let given = BTreeMap::new();
    let context = |mode| RunContext::supposed(mode, sides.from.as_ref(), sides.to.as_ref(), &given);
    let mut found = Vec::new();
    for step in runbook.steps() {
        let applies = |mode: &Mode| applicable(step, &known_values(runbook, &context(*mode), estate));
        let Some(mode) = [Mode::Forced, Mode::Planned].into_iter().find(applies) else { continue };
        for why in unresolved_in(runbook, step, &context(mode), estate) {
            found.push(format!("step `{}`: {why}", step.id));
        }
    }
    found
}

fn unresolved_in(runbook: &Runbook, step: &Step, context: &RunContext<'_>, estate: &Estate) -> Vec<String> {
    let mut found = Vec::new();
    if step.run.is_some() {
        found.extend(resolve(runbook, context, &step.id, crate::execution::Part::Run, 1, estate).err().and_then(wrong));
    }
    for block in step.guards.iter().chain(&step.verifies) {
        match resolve_block(runbook, context, step, block, estate) {
            Ok(resolved) if block.lang == Lang::Check => found.extend(unknown_names(&resolved.text, estate)),
            Ok(_) => {}
            Err(why) => found.extend(wrong(why)),
        }
    }
    found.dedup();
    found
}

/// A value that is asked for, or that a step fills, is no fault of the runbook.
fn wrong(why: ResolveError) -> Option<String> {
    match why {
        ResolveError::Missing(_) | ResolveError::NoSuchStep(_) | ResolveError::Manual(_) | ResolveError::NoRollback => {
            None
        }
        // A target made of a value that is not known yet.
        ResolveError::Target(why) if why.contains("has no value") => None,
        ResolveError::Target(why) => Some(format!("On: {why}")),
        ResolveError::Text(why) => Some(why),
    }
}

/// Names of `check` lines that are nothing of the estate.
fn unknown_names(text: &str, estate: &Estate) -> Vec<String> {
    let lines = check_lines(text, &BTreeMap::new());
    lines.into_iter().filter_map(|line| line.map_or_else(Some, |line| unknown_name(&line, estate))).collect()
}

fn unknown_name(line: &CheckLine, estate: &Estate) -> Option<String> {
    let server = |database: &DatabaseId, region: &RegionId| match estate.database(database) {
        None => Some(format!("`{line}`: there is no database `{database}`")),
        Some(known) if !known.servers.contains_key(region) => {
            Some(format!("`{line}`: `{database}` has no server in `{region}`"))
        }
        Some(_) => None,
    };
    let thing = |name: &str| {
        estate.checks.iter().any(|check| check.id.as_str() == name)
            || estate.services.iter().any(|service| service.id.as_str() == name)
            || estate.regions.iter().any(|region| region.id.as_str() == name)
    };
    match line {
        CheckLine::Is { name, .. } if !thing(name) => {
            Some(format!("`{line}`: there is no check, service or region `{name}`"))
        }
        CheckLine::Lag { database, region, .. }
        | CheckLine::Loss { database, region, .. }
        | CheckLine::Fenced { database, region } => server(database, region),
        CheckLine::Backup { name, .. } if !estate.backups.iter().any(|backup| backup.id == *name) => {
            Some(format!("`{line}`: there is no backup `{name}`"))
        }
        CheckLine::Serving { region, .. } if estate.region(region).is_none() => {
            Some(format!("`{line}`: there is no region `{region}`"))
        }
        CheckLine::Serving { name, .. }
            if name != "all"
                && !estate.services.iter().any(|service| service.id.as_str() == name)
                && !estate.databases.iter().any(|database| database.id.as_str() == name) =>
        {
            Some(format!("`{line}`: there is no service or database `{name}`"))
        }
        CheckLine::Is { .. } | CheckLine::Backup { .. } | CheckLine::Serving { .. } => None,
    }
}

/// Roles that a runbook asks for: of owners, and of those who approve.
pub(super) fn roles(runbook: &Runbook) -> BTreeSet<Role> {
    let approvers = runbook.steps().filter_map(|step| step.approval.as_ref());
    // With a way on after a while somebody else may answer; both have to be there all the same.
    let approvers = approvers
        .flat_map(|approval| std::iter::once(&approval.by).chain(approval.fallback.as_ref().map(|(seat, _)| seat)));
    let owners = runbook.steps().filter_map(|step| step.owner.as_ref());
    let role = |seat: &Seat| match seat {
        Seat::Role(role) => Some(*role),
        Seat::Person(_) => None,
    };
    owners.chain(approvers).filter_map(role).collect()
}

/// Without [people] everybody may do everything.
pub(super) fn nobody(role: Role, estate: &Estate) -> bool {
    !estate.people.is_empty() && !estate.people.iter().any(|person| person.roles.contains(&role))
}

/// Servers, accounts and other targets that steps act on, by name, with what is wrong with them.
pub(super) fn targets(runbook: &Runbook, estate: &Estate, sides: &Sides) -> BTreeMap<String, Option<String>> {
    let given = BTreeMap::new();
    let mut found = BTreeMap::new();
    for step in runbook.steps().filter(|step| step.on.is_some()) {
        for mode in [Mode::Forced, Mode::Planned] {
            let context = RunContext::supposed(mode, sides.from.as_ref(), sides.to.as_ref(), &given);
            let probe = Block { lang: Lang::Text, ..Block::default() };
            match resolve_block(runbook, &context, step, &probe, estate) {
                Ok(resolved) => {
                    found.extend(resolved.target.map(|target| (target.name, None)));
                }
                Err(ResolveError::Target(why)) => {
                    let values = known_values(runbook, &context, estate);
                    let name = step.on.as_ref().and_then(|on| crate::runbook::substitute(&on.0, &values).ok());
                    found.extend(name.map(|name| (name, Some(why))));
                }
                Err(_) => {}
            }
        }
    }
    found
}
