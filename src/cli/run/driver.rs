//! The fingers of an unattended run: waits, looks, confirms what `--yes` may confirm, and stops where a person is needed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::{Duration, Instant};

use domain::automatic::Due;
use domain::console::{Ask, Banner, Prepared, Request, Scene, Told};
use domain::engine::{Command, Run, State, evolve};
use domain::ident::{PersonId, StepId};
use domain::reading::Status;
use domain::time::Timestamp;

use super::super::{Exit, Failure, acts};
use super::Args;
use super::given::given;
use super::outcome::Outcome;
use super::progress::Progress;
use super::stop::Stop;
use crate::runtime::clock;

/// How long the first verdict about every critical check may take.
const FIRST_VERDICT: Duration = Duration::from_secs(60);
/// How long a session may say nothing at all; it tells of the estate every second.
const SILENCE: Duration = Duration::from_secs(30);
/// A signal, and what is waited for, are looked at this often.
const LOOK: Duration = Duration::from_millis(500);

pub(super) struct Driver {
    pub(super) scene: Scene,
    pub(super) args: Args,
    pub(super) approvals: Vec<(StepId, PersonId)>,
    pub(super) values: BTreeMap<String, String>,
    ask: SyncSender<Ask>,
    number: u64,
    pub(super) state: State,
    pub(super) status: Option<Arc<Status>>,
    pub(super) prepared: Option<Arc<Prepared>>,
    pub(super) consoles: usize,
    /// The request that an answer is awaited for.
    waiting: Option<u64>,
    pub(super) declared: bool,
    /// What is to be started leaves one region for another.
    pub(super) leaves: bool,
    pub(super) ended: bool,
    /// Until when (time since boot) the first verdict is waited for.
    pub(super) given_up: Duration,
    /// The step whose own guards are being waited for, and until when (time since boot).
    pub(super) patience: Option<(StepId, Duration)>,
    /// The run was there before, and is gone on with.
    pub(super) resumes: bool,
    /// The step that holds a run which is gone on with may be tried once more.
    pub(super) once_more: bool,
    /// The step whose approval is waited for, once that was said.
    pub(super) approval_of: Option<StepId>,
    /// Since when (time since boot) there is nothing to ask for, although the run has no end.
    pub(super) idle: Option<Duration>,
    /// When this driver began: what it finds unsettled is given its time from then on.
    pub(super) began: Timestamp,
    pub(super) progress: Progress,
    /// Of what was started without a person.
    pub(super) due: Option<Due>,
    /// Its reasons are in the log.
    pub(super) decided: bool,
    interrupted: Arc<AtomicBool>,
}

