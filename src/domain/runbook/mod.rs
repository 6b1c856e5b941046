//! A runbook: Markdown that reads well on paper, and the typed plan that is walked and executed from it.

mod block;
mod check_line;
mod fields;
mod front_matter;
mod info;
mod lookalike;
mod model;
mod outline;
mod phases;
mod plan;
mod step;
mod variables;
mod yaml;

use std::sync::Arc;

pub use check_line::{check_lines, substitute, world_lines};
pub use model::*;
pub use variables::BUILT_IN;

use crate::diagnostic::{Diagnostic, line_column};
use crate::estate::Estate;

/// Longer documents are not read.
pub const LIMIT: usize = 1024 * 1024;

/// Reads a runbook. Whatever the text is, this ends with a plan: what is wrong is among its diagnostics, in the order
/// of the text, and an error in a step has made that step manual. With an estate, the names in it are checked too.
#[must_use]
pub fn parse(text: Arc<str>, estate: Option<&Estate>) -> Runbook {
    let mut findings = front_matter::Findings { estate, list: Vec::new() };
    let mut runbook = Runbook::default();
    if text.len() > LIMIT {
        let help = "split it: one runbook for one situation".to_owned();
        findings.error("runbook::too-long", &(0..0), format!("longer than {} KiB: not read", LIMIT / 1024), Some(help));
    } else {
        plan::read(&text, &mut runbook, &mut findings);
    }
    runbook.diagnostics = findings.list;
    runbook.diagnostics.sort_by_key(|found| found.span.start);
    runbook.source = text;
    runbook
}

/// `line 12: unknown role …`: how a step says why it is manual.
fn reason(source: &str, found: &Diagnostic) -> String {
    format!("line {}: {}", line_column(source, found.span.start).0, found.message)
}

#[cfg(test)]
mod tests;
