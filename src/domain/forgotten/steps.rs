//! Steps that wait for a person, or take longer than they should.

use super::{About, Forgotten, Seen, Urgency, outlasts};
use crate::engine::{ApprovalState, Recorded, Run, RunState, StepRun};
use crate::runbook::Step;
use crate::time::at_offset;

pub(super) fn add(seen: &Seen<'_>, all: &mut Vec<Forgotten>) {
    for run in seen.state.runs.iter().filter(|run| !matches!(run.state, RunState::Aborted { .. })) {
        for step in run.runbook.steps() {
            let Some(record) = run.steps.get(&step.id) else { continue };
            all.extend(outcome(seen, run, step, record));
            all.extend(slow(seen, run, step, record));
            all.extend(approval(seen, run, step, record));
        }
    }
}

fn outcome(seen: &Seen<'_>, run: &Run, step: &Step, record: &StepRun) -> Option<Forgotten> {
    let at = record.ended_at.or(record.started_at).unwrap_or(seen.now);
    let (run_id, id) = (run.id, step.id.clone());
    match record.recorded {
        Recorded::Unknown => {
            let text = format!("did {} take effect? nobody knows", step.title);
            Some(Forgotten::since(Urgency::Now, About::Unknown { run: run_id, step: id }, at, text))
        }
        Recorded::Failed if run.state == (RunState::HeldByFailure { step: id.clone() }) => {
            let text = format!("{} failed, and the run waits", step.title);
            Some(Forgotten::since(Urgency::Now, About::Failed { run: run_id, step: id }, at, text))
        }
        _ => None,
    }
}

/// It runs for longer than nine of ten did, or than its author says it does.
fn slow(seen: &Seen<'_>, run: &Run, step: &Step, record: &StepRun) -> Option<Forgotten> {
    let runs = matches!(record.recorded, Recorded::Running | Recorded::Verifying | Recorded::Undoing);
    let told = step.expected.is_some() || seen.learned.0.contains_key(&(run.name.clone(), step.id.clone()));
    let begun = record.attempts.last().filter(|_| runs && told)?.intended_at;
    let late = at_offset(begun, seen.learned.usual(&run.name, step).p90);
    let text = format!("{} takes longer than it usually does", step.title);
    (late < seen.now)
        .then(|| Forgotten::since(Urgency::Soon, About::Slow { run: run.id, step: step.id.clone() }, late, text))
}

fn approval(seen: &Seen<'_>, run: &Run, step: &Step, record: &StepRun) -> Option<Forgotten> {
    let open = |asked: &&ApprovalState| asked.given.is_none() && asked.declined.is_none();
    let asked = record.approval.as_ref().filter(open).filter(|_| record.recorded == Recorded::Nothing)?;
    let alone = seen.state.lead.solo.is_some();
    let (urgency, then) = match (outlasts(seen, asked.asked_at), alone) {
        (_, true) => (Urgency::Now, ", and nobody else is here: override it with a reason"),
        (true, _) => (Urgency::Now, ", and the time to decide has passed: ask by phone, or override it"),
        _ => (Urgency::Soon, ""),
    };
    let text = format!("{} waits for {}{then}", step.title, asked.seat);
    Some(Forgotten::since(urgency, About::Approval { run: run.id, step: step.id.clone() }, asked.asked_at, text))
}
