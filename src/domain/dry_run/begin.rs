//! The run that a dry run looks at: decided and folded as a real one is, in memory only.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::engine::{Act, Command, Incident, Refusal, Start, State, decide, evolve};
use crate::estate::Estate;
use crate::ident::{Hash, IncidentId, RunId};
use crate::log::{BootClock, Entry, IncidentStatus, Kind, Sev};
use crate::people::Actor;
use crate::reading::Board;
use crate::time::Now;

/// An incident that nobody opened, with the label that it would get.
#[must_use]
pub fn unopened(id: IncidentId, label: &str, estate: &Arc<Estate>, kind: Kind, now: Now) -> State {
    let incident = Incident {
        id,
        label: label.to_owned(),
        kind,
        severity: Sev(2),
        title: "dry run".to_owned(),
        opened_at: now.wall,
        impact_at: now.wall,
        impact_basis: "dry run".to_owned(),
        from: None,
        to: None,
        estate: Arc::clone(estate),
        status: IncidentStatus::default(),
        commander: None,
        decided_at: None,
        closed_at: None,
        recovered: BTreeMap::new(),
        recovery_point: BTreeMap::new(),
        no_return_at: None,
    };
    State { incident: Some(incident), ..State::default() }
}

/// The incident with the runbook started in it; one that is being walked there already is looked at as it stands.
///
/// # Errors
/// What a real start would be refused for: a value that its declaration does not take, an incident that is closed.
pub fn begin(
    mut state: State,
    start: Start,
    board: &Board,
    actor: &Actor,
    now: Now,
) -> Result<(State, RunId), Refusal> {
    if let Some(run) = state.runs.iter().rev().find(|run| run.name == start.runbook_name && run.ended_at.is_none()) {
        let run = run.id;
        return Ok((state, run));
    }
    let run = start.run;
    fold(&mut state, Command::StartRun(Box::new(start)), board, actor, now)?;
    Ok((state, run))
}

/// What the engine decides, folded without a log.
pub(super) fn fold(state: &mut State, command: Command, board: &Board, actor: &Actor, now: Now) -> Result<(), Refusal> {
    let kind = state.incident.as_ref().map_or(Kind::Live, |incident| incident.kind);
    let decision = decide(state, board, &Act { actor: actor.clone(), command }, now)?;
    for event in decision.events {
        let entry = Entry {
            seq: 0,
            occurred_at: now.wall,
            recorded_at: now.wall,
            clock: BootClock { id: String::new(), at: now.boot },
            kind,
            actor: actor.clone(),
            event,
            prev: Hash::ZERO,
            signature: None,
            hash: Hash::ZERO,
        };
        evolve(state, &Arc::new(entry));
    }
    Ok(())
}

/// A forced start from us-east-1 to us-west-2, for tests.
#[cfg(test)]
pub(crate) fn start_east_to_west(runbook: &str) -> Start {
    Start {
        run: RunId(ulid::Ulid::from_parts(1, 2)),
        runbook: Arc::from(runbook),
        runbook_name: "walk".to_owned(),
        mode: crate::log::Mode::Forced,
        from: Some("us-east-1".into()),
        to: Some("us-west-2".into()),
        values: BTreeMap::new(),
        parent: None,
    }
}
