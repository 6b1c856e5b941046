//! From a step and the values of its run to exactly what will be executed.

use std::collections::BTreeMap;
use std::time::Duration;

use super::place::target;
use super::values::{RunContext, known_values, problem};
use super::{Part, Resolved, ResolvedTarget};
use crate::estate::Estate;
use crate::ident::StepId;
use crate::log::Kind;
use crate::route53;
use crate::runbook::{self, Block, Lang, Runbook, Step, VariableKind};

/// Why a block cannot be made ready. The text is for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResolveError {
    #[error("the runbook has no step `{0}`")]
    NoSuchStep(StepId),
    /// Done by hand, with the reason if it was written to run.
    #[error("{}", .0.as_deref().map_or_else(|| "this step is done by hand".to_owned(), |why| format!("this step is done by hand: {why}")))]
    Manual(Option<String>),
    #[error("this step has no rollback")]
    NoRollback,
    /// Variables without a usable value, one sentence each.
    #[error("{}", .0.join("; "))]
    Missing(Vec<String>),
    #[error("On: {0}")]
    Target(String),
    /// A value cannot stand where it is written, or a language is not executed.
    #[error("{0}")]
    Text(String),
}

/// A guard or verify block, ready to be asked.
#[derive(Clone, Debug, PartialEq)]
pub struct ResolvedBlock {
    pub lang: Lang,
    /// As [`Resolved::text`]; of a `check` block its lines with the values in them.
    pub text: String,
    pub target: Option<ResolvedTarget>,
    pub env: BTreeMap<String, String>,
    pub secrets: BTreeMap<String, String>,
    pub timeout: Duration,
    pub pass_env: Vec<String>,
}

impl ResolvedBlock {
    /// Where `sql` connects to, without a password.
    #[must_use]
    pub fn dsn(&self) -> Option<&str> {
        self.target.as_ref()?.dsn.as_deref()
    }
}

/// Settles a step's run or rollback. On a simulated estate a `world drill` block takes the place of the run.
///
/// # Errors
/// See [`ResolveError`].
pub fn resolve(
    runbook: &Runbook,
    context: &RunContext<'_>,
    step: &StepId,
    part: Part,
    attempt: u32,
    estate: &Estate,
) -> Result<Resolved, ResolveError> {
    let found = runbook.step(step).ok_or_else(|| ResolveError::NoSuchStep(step.clone()))?;
    let run = found.run.as_ref().ok_or_else(|| ResolveError::Manual(found.manual_because.clone()));
    let simulated = matches!(context.kind, Kind::Drill | Kind::Demo);
    let block = match part {
        Part::Rollback => found.rollback.as_ref().ok_or(ResolveError::NoRollback)?,
        Part::Run => match &found.drill {
            Some(effect) if simulated && effect.lang == Lang::World && run.is_ok() => effect,
            _ => run.clone()?,
        },
    };
    let restored;
    let block = if block.put_back {
        restored = Block { text: what_stood(found, context, simulated, runbook, estate)?, ..block.clone() };
        &restored
    } else {
        block
    };
    let readonly = block.readonly || part == Part::Run && found.read_only();
    let settled = resolve_block(runbook, context, found, block, estate)?;
    Ok(Resolved {
        run: context.run,
        step: step.clone(),
        part,
        attempt,
        lang: settled.lang,
        text: settled.text,
        target: settled.target,
        env: settled.env,
        secrets: settled.secrets,
        timeout: settled.timeout,
        exit: block.exit.clone(),
        out: block.out.clone(),
        may_set: may_set(runbook),
        pass_env: settled.pass_env,
        idempotent: block.idempotent || run.is_ok_and(|run| part == Part::Run && run.idempotent),
        readonly,
        runbook: runbook.hash(),
    })
}

/// What a generated rollback puts back: what the run wrote down of the sets it found. The simulated world has none; there
/// the names go back to the other side.
fn what_stood(
    step: &Step,
    context: &RunContext<'_>,
    simulated: bool,
    runbook: &Runbook,
    estate: &Estate,
) -> Result<String, ResolveError> {
    if let Some(undo) = context.undo {
        return Ok(undo.to_owned());
    }
    match &step.run {
        Some(run) if simulated => {
            let back = RunContext { from: context.to, to: context.from, ..*context };
            let values = known_values(runbook, &back, estate);
            route53::with_values(&run.text, &values).map_err(ResolveError::Text)
        }
        _ => Err(ResolveError::Text("what stood before is not known: nothing was changed by this step".to_owned())),
    }
}

