//! From the outline to phases, groups and steps.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::front_matter::{self, Findings, OTHER_VERSION, Settings};
use super::model::{Group, Phase, PhaseKind, Runbook, Step};
use super::outline::{self, Fence, Item, Misplaced, Node, Outline};
use super::step::{self, Built};
use super::{info, lookalike, phases, rules, unicode};
use crate::diagnostic::{Severity, did_you_mean};
use crate::ident::StepId;
use crate::untrusted::sanitise_line;

/// Nobody walks more; those below are not read.
const STEPS: usize = 5000;
const TOO_MUCH: &str = "too much is wrong with this runbook: `switchback lint` shows the beginning";

/// Reads the whole document into `runbook`. What is wrong goes to `findings`; in a foreign document nothing is.
pub(super) fn read(source: &str, runbook: &mut Runbook, findings: &mut Findings<'_>) {
    let (front, rest) = front_matter::split(source);
    let version = front.clone().and_then(|front| front_matter::version(&source[front]));
    let unclosed = front.is_none() && front_matter::unclosed(source);
    runbook.native = version.is_some() || unclosed;
    if unclosed {
        let help = Some("write `---` on a line of its own below it".to_owned());
        findings.error("runbook::front-matter", &(0..3), "the front matter is not closed", help);
    }
    let mut settings = Settings::default();
    if let Some(front) = front {
        if runbook.native {
            settings = front_matter::read(source, front, runbook, findings);
        } else {
            let mut scratch = Findings { estate: None, list: Vec::new() };
            settings.title = front_matter::read(source, front, &mut Runbook::default(), &mut scratch).title;
        }
    }
    let Outline { nodes, misplaced } = outline::outline(&source[rest..], rest);
    runbook.preamble = preamble(source, rest, &nodes);
    runbook.title =
        settings.title.take().or_else(|| first_heading(&nodes)).unwrap_or_else(|| "Untitled runbook".to_owned());
    let scratch = Findings { estate: None, list: Vec::new() };
    let mut walk = Walk {
        source,
        settings: &settings,
        findings: if runbook.native { std::mem::replace(findings, scratch) } else { scratch },
        heading: None,
        phase: None,
        group: Group::default(),
        pending: None,
        extents: Vec::new(),
        ids: BTreeSet::new(),
        outside: false,
        steps: 0,
        in_phase: 0,
        runbook,
    };
    for node in nodes {
        walk.take(node);
    }
    walk.finish_phase();
    for misplaced in misplaced {
        walk.misplaced(misplaced);
    }
    let (mut found, extents) = (walk.findings, walk.extents);
    if runbook.native {
        check_order(runbook, &mut found);
        check_phases(source, runbook, &settings, &mut found);
        rules::check(source, runbook, &mut found);
        make_manual(source, runbook, &extents, &found);
        if found.full() {
            for extent in &extents {
                by_hand(step_at(runbook, extent.at), extent.written_to_run, || TOO_MUCH.to_owned());
            }
        }
        if version.is_some_and(|version| version != "1") {
            for extent in &extents {
                by_hand(step_at(runbook, extent.at), extent.written_to_run, || OTHER_VERSION.to_owned());
            }
        }
        *findings = found;
    }
}

fn first_heading(nodes: &[Node]) -> Option<String> {
    nodes.iter().find_map(|node| match node {
        Node::Heading { level: 1, text, .. } if !text.is_empty() => Some(sanitise_line(text)),
        _ => None,
    })
}

/// Text between the title and the first phase.
fn preamble(source: &str, rest: usize, nodes: &[Node]) -> String {
    let mut start = rest;
    for node in nodes {
        match node {
            Node::Heading { level: 1, span, .. } => start = span.end,
            Node::Heading { span, .. } => return source[start..span.start].trim().to_owned(),
            Node::Item(Item { task: Some(_), span, .. }) => return source[start..span.start].trim().to_owned(),
            _ => {}
        }
    }
    source[start..].trim().to_owned()
}

/// Where a step's text stands: its list item and the fences attached to it.
struct Extent {
    span: Range<usize>,
    /// Phase, group and step, by position.
    at: (usize, usize, usize),
    written_to_run: bool,
}

struct Pending {
    item: Item,
    strays: Vec<Fence>,
}

