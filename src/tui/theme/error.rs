//! Why a theme cannot be used: its file, the places in it, and what to do about each.

use std::fmt;
use std::sync::Arc;

use domain::diagnostic::{Diagnostic, line_column};
use domain::untrusted::sanitise_line;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ThemeError {
    /// No theme of that name, and what to do.
    #[error("there is no theme `{name}`: {help}")]
    Unknown { name: String, help: String },
    #[error("{file} cannot be read: {why}")]
    Unreadable { file: String, why: String },
    #[error("{0}")]
    Wrong(Wrong),
}

/// What is wrong with the text of a theme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    pub file: String,
    pub text: Arc<str>,
    /// At least one, in the order of the lines.
    pub findings: Vec<Diagnostic>,
}

impl fmt::Display for Wrong {
    /// One line for each finding: `FILE:LINE:COLUMN: cause: remedy`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, found) in self.findings.iter().enumerate() {
            let (line, column) = line_column(&self.text, found.span.start);
            let said = match &found.help {
                Some(help) => format!("{}: {help}", found.message),
                None => found.message.clone(),
            };
            let separator = if at == 0 { "" } else { "\n" };
            write!(f, "{separator}{}:{line}:{column}: {}", self.file, sanitise_line(&said))?;
        }
        Ok(())
    }
}
