//! Guards and verifies of a step: they only read, and they can come true.

use std::ops::Range;

use super::check_line::significant;
use super::front_matter::Findings;
use super::model::{Block, Lang, Step};
use crate::time::human;

/// Statements that change something, by their first word.
const WRITES: [&str; 14] = [
    "insert", "update", "delete", "merge", "truncate", "drop", "alter", "create", "grant", "revoke", "vacuum",
    "reindex", "copy", "call",
];

/// Looks at what a step asks before and after it runs.
pub(super) fn check(step: &Step, title: &Range<usize>, findings: &mut Findings<'_>) {
    if step.hold.is_some() && step.verifies.is_empty() {
        let help = "add a `verify` block: it is what goes on being watched";
        findings.warning(
            "runbook::hold",
            title,
            "`Hold` watches the verify blocks of its step, and there are none",
            help,
        );
    }
    for block in &step.verifies {
        let apart = block.every.saturating_mul(block.passes.saturating_sub(1));
        if apart > block.within {
            let message = format!(
                "this never passes: {} tries {} apart take longer than {}",
                block.passes,
                human(block.every),
                human(block.within)
            );
            let place = block.span.start..block.span.start + 3;
            findings.error("runbook::never-passes", &place, message, Some("let `within` be longer".to_owned()));
        }
    }
    for block in step.guards.iter().chain(&step.verifies) {
        writes(block, findings);
    }
}

/// Guards and verifies are asked many times, and in a dry run.
fn writes(block: &Block, findings: &mut Findings<'_>) {
    let found = match block.lang {
        Lang::Sql => significant(&block.text).find_map(|(_, line)| {
            let first = line.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
            let promotes = line.contains("pg_promote");
            (promotes || WRITES.contains(&first.to_lowercase().as_str())).then_some(if promotes {
                "pg_promote"
            } else {
                first
            })
        }),
        Lang::Http => significant(&block.text).next().and_then(|(_, line)| {
            let method = line.split(' ').next().unwrap_or_default();
            matches!(method, "PUT" | "DELETE" | "PATCH").then_some(method)
        }),
        _ => None,
    };
    if let Some(word) = found {
        let message =
            format!("`{word}` changes something: guards and verifies only read, and are asked in a dry run, too");
        let help = "do it in the `run` block; ask here what came of it";
        findings.warning("runbook::writes", &(block.span.start..block.span.start + 3), message, help);
    }
}
