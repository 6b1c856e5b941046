//! What the command line answers in the place of a person.

use domain::dry_run::Given;
use domain::ident::{PersonId, StepId};

use super::super::acts::pair;
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

fn usage(message: String) -> Failure {
    Failure::new(Exit::Usage, message)
}
