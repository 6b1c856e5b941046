mod any_input;
mod diagnostics;
mod indentation;
mod plan;
mod rules;
mod shell;

use super::parse;
use crate::diagnostic::{Severity, line_column};

/// A finding, with its line instead of its bytes.
#[derive(Debug, PartialEq, Eq)]
struct Found {
    severity: Severity,
    code: &'static str,
    line: usize,
    message: String,
    help: String,
}

fn found(text: &str) -> Vec<Found> {
    let found = parse(text.into(), None).diagnostics.into_iter();
    found
        .map(|found| Found {
            severity: found.severity,
            code: found.code,
            line: line_column(text, found.span.start).0,
            message: found.message,
            help: found.help.unwrap_or_default(),
        })
        .collect()
}
