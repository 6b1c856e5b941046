//! The checklist as rows: what the panel draws, what its cursor moves over, what it is narrowed to.

use domain::engine::{Run, StepState};
use domain::runbook::{Group, Phase, Step};

use super::{Filter, Model, Narrowed};

/// Fields of a step that a filter may look at alone.
const FIELDS: [&str; 3] = ["actor", "step", "state"];

/// One row of the checklist of a run, top to bottom.
#[derive(Clone, Copy, Debug)]
pub enum ChecklistRow<'a> {
    Phase(&'a Phase),
    Group(&'a Group),
    /// The line above a step that cannot be taken back.
    NoReturn,
    Step(&'a Step, &'a Group),
}

/// The rows of these steps, under their headings. Phases on demand (failback, rollback, clean-up) stand last as they do in
/// the runbook; a heading without steps is left out when steps are.
#[must_use]
pub fn checklist<'a>(run: &'a Run, shown: &Narrowed<&'a Step>) -> Vec<ChecklistRow<'a>> {
    let in_sight = |step: &Step| !shown.narrower() || shown.rows.iter().any(|row| row.id == step.id);
    let heads = |group: &Group| !shown.narrower() || group.steps.iter().any(in_sight);
    let mut rows = Vec::new();
    for phase in run.runbook.phases.iter().filter(|phase| !shown.narrower() || phase.groups.iter().any(heads)) {
        rows.push(ChecklistRow::Phase(phase));
        for group in phase.groups.iter().filter(|group| heads(group)) {
            if group.title.is_some() {
                rows.push(ChecklistRow::Group(group));
            }
            for step in group.steps.iter().filter(|step| in_sight(step)) {
                if step.point_of_no_return && run.applicable(step) {
                    rows.push(ChecklistRow::NoReturn);
                }
                rows.push(ChecklistRow::Step(step, group));
            }
        }
    }
    rows
}

impl Model {
    /// The steps of the run in front that pass the filter of the checklist, and what is left out. The one under the cursor
    /// is always among them: a key never acts on a step that is out of sight.
    #[must_use]
    pub fn steps(&self) -> Narrowed<&Step> {
        let under_the_cursor = self.step().map(|(_, step)| &step.id);
        let run = self.run();
        let terms = self.ui.checklist.terms(&FIELDS);
        let passes = |step: &&Step| {
            let matches = || run.is_some_and(|run| terms.pass(&says(run, step), |name| field(run, step, name)));
            terms.is_empty() || under_the_cursor == Some(&step.id) || matches()
        };
        let red = |step: &Step| {
            run.is_some_and(|run| matches!(run.step_state(&step.id), StepState::Failed | StepState::Unknown))
        };
        Narrowed::new(run.into_iter().flat_map(|run| run.runbook.steps()), passes, |step| red(step))
    }

    /// The first step that `filter` itself leaves, if the one under the cursor is not among them.
    pub(crate) fn first_wanted(&self, filter: &Filter) -> Option<&Step> {
        let (run, here) = self.step()?;
        let terms = filter.terms(&FIELDS);
        let wanted = |step: &&Step| terms.pass(&says(run, step), |name| field(run, step, name));
        if wanted(&here) { None } else { run.runbook.steps().find(wanted) }
    }
}

fn says(run: &Run, step: &Step) -> String {
    let by_hand = if step.manual() { "by hand" } else { "" };
    let who = field(run, step, "actor").unwrap_or_default();
    format!("{} {} {} {who} {by_hand}", step.title, step.id, run.step_state(&step.id).word())
}

/// Who did it and whose it is, its id, its state.
fn field(run: &Run, step: &Step, name: &str) -> Option<String> {
    match name {
        "step" => Some(step.id.to_string()),
        "state" => Some(run.step_state(&step.id).word().to_owned()),
        _ => {
            let by = run.record(&step.id).by.as_ref().map(ToString::to_string);
            let owner = step.owner.as_ref().map(ToString::to_string);
            Some([by, owner].into_iter().flatten().collect::<Vec<_>>().join(" "))
        }
    }
}

/// Where the cursor rests until it is moved: the step whose turn it is, else the last of the main line.
pub(super) fn first_open(run: &Run) -> Option<&Step> {
    let next = run.next();
    let next = next.first().and_then(|id| run.step(id));
    next.or_else(|| run.main_groups().flat_map(|group| &group.steps).last()).or_else(|| run.runbook.steps().next())
}
