//! Steps that the command line names: of the main line.

use domain::ident::StepId;
use domain::runbook::{PhaseKind, Runbook, Step};

use super::super::{Exit, Failure};

/// Steps of the main line, in order.
pub(super) fn main_line(runbook: &Runbook) -> impl Iterator<Item = &Step> {
    let phases = runbook.phases.iter().filter(|phase| phase.kind == PhaseKind::Main);
    phases.flat_map(|phase| &phase.groups).flat_map(|group| &group.steps)
}

/// # Errors
/// There is no such step on the main line; with the ids that are like it.
pub(super) fn known(runbook: &Runbook, flag: &str, named: Option<&StepId>) -> Result<(), Failure> {
    let Some(named) = named else { return Ok(()) };
    if main_line(runbook).any(|step| step.id == *named) {
        return Ok(());
    }
    let ids: Vec<&str> = main_line(runbook).map(|step| step.id.as_str()).collect();
    let help = domain::diagnostic::did_you_mean(named.as_str(), ids.iter().copied())
        .unwrap_or_else(|| format!("its steps are {}", ids.join(", ")));
    Err(Failure::new(Exit::Usage, format!("{flag} {named}: the main line has no such step; {help}")))
}