struct Walk<'a, 'e> {
    source: &'a str,
    settings: &'a Settings,
    findings: Findings<'e>,
    runbook: &'a mut Runbook,
    /// The H2 we are under.
    heading: Option<String>,
    phase: Option<Phase>,
    group: Group,
    pending: Option<Pending>,
    extents: Vec<Extent>,
    ids: BTreeSet<StepId>,
    /// A step before the first phase was reported.
    outside: bool,
    steps: usize,
    /// Of the phase, in the groups that are finished.
    in_phase: usize,
}

impl Walk<'_, '_> {
    fn take(&mut self, node: Node) {
        match node {
            Node::Heading { level: 1 | 2, text, span } => {
                unicode::check(self.source, &span, &mut self.findings);
                self.finish_phase();
                self.heading = Some(sanitise_line(&text));
            }
            Node::Heading { level: 3, text, span } => {
                unicode::check(self.source, &span, &mut self.findings);
                self.finish_group();
                let (title, parallel) = phases::parallel(&sanitise_line(&text));
                self.group = Group { title: Some(title), parallel, steps: Vec::new() };
            }
            Node::Heading { .. } => self.finish_step(),
            Node::Item(item) if item.task.is_some() && self.steps >= STEPS => {
                self.finish_step();
                if self.steps == STEPS {
                    self.steps += 1;
                    let place = item.span.start..item.span.start;
                    let help = Some("split it: one runbook for one situation".to_owned());
                    let message = format!("more than {STEPS} steps: those from here on are not read");
                    self.findings.error("runbook::too-long", &place, message, help);
                }
            }
            Node::Item(item) if item.task.is_some() => {
                self.finish_step();
                self.steps += 1;
                if self.heading.is_none() && !self.outside {
                    self.outside = true;
                    let place = item.span.start..item.span.start;
                    let message = "this step stands before the first phase";
                    self.findings.warning("runbook::no-phase", &place, message, "put it under a `## Heading`");
                }
                self.pending = Some(Pending { item, strays: Vec::new() });
            }
            Node::Item(item) => self.plain_item(&item),
            Node::Fence(fence) => self.stray(fence),
            Node::Text(span) => {
                lookalike::paragraph(self.source, &span, false, &mut self.findings);
                lookalike::fences(self.source, &span, false, &mut self.findings);
            }
            Node::Indented(span) => {
                lookalike::fences(self.source, &span, true, &mut self.findings);
            }
            Node::Other(_) => {}
        }
    }

    /// A fence at top level belongs to the step above it: the commonest slip of indentation.
    fn stray(&mut self, fence: Fence) {
        self.swallows(&fence);
        if matches!(info::read(&fence.info, self.settings.defaults), info::Info::Shown) {
            return;
        }
        let place = fence.span.start..fence.span.start + 3;
        match &mut self.pending {
            Some(pending) => {
                let message = format!(
                    "this block is not inside its step; it is taken as part of “{}”",
                    pending.item.title.trim()
                );
                let help = "indent it two spaces deeper than the step's list marker";
                self.findings.warning("runbook::stray-fence", &place, message, help);
                pending.strays.push(fence);
            }
            None => {
                let help = Some("put it inside a `- [ ]` step".to_owned());
                self.findings.error(
                    "runbook::no-step",
                    &place,
                    "this block belongs to no step: it would never run",
                    help,
                );
            }
        }
    }

    /// A fence that is never closed takes the rest of the document with it, steps and all.
    fn swallows(&mut self, fence: &Fence) {
        let lost = fence.text.lines().map(str::trim_start).any(|line| {
            line.starts_with("## ") || line.starts_with("- [ ] ") || line.starts_with("```") || line.starts_with("~~~")
        });
        if !fence.closed && lost {
            let place = fence.span.start..fence.span.start + 3;
            let message = "this block is not closed: the rest of the document is part of it";
            let help = Some("write the same signs on a line of their own below the block".to_owned());
            self.findings.error("runbook::unclosed-fence", &place, message, help);
        }
    }

