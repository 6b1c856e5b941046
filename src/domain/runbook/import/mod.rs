//! Other people's Markdown as a native runbook, for a person to review: the steps are inferred, each with how sure that
//! is, and nothing is marked to run.

mod commands;
mod document;
mod infer;
mod modernise;
mod placeholders;
mod sections;
mod steps;
#[cfg(test)]
mod tests;
mod write;

use std::ops::Range;

/// How sure an inference is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// The document says so: a task item, `Step 2: …`.
    High,
    /// Its form says so: a numbered list under a heading that speaks of a procedure.
    Medium,
    /// It may be meant so: the commands of a script, one comment after the other.
    Low,
}

impl Confidence {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }
}

/// One thing that was taken to be so, or left out, or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inference {
    /// Place in the document that was read.
    pub span: Range<usize>,
    /// `None` for what is told and needs no judgement, such as a part that was left out.
    pub confidence: Option<Confidence>,
    pub text: String,
}

/// A step that the document seems to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The part of the document it stands in.
    pub phase: String,
    pub title: String,
    /// Place in the document that was read.
    pub span: Range<usize>,
    pub confidence: Confidence,
    /// `a numbered heading`: what makes it a step.
    pub how: &'static str,
    /// What it tells to run, without prompts and what was printed.
    pub commands: Vec<String>,
    /// Where it begins in the text that was written.
    pub written: usize,
}

/// What came of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Import {
    /// The native runbook; nothing in it is marked to run.
    pub text: String,
    /// In the order of the document.
    pub inferences: Vec<Inference>,
    pub steps: Vec<Found>,
}

/// Reads any Markdown. With `section`, only what stands under headings that contain these words.
#[must_use]
pub fn import(source: &str, section: Option<&str>) -> Import {
    if source.len() > super::LIMIT {
        let text = format!("longer than {} KiB: not read", super::LIMIT / 1024);
        return Import { inferences: vec![Inference { span: 0..0, confidence: None, text }], ..Import::default() };
    }
    let document = document::read(source);
    let mut inferred = infer::infer(&document, section);
    let (written, places) = write::write(&document, &mut inferred);
    let phases = inferred.phases.iter();
    let each = phases.flat_map(|phase| phase.steps.iter().map(move |step| (phase, step)));
    let steps = each.zip(places).map(|((phase, step), written)| step.found(&phase.title, written)).collect();
    let mut inferences = inferred.notes;
    inferences.sort_by_key(|inference| inference.span.start);
    Import { text: written, inferences, steps }
}
