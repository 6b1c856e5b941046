//! Phases and their steps: one phase for each part of the document that has any.

use std::collections::BTreeMap;
use std::ops::Range;

use super::commands::Command;
use super::document::{Document, Piece, Section};
use super::{Confidence, Found, Inference, sections, steps};

#[derive(Debug, Default)]
pub(super) struct Inferred {
    /// What stands before the first steps, under the title or above it.
    pub(super) preamble: Vec<String>,
    pub(super) phases: Vec<Phase>,
    pub(super) notes: Vec<Inference>,
}

#[derive(Debug, Default)]
pub(super) struct Phase {
    pub(super) title: String,
    pub(super) prose: Vec<String>,
    pub(super) steps: Vec<Step>,
    /// The section it is made of.
    section: usize,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Step {
    pub(super) title: String,
    pub(super) duration: Option<String>,
    pub(super) owner: Option<String>,
    pub(super) prose: Vec<String>,
    pub(super) commands: Vec<Command>,
    pub(super) substeps: Vec<String>,
    pub(super) span: Range<usize>,
    pub(super) basis: Basis,
}

/// Why something is taken for a step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Basis {
    pub(super) confidence: Confidence,
    pub(super) how: &'static str,
}

impl Default for Basis {
    fn default() -> Self {
        Self { confidence: Confidence::Low, how: "what stands there" }
    }
}

impl Step {
    pub(super) fn found(&self, phase: &str, written: usize) -> Found {
        Found {
            phase: phase.to_owned(),
            title: self.title.clone(),
            span: self.span.clone(),
            confidence: self.basis.confidence,
            how: self.basis.how,
            commands: self.commands.iter().map(|command| command.text.clone()).collect(),
            written,
        }
    }
}

pub(super) fn infer(document: &Document, only: Option<&str>) -> Inferred {
    let only = only.map(str::to_lowercase);
    let wanted = |at: usize| {
        only.as_ref().is_none_or(|words| {
            let has = |section: &Section| section.title.to_lowercase().contains(words.as_str());
            has(&document.sections[at]) || sections::above(document, at).into_iter().any(has)
        })
    };
    let mut inferred = Inferred::default();
    let mut left_out: Vec<&str> = Vec::new();
    for at in (0..document.sections.len()).filter(|at| wanted(*at)) {
        let section = &document.sections[at];
        if let Some(step) = steps::by_heading(section) {
            let near = at.saturating_sub(sections::LOOKED_BACK);
            let above = document.sections[near..at].iter().rposition(|above| above.level < section.level);
            let parent = above.map_or(0, |above| near + above);
            if inferred.phases.last().is_none_or(|phase| phase.section != parent) {
                let title = title_of(document, parent);
                inferred.phases.push(Phase { title, section: parent, ..Phase::default() });
            }
            inferred.told(&step);
            if let Some(phase) = inferred.phases.last_mut() {
                phase.steps.push(step);
            }
            continue;
        }
        let Some(steps) = steps::of_section(document, at) else {
            if section.level > 1 && !section.pieces.is_empty() {
                left_out.push(&section.title);
            } else {
                inferred.preamble.extend(texts(section));
                inferred.lost(document, at);
            }
            continue;
        };
        for step in &steps {
            inferred.told(step);
        }
        inferred.lost(document, at);
        let prose = texts(section).collect();
        inferred.phases.push(Phase { title: title_of(document, at), prose, steps, section: at });
    }
    disambiguate(document, &mut inferred.phases);
    if !left_out.is_empty() {
        let text = format!("left out, because no steps were found in them: {}", left_out.join(", "));
        inferred.notes.push(Inference { span: 0..0, confidence: None, text });
    }
    inferred
}

fn title_of(document: &Document, at: usize) -> String {
    let section = &document.sections[at];
    if section.level > 1 && !section.title.is_empty() { section.title.clone() } else { "Steps".to_owned() }
}

/// Two phases of one name get the heading above before them.
fn disambiguate(document: &Document, phases: &mut [Phase]) {
    let mut titles: BTreeMap<String, usize> = BTreeMap::new();
    for phase in phases.iter() {
        *titles.entry(phase.title.clone()).or_default() += 1;
    }
    for phase in phases.iter_mut() {
        let same = titles.get(&phase.title).copied().unwrap_or_default();
        if same > 1
            && let Some(above) = sections::above(document, phase.section).first()
        {
            phase.title = format!("{}: {}", above.title, phase.title);
        }
    }
}

fn texts(section: &Section) -> impl Iterator<Item = String> {
    section.pieces.iter().filter_map(|piece| match piece {
        Piece::Text(text) => Some(text.clone()),
        _ => None,
    })
}

impl Inferred {
    fn told(&mut self, step: &Step) {
        let text = format!("step “{}”, from {}", step.title, step.basis.how);
        self.notes.push(Inference { span: step.span.clone(), confidence: Some(step.basis.confidence), text });
    }

    /// Tells of lists and tables of a section that are not in the runbook.
    fn lost(&mut self, document: &Document, at: usize) {
        self.notes.extend(steps::unread(document, at).into_iter().map(|(span, what)| Inference {
            span,
            confidence: None,
            text: format!("left out, because it is not seen to be steps: {what}"),
        }));
    }
}
