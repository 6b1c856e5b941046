//! Carries the effects of the engine out and brings inputs back: the one task that owns an incident's state.
//!
//! Front ends ask through a channel and are told through another; samples, outcomes and the entries of other consoles
//! arrive as inputs of one kind. Everything that happens is handled here one at a time.

mod alerts;
mod commit;
mod copy;
mod declared;
mod documents;
mod effects;
mod exercise;
mod fences;
mod guards;
mod identity;
mod input;
mod notify;
mod observe;
mod prepare;
mod readiness;
mod records;
mod requests;
mod resume;
mod shared;
mod start;
mod updates;
mod verify;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::future::Future;
use std::time::Duration;

use domain::alert::Delivery;
use domain::console::{Ask, Banner, BannerAbout, Scene, Told};
use domain::engine::{Command, State};
use domain::ident::{CaptureId, ChannelId, RunId, StepId};
use domain::objective::TierWatch;
use domain::reading::{Board, Sample};
use domain::time::Timestamp;
use tokio::sync::{mpsc, oneshot};

use self::copy::Copy;
use self::declared::Declared;
use self::fences::Fences;
use self::identity::Proving;
use self::input::Input;
use self::prepare::Watched;
use self::shared::Readings;
use crate::runtime::alerts::Desk;
use crate::runtime::capability::{Cancel, Capability};
use crate::runtime::clock::Clock;
use crate::runtime::display::Display;
use crate::runtime::journal::{Journal, Presence, Recorder};
use crate::runtime::library::Library;
use crate::runtime::notify::LastWords;
use crate::runtime::past;
use crate::runtime::paths::Paths;
use crate::runtime::probe::Scheduler;
use crate::runtime::readiness::{Evaluation, Looker, follow, newer};
use crate::runtime::readings;
use crate::runtime::real_world::RealWorld;

pub use start::{Incident, Inputs, Parts, build};

/// How often readings grow old by themselves, holds and tiers are looked at, and other consoles are counted.
const TICK: Duration = Duration::from_secs(1);

/// The front end is told of new readings at most this often.
const PUBLISH: Duration = Duration::from_millis(200);

/// Where the front end listens. Only output may be dropped on the way.
pub type Teller = std::sync::mpsc::SyncSender<Told>;

/// One incident, or the readiness for one.
#[derive(Debug)]
pub struct Session {
    scene: Scene,
    state: State,
    board: Board,
    shared: Readings,
    tiers: TierWatch,
    journal: Option<Journal>,
    presence: Option<Presence>,
    paths: Paths,
    library: Library,
    capability: Capability,
    probes: Option<Scheduler>,
    ring: Option<readings::Recorder>,
    /// What walls are told.
    display: Display,
    /// While held, this console alone writes down what the world does.
    recorder: Option<Recorder>,
    proving: Proving,
    follower: Option<tokio::task::JoinHandle<()>>,
    copy: Copy,
    alerts: Desk,
    /// What came of notices, until somebody listens.
    deliveries: Option<mpsc::Receiver<Delivery>>,
    /// What is still being told when it ends.
    last_words: Option<LastWords>,
    rung: notify::Shown,
    /// Ticks since this console began to ask whether it may keep the readings.
    asked_for_readings: u32,
    /// When anything was last sampled before this console was opened.
    watched_until: Option<Timestamp>,
    clock: Clock,
    real_world: Option<RealWorld>,
    incident: start::Incident,
    declared: Declared,
    watched: Option<Watched>,
    looker: Option<Looker>,
    evaluation: Evaluation,
    fences: Fences,
    running: BTreeMap<(RunId, StepId), Cancel>,
    running_captures: BTreeMap<CaptureId, Cancel>,
    /// Facts that could not be appended yet.
    unrecorded: Vec<Command>,
    log_broken: bool,
    dirty: bool,
    /// Who has the incident open, this console included.
    consoles: BTreeSet<OsString>,
    /// A console has gone that may have left something behind: looked into then (time since boot).
    settle_at: Option<Duration>,
    /// Verifies and holds that this console polls.
    polling: BTreeSet<(RunId, StepId, u32)>,
    holding: BTreeSet<(RunId, StepId)>,
    /// Updates on their way, of which this console has to record what came of them.
    sending: usize,
    /// By channel, the end of what was handed to it last: the next waits for that.
    turns: BTreeMap<ChannelId, oneshot::Receiver<()>>,
    published: tokio::time::Instant,
    tell: Teller,
    inputs: mpsc::Sender<Input>,
}

