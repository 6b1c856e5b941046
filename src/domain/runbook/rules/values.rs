//! A value that a step is to fill has to be filled by one.

use super::front_line;
use crate::runbook::front_matter::Findings;
use crate::runbook::model::Runbook;

/// `from: step` without a step that names it.
pub(super) fn filled(source: &str, runbook: &Runbook, findings: &mut Findings<'_>) {
    let unfilled: Vec<&str> = runbook
        .vars
        .iter()
        .filter(|variable| variable.from_step)
        .map(|variable| variable.name.as_str())
        .filter(|name| {
            let fills = |step: &crate::runbook::Step| {
                let blocks = step.run.iter().chain(&step.rollback).chain(&step.drill);
                blocks.into_iter().any(|block| block.out.as_deref() == Some(name) || block.text.contains(name))
            };
            !runbook.steps().any(fills)
        })
        .collect();
    for name in unfilled {
        let message = format!("no step fills `{name}`: whatever uses it waits for a person");
        let help = format!("write `out={name}` on the block that finds it, or take `from: step` out");
        findings.warning("runbook::unfilled", &front_line(source, name), message, &help);
    }
}