    /// A list item that is no step: only shown, so nothing that wants to run may be in it.
    fn plain_item(&mut self, item: &Item) {
        lookalike::item(self.source, &item.span, &mut self.findings);
        for child in &item.children {
            match child {
                Node::Item(child) if child.task.is_some() => self.misplaced(Misplaced::Task(child.span.clone())),
                Node::Item(child) => lookalike::item(self.source, &child.span, &mut self.findings),
                Node::Fence(fence) => self.misplaced(Misplaced::Fence(fence.clone())),
                Node::Text(span) => {
                    lookalike::fences(self.source, span, false, &mut self.findings);
                }
                Node::Indented(span) => {
                    lookalike::fences(self.source, span, true, &mut self.findings);
                }
                Node::Heading { .. } | Node::Other(_) => {}
            }
        }
    }

    fn misplaced(&mut self, misplaced: Misplaced) {
        match misplaced {
            Misplaced::Task(span) => {
                let help = "steps stand at the margin, sub-steps directly under a step".to_owned();
                let place = span.start..span.start;
                self.findings.error(
                    "runbook::misplaced-task",
                    &place,
                    "a task item here is neither a step nor a sub-step",
                    Some(help),
                );
            }
            Misplaced::Fence(fence) => {
                if !matches!(info::read(&fence.info, self.settings.defaults), info::Info::Shown) {
                    let help =
                        "indent it as the text of a step: two spaces deeper than the step's list marker".to_owned();
                    let place = fence.span.start..fence.span.start + 3;
                    self.findings.error(
                        "runbook::misplaced-fence",
                        &place,
                        "a block here never runs: it is not directly in a step",
                        Some(help),
                    );
                }
            }
        }
    }

    fn finish_step(&mut self) {
        let Some(Pending { item, strays }) = self.pending.take() else { return };
        let phase = self.phase.get_or_insert_with(|| {
            let title = self.heading.clone().unwrap_or_else(|| "Steps".to_owned());
            let kind = self.settings.phases.get(&title.to_lowercase()).map(|(kind, _)| *kind);
            Phase { kind: kind.unwrap_or_else(|| phases::kind(&title)), title, groups: Vec::new() }
        });
        let number = self.in_phase + self.group.steps.len() + 1;
        let position = format!("{}.{number}", self.runbook.phases.len() + 1);
        let Built { mut step, id_at, written_to_run } =
            step::build(self.source, &item, &strays, self.runbook, self.settings.defaults, &mut self.findings);
        if step.id.as_str().is_empty() || !self.ids.insert(step.id.clone()) {
            if !step.id.as_str().is_empty() {
                let message = format!("the id `{}` is already taken by a step above", step.id);
                self.findings.error(
                    "runbook::duplicate-id",
                    &id_at,
                    message,
                    Some("ids are unique in a runbook".to_owned()),
                );
            }
            step.id = StepId::new(position);
            self.ids.insert(step.id.clone());
        }
        let at = (self.runbook.phases.len(), phase.groups.len(), self.group.steps.len());
        let spans = std::iter::once(item.span).chain(strays.into_iter().map(|fence| fence.span));
        self.extents.extend(spans.map(|span| Extent { span, at, written_to_run }));
        self.group.steps.push(step);
    }

    fn finish_group(&mut self) {
        self.finish_step();
        let group = std::mem::take(&mut self.group);
        if let Some(phase) = &mut self.phase
            && !group.steps.is_empty()
        {
            self.in_phase += group.steps.len();
            phase.groups.push(group);
        }
    }

    fn finish_phase(&mut self) {
        self.finish_group();
        self.runbook.phases.extend(self.phase.take());
        self.in_phase = 0;
    }
}

/// A runbook has steps, and `phases:` speaks of headings that are there: a slip would put a rollback on the main line.
fn check_phases(source: &str, runbook: &Runbook, settings: &Settings, findings: &mut Findings<'_>) {
    let titles = || runbook.phases.iter().map(|phase| phase.title.as_str()).take(100);
    let known: BTreeSet<String> = runbook.phases.iter().map(|phase| phase.title.to_lowercase()).collect();
    for (title, (_, place)) in settings.phases.iter().take(100) {
        if !known.contains(title) {
            let help = did_you_mean(title, titles())
                .unwrap_or_else(|| format!("the phases are {}", titles().take(8).collect::<Vec<_>>().join(", ")));
            findings.error("runbook::phases", place, format!("no phase is called `{title}`"), Some(help));
        }
    }
    let wrong = findings.list.iter().any(|found| found.severity == Severity::Error);
    if runbook.steps().next().is_none() && !wrong {
        let end = source.trim_end().len();
        let help = "write `- [ ] What is done` under a `## Heading`";
        findings.warning("runbook::no-steps", &(end..end), "there is no step in this runbook", help);
    }
}

