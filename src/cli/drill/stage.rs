//! What an exercise is played on: the simulated world, or paper.

use domain::drill::exercise_world;
use domain::estate::EstateKind;
use domain::log::{Kind, StartEx};
use domain::reading::Sample;
use domain::scenario;
use tokio::sync::mpsc;

use crate::cli::setup::Setup;
use crate::runtime::capability::Capability;
use crate::runtime::clock::Clock;
use crate::runtime::questions::Questions;
use crate::runtime::real_world::RealWorld;
use crate::runtime::session::Parts;
use crate::runtime::sim::SimExec;

/// Everything that the session acts on is made here, and none of it has a process or a network: of the live estate it is
/// given what its consoles leave on this machine.
pub(in crate::cli) fn stage(setup: &Setup, start: &StartEx, parts: &mut Parts, samples: mpsc::Sender<Sample>) {
    let (clock, questions) = (Clock::of_exercise(start.speed), Questions::default());
    parts.clock = clock.clone();
    parts.real_world = setup.file.is_some().then(|| {
        let kind = match setup.estate.kind {
            EstateKind::Live => Kind::Live,
            EstateKind::Lab => Kind::Lab,
        };
        RealWorld::new(setup.paths.clone(), &setup.estate.name, kind)
    });
    if start.paper {
        parts.capability = Capability::Paper(questions);
        return;
    }
    let scenario = scenario::parse(&start.scenario, &start.names).scenario;
    let world = exercise_world(&setup.estate, start.seed, &scenario);
    let (exec, history) = SimExec::exercise(world, clock, questions);
    parts.history = history;
    parts.capability = Capability::Simulated(exec.clone());
    tokio::spawn(exec.drive(samples));
}
