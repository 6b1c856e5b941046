//! One step: its title, id, fields, blocks and sub-steps.

mod field;

use std::collections::BTreeMap;
use std::ops::Range;

use super::fields::{self, Key, Line};
use super::front_matter::Findings;
use super::info::{self, Defaults, Info, Role};
use super::model::{Block, Confirm, Lang, Runbook, Step, SubStep};
use super::outline::{Fence, Item, Node};
use super::{block, child, lookalike, questions, unicode};
use crate::estate::Estate;
use crate::ident::StepId;
use crate::route53::Plane;
use crate::untrusted::sanitise_line;

/// A step as it was written.
pub(super) struct Built {
    pub(super) step: Step,
    /// Where its id stands.
    pub(super) id_at: Range<usize>,
    /// It has a block that was meant to do something.
    pub(super) written_to_run: bool,
}

/// Reads a task item and the fences attached to it.
pub(super) fn build(
    source: &str,
    item: &Item,
    strays: &[Fence],
    runbook: &Runbook,
    defaults: Defaults,
    findings: &mut Findings<'_>,
) -> Built {
    let first = item.span.start..item.span.start + source[item.span.clone()].find('\n').unwrap_or(item.span.len());
    let mut reader = Reader {
        source,
        runbook,
        defaults,
        findings,
        step: Step { title: sanitise_line(item.title.trim()), span: item.span.clone(), ..Step::default() },
        first: first.clone(),
        written_to_run: false,
        prose: Vec::new(),
        seen: Vec::new(),
    };
    unicode::check(source, &first, reader.findings);
    reader.linked(item);
    let id_at = reader.id(item).unwrap_or_else(|| first.clone());
    if item.task == Some(true) {
        reader.findings.warning(
            "runbook::ticked",
            &first,
            "a ticked box is ignored: what is done stands in the run's record",
            "write `[ ]`",
        );
    }
    if reader.step.title.is_empty() {
        reader.findings.error(
            "runbook::untitled",
            &first,
            "this step has no title",
            Some("write what it does after `[ ]`".to_owned()),
        );
    }
    for (number, child) in item.children.iter().enumerate() {
        reader.child(child, number == 0);
    }
    // Fields first: whether a block is right depends on them.
    if runbook.native {
        for fence in item.children.iter().filter_map(fence).chain(strays) {
            reader.fence(fence);
        }
    }
    reader.finish();
    Built { id_at, written_to_run: reader.written_to_run, step: reader.step }
}

struct Reader<'a, 'f, 'e> {
    source: &'a str,
    runbook: &'a Runbook,
    defaults: Defaults,
    findings: &'f mut Findings<'e>,
    step: Step,
    /// The title line.
    first: Range<usize>,
    written_to_run: bool,
    prose: Vec<String>,
    seen: Vec<Key>,
}

