//! Every step, looked at once.

use std::collections::BTreeMap;

use super::given::{ACCEPT_LOSS, FENCED_BY, guard_lines};
use super::{Answer, Confirm, Does, DryRun, DryStep, Given, Looked, Otherwise, Question, Shown, Standing, question};
use crate::engine::{Run, State, StepState, own_guards, resolve_step};
use crate::execution::{Danger, GuardResult, GuardVerdict, Part, Resolved, open_values, substitute};
use crate::reading::{Board, evaluate};
use crate::runbook::{CheckLine, Condition, Lang, PhaseKind, Step, check_lines};
use crate::time::{Now, human};

/// Looks at each step of the run as it stands: what the readings answer is answered, what has to be run to be answered
/// comes back as questions. Say their answers with [`DryRun::answered`], then [`DryRun::conclude`].
#[must_use]
pub fn look(state: &State, board: &Board, run: &Run, given: &Given, now: Now) -> (DryRun, Vec<Question>) {
    let mut dry = DryRun {
        runbook: run.name.clone(),
        title: run.runbook.title.clone(),
        sha256: run.hash,
        estate: run.estate.name.clone(),
        kind: run.kind,
        mode: run.mode,
        from: run.from.clone(),
        to: run.to.clone(),
        values: run.runbook.steps().next().map(|step| run.values_for(&step.id)).unwrap_or_default(),
        steps: Vec::new(),
        on_demand: Vec::new(),
        needs: Vec::new(),
        in_the_way: Vec::new(),
    };
    let mut questions = Vec::new();
    let (mut before_start, mut changes) = (given.start_at.is_some(), false);
    for phase in &run.runbook.phases {
        let main = phase.kind == PhaseKind::Main;
        if !main && !given.on_demand {
            dry.on_demand.push(phase.title.clone());
            continue;
        }
        for step in phase.groups.iter().flat_map(|group| &group.steps) {
            before_start &= given.start_at.as_ref() != Some(&step.id);
            let look = Look { state, board, run, step, now };
            let mut looked = look.step(&phase.title, main, before_start && main, &mut questions);
            looked.after_changes = changes;
            changes |= looked.to_do() && looked.changes();
            dry.steps.push(looked);
        }
    }
    (dry, questions)
}

struct Look<'a> {
    state: &'a State,
    board: &'a Board,
    run: &'a Run,
    step: &'a Step,
    now: Now,
}

