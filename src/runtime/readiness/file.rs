//! The estate's file as it stands now, against what this console works with.

use std::path::Path;

use domain::diagnostic::{Diagnostic, Severity, line_column};
use domain::estate::{Estate, parse};
use domain::readiness::FileFact;

use crate::runtime::estate_file;

/// More are not named one by one.
const NAMED: usize = 5;

pub(super) fn file(path: &Path, estate: &Estate) -> FileFact {
    let shown = path.display().to_string();
    let text = match estate_file::read(path) {
        Ok(text) => text,
        Err(why) => {
            return FileFact { path: shown, errors: vec![why.to_string()], warnings: Vec::new(), changed: false };
        }
    };
    let parsed = parse(&text);
    let source = &parsed.estate.source;
    let of = |severity: Severity| {
        let found = parsed.diagnostics.iter().filter(|found| found.severity == severity);
        found.take(NAMED).map(|found| said(source, found)).collect()
    };
    let (errors, warnings) = (of(Severity::Error), of(Severity::Warning));
    FileFact { path: shown, errors, warnings, changed: *source != estate.source }
}

fn said(source: &str, found: &Diagnostic) -> String {
    let (line, column) = line_column(source, found.span.start);
    format!("{line}:{column}: {}", found.message)
}