impl Reader<'_, '_, '_> {
    fn error(&mut self, code: &'static str, at: &Range<usize>, message: impl Into<String>, help: Option<String>) {
        self.findings.error(code, at, message, help);
    }

    fn id(&mut self, item: &Item) -> Option<Range<usize>> {
        let (comment, at) = item.comments.iter().find(|(comment, _)| {
            comment.strip_prefix("<!--").is_some_and(|inside| inside.trim_start().starts_with("id:"))
        })?;
        let id = comment.trim_start_matches("<!--").trim_end_matches("-->").trim();
        let id = id.strip_prefix("id:").unwrap_or_default().trim();
        if !id.is_empty() && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
            self.step.id = StepId::new(id);
        } else {
            let help = "use lower-case letters, digits and `-`".to_owned();
            self.error("runbook::id", at, format!("`{id}` is not an id"), Some(help));
        }
        Some(at.clone())
    }

    /// Another runbook that the title names.
    fn linked(&mut self, item: &Item) {
        let mut named = item.links.iter().filter_map(|(to, at)| Some((child::named(to)?, at)));
        self.step.child = named.next().map(|(name, _)| name).filter(|_| self.runbook.native);
        if let Some((name, at)) = named.next() {
            let help = Some("a step opens one: make it a step of its own".to_owned());
            self.findings.error("runbook::child", at, format!("a second runbook in this title: `{name}`"), help);
        }
    }

    fn child(&mut self, child: &Node, first: bool) {
        match child {
            Node::Text(span) => self.text(span, first),
            Node::Fence(fence) => {
                if !self.runbook.native || matches!(info::read(&fence.info, self.defaults), Info::Shown) {
                    self.prose.push(dedent(self.source, &fence.span));
                }
            }
            Node::Indented(span) => {
                lookalike::fences(self.source, span, true, self.findings);
                self.prose.push(dedent(self.source, span));
            }
            Node::Item(item) if item.task.is_some() => {
                if item.task == Some(true) {
                    let at = item.span.start..item.span.start;
                    self.findings.warning(
                        "runbook::ticked",
                        &at,
                        "a ticked box is ignored: what is done stands in the run's record",
                        "write `[ ]`",
                    );
                }
                let title = sanitise_line(item.title.trim());
                self.step.substeps.push(SubStep { title });
                self.inside_bullet(item);
            }
            Node::Item(item) => self.bullet(item),
            Node::Heading { span, .. } | Node::Other(span) => self.prose.push(dedent(self.source, span)),
        }
    }

    /// What a sub-step or a bullet holds besides its text may hide a fence.
    fn inside_bullet(&mut self, item: &Item) {
        for child in &item.children {
            if let Node::Text(span) | Node::Indented(span) = child {
                lookalike::fences(self.source, span, matches!(child, Node::Indented(_)), self.findings);
            }
        }
    }

    /// A plain sub-bullet: fields if every line of it is, else prose.
    fn bullet(&mut self, item: &Item) {
        lookalike::item(self.source, &item.span, self.findings);
        let texts: Vec<Range<usize>> = item
            .children
            .iter()
            .filter_map(|child| if let Node::Text(span) = child { Some(span.clone()) } else { None })
            .collect();
        let lines: Vec<(Range<usize>, Line)> =
            texts.iter().flat_map(|span| lines(self.source, span)).map(|(at, text)| (at, fields::read(text))).collect();
        let alone = texts.len() == item.children.len() && !lines.is_empty();
        if alone && lines.iter().all(|(_, line)| matches!(line, Line::Fields(_))) {
            for (at, line) in lines {
                self.line(at, line);
            }
            return;
        }
        for (at, line) in lines {
            if !matches!(line, Line::Fields(_)) {
                self.line(at, line);
            }
        }
        self.inside_bullet(item);
        self.prose.push(dedent(self.source, &item.span));
    }

    fn text(&mut self, span: &Range<usize>, title: bool) {
        lookalike::fences(self.source, span, false, self.findings);
        lookalike::paragraph(self.source, span, title, self.findings);
        let mut kept = Vec::new();
        for (at, text) in lines(self.source, span) {
            if title && at.start < self.first.end {
                continue;
            }
            let line = fields::read(text);
            if !matches!(line, Line::Fields(_)) {
                kept.push(text.to_owned());
            }
            self.line(at, line);
        }
        if !kept.is_empty() {
            self.prose.push(kept.join("\n"));
        }
    }

    fn line(&mut self, at: Range<usize>, line: Line) {
        if self.findings.full() {
            return;
        }
        match line {
            Line::Prose => {}
            Line::Fields(fields) => {
                unicode::check(self.source, &at, self.findings);
                for (key, value) in fields {
                    self.field(key, &value, &at);
                }
            }
            Line::Mixed(segment) => {
                let message = format!("only a part of this line is fields: `{segment}` is none, so all of it is prose");
                self.findings.warning("runbook::mixed-fields", &at, message, "give the fields a line of their own");
            }
            Line::Misspelt(name, help) => {
                self.error("runbook::field", &at, format!("unknown field `{name}`"), Some(help));
            }
        }
    }

    fn fence(&mut self, fence: &Fence) {
        let place = fence.span.start..fence.span.start + fence.info.len() + 3;
        let (role, mut read) = match info::read(&fence.info, self.defaults) {
            Info::Shown => return,
            Info::Wrong(faults) => {
                self.written_to_run = true;
                for fault in faults {
                    self.error(fault.code, &place, fault.message, fault.help);
                }
                return;
            }
            Info::Block { role, block } => (role, *block),
        };
        self.written_to_run |= role != Role::Expect;
        if !fence.closed {
            let help = Some("write the same signs on a line of their own below the block".to_owned());
            self.error(
                "runbook::unclosed-fence",
                &place,
                "this block is not closed: what follows may be part of it",
                help,
            );
        }
        read.text.clone_from(&fence.text);
        read.span = fence.span.clone();
        if role != Role::Expect {
            block::check(&read, fence, &place, self.step.on.as_ref(), self.runbook, self.findings);
        }
        self.put(role, read, &place);
    }

    fn put(&mut self, role: Role, block: Block, place: &Range<usize>) {
        let slot = match role {
            Role::Guard => return self.step.guards.push(block),
            Role::Verify => return self.step.verifies.push(block),
            Role::Expect => return self.step.expects.push(block),
            Role::Run => &mut self.step.run,
            Role::Rollback => &mut self.step.rollback,
            Role::Drill => &mut self.step.drill,
        };
        if slot.is_some() {
            let message = format!("a second {} block: a step has one", role.name());
            return self.error("runbook::second-block", place, message, Some("make it a step of its own".to_owned()));
        }
        *slot = Some(block);
    }

    /// What can be said only when the whole step is known.
    fn finish(&mut self) {
        let first = self.first.clone();
        self.step.prose = std::mem::take(&mut self.prose).join("\n\n");
        if let Some(name) = self.step.child.clone() {
            self.opens(&name);
        }
        questions::check(&self.step, &first, self.findings);
        if self.step.confirm == Confirm::No && !self.step.read_only() {
            let help = Some("only a `readonly` block may run without being confirmed".to_owned());
            self.error("runbook::confirm", &first, "`Confirm: no` on a step that is not read-only", help);
        }
        if self.step.point_of_no_return && self.step.undo.is_none() {
            let help = "say what undoing costs: `Undo: rebuild the old primary, about 5 h`";
            self.findings.warning("runbook::undo", &first, "a point of no return without `Undo`", help);
        }
        let named = self.step.on.as_ref().is_some_and(|on| on.0.contains('@') || on.0.starts_with('$'));
        if self.step.point_of_no_return && self.step.run.is_some() && !named {
            let help = "name the server that is promoted, `On: DATABASE@REGION`: its state is then checked by itself";
            self.findings.warning(
                "runbook::target",
                &first,
                "a point of no return whose target cannot be checked",
                help,
            );
        }
        self.traffic();
        let changes = self.step.run.as_ref().is_some_and(|run| !run.readonly);
        if changes && self.step.verifies.is_empty() {
            let help = "add a `verify` block that shows that it worked";
            self.findings.warning(
                "runbook::unverified",
                &first,
                "this step changes something and nothing verifies it",
                help,
            );
        }
    }
}