impl Driver {
    pub(super) fn new(scene: Scene, args: Args, ask: SyncSender<Ask>) -> Result<Self, Failure> {
        let (approvals, values) = (given(&args)?.approvals, acts::values(&args.set)?);
        let interrupted = Arc::new(AtomicBool::new(false));
        for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
            signal_hook::flag::register(signal, Arc::clone(&interrupted))?;
        }
        Ok(Self {
            scene,
            args,
            approvals,
            values,
            ask,
            number: 0,
            state: State::default(),
            status: None,
            prepared: None,
            consoles: 0,
            waiting: None,
            declared: false,
            leaves: false,
            ended: false,
            given_up: clock::boottime() + FIRST_VERDICT,
            patience: None,
            resumes: false,
            once_more: false,
            approval_of: None,
            idle: None,
            began: clock::now().wall,
            progress: Progress::default(),
            due: None,
            decided: false,
            interrupted,
        })
    }

    /// What it starts leaves one region for another, so that the sides have to differ.
    pub(super) fn leaving(self, leaves: bool) -> Self {
        Self { leaves, ..self }
    }

    /// Of a failover that nobody started, for these reasons.
    pub(super) fn automatic(
        scene: Scene,
        args: Args,
        ask: SyncSender<Ask>,
        due: Due,
        status: Arc<Status>,
    ) -> Result<Self, Failure> {
        let driver = Self::new(scene, args, ask)?;
        Ok(Self { status: Some(status), due: Some(due), ..driver })
    }

    /// Until the run has its end, or a person is needed.
    pub(super) fn drive(mut self, told: &Receiver<Told>) -> Outcome {
        // Time that this machine slept is no silence: the session slept, too.
        let mut heard = Instant::now();
        let mut stopped = None;
        while !self.ended && stopped.is_none() {
            match told.recv_timeout(LOOK) {
                Ok(told) => {
                    heard = Instant::now();
                    stopped = self.take(told);
                }
                Err(RecvTimeoutError::Timeout) if heard.elapsed() > SILENCE => {
                    stopped = Some(Stop::Interrupted("the session does not answer".to_owned()));
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            stopped = stopped.or_else(|| self.interruption());
            if stopped.is_none() && self.waiting.is_none() {
                stopped = self.next().err();
            }
            self.progress.look();
        }
        let outcome = Outcome::of(&self.state, self.run(), stopped);
        self.hand_over(&outcome);
        self.leave(told);
        outcome
    }

    fn interruption(&self) -> Option<Stop> {
        let told = self.interrupted.load(Ordering::Relaxed);
        let busy = self.run().is_some_and(Run::busy);
        let rest = if busy {
            "; the step that runs goes on, and what becomes of it is found when the run goes on"
        } else {
            ""
        };
        told.then(|| Stop::Interrupted(format!("told to end{rest}")))
    }

    /// What was started without a person, and did not come to its end, says so in the log.
    fn hand_over(&mut self, outcome: &Outcome) {
        if self.due.is_none() || self.state.open().is_none() || outcome.exit() == Exit::Yes {
            return;
        }
        let why = outcome.error.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
        let text = format!("stopped, and needs a person{why}");
        self.send(Request::Act(Box::new(Command::Observe { text, subject: Some("automatic".to_owned()) })));
    }

    /// The session takes leave: what it still tells has to be taken for that.
    fn leave(&mut self, told: &Receiver<Told>) {
        self.send(Request::Quit);
        while let Ok(told) = told.recv_timeout(SILENCE) {
            if let Told::Entry(entry) = told {
                evolve(&mut self.state, &entry);
                self.progress.entry(&self.state, &entry);
            }
        }
    }

    fn send(&mut self, request: Request) -> u64 {
        self.number += 1;
        // A session that is gone shows in what it tells, which then ends.
        drop(self.ask.send(Ask { number: self.number, request }));
        self.number
    }

    /// Asks, and goes on when it is answered.
    pub(super) fn request(&mut self, request: Request) {
        let number = self.send(request);
        self.waiting = Some(number);
    }

    fn take(&mut self, told: Told) -> Option<Stop> {
        match told {
            Told::Incident(state) => {
                self.state = state.map(|state| *state).unwrap_or_default();
                // A run goes on with what is known of it, or starts its incident.
                self.resumes = self.args.incident.is_some() && self.run().is_some();
                self.once_more = self.resumes;
                self.declared |= self.resumes;
            }
            Told::Entry(entry) => {
                self.idle = None;
                evolve(&mut self.state, &entry);
                self.progress.entry(&self.state, &entry);
            }
            Told::Status(status) => self.status = Some(status),
            Told::Prepared(prepared) => self.prepared = Some(prepared),
            Told::Consoles(count) => self.consoles = count,
            Told::Output { of, text } => self.progress.output(&of, &text),
            Told::Banner(Banner { text: Some(text), .. }) => self.progress.note(&text),
            Told::Done { number } if self.waiting == Some(number) => self.waiting = None,
            Told::Refused { number, refusal } if self.waiting == Some(number) => {
                return Some(Stop::Refused(refusal.message));
            }
            Told::Ended { reason } => {
                self.ended = true;
                return reason.map(Stop::Interrupted);
            }
            _ => {}
        }
        None
    }

    pub(super) fn run(&self) -> Option<&Run> {
        self.state.runs.iter().rev().find(|run| run.name == self.args.runbook())
    }
}
