//! The console: the screen on this thread, the session on its own.

use std::io::Write;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use domain::console::{Ask, Banner, BannerAbout, Told};
use domain::reading::Sample;
use tokio::sync::mpsc;

use super::args::Global;
use super::looks::looks;
use super::settings::Settings;
use super::setup::Setup;
use super::{Exit, Failure, drill};
use crate::runtime::capability::Capability;
use crate::runtime::clock::Clock;
use crate::runtime::learned::learned;
use crate::runtime::notify;
use crate::runtime::probe::{self, Scheduler};
use crate::runtime::readings;
use crate::runtime::session::{Incident, Parts, build};
use crate::runtime::sim::SimExec;

/// The demonstration's primary region fails this long after the console was opened.
const DEMO_FAILS_AFTER: Duration = Duration::from_secs(20);
/// Messages on their way to the screen; only output is dropped when they do not fit.
const TOLD: usize = 1024;
const ASKED: usize = 64;
const SAMPLES: usize = 512;
/// How long leaving waits for what is under way.
const LEAVING: Duration = Duration::from_millis(250);
/// Longer than a session takes that has nothing to wait for.
const MOMENT: Duration = Duration::from_secs(1);

/// Stands in the terminal once the demonstration is left: what comes next.
const AFTER_DEMO: &str = "That was the demonstration: nothing of it was real.
`switchback config init` writes the file of your own estate;
`switchback lab up` makes a real pair of databases to practise on.";

/// What the console is opened on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Estate,
    Demo,
}

/// # Errors
/// No estate that can be used, or no terminal.
pub(super) fn run(global: &Global, what: What) -> Result<Exit, Failure> {
    let setup = match what {
        What::Estate => Setup::of_estate(global)?,
        What::Demo => Setup::demo(global),
    };
    let demonstration = setup.kind == domain::log::Kind::Demo;
    let exit = open(global, setup, Incident::NewestOpen, Evaluates::Yes)?;
    if demonstration {
        // Whose terminal has gone reads nothing any more.
        let _ = writeln!(std::io::stdout(), "{AFTER_DEMO}");
    }
    Ok(exit)
}

/// The screen of a session; returns when its person leaves.
///
/// # Errors
/// No terminal, no theme of that name, or why the session ended by itself.
pub(super) fn open(global: &Global, setup: Setup, incident: Incident, evaluates: Evaluates) -> Result<Exit, Failure> {
    let mut settings = Settings::of(&setup.paths);
    let options = tui::Options {
        looks: looks(global, &mut settings, &setup.paths)?,
        motion: settings.motion(global),
        mouse: settings.mouse(),
        keymap: settings.keymap.clone(),
        tmux: tui::desktop::passes_through(),
    };
    let scene = setup.scene();
    let (tell, told) = sync_channel(TOLD);
    let (ask, asked) = sync_channel(ASKED);
    if let Some(text) = settings.banner() {
        drop(tell.send(Told::Banner(Banner { about: BannerAbout::Console, text: Some(text) })));
    }
    let begin = || start(setup, incident, evaluates, asked, tell);
    let (exit, session) = tui::run(scene, options, told, ask, begin)?;
    // The screen's ends of the channels are gone: the session takes leave by itself.
    session.wait();
    match exit {
        tui::Exit::Ended { reason: Some(reason) } => Err(Failure::new(Exit::No, reason)),
        tui::Exit::Quit | tui::Exit::Signal | tui::Exit::Ended { reason: None } => Ok(Exit::Yes),
    }
}

/// Whether the readiness is looked at meanwhile: who walks a runbook without a screen has nobody to show it to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Evaluates {
    Yes,
    No,
}

/// Starts the session in a thread with a runtime of its own.
pub(super) fn start(
    setup: Setup,
    incident: Incident,
    evaluates: Evaluates,
    asked: Receiver<Ask>,
    tell: SyncSender<Told>,
) -> std::io::Result<Running> {
    let (alive, ended) = sync_channel::<()>(0);
    let thread = std::thread::Builder::new().name("session".to_owned());
    let thread = thread.spawn(move || {
        // Dropped when this ends, however it ends.
        let _alive = alive;
        match runtime() {
            Ok(runtime) => {
                runtime.block_on(live(setup, incident, evaluates, asked, tell));
                // Probes under way end what they started; a step goes on in its supervisor and is not waited for.
                runtime.shutdown_timeout(LEAVING);
            }
            Err(error) => drop(tell.send(Told::Ended { reason: Some(error.to_string()) })),
        }
    })?;
    Ok(Running { thread, ended })
}