impl Reader<'_, '_, '_> {
    /// A step is done by a run of its own or by walking another runbook; what is asked before the first is not asked
    /// before the other.
    fn opens(&mut self, name: &str) {
        self.written_to_run = true;
        let first = self.first.clone();
        let step = &self.step;
        let asked = step.guards.iter().any(|guard| guard.lang != Lang::Check);
        let unasked = [
            (step.approval.is_some(), "`Approval`"),
            (step.confirm != Confirm::Usual, "`Confirm`"),
            (step.point_of_no_return, "`Point of no return`"),
            (asked, "a guard that has to be run"),
            (step.drill.is_some(), "a drill block"),
        ];
        if step.run.is_some() {
            let help = Some("make the run a step of its own, or take the link out of the title".to_owned());
            let message =
                format!("this step opens the runbook `{name}` and has a run of its own: it is one or the other");
            self.error("runbook::child", &first, message, help);
        }
        for (_, what) in unasked.into_iter().filter(|(there, _)| *there) {
            let message = format!("{what} counts for nothing on a step that opens a runbook");
            let help = format!("write it on the step of `{name}` that it is about");
            self.error("runbook::child", &first, message, Some(help));
        }
    }

    /// What follows from changing records: a way back by itself, and the plane that has to work.
    fn traffic(&mut self) {
        let Some(run) = &self.step.run else { return };
        let control = Plane::of(run) == Some(Plane::Control);
        let place = run.span.start..run.span.start + 3;
        if run.lang == Lang::Route53 && self.step.rollback.is_none() {
            self.step.rollback = Some(Block::put_back(run));
        }
        let Some(estate) = self.findings.estate.filter(|estate| control && estate.has_control_region()) else { return };
        if self.left_out(estate) {
            return;
        }
        let message = "this step needs Route 53's control plane, which lives in us-east-1: it may not work while that \
                       region is lost";
        let help = match estate.traffic.alternative() {
            Some(way) => format!("without it: {way}"),
            None => "name a way by the data plane under `[traffic]`, such as ARC routing control".to_owned(),
        };
        self.findings.warning("runbook::control-plane", &place, message, &help);
    }
}

impl Reader<'_, '_, '_> {
    /// What the estate says of the runbook's variables leaves this step out: another way is taken there.
    fn left_out(&self, estate: &Estate) -> bool {
        let written = |name: &str| {
            let variable = self.runbook.vars.iter().find(|variable| variable.name == name)?;
            let text = estate.vars.get(name).or(variable.default.as_ref())?;
            (!text.contains('$')).then(|| BTreeMap::from([(name.to_owned(), text.clone())]))
        };
        self.step.when.iter().any(|condition| written(condition.name()).is_some_and(|value| !condition.holds(&value)))
    }
}

const fn fence(node: &Node) -> Option<&Fence> {
    match node {
        Node::Fence(fence) => Some(fence),
        _ => None,
    }
}

/// Lines of a text with their places, without the white space around them.
fn lines<'a>(source: &'a str, span: &Range<usize>) -> Vec<(Range<usize>, &'a str)> {
    let mut start = span.start;
    let mut lines = Vec::new();
    for line in source[span.clone()].split_inclusive('\n') {
        let said = line.trim();
        let at = start + (line.len() - line.trim_start().len());
        start += line.len();
        if !said.is_empty() {
            lines.push((at..at + said.len(), said));
        }
    }
    lines
}

/// A piece of the source without the indentation that its first line has.
fn dedent(source: &str, span: &Range<usize>) -> String {
    let line = source[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let indent = span.start - line;
    let mut out = String::new();
    for (number, text) in source[span.clone()].trim_end().lines().enumerate() {
        if number > 0 {
            out.push('\n');
        }
        let spaces = text.len() - text.trim_start_matches([' ', '\t']).len();
        out.push_str(if number == 0 { text } else { &text[spaces.min(indent)..] });
    }
    out
}
