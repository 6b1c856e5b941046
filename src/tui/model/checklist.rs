//! The checklist as rows: what the panel draws, what its cursor moves over.

use domain::engine::Run;
use domain::runbook::{Group, Phase, Step};

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
                if step.point_of_no_return && run.applicable(step) {
                    rows.push(ChecklistRow::NoReturn);
                }
                rows.push(ChecklistRow::Step(step, group));
            }
        }
    }
    rows
}

/// Where the cursor rests until it is moved: the step whose turn it is, else the last of the main line.
pub(super) fn first_open(run: &Run) -> Option<&Step> {
    let next = run.next();
    let next = next.first().and_then(|id| run.step(id));
    next.or_else(|| run.main_groups().flat_map(|group| &group.steps).last()).or_else(|| run.runbook.steps().next())
}
