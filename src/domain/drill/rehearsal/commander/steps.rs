//! Walking a runbook: what it asks for next.

use super::intent::Intent;
use super::{Commander, Manner};
use crate::engine::{Recorded, Run, RunState};
use crate::runbook::Step;

impl Commander {
    /// What a run asks for now: its next steps, those that failed, those that nobody knows of.
    pub(super) fn in_run(&self, run: &Run) -> Vec<Intent> {
        if matches!(run.state, RunState::Paused { .. } | RunState::Aborted { .. }) {
            return Vec::new();
        }
        let next = run.next();
        let steps = next.iter().filter_map(|id| run.step(id));
        let mut intents = Vec::new();
        for step in steps {
            intents.extend(self.at_step(run, step));
        }
        intents
    }

    fn at_step(&self, run: &Run, step: &Step) -> Option<Intent> {
        let record = run.record(&step.id);
        let id = || (run.id, step.id.clone());
        match record.recorded {
            Recorded::Unknown if run.may_be_settled(&step.id) => return None,
            Recorded::Unknown => {
                let (run, step) = id();
                return Some(Intent::Settle(run, step));
            }
            Recorded::Nothing | Recorded::Failed | Recorded::Cancelled => {}
            _ => return None,
        }
        if self.manner == Manner::Wrong && step.manual() {
            let (run, step) = id();
            return Some(Intent::Skip(run, step));
        }
        let asked = record.approval.as_ref().is_some_and(|asked| asked.given.is_none() && asked.declined.is_none());
        let open = |substep: &usize| !record.ticks.get(substep).copied().unwrap_or(false);
        let tick = (0..step.substeps.len()).find(open);
        let (run, step_id) = id();
        Some(match tick {
            Some(substep) if step.manual() => Intent::Tick(run, step_id, substep),
            _ if step.child.is_some() => Intent::Open(run, step_id),
            _ if step.manual() || step.manual_because.is_some() => Intent::ByHand(run, step_id),
            _ if asked => Intent::Approve(run, step_id),
            _ => Intent::Execute(run, step_id),
        })
    }
}
