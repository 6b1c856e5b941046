//! What the command line answers in the place of a person.

use std::collections::BTreeMap;

use domain::dry_run::Given;
use domain::ident::{PersonId, StepId};

use super::super::{Exit, Failure};
use super::Args;

/// # Errors
/// An approval that is not written `STEP=NAME`.
pub(super) fn given(args: &Args) -> Result<Given, Failure> {
    Ok(Given {
        fenced_by: args.fenced_by.clone(),
        accept_loss: args.accept_loss,
        approvals: args.approve.iter().map(|text| approval(text)).collect::<Result<_, _>>()?,
        to: args.to.clone(),
        start_at: args.start_at.as_deref().map(StepId::from),
        on_demand: args.on_demand,
    })
}

fn approval(text: &str) -> Result<(StepId, PersonId), Failure> {
    let (step, name) = pair(text).ok_or_else(|| usage(format!("--approve {text}: write STEP=NAME")))?;
    Ok((StepId::from(step), PersonId::new(name.trim())))
}

/// # Errors
/// A value that is not written `NAME=VALUE`.
pub(super) fn values(args: &Args) -> Result<BTreeMap<String, String>, Failure> {
    let value = |text: &String| {
        let (name, value) = pair(text).ok_or_else(|| usage(format!("--set {text}: write NAME=VALUE")))?;
        Ok((name.to_owned(), value.to_owned()))
    };
    args.set.iter().map(value).collect()
}

/// A pair of which the first part says something.
fn pair(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.split_once('=')?;
    let name = name.trim();
    (!name.is_empty()).then_some((name, value))
}

fn usage(message: String) -> Failure {
    Failure::new(Exit::Usage, message)
}
