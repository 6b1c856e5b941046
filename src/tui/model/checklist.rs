//! The checklist as rows: what the panel draws, what its cursor moves over.

use domain::engine::{Recorded, Run};
use domain::ident::StepId;
use domain::runbook::{Group, Phase, PhaseKind, Step};

/// One row of the checklist of a run, top to bottom.
#[derive(Clone, Copy, Debug)]
pub enum ChecklistRow<'a> {
    Phase(&'a Phase),
    Group(&'a Group),
    /// The line above a step that cannot be taken back.
    NoReturn,
    Step(&'a Step, &'a Group),
}

/// Every row; phases on demand (failback, rollback, clean-up) stand last as they do in the runbook.
#[must_use]
pub fn checklist(run: &Run) -> Vec<ChecklistRow<'_>> {
    let mut rows = Vec::new();
    for phase in &run.runbook.phases {
        rows.push(ChecklistRow::Phase(phase));
        for group in &phase.groups {
            if group.title.is_some() {
                rows.push(ChecklistRow::Group(group));
            }
            for step in &group.steps {
                if step.point_of_no_return {
                    rows.push(ChecklistRow::NoReturn);
                }
                rows.push(ChecklistRow::Step(step, group));
            }
        }
    }
    rows
}

/// Where the cursor rests until it is moved: the first step of the main line without an end, else the last step.
pub(super) fn first_open(run: &Run) -> Option<&Step> {
    let main = || {
        let phases = run.runbook.phases.iter().filter(|phase| phase.kind == PhaseKind::Main);
        phases.flat_map(|phase| &phase.groups).flat_map(|group| &group.steps)
    };
    main().find(|step| !ended(run, step)).or_else(|| main().last()).or_else(|| run.runbook.steps().next())
}

fn ended(run: &Run, step: &Step) -> bool {
    let applies = step.when.iter().all(|condition| condition.holds(&run.values));
    !applies
        || matches!(
            recorded(run, &step.id),
            Recorded::Succeeded | Recorded::DoneByHand | Recorded::Skipped | Recorded::Undone
        )
}

fn recorded(run: &Run, step: &StepId) -> Recorded {
    run.steps.get(step).map_or(Recorded::Nothing, |step| step.recorded)
}
