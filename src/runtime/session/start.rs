//! Building a session from what the command line wired together.

use std::collections::{BTreeMap, BTreeSet};

use domain::console::Scene;
use domain::engine::State;
use domain::log::StartEx;
use domain::objective::TierWatch;
use domain::reading::{Board, Sample};
use tokio::sync::mpsc;

use super::copy::Copy;
use super::declared::Declared;
use super::fences::Fences;
use super::identity::Proving;
use super::input::Input;
use super::shared::Readings;
use super::{Session, Teller};
use crate::runtime::alerts::{Desk, Shelf};
use crate::runtime::capability::Capability;
use crate::runtime::clock::Clock;
use crate::runtime::display::Display;
use crate::runtime::identity::Prover;
use crate::runtime::library::Library;
use crate::runtime::notify::Line;
use crate::runtime::paths::Paths;
use crate::runtime::probe::Scheduler;
use crate::runtime::readiness::{Evaluation, Looker};
use crate::runtime::readings;
use crate::runtime::real_world::RealWorld;

/// Inputs that may wait for the session.
const QUEUE: usize = 1024;

/// Everything a session is made of.
#[derive(Debug)]
pub struct Parts {
    pub scene: Scene,
    pub paths: Paths,
    pub library: Library,
    pub capability: Capability,
    /// Of a live or lab estate; the simulated world sends its samples by itself.
    pub probes: Option<Scheduler>,
    /// Where samples are kept, unless another console keeps them.
    pub ring: Option<readings::Recorder>,
    /// What was sampled before this console was opened, oldest first.
    pub history: Vec<Sample>,
    /// Who looks at what the readiness rests on; none where nobody looks at it.
    pub looker: Option<Looker>,
    /// To those who tell people of alerts; none where nobody is told.
    pub notify: Option<Line>,
    /// Who proves who acts here; none where nothing is to be proved.
    pub prover: Option<Prover>,
    /// The machine's, or that of the exercise: the simulated world goes by the same.
    pub clock: Clock,
    /// The live estate that an exercise must not hide.
    pub real_world: Option<RealWorld>,
    /// The incident to go on with; without one, the newest open one of this kind and estate.
    pub incident: Incident,
}

/// Which incident the session goes on with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Incident {
    /// The newest open one of this kind and estate.
    NewestOpen,
    /// The one in this folder.
    In(std::path::PathBuf),
    /// None: a fresh start.
    Fresh,
    /// An exercise that begins now. Its label is given when its log is made.
    StartEx(Box<StartEx>),
}

/// A session ready to [`Session::run`], and the receiver it is to be run with.
#[must_use]
pub fn build(parts: Parts, tell: Teller) -> (Session, Inputs) {
    let (sender, receiver) = mpsc::channel(QUEUE);
    let mut board = Board::new(parts.scene.estate.clone());
    for sample in &parts.history {
        board.observe(sample);
    }
    // A simulated world is this console's own, and so are its alerts.
    let shelf = parts.probes.is_some().then(|| Shelf::new(&parts.paths.estate(&parts.scene.estate.name)));
    let (notices, deliveries, last_words) = match parts.notify {
        Some(Line { notices, deliveries, last_words }) => (Some(notices), Some(deliveries), Some(last_words)),
        None => (None, None, None),
    };
    let session = Session {
        alerts: Desk::new(shelf, notices),
        deliveries,
        last_words,
        rung: None,
        asked_for_readings: 0,
        shared: Readings::new(board.clone()),
        tiers: TierWatch::default(),
        state: State::default(),
        board,
        journal: None,
        presence: None,
        recorder: None,
        proving: Proving::new(parts.prover),
        follower: None,
        copy: Copy::default(),
        watched_until: parts.history.last().map(|sample| sample.at),
        paths: parts.paths,
        library: parts.library,
        capability: parts.capability,
        probes: parts.probes,
        ring: parts.ring,
        display: Display::default(),
        clock: parts.clock,
        real_world: parts.real_world,
        incident: parts.incident,
        declared: Declared::default(),
        watched: None,
        looker: parts.looker,
        evaluation: Evaluation::default(),
        running: BTreeMap::new(),
        running_captures: BTreeMap::new(),
        unrecorded: Vec::new(),
        log_broken: false,
        dirty: true,
        consoles: BTreeSet::new(),
        settle_at: None,
        polling: BTreeSet::new(),
        holding: BTreeSet::new(),
        sending: 0,
        turns: BTreeMap::new(),
        fences: Fences::default(),
        published: tokio::time::Instant::now(),
        tell,
        inputs: sender,
        scene: parts.scene,
    };
    (session, Inputs(receiver))
}

/// What the session's own tasks send it.
#[derive(Debug)]
pub struct Inputs(pub(super) mpsc::Receiver<Input>);
