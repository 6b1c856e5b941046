//! What stands on the page, before it is Markdown or HTML.

use std::collections::BTreeMap;

use super::Printed;
use super::prose::paragraphs;
use crate::engine::{Recorded, Run, StepState, resolve_question, resolve_step};
use crate::execution::{Part, substitute};
use crate::people::Person;
use crate::reading::Board;
use crate::runbook::{Block, CheckLine, Expected, Group, Lang, Phase, PhaseKind, Step, VariableKind, check_lines};
use crate::time::{Timestamp, clock, human, rfc3339, since};

/// A whole checklist. Texts are as they came: the renderers escape them.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    pub title: String,
    pub facts: Vec<(&'static str, String)>,
    pub purpose: Vec<String>,
    /// Variables and their values; `None` is a blank to be filled in.
    pub values: Vec<(String, Option<String>)>,
    pub phases: Vec<SheetPhase>,
    pub people: Vec<Person>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct SheetPhase {
    pub title: String,
    pub on_demand: bool,
    pub groups: Vec<SheetGroup>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct SheetGroup {
    pub title: Option<String>,
    pub steps: Vec<SheetStep>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct SheetStep {
    pub number: usize,
    pub title: String,
    pub standing: Standing,
    /// `Owner`, `Expected`, `On`, `Only when`.
    pub facts: Vec<(&'static str, String)>,
    pub approval: Option<String>,
    pub no_return: bool,
    pub undo: Option<String>,
    /// What has to be fenced, and how that is said.
    pub fences: Vec<String>,
    pub prose: Vec<String>,
    pub blocks: Vec<SheetBlock>,
    pub ticks: Vec<(String, bool)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    ToDo,
    /// Begun, and without an end: what is known of it.
    Open(String),
    /// Done: how, when, by whom.
    Done(String),
    /// Over without being done: left out, or taken back.
    Left(String),
    NotApplicable,
}

#[derive(Clone, Debug, PartialEq)]
pub struct SheetBlock {
    pub heading: String,
    pub lang: &'static str,
    pub text: String,
    /// Values the text names, and where secrets are found.
    pub with: Vec<String>,
}

impl Sheet {
    #[must_use]
    pub fn of(printed: &Printed<'_>) -> Self {
        let run = printed.run;
        let first = run.runbook.steps().next();
        let known = first.map(|step| run.values_for(&step.id)).unwrap_or_default();
        let mut number = 0;
        let phases = run.runbook.phases.iter();
        Self {
            title: run.runbook.title.clone(),
            facts: facts(printed),
            purpose: paragraphs(&substitute(&run.runbook.preamble, &known)),
            values: values(printed, &known),
            phases: phases.map(|phase| sheet_phase(printed, phase, &mut number)).collect(),
            people: run.estate.people.clone(),
        }
    }
}

fn facts(printed: &Printed<'_>) -> Vec<(&'static str, String)> {
    let run = printed.run;
    let mut facts = vec![("Estate", run.estate.name.clone())];
    if let Some(incident) = printed.state.incident.as_ref().filter(|_| printed.incident) {
        facts.push(("Incident", format!("{}: {}", incident.label, incident.title)));
        facts.push(("Impact since", rfc3339(incident.impact_at)));
    }
    let side =
        |side: &Option<crate::ident::RegionId>| side.as_ref().map_or_else(|| "____".to_owned(), ToString::to_string);
    facts.push(("From ▸ to", format!("{} ▸ {}", side(&run.from), side(&run.to))));
    facts.push((
        "Mode",
        if printed.mode_known { run.mode.word().to_owned() } else { "planned ☐   forced ☐".to_owned() },
    ));
    for (name, target) in [("RTO", run.runbook.rto), ("RPO", run.runbook.rpo)] {
        facts.extend(target.map(|target| (name, human(target))));
    }
    facts.extend(run.runbook.owner.clone().map(|owner| ("Kept by", owner)));
    facts.push(("Runbook", format!("{}, SHA-256 {}", run.name, run.hash)));
    facts.push(("Printed", rfc3339(printed.at)));
    facts
}

/// Those of the runbook and the built-in ones; exported fields stand where they are used.
fn values(printed: &Printed<'_>, known: &BTreeMap<String, String>) -> Vec<(String, Option<String>)> {
    let declared = printed.run.runbook.vars.iter();
    let plain = declared.filter(|variable| !matches!(variable.kind, VariableKind::Secret { .. }));
    let names = ["FROM", "TO"].into_iter().map(str::to_owned).chain(plain.map(|variable| variable.name.clone()));
    names.map(|name| (name.clone(), known.get(&name).cloned())).collect()
}

fn sheet_phase(printed: &Printed<'_>, phase: &Phase, number: &mut usize) -> SheetPhase {
    let group = |group: &Group| SheetGroup {
        title: group.title.clone(),
        steps: group
            .steps
            .iter()
            .map(|step| {
                *number += 1;
                sheet_step(printed, step, *number)
            })
            .collect(),
    };
    SheetPhase {
        title: phase.title.clone(),
        on_demand: phase.kind != PhaseKind::Main,
        groups: phase.groups.iter().map(group).collect(),
    }
}

fn sheet_step(printed: &Printed<'_>, step: &Step, number: usize) -> SheetStep {
    let run = printed.run;
    let values = run.values_for(&step.id);
    let said = |text: &str| substitute(text, &values);
    let record = run.record(&step.id);
    let ticked = |index: &usize| record.ticks.get(index).copied().unwrap_or(false);
    SheetStep {
        number,
        title: said(&step.title),
        standing: standing(printed, step),
        facts: step_facts(printed, step, &said),
        approval: step.approval.as_ref().map(|approval| match &approval.fallback {
            Some((seat, after)) => format!("{}, or {seat} after {}", approval.by, human(*after)),
            None => approval.by.to_string(),
        }),
        no_return: step.point_of_no_return,
        undo: step.undo.as_deref().map(said),
        fences: fences(step, &values),
        prose: paragraphs(&said(&step.prose)),
        blocks: blocks(printed.board, run, step),
        ticks: step.substeps.iter().enumerate().map(|(at, tick)| (said(&tick.title), ticked(&at))).collect(),
    }
}

fn standing(printed: &Printed<'_>, step: &Step) -> Standing {
    let run = printed.run;
    let state = run.step_state(&step.id);
    let record = run.record(&step.id);
    let by = record.by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
    let at = |at: Option<Timestamp>| at.map(|at| format!(" {}", clock(at))).unwrap_or_default();
    match state {
        StepState::NotApplicable if printed.mode_known || !in_some_mode(run, step) => Standing::NotApplicable,
        StepState::Pending | StepState::Ready | StepState::Blocked | StepState::NotApplicable => Standing::ToDo,
        StepState::AwaitingApproval => Standing::Open("its approval was asked for".to_owned()),
        _ if state.ended() => {
            let took = record.started_at.zip(record.ended_at).map(|(start, end)| since(end, start));
            let took = took.filter(|took| !took.is_zero()).map(|took| format!(", {}", human(took))).unwrap_or_default();
            let remark = record.remark.as_ref().filter(|remark| !remark.is_empty());
            let remark = remark.map(|remark| format!(": {remark}")).unwrap_or_default();
            let said = format!("{}{}{by}{took}{remark}", state.word(), at(record.ended_at));
            if state.done() { Standing::Done(said) } else { Standing::Left(said) }
        }
        _ => {
            let unknown = if record.recorded == Recorded::Unknown { "; look before anything else" } else { "" };
            Standing::Open(format!("{} since{}{by}{unknown}", state.word(), at(record.started_at)))
        }
    }
}

/// Whether it applies as far as the mode does not decide it.
fn in_some_mode(run: &Run, step: &Step) -> bool {
    let values = run.values_for(&step.id);
    step.when.iter().filter(|condition| condition.name() != "MODE").all(|condition| condition.holds(&values))
}

fn step_facts(printed: &Printed<'_>, step: &Step, said: &impl Fn(&str) -> String) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    facts.extend(step.owner.as_ref().map(|owner| ("Owner", owner.to_string())));
    facts.extend(step.expected.as_ref().map(|expected| ("Expected", span(expected))));
    if let Some(on) = &step.on {
        let resolved = resolve_step(printed.board, printed.run, &step.id, Part::Run).ok();
        let address = resolved.and_then(|resolved| resolved.target?.address);
        facts.push(("On", address.map_or_else(|| said(&on.0), |address| format!("{} ({address})", said(&on.0)))));
    }
    if !printed.mode_known && !step.when.is_empty() {
        facts.push(("Only when", step.when.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ")));
    }
    facts.extend(step.hold.map(|hold| ("Watch for", human(hold))));
    facts.extend(step.child.as_ref().map(|child| ("Walk", format!("the runbook {child}"))));
    facts.extend(step.manual_because.as_ref().map(|why| ("By hand, because", why.clone())));
    facts
}

fn span(expected: &Expected) -> String {
    if expected.low == expected.high {
        return human(expected.high);
    }
    format!("{} to {}", human(expected.low), human(expected.high))
}

fn fences(step: &Step, values: &BTreeMap<String, String>) -> Vec<String> {
    let checks = step.guards.iter().filter(|block| block.lang == Lang::Check);
    let lines = checks.flat_map(|block| check_lines(&block.text, values)).flatten();
    lines
        .filter_map(|line| match line {
            CheckLine::Fenced { database, region } => Some(format!("{database}@{region}")),
            _ => None,
        })
        .collect()
}

fn blocks(board: &Board, run: &Run, step: &Step) -> Vec<SheetBlock> {
    let mut blocks: Vec<_> =
        step.guards.iter().map(|block| asked(board, run, step, block, "Before it, all of this has to hold")).collect();
    blocks.extend(step.run.as_ref().map(|block| executed(board, run, step, block, Part::Run)));
    blocks.extend(
        step.verifies.iter().map(|block| {
            asked(board, run, step, block, &format!("Done when this holds, within {}", human(block.within)))
        }),
    );
    let back = step.rollback.as_ref().filter(|block| !block.put_back);
    blocks.extend(back.map(|block| executed(board, run, step, block, Part::Rollback)));
    blocks
}

fn asked(board: &Board, run: &Run, step: &Step, block: &Block, heading: &str) -> SheetBlock {
    match resolve_question(board, run, step, block) {
        Ok(resolved) => SheetBlock {
            heading: heading.to_owned(),
            lang: resolved.lang.name(),
            with: with(&resolved.text, &resolved.env, &resolved.secrets),
            text: resolved.text,
        },
        Err(why) => as_written(block, heading.to_owned(), &why),
    }
}

fn executed(board: &Board, run: &Run, step: &Step, block: &Block, part: Part) -> SheetBlock {
    let verb = if part == Part::Rollback { "To take it back, run" } else { "Run" };
    match resolve_step(board, run, &step.id, part) {
        Ok(resolved) => SheetBlock {
            heading: format!("{verb} ({}, {} at most)", resolved.lang.name(), human(resolved.timeout)),
            lang: resolved.lang.name(),
            with: with(&resolved.text, &resolved.env, &resolved.secrets),
            text: resolved.text,
        },
        Err(refusal) => as_written(block, format!("{verb} ({})", block.lang.name()), &refusal.message),
    }
}

/// What cannot be settled yet stands as its author wrote it, with what has to be filled in.
fn as_written(block: &Block, heading: String, why: &str) -> SheetBlock {
    SheetBlock { heading, lang: block.lang.name(), text: block.text.clone(), with: vec![format!("fill in: {why}")] }
}

fn with(text: &str, env: &BTreeMap<String, String>, secrets: &BTreeMap<String, String>) -> Vec<String> {
    let used = |name: &str| text.contains(&format!("${name}")) || text.contains(&format!("${{{name}"));
    let values = env.iter().filter(|(name, _)| used(name)).map(|(name, value)| format!("{name}={value}"));
    values.chain(secrets.iter().map(|(name, from)| format!("${name} is a secret, found at {from}"))).collect()
}