impl Session {
    /// Runs until the front end quits or goes away. Steps that run go on without it.
    pub async fn run(mut self, mut asks: mpsc::Receiver<Ask>, mut samples: mpsc::Receiver<Sample>, inputs: Inputs) {
        let Inputs(mut inputs) = inputs;
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        self.listen_to_channels();
        self.resume().await;
        self.publish();
        let mut past = past::follow(self.past_reader());
        let mut looks = self.looker.take().map(follow);
        let mut stage = self.stage();
        loop {
            tokio::select! {
                ask = asks.recv() => match ask {
                    Some(ask) => if !self.asked(ask).await { break },
                    None => break,
                },
                Some(input) = inputs.recv() => self.take(input).await,
                Some(sample) = samples.recv() => self.sampled(sample).await,
                Ok(()) = past.changed() => self.remembered(past.borrow_and_update().clone()),
                looked = newer(&mut looks) => self.looked(looked),
                cue = stage.cue() => self.take_cue(cue).await,
                () = tokio::time::sleep_until(self.published + PUBLISH), if self.dirty => self.publish(),
                _ = tick.tick() => self.tick().await,
            }
        }
        self.sent(&mut inputs).await;
        self.leave().await;
    }

    async fn take(&mut self, input: Input) {
        match input {
            Input::Followed { incident, entries } => self.followed(incident, entries),
            Input::AttemptEnded { run, step, part, attempt, outcome } => {
                self.attempt_ended(run, step, part, attempt, outcome).await;
            }
            Input::CaptureEnded { capture, outcome } => {
                self.running_captures.remove(&capture);
                self.record(Command::FinishCapture { capture, outcome }).await;
            }
            Input::Verified { run, step, attempt, result } => {
                self.polling.remove(&(run, step.clone(), attempt));
                self.record(Command::VerifyStep { run, step, attempt, result }).await;
            }
            Input::Guards { asking, results } => self.guards_answered(asking, results).await,
            Input::WriteTried { database, region, answer } => self.write_tried(database, region, answer).await,
            Input::CleanStop { database, region, checkpoint } => match checkpoint {
                Ok(checkpoint) => self.clean_stop(database, region, checkpoint).await,
                Err(why) => tracing::debug!(%database, %region, %why, "no certificate of a clean stop"),
            },
            Input::Records { run, step, part, text, looked } => self.records_read((run, step, part), &text, looked),
            Input::RetryDue { run, step, part } => self.retry(run, step, part).await,
            Input::DocumentRead { number, read } => self.document_read(number, read),
            Input::Vouched { incident, vouched } => self.vouched(incident, vouched).await,
            Input::Delivered(delivery) => self.delivered(delivery).await,
            Input::Updated { incident, update, way, became } => self.updated(incident, update, way, became).await,
            Input::HoldEnded { run, step, held, detail } => {
                self.holding.remove(&(run, step.clone()));
                self.record(Command::EndHold { run, step, held, detail }).await;
            }
        }
    }

    async fn tick(&mut self) {
        self.record_again().await;
        self.watch_tiers().await;
        self.watch_self_healing().await;
        self.look_for_verified_fences();
        self.look_at_log().await;
        self.prove();
        self.join_declared().await;
        self.take_over_readings();
        self.publish();
        self.record_alerts().await;
    }

    fn tell(&self, told: Told) {
        // The front end drains its channel whatever its terminal does; once it is gone there is nobody to tell.
        let _ = self.tell.send(told);
    }

    fn banner(&self, about: BannerAbout, text: Option<String>) {
        self.tell(Told::Banner(Banner { about, text }));
    }

    /// Runs a task whose end comes back as an input.
    fn spawn(&self, task: impl Future<Output = Input> + Send + 'static) {
        let inputs = self.inputs.clone();
        tokio::spawn(async move {
            let input = task.await;
            let _ = inputs.send(input).await;
        });
    }

    /// Leaves the incident to others: the log says so, running steps go on under their supervisors.
    async fn leave(mut self) {
        self.abandon_exercise().await;
        self.record_again().await;
        if self.state.open().is_some() && !self.scene.read_only {
            self.record(Command::Detach { reason: "left by its person".to_owned() }).await;
        }
        // Dropping it writes what it still holds.
        drop(self.ring.take());
        self.alerts.close();
        if let Some(last_words) = self.last_words.take() {
            last_words.said().await;
        }
        self.tell(Told::Ended { reason: None });
    }
}
