//! Values of variables at one moment of a run: built in, given, by default, and the fields they export.

use std::collections::BTreeMap;

use super::place::place;
use crate::estate::Estate;
use crate::ident::{CheckId, DatabaseId, RegionId, RunId, ServiceId};
use crate::log::{Kind, Mode};
use crate::runbook::{BUILT_IN, Runbook, Step, Variable, VariableKind, substitute};

/// The run a block belongs to.
#[derive(Clone, Copy, Debug)]
pub struct RunContext<'a> {
    pub run: RunId,
    /// `INC-2026-0007`.
    pub incident: &'a str,
    pub kind: Kind,
    /// Of the step, where it differs from the run's.
    pub mode: Mode,
    pub from: Option<&'a RegionId>,
    pub to: Option<&'a RegionId>,
    /// As given at the start, set since, or passed on by steps.
    pub values: &'a BTreeMap<String, String>,
    /// What takes the step back, as its run wrote it down.
    pub undo: Option<&'a str>,
}

impl<'a> RunContext<'a> {
    /// A run that there is not: what would be resolved if this way were gone now, in earnest.
    #[must_use]
    pub const fn supposed(
        mode: Mode,
        from: Option<&'a RegionId>,
        to: Option<&'a RegionId>,
        values: &'a BTreeMap<String, String>,
    ) -> Self {
        Self {
            run: RunId(ulid::Ulid::nil()),
            incident: "INC-0000-0000",
            kind: Kind::Live,
            mode,
            from,
            to,
            values,
            undo: None,
        }
    }
}

/// Every value that is known: what guards, conditions and blocks see. Secrets are never among them, nor is a value
/// that its declaration does not accept.
#[must_use]
pub fn known_values(runbook: &Runbook, context: &RunContext<'_>, estate: &Estate) -> BTreeMap<String, String> {
    let mut values = built_in(context);
    for variable in &runbook.vars {
        if let Ok(Some(value)) = value(variable, context, &values, estate) {
            values.extend(exported(variable, &value, estate));
            values.insert(variable.name.clone(), value);
        }
    }
    values
}

/// The values that every runbook has: [`BUILT_IN`].
fn built_in(context: &RunContext<'_>) -> BTreeMap<String, String> {
    let mut values = BTreeMap::from([("MODE".to_owned(), context.mode.word().to_owned())]);
    let region = |region: Option<&RegionId>| region.map(ToString::to_string).filter(|region| !region.is_empty());
    values.extend(region(context.from).map(|from| ("FROM".to_owned(), from)));
    values.extend(region(context.to).map(|to| ("TO".to_owned(), to)));
    if !context.incident.is_empty() {
        values.insert("INCIDENT".to_owned(), context.incident.to_owned());
    }
    values
}

/// What the step's conditions look at: all values, unless they ask for nothing but the mode, the sides or the incident.
#[must_use]
pub fn values_of_conditions(
    step: &Step,
    runbook: &Runbook,
    context: &RunContext<'_>,
    estate: &Estate,
) -> BTreeMap<String, String> {
    let given = |name: &str| BUILT_IN.contains(&name) && !runbook.vars.iter().any(|variable| variable.name == name);
    if step.when.iter().all(|condition| given(condition.name())) {
        built_in(context)
    } else {
        known_values(runbook, context, estate)
    }
}

/// Why a variable of the runbook has no value; `None` when it has one, or is a secret.
pub(super) fn problem(
    runbook: &Runbook,
    name: &str,
    context: &RunContext<'_>,
    known: &BTreeMap<String, String>,
    estate: &Estate,
) -> Option<String> {
    if known.contains_key(name) {
        return None;
    }
    let Some(variable) = runbook.vars.iter().find(|variable| variable.name == name) else {
        return Some(format!("${name} has no value"));
    };
    if matches!(variable.kind, VariableKind::Secret { .. }) {
        return None;
    }
    Some(match value(variable, context, known, estate) {
        Err(why) => format!("${name}: {why}"),
        Ok(_) if variable.from_step => format!("${name} is filled by a step that has not run"),
        Ok(_) => match (&variable.kind, variable.names(estate).as_slice()) {
            (VariableKind::Database | VariableKind::Backup | VariableKind::Service, []) => {
                format!("${name} has no value: the estate has no {}", variable.kind.name())
            }
            (_, []) => format!("${name} has no value yet"),
            (_, names) => format!("${name} has no value yet: one of {}", names.join(", ")),
        },
    })
}

/// The value as blocks see it; `Ok(None)` when there is none.
fn value(
    variable: &Variable,
    context: &RunContext<'_>,
    known: &BTreeMap<String, String>,
    estate: &Estate,
) -> Result<Option<String>, String> {
    if matches!(variable.kind, VariableKind::Secret { .. }) {
        return Ok(None);
    }
    let given = context.values.get(&variable.name).filter(|value| !value.trim().is_empty()).cloned();
    let here = estate.vars.get(&variable.name).or(variable.default.as_ref());
    let default = || here.map(String::as_str).filter(|text| !text.trim().is_empty());
    let text = match given {
        Some(given) => given,
        None => match default().map(|default| substitute(default, known)) {
            Some(Ok(default)) => default,
            Some(Err(_)) => return Ok(None),
            None => match variable.evident(estate) {
                Some(only) => only.to_owned(),
                None => return Ok(None),
            },
        },
    };
    variable.accept(&text, Some(estate)).map(Some)
}

/// `NAME_REGION` and so on, of a value that names a thing of the estate.
fn exported(variable: &Variable, value: &str, estate: &Estate) -> BTreeMap<String, String> {
    let mut fields: Vec<(&str, Option<String>)> = Vec::new();
    match variable.kind {
        VariableKind::Db => {
            let (name, region) = value.split_once('@').map_or((value, None), |(name, region)| (name, Some(region)));
            fields.push(("NAME", Some(name.to_owned())));
            fields.push(("REGION", region.map(str::to_owned)));
            let server = region.and_then(|region| {
                estate.database(&DatabaseId::new(name))?.servers.get(&RegionId::new(region)).map(|dsn| place(dsn))
            });
            if let Some(place) = server {
                fields.extend([
                    ("HOST", place.host),
                    ("PORT", place.port),
                    ("USER", place.user),
                    ("DBNAME", place.dbname),
                ]);
            }
        }
        VariableKind::Check => {
            let check = estate.check(&CheckId::new(value));
            fields.push(("REGION", check.and_then(|check| check.region.as_ref()).map(ToString::to_string)));
            fields.push(("SERVICE", check.and_then(|check| check.service.as_ref()).map(ToString::to_string)));
        }
        VariableKind::Service => {
            let tier = estate.service(&ServiceId::new(value)).and_then(|service| service.tier.as_ref());
            fields.push(("TIER", tier.map(ToString::to_string)));
        }
        VariableKind::Region => {
            fields.push(("TITLE", estate.region(&RegionId::new(value)).and_then(|region| region.title.clone())));
        }
        _ => {}
    }
    fields.into_iter().filter_map(|(field, value)| Some((format!("{}_{field}", variable.name), value?))).collect()
}

/// Whether every condition of the step holds; otherwise it is *not applicable*.
#[must_use]
pub fn applicable(step: &Step, values: &BTreeMap<String, String>) -> bool {
    step.when.iter().all(|condition| condition.holds(values))
}
