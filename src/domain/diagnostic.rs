//! What is wrong with a file a person wrote: where, why, and what to do about it.

use serde::Serialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Note,
    Warning,
    Error,
}

/// One finding, with the byte range of the source it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub severity: Severity,
    /// Stable, greppable: `estate::unknown-key`, `runbook::fence-not-nested`.
    pub code: &'static str,
    /// The cause, one sentence, no full stop.
    pub message: String,
    /// The remedy, when there is one: `did you mean ...`.
    pub help: Option<String>,
    pub span: std::ops::Range<usize>,
}

impl Diagnostic {
    #[must_use]
    pub fn new(
        severity: Severity,
        code: &'static str,
        span: std::ops::Range<usize>,
        message: impl Into<String>,
    ) -> Self {
        Self { severity, code, message: message.into(), help: None, span }
    }

    #[must_use]
    pub fn error(code: &'static str, span: std::ops::Range<usize>, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, span, message)
    }

    #[must_use]
    pub fn warning(code: &'static str, span: std::ops::Range<usize>, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, span, message)
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// One-based line and column (in characters) of a byte offset.
#[must_use]
pub fn line_column(source: &str, offset: usize) -> (usize, usize) {
    let offset = (0..=offset.min(source.len())).rev().find(|at| source.is_char_boundary(*at)).unwrap_or(0);
    let before = &source[..offset];
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[start..].chars().count() + 1)
}

/// "did you mean `…`?" for the nearest of `known`, when one is near enough to be a slip.
#[must_use]
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let near = |candidate: &&str| candidate.len().abs_diff(word.len()) <= 4 + candidate.len() / 4;
    known
        .into_iter()
        .filter(near)
        .map(|candidate| (strsim::damerau_levenshtein(&word.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 4 && *distance < candidate.chars().count())
        .min()
        .map(|(_, candidate)| format!("did you mean `{candidate}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_become_lines_and_columns_of_characters() {
        assert_eq!(line_column("ab\ncé\n", 3), (2, 1));
        assert_eq!(line_column("ab\ncéd", 6), (2, 3));
        assert_eq!(line_column("", 9), (1, 1));
    }

    #[test]
    fn only_slips_are_corrected() {
        assert_eq!(did_you_mean("intervall", ["interval", "timeout"]), Some("did you mean `interval`?".to_owned()));
        assert_eq!(did_you_mean("colour", ["interval", "timeout"]), None);
        assert_eq!(did_you_mean("2", ["1"]), None);
    }
}
