//! A foreign document as a runbook, for a person to accept: what would be written, and how it differs.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::diff::{self, Line};
use crate::diagnostic::line_column;
use crate::runbook::import;

/// The name of a file beside the document: no path, and one that the library reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileName(String);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileNameError {
    #[error("a name is needed, such as `failover.runbook.md`")]
    Empty,
    #[error("only a name: it is written beside the document, in its folder")]
    Path,
    #[error("a name that ends with .md, or it is not found again")]
    Ending,
    #[error("a name that begins with a dot is not found again")]
    Hidden,
    #[error("a README is not taken for a runbook: choose another name")]
    Readme,
    #[error("letters and signs only: it holds a control character")]
    Control,
    #[error("at most 200 bytes")]
    TooLong,
}

impl FileName {
    /// What is proposed for the document that the library calls `name`.
    #[must_use]
    pub fn beside(name: &str) -> Self {
        Self(format!("{name}.runbook.md"))
    }

    /// # Errors
    /// It is no name of a file that the library would read beside the others.
    pub fn read(text: &str) -> Result<Self, FileNameError> {
        let text = text.trim();
        let Some(stem) = text.strip_suffix(".md") else {
            return Err(if text.is_empty() { FileNameError::Empty } else { FileNameError::Ending });
        };
        match () {
            () if text.contains('/') => Err(FileNameError::Path),
            () if text.starts_with('.') => Err(FileNameError::Hidden),
            () if stem.eq_ignore_ascii_case("readme") => Err(FileNameError::Readme),
            () if text.chars().any(char::is_control) => Err(FileNameError::Control),
            () if text.len() > 200 => Err(FileNameError::TooLong),
            () => Ok(Self(text.to_owned())),
        }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the library will call it.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.strip_suffix(".md").unwrap_or(&self.0)
    }
}

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    pub file: FileName,
    /// What would be written.
    pub text: Arc<str>,
    /// How it differs from the document.
    pub lines: Vec<Line>,
}

impl Proposal {
    #[must_use]
    pub fn of(source: &str, file: FileName) -> Self {
        let import = import(source, None);
        let places: BTreeMap<usize, String> = import
            .steps
            .iter()
            .map(|step| {
                let place = line_column(&import.text, step.written).0 - 1;
                let from = line_column(source, step.span.start).0;
                (place, format!("{}: from {}, line {from}", step.confidence.word(), step.how))
            })
            .collect();
        let lines = diff::lines(source, &import.text, |at| places.get(&at).cloned());
        Self { file, text: import.text.into(), lines }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Sign;
    use super::*;

    #[test]
    fn each_step_that_comes_says_from_what_and_how_sure_that_is() {
        let source = "# Plan\n\n## Failover\n\n1. Stop writes\n2. Promote\n";
        let proposal = Proposal::of(source, FileName::beside("plan"));
        let steps: Vec<_> = proposal
            .lines
            .iter()
            .filter_map(|line| Some((line.because.as_deref()?, &line.text[..13])))
            .map(|(why, text)| (text, why))
            .collect();
        assert_eq!(
            steps,
            [
                ("- [ ] **Stop ", "medium: from a numbered list, line 5"),
                ("- [ ] **Promo", "medium: from a numbered list, line 6")
            ]
        );
        let gone: Vec<_> =
            proposal.lines.iter().filter(|line| line.sign == Sign::Goes).map(|line| line.text.as_str()).collect();
        assert_eq!(gone, ["1. Stop writes", "2. Promote"]);
    }

    #[test]
    fn a_name_that_the_library_would_not_read_is_refused() {
        assert_eq!(FileName::beside("plan"), FileName::read(" plan.runbook.md ").unwrap());
        assert_eq!(FileName::read("a b.md").unwrap().name(), "a b");
        for (text, why) in [
            ("", FileNameError::Empty),
            ("../plan.md", FileNameError::Path),
            ("plan.txt", FileNameError::Ending),
            (".md", FileNameError::Hidden),
            ("ReadMe.md", FileNameError::Readme),
            ("a\u{1b}.md", FileNameError::Control),
        ] {
            assert_eq!(FileName::read(text), Err(why), "{text:?}");
        }
        assert_eq!(FileName::read(&format!("{}.md", "a".repeat(200))), Err(FileNameError::TooLong));
    }
}
