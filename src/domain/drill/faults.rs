//! How the steps of a scenario go wrong, as the simulated world takes it; and the truth that it tells in the end.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::{Fault, FaultDoes, FaultOn, World, reached};
use crate::engine::{ExerciseAct, State};
use crate::estate::Estate;
use crate::ident::DatabaseId;
use crate::log::Counted;
use crate::scenario::{FaultKind, Scenario};

/// What *slow* means in a scenario.
const SLOW: f64 = 4.0;

/// How long clients go on with the old answer of a name that was moved, where the estate says nothing of it.
const TTL: Duration = Duration::from_secs(60);

/// The copy of an estate that an exercise is played on, well as yet.
#[must_use]
pub fn exercise_world(estate: &Arc<Estate>, seed: u64, scenario: &Scenario) -> World {
    World::new(estate, seed).with_usual_ttl(TTL).with_faults(faults_of(scenario))
}

/// In the order of the scenario: [`faults_over`] counts by it.
fn faults_of(scenario: &Scenario) -> Vec<Fault> {
    let fault = |fault: &crate::scenario::StepFault| Fault {
        on: FaultOn::read(&fault.on),
        does: match fault.does {
            FaultKind::Fails => FaultDoes::Fails(fault.text.clone()),
            FaultKind::TimesOut => FaultDoes::TimesOut,
            FaultKind::Unknown => FaultDoes::Unknown,
            FaultKind::Slow => FaultDoes::Slow(SLOW),
        },
        times: fault.times,
        until: None,
    };
    scenario.faults.iter().map(fault).collect()
}

/// Places of the faults that are over, by what the log shows.
pub fn faults_over(state: &State) -> impl Iterator<Item = usize> {
    let faults = state.exercise.as_deref().into_iter().flat_map(|exercise| exercise.scenario.faults.iter().enumerate());
    faults
        .filter(|(_, fault)| fault.until.as_ref().is_some_and(|until| reached(state, until).is_some()))
        .map(|(at, _)| at)
}

/// What became of the writes of every database.
#[must_use]
pub fn count_writes(world: &World) -> ExerciseAct {
    let count = |database: &DatabaseId| {
        let lost = world.lost(database);
        let counted = Counted {
            lost_writes: lost.writes,
            lost_bytes: lost.bytes,
            lost: lost.span,
            diverged_writes: world.diverged(database).map_or(0, |diverged| diverged.writes),
        };
        (database.clone(), counted)
    };
    ExerciseAct::Count(world.databases().map(count).collect::<BTreeMap<_, _>>())
}