impl Look<'_> {
    fn step(&self, phase: &str, main: bool, left_out: bool, questions: &mut Vec<Question>) -> DryStep {
        let values = self.run.values_for(&self.step.id);
        let said = |text: &str| substitute(text, &values);
        let standing = if left_out { Standing::LeftOut } else { self.standing(&values) };
        let mut looked = DryStep {
            id: self.step.id.clone(),
            title: said(&self.step.title),
            phase: phase.to_owned(),
            main,
            owner: self.step.owner.as_ref().map(ToString::to_string),
            does: self.does(),
            confirm: match Danger::of(self.step, &values) {
                Danger::ReadOnly => Confirm::Key,
                Danger::Changes => Confirm::Yes,
                Danger::Typed(text) => Confirm::Type(text),
            },
            approval: self.approval(),
            point_of_no_return: self.step.point_of_no_return,
            undo: self.step.undo.as_deref().map(said),
            guards: Vec::new(),
            verifies: Vec::new(),
            after_changes: false,
            standing,
        };
        if looked.to_do() {
            looked.guards = self.own_guards();
            questions.extend(question::guards(self.board, self.run, self.step, &mut looked.guards));
            questions.extend(self.verifies(&values, &mut looked.verifies));
        }
        looked
    }

    fn standing(&self, values: &BTreeMap<String, String>) -> Standing {
        match self.run.step_state(&self.step.id) {
            StepState::NotApplicable => {
                let open = self.step.when.iter().find(|condition| !condition.holds(values));
                Standing::NotApplicable { because: open.map(|open| why_not(open, values)).unwrap_or_default() }
            }
            state if state.ended() => Standing::Ended { state },
            _ => Standing::ToDo,
        }
    }

    fn does(&self) -> Does {
        if let Some(runbook) = self.step.child.clone() {
            return Does::Opens { runbook };
        }
        if self.step.manual() {
            let ticks = self.step.substeps.iter().map(|substep| substep.title.clone()).collect();
            return Does::ByHand { because: self.step.manual_because.clone(), ticks };
        }
        match resolve_step(self.board, self.run, &self.step.id, Part::Run) {
            Ok(resolved) => Does::Runs(shown(resolved)),
            Err(refusal) => Does::Open { why: refusal.message, later: self.filled_later() },
        }
    }

    /// All that is missing are values that steps pass on.
    fn filled_later(&self) -> bool {
        let open = open_values(&self.run.runbook, &self.run.context(&self.step.id), self.step, &self.run.estate);
        let from_step =
            |name: &String| self.run.runbook.vars.iter().any(|variable| variable.name == *name && variable.from_step);
        !open.is_empty() && open.iter().all(from_step)
    }

    fn approval(&self) -> Option<String> {
        let approval = self.step.approval.as_ref()?;
        Some(match &approval.fallback {
            Some((seat, after)) => format!("{}, or {seat} after {}", approval.by, human(*after)),
            None => approval.by.to_string(),
        })
    }

    /// What the console answers from its own readings.
    fn own_guards(&self) -> Vec<Looked> {
        let lines = guard_lines(self.run, self.step);
        let results = own_guards(self.state, self.board, self.run, self.step, self.now);
        let wants = |result: &GuardResult| match lines.iter().find(|line| line.to_string() == result.name)? {
            CheckLine::Fenced { .. } => Some(FENCED_BY),
            CheckLine::Loss { .. } if result.verdict == GuardVerdict::Ask => Some(ACCEPT_LOSS),
            _ => None,
        };
        let unmet = |result: &GuardResult| !result.verdict.lets_through();
        results
            .into_iter()
            .map(|result| Looked { wants: wants(&result).filter(|_| unmet(&result)), ..guard(result) })
            .collect()
    }

    fn verifies(&self, values: &BTreeMap<String, String>, looked: &mut Vec<Looked>) -> Vec<Question> {
        let mut questions = Vec::new();
        for block in &self.step.verifies {
            if block.lang != Lang::Check {
                questions.extend(question::verify(self.board, self.run, self.step, block, looked));
                continue;
            }
            for line in check_lines(&block.text, values) {
                looked.push(match line {
                    Ok(line) => {
                        let record = self.run.record(&self.step.id);
                        Looked {
                            otherwise: None,
                            ..guard(evaluate(&line, self.board, self.state, Some(record), self.now))
                        }
                    }
                    Err(why) => Looked {
                        asks: "check".to_owned(),
                        answer: Answer::Unknown,
                        seen: why,
                        otherwise: None,
                        wants: None,
                    },
                });
            }
        }
        questions
    }
}

fn guard(result: GuardResult) -> Looked {
    let otherwise = match result.verdict {
        GuardVerdict::Ask => Otherwise::Asks,
        GuardVerdict::Skip => Otherwise::Skips,
        _ => Otherwise::Stops,
    };
    Looked {
        asks: result.name,
        answer: Answer::of(result.verdict),
        seen: result.seen,
        otherwise: Some(otherwise),
        wants: None,
    }
}

fn why_not(condition: &Condition, values: &BTreeMap<String, String>) -> String {
    let name = condition.name();
    let is = values.get(name).map_or_else(|| format!("{name} has no value"), |value| format!("{name} is {value}"));
    format!("only when {condition}; {is}")
}

/// To be read only: what is left of a block that was ready to run.
fn shown(resolved: Resolved) -> Shown {
    let argv: &[&str] = match resolved.lang {
        Lang::Bash => &["bash", "-euo", "pipefail"],
        Lang::Sh => &["sh", "-eu"],
        _ => &[],
    };
    let named = |name: &String| resolved.text.contains(name.as_str());
    Shown {
        lang: resolved.lang,
        argv: argv.iter().map(|&word| word.to_owned()).collect(),
        env: resolved.env.into_iter().filter(|(name, _)| named(name)).collect(),
        secrets: resolved.secrets,
        target: resolved.target.as_ref().map(|target| target.name.clone()),
        place: resolved.target.and_then(|target| target.address),
        timeout: resolved.timeout,
        idempotent: resolved.idempotent,
        readonly: resolved.readonly,
        text: resolved.text,
    }
}