/// Settles any block of a step: what a guard or a verify asks, and where.
///
/// # Errors
/// See [`ResolveError`].
pub fn resolve_block(
    runbook: &Runbook,
    context: &RunContext<'_>,
    step: &Step,
    block: &Block,
    estate: &Estate,
) -> Result<ResolvedBlock, ResolveError> {
    let values = known_values(runbook, context, estate);
    let missing: Vec<String> = names(block, step, runbook)
        .iter()
        .filter_map(|name| problem(runbook, name, context, &values, estate))
        .collect();
    if !missing.is_empty() {
        return Err(ResolveError::Missing(missing));
    }
    let target = step.on.as_ref().map(|on| target(on, &values, estate).map_err(ResolveError::Target)).transpose()?;
    let shell = matches!(block.lang, Lang::Bash | Lang::Sh);
    let secrets = if shell || matches!(block.lang, Lang::Sql | Lang::Http) {
        secrets(runbook, &block.text)
    } else {
        BTreeMap::new()
    };
    let later: Vec<&str> = secrets.keys().map(String::as_str).collect();
    let text = match block.lang {
        Lang::Bash | Lang::Sh => Ok(block.text.clone()),
        // For people: what has no value yet stays as it is written.
        Lang::Text => Ok(runbook::substitute(&block.text, &values).unwrap_or_else(|_| block.text.clone())),
        Lang::Sql => runbook::sql_with_values(&block.text, &values, &later),
        Lang::Http => runbook::http_with_values(&block.text, &values, &later),
        Lang::Check | Lang::World => runbook::substitute(&block.text, &values),
        Lang::Route53 if block.put_back => Ok(block.text.clone()),
        Lang::Route53 => route53::with_values(&block.text, &values),
    };
    let text = text.map_err(ResolveError::Text)?;
    if block.lang == Lang::Sql && target.as_ref().is_none_or(|target| target.dsn.is_none()) {
        let name = target.map_or_else(|| "nothing".to_owned(), |target| format!("`{}`", target.name));
        return Err(ResolveError::Target(format!("{name} is not a server of a database: write DATABASE@REGION")));
    }
    Ok(ResolvedBlock {
        lang: block.lang,
        text,
        target,
        env: if shell { values } else { BTreeMap::new() },
        secrets,
        timeout: block.timeout,
        pass_env: runbook.pass_env.clone(),
    })
}

/// Variables that the step needs and that have no usable value: what to ask for before it can run.
#[must_use]
pub fn open_values(runbook: &Runbook, context: &RunContext<'_>, step: &Step, estate: &Estate) -> Vec<String> {
    let values = known_values(runbook, context, estate);
    let blocks = step.run.iter().chain(&step.guards).chain(&step.verifies).chain(&step.drill);
    let mut open: Vec<String> = blocks
        .flat_map(|block| names(block, step, runbook))
        .filter(|name| problem(runbook, name, context, &values, estate).is_some())
        .collect();
    open.sort_unstable();
    open.dedup();
    open
}

/// Names a block and its target use. A shell block uses those that are declared; the rest of its `$NAME` are its own.
fn names(block: &Block, step: &Step, runbook: &Runbook) -> Vec<String> {
    let declared =
        |name: &str| runbook.vars.iter().any(|variable| variable.name == name) || runbook::BUILT_IN.contains(&name);
    let on = step.on.iter().flat_map(|on| runbook::names_in(Lang::Check, &on.0));
    let own = if block.put_back { Vec::new() } else { runbook::names_in(block.lang, &block.text) };
    let shell = matches!(block.lang, Lang::Bash | Lang::Sh);
    let mut names: Vec<String> = on.chain(own.into_iter().filter(|name| !shell || declared(name))).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Where the secrets that a block names are found. One that is not named stays out of its environment.
fn secrets(runbook: &Runbook, text: &str) -> BTreeMap<String, String> {
    let words: Vec<&str> = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).collect();
    runbook
        .vars
        .iter()
        .filter(|variable| words.contains(&variable.name.as_str()))
        .filter_map(|variable| match &variable.kind {
            VariableKind::Secret { from } => Some((variable.name.clone(), from.clone())),
            _ => None,
        })
        .collect()
}

/// What a script may write to `$SWITCHBACK_OUT`.
fn may_set(runbook: &Runbook) -> Vec<String> {
    let secret = |kind: &VariableKind| matches!(kind, VariableKind::Secret { .. });
    runbook.vars.iter().filter(|variable| !secret(&variable.kind)).map(|variable| variable.name.clone()).collect()
}

#[cfg(test)]
#[path = "resolve_tests.rs"]
mod tests;