/// A session in its thread.
#[derive(Debug)]
pub(super) struct Running {
    thread: JoinHandle<()>,
    ended: Receiver<()>,
}

impl Running {
    /// Until it has ended. Who waits longer than a moment is told for what.
    pub(super) fn wait(self) {
        if self.ended.recv_timeout(MOMENT) == Err(RecvTimeoutError::Timeout) {
            eprintln!(
                "switchback: an update is still being sent, and is waited for up to 20s; Ctrl-C leaves now, and what became \
                 of it is then unknown"
            );
        }
        drop(self.thread.join());
    }
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).thread_name("work").enable_all().build()
}

async fn live(setup: Setup, incident: Incident, evaluates: Evaluates, asked: Receiver<Ask>, tell: SyncSender<Told>) {
    let library = setup.library();
    drop(tell.send(Told::Runbooks(library.list(&setup.estate))));
    if let Some(text) = &setup.banner {
        drop(tell.send(Told::Banner(Banner { about: BannerAbout::Estate, text: Some(text.clone()) })));
    }
    let (sender, samples) = mpsc::channel(SAMPLES);
    let mut parts = Parts {
        scene: setup.scene(),
        library,
        capability: Capability::None,
        probes: None,
        ring: None,
        looker: (evaluates == Evaluates::Yes).then(|| setup.looker()),
        notify: (!setup.read_only).then(|| notify::start(&setup.estate, setup.kind)),
        prover: setup.prover(),
        history: Vec::new(),
        clock: Clock::machine(),
        real_world: None,
        incident,
        paths: setup.paths.clone(),
    };
    match &parts.incident {
        Incident::StartEx(start) => {
            let start = start.clone();
            drill::stage(&setup, &start, &mut parts, sender);
        }
        _ if setup.kind == domain::log::Kind::Demo => simulate(&setup, &mut parts, sender),
        _ => probe(&setup, &mut parts, &sender),
    }
    let (past, kind, teller) = (setup.paths.clone(), setup.kind, tell.clone());
    tokio::task::spawn_blocking(move || drop(teller.send(Told::Learned(Arc::new(learned(&past, kind))))));
    let asks = bridge(asked);
    let (session, inputs) = build(parts, tell);
    session.run(asks, samples, inputs).await;
}

/// The simulated world sends the samples, and is all that can be acted on.
fn simulate(setup: &Setup, parts: &mut Parts, samples: mpsc::Sender<Sample>) {
    let seed = crate::runtime::clock::now().wall.as_millisecond().unsigned_abs();
    let (world, history) = SimExec::new(&setup.estate, seed, Some(DEMO_FAILS_AFTER));
    parts.history = history;
    parts.incident = Incident::Fresh;
    if !setup.read_only {
        parts.capability = Capability::Simulated(world.clone());
    }
    tokio::spawn(world.drive(samples));
}

/// Probes look at the real world; what was seen before this console was opened is read first.
fn probe(setup: &Setup, parts: &mut Parts, samples: &mpsc::Sender<Sample>) {
    let folder = setup.paths.estate(&setup.estate.name);
    parts.history = readings::load(&folder);
    let allowed = if setup.read_only { probe::Capability::NetworkOnly } else { probe::Capability::Full };
    parts.probes = Some(Scheduler::start(&setup.estate, samples, allowed));
    if !setup.read_only {
        parts.capability = Capability::Live(setup.surroundings());
        parts.ring = readings::Recorder::start(&folder).unwrap_or_else(|error| {
            tracing::warn!(%error, "readings are not kept");
            None
        });
    }
}

/// What the screen asks, from its channel to the session's.
fn bridge(asked: Receiver<Ask>) -> mpsc::Receiver<Ask> {
    let (sender, receiver) = mpsc::channel(ASKED);
    std::thread::spawn(move || {
        for ask in asked {
            if sender.blocking_send(ask).is_err() {
                return;
            }
        }
    });
    receiver
}
