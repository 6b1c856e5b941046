//! A runbook: Markdown that reads well on paper, and the typed plan that is walked and executed from it.

mod block;
pub(crate) mod check_line;
mod child;
mod environment;
mod fields;
mod front_matter;
mod http;
mod import;
mod info;
mod leftover;
mod lookalike;
mod model;
mod outline;
mod paper;
mod phases;
mod plan;
mod questions;
mod rules;
mod script;
mod shell;
mod sql;
mod step;
mod unicode;
mod variables;
mod world_line;

use std::sync::Arc;

pub use check_line::{check_lines, substitute};
pub use child::{Linked, check_children};
pub use environment::passes_on;
pub use http::{HttpRequest, substitute as http_with_values};
pub use import::{Confidence, Found, Import, Inference, import};
pub use model::*;
pub use rules::promotes;
pub use sql::substitute as sql_with_values;
pub use variables::BUILT_IN;
pub use world_line::{Control, WorldLine, world_lines};

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

/// Words that stand where a command does in a script, keywords, functions and builtins among them.
pub(crate) fn commands_in(script: &str) -> std::collections::BTreeSet<&str> {
    shell::read(script).commands
}

/// Names of variables that a text of this language uses.
pub(crate) fn names_in(lang: Lang, text: &str) -> Vec<String> {
    match lang {
        Lang::Bash | Lang::Sh => {
            shell::uses(text).into_iter().filter(|used| !used.has_default).map(|used| used.name.to_owned()).collect()
        }
        Lang::Sql => sql::placeholders(text).into_iter().map(|placeholder| placeholder.name.to_owned()).collect(),
        Lang::Http | Lang::Route53 | Lang::Check | Lang::World => {
            check_line::references(text).into_iter().map(|(_, _, name)| name.to_owned()).collect()
        }
        Lang::Text => Vec::new(),
    }
}

#[cfg(test)]
mod tests;
