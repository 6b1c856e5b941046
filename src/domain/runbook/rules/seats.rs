//! Who is asked has to be somebody.

use super::approval_line;
use crate::people::{Person, Seat};
use crate::runbook::front_matter::Findings;
use crate::runbook::model::Runbook;

/// With an estate that names its people: an approval that none of them can give is never given.
pub(super) fn held(source: &str, runbook: &Runbook, findings: &mut Findings<'_>) {
    let people: &[Person] = findings.estate.map(|estate| estate.people.as_slice()).unwrap_or_default();
    if people.is_empty() {
        return;
    }
    let held = |seat: &Seat| match seat {
        Seat::Role(role) => people.iter().any(|person| person.roles.contains(role)),
        // A name that is nobody's is an error of its own.
        Seat::Person(_) => true,
    };
    let mut vacant = Vec::new();
    for step in runbook.steps() {
        let Some(approval) = &step.approval else { continue };
        let fallback = approval.fallback.as_ref().map(|(seat, _)| seat);
        if !held(&approval.by) && !fallback.is_some_and(held) {
            vacant.push((approval_line(source, step), approval.by.clone()));
        }
    }
    for (place, seat) in vacant {
        let message = format!("nobody of the estate is {seat}: this approval can only be overridden");
        findings.warning("runbook::vacant-seat", &place, message, "name the person under `[people]`, or another seat");
    }
}