/// `After:` works inside a parallel group, among its own steps, and may not go round in a circle.
fn check_order(runbook: &Runbook, findings: &mut Findings<'_>) {
    for group in runbook.phases.iter().flat_map(|phase| &phase.groups) {
        if group.steps.iter().all(|step| step.after.is_empty()) {
            continue;
        }
        let known: BTreeSet<&StepId> = group.steps.iter().map(|step| &step.id).collect();
        let round = going_round(group);
        for step in group.steps.iter().filter(|step| !step.after.is_empty()) {
            let place = step.span.start..step.span.start;
            if !group.parallel {
                let help = Some("end the `###` heading with `(in parallel)`, or leave `After` out".to_owned());
                findings.error("runbook::after", &place, "`After` counts only inside a parallel group", help);
                continue;
            }
            for id in step.after.iter().filter(|id| **id == step.id || !known.contains(id)) {
                let message = format!("`After: {id}` is not another step of this group");
                findings.error("runbook::after", &place, message, None);
            }
            if round.contains(&step.id) {
                let message = format!("`After` goes round in a circle at `{}`", step.id);
                findings.error("runbook::after", &place, message, None);
            }
        }
    }
}

/// Steps that wait for themselves, or for some that do: what is left when those that wait for nothing are taken away,
/// and then those that waited only for them, and so on.
fn going_round(group: &Group) -> BTreeSet<&StepId> {
    let steps: BTreeSet<&StepId> = group.steps.iter().map(|step| &step.id).collect();
    let waits = |step: &Step| {
        let other = step.after.iter().filter(|id| **id != step.id && steps.contains(id));
        other.cloned().collect::<BTreeSet<_>>()
    };
    let mut open: BTreeMap<&StepId, usize> = group.steps.iter().map(|step| (&step.id, waits(step).len())).collect();
    let mut behind: BTreeMap<StepId, Vec<&StepId>> = BTreeMap::new();
    for step in &group.steps {
        for id in waits(step) {
            behind.entry(id).or_default().push(&step.id);
        }
    }
    let mut free: Vec<&StepId> = open.iter().filter(|(_, waits)| **waits == 0).map(|(id, _)| *id).collect();
    while let Some(done) = free.pop() {
        for id in behind.get(done).into_iter().flatten() {
            if let Some(left) = open.get_mut(*id) {
                *left -= 1;
                if *left == 0 {
                    free.push(*id);
                }
            }
        }
        open.remove(done);
    }
    open.into_keys().collect()
}

/// An error in a step makes it manual, and says so.
fn make_manual(source: &str, runbook: &mut Runbook, extents: &[Extent], findings: &Findings<'_>) {
    let ends: Vec<usize> = source.match_indices('\n').map(|(at, _)| at).collect();
    let line = |at: usize| ends.partition_point(|end| *end < at) + 1;
    for found in findings.list.iter().filter(|found| found.severity == Severity::Error) {
        let after = extents.partition_point(|extent| extent.span.start <= found.span.start);
        let Some(extent) = extents[..after].last().filter(|extent| found.span.start < extent.span.end) else {
            continue;
        };
        let step = step_at(runbook, extent.at);
        step.after.retain(|_| found.code != "runbook::after");
        let written = extent.written_to_run || found.code == "runbook::hidden-fence";
        by_hand(step, written, || format!("line {}: {}", line(found.span.start), found.message));
    }
}

/// Takes away what would run. The first reason stands, if the step was written to run at all.
fn by_hand(step: &mut Step, written_to_run: bool, why: impl FnOnce() -> String) {
    step.run = None;
    step.rollback = None;
    step.child = None;
    if written_to_run && step.manual_because.is_none() {
        step.manual_because = Some(why());
    }
}

fn step_at(runbook: &mut Runbook, (phase, group, step): (usize, usize, usize)) -> &mut Step {
    &mut runbook.phases[phase].groups[group].steps[step]
}

impl PhaseKind {
    /// The word of the front matter and of the plan view.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Failback => "failback",
            Self::Rollback => "rollback",
            Self::CleanUp => "clean-up",
        }
    }
}
