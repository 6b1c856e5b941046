//! Opening an incident's log: replayed, mended, followed, and every attempt without an outcome settled.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use domain::console::{BannerAbout, OutputOf, Told};
use domain::engine::{Command, Reason, Recorded, Refusal, replay};
use domain::execution::Part;
use domain::ident::{RunId, StepId};
use domain::log::Header;
use domain::runbook::Lang;
use domain::time::{Timestamp, since};

use super::Session;
use super::input::Input;
use super::start::Incident;
use crate::runtime::capability::Capability;
use crate::runtime::clock;
use crate::runtime::exec::AttemptId;
use crate::runtime::journal::{self, Journal, Presence, ReadLog, Recorder};

/// For so long a console may be fetching the secrets of an attempt that it intended.
const MAY_START: Duration = Duration::from_secs(45);

/// Longer than this without a sample or an entry, and nobody was watching.
const UNWATCHED: Duration = Duration::from_secs(60);

impl Session {
    /// Goes on with an open incident, if there is one.
    pub(super) async fn resume(&mut self) {
        self.note_incidents();
        let dir = match &self.incident {
            Incident::StartEx(start) => {
                let start = start.clone();
                return self.start_exercise(start).await;
            }
            Incident::Fresh => None,
            Incident::In(dir) => Some(dir.clone()),
            Incident::NewestOpen => journal::newest_open(&self.paths, self.scene.kind, &self.scene.estate.name),
        };
        let Some(dir) = dir else {
            self.tell(Told::Incident(None));
            return;
        };
        if let Err(why) = self.open_incident(&dir).await {
            self.banner(BannerAbout::Log, Some(format!("THE LOG OF {} CANNOT BE OPENED: {why}", dir.display())));
            self.tell(Told::Incident(None));
        }
    }

    pub(super) async fn open_incident(&mut self, dir: &Path) -> Result<(), String> {
        let path = dir.to_path_buf();
        let plain = |error: journal::OpenError| error.to_string();
        // The kind is for ever: nothing simulated goes into the log of a real incident, nor the other way round.
        let (log, _) = ReadLog::open(dir).map_err(plain)?;
        let kind = log.header().kind;
        if kind != self.scene.kind || !journal::is_of(dir, &self.scene.estate.name) {
            let (kind, here, estate) = (kind.word(), self.scene.kind.word(), &self.scene.estate.name);
            return Err(format!("it is a {kind} incident of another estate than this, {estate} ({here})"));
        }
        let (journal, entries, opened) = if self.scene.read_only {
            let (log, entries) = ReadLog::open(dir).map_err(plain)?;
            self.follow(log);
            (None, entries, journal::Opened::default())
        } else {
            let opened = tokio::task::spawn_blocking(move || Journal::open(&path)).await;
            let (journal, entries, opened) = opened.map_err(|error| error.to_string())?.map_err(plain)?;
            (Some(journal), entries, opened)
        };
        let entries: Vec<_> = entries.into_iter().map(Arc::new).collect();
        self.state = replay(&entries);
        self.tell(Told::Incident(Some(Box::new(self.state.clone()))));
        if let Some(reason) = &opened.read_only_reason {
            let text = format!(
                "THE LOG CANNOT BE WRITTEN: {reason}. Nothing executes. Continue it elsewhere: `:` continue log"
            );
            self.log_broken = true;
            self.banner(BannerAbout::Log, Some(text));
        }
        if let Some(journal) = journal {
            self.attach(journal);
            self.introduce(opened.repaired).await;
        }
        Ok(())
    }

    /// Takes a log as the one to append to: announces this console, becomes the recorder if nobody is, follows others.
    pub(super) fn attach(&mut self, journal: Journal) {
        self.presence =
            Presence::announce(journal.place()).map_err(|error| tracing::warn!(%error, "not announced")).ok();
        self.consoles = journal::consoles(journal.place());
        self.tell(Told::Consoles(self.consoles.len()));
        self.recorder = Recorder::try_become(journal.place()).ok().flatten();
        match ReadLog::open(journal.place().dir()) {
            Ok((log, entries)) => {
                // What another console appended since the log was read.
                if self.state.incident.is_some() {
                    self.fold_others(entries);
                }
                self.follow(log);
            }
            Err(error) => tracing::warn!(%error, "entries of other consoles are seen only when this one appends"),
        }
        self.begin_proving(journal.header().incident);
        self.journal = Some(journal.signing(self.proving.key()));
        self.start_copy();
    }

    /// What this console says of itself on arrival, and what it has to settle.
    async fn introduce(&mut self, repaired: Option<journal::Repaired>) {
        if let Some(repaired) = repaired {
            self.record(Command::RecordRepair { cut_bytes: repaired.cut_bytes, kept_as: repaired.kept_as }).await;
        }
        let version = env!("CARGO_PKG_VERSION").to_owned();
        self.record(Command::Attach { version, read_only: self.scene.read_only }).await;
        if self.recorder.is_some() {
            self.record_gap().await;
            self.settle_left_behind();
        } else {
            self.go_on_watching();
        }
    }

    /// While no console ran, nobody watched: the log says so.
    async fn record_gap(&mut self) {
        let now = self.clock.now().wall;
        let open = self.state.open().is_some() && self.scene.kind.executes();
        // The last entry is this console's own arrival.
        let before = self.state.entries.iter().rev().nth(1).map(|entry| entry.recorded_at);
        let Some(from) = before.max(self.watched_until).filter(|_| open) else { return };
        if since(now, from) > UNWATCHED {
            self.record(Command::RecordGap { from, to: now }).await;
        }
    }

    /// An intent without an outcome: its claim and outcome file tell what became of it, or nothing does and it is
    /// unknown. Never started again by itself.
    ///
    /// While other consoles live, one of them may be about to start what it intended a moment ago: that is left to it
    /// for [`MAY_START`]. Whether something was left so.
    fn settle_attempts(&mut self) -> bool {
        let own = self.presence.as_ref().and_then(Presence::name);
        let alone = self.consoles.iter().all(|console| Some(console.as_os_str()) == own);
        let (now, dir) = (self.clock.now().wall, self.incident_dir());
        let mut left = false;
        let mut settled = |capability: &Capability, attempt: &AttemptId, intended_at: Timestamp| {
            let theirs = !alone && since(now, intended_at) < MAY_START && !capability.begun(&dir, attempt);
            left |= theirs;
            !theirs
        };
        let open: Vec<_> = self
            .state
            .runs
            .iter()
            .flat_map(|run| run.steps.values().flat_map(|record| &record.attempts))
            .filter(|attempt| attempt.outcome.is_none())
            .filter(|attempt| !self.running.contains_key(&(attempt.resolved.run, attempt.resolved.step.clone())))
            .filter(|attempt| settled(&self.capability, &AttemptId::of(&attempt.resolved), attempt.intended_at))
            .map(|attempt| Arc::clone(&attempt.resolved))
            .collect();
        for resolved in open {
            let (run, step, part, attempt) = (resolved.run, resolved.step.clone(), resolved.part, resolved.attempt);
            let printed = self.printed(OutputOf::Step { run, step: step.clone(), attempt });
            let resumed =
                self.capability.resume(&self.incident_dir(), AttemptId::of(&resolved), resolved.lang, printed);
            self.running.insert((run, step.clone()), resumed.cancel);
            self.spawn(async move { Input::AttemptEnded { run, step, part, attempt, outcome: resumed.outcome.await } });
        }
        let captures: Vec<_> = self
            .state
            .captures
            .iter()
            .filter(|capture| capture.outcome.is_none() && !self.running_captures.contains_key(&capture.id))
            .filter(|capture| settled(&self.capability, &AttemptId::Capture(capture.id), capture.intended_at))
            .map(|capture| capture.id)
            .collect();
        for capture in captures {
            let printed = self.printed(OutputOf::Capture(capture));
            let resumed =
                self.capability.resume(&self.incident_dir(), AttemptId::Capture(capture), Lang::Bash, printed);
            self.running_captures.insert(capture, resumed.cancel);
            self.spawn(async move { Input::CaptureEnded { capture, outcome: resumed.outcome.await } });
        }
        left
    }

    /// Verifies and holds that a console before this one was polling.
    fn go_on_watching(&mut self) {
        let mut verify: Vec<(RunId, StepId, u32)> = Vec::new();
        let mut hold: Vec<(RunId, StepId)> = Vec::new();
        for run in &self.state.runs {
            for (step, record) in &run.steps {
                if record.recorded == Recorded::Verifying || run.may_be_settled(step) {
                    let attempt = run.attempts(step, Part::Run).last().map_or(0, |attempt| attempt.number);
                    verify.push((run.id, step.clone(), attempt));
                }
                if matches!(record.hold, Some(domain::engine::HoldState::Watching { .. })) {
                    hold.push((run.id, step.clone()));
                }
            }
        }
        for (run, step, attempt) in verify {
            self.verify(run, step, attempt);
        }
        for (run, step) in hold {
            self.watch_hold(run, step);
        }
    }

    /// Entries of other consoles come as inputs.
    fn follow(&mut self, mut log: ReadLog) {
        if let Some(old) = self.follower.take() {
            old.abort();
        }
        let (inputs, incident) = (self.inputs.clone(), log.header().incident);
        self.follower = Some(tokio::spawn(async move {
            loop {
                match log.next().await {
                    Ok(entries) => {
                        if inputs.send(Input::Followed { incident, entries }).await.is_err() {
                            return;
                        }
                    }
                    Err(error) => {
                        tracing::warn!(%error, "the log is no longer followed");
                        return;
                    }
                }
            }
        }));
    }

    /// Counts consoles, takes over as recorder when the one before has gone, and settles what it left behind.
    pub(super) async fn look_at_log(&mut self) {
        self.look_at_copy();
        let Some(journal) = self.journal.clone() else { return };
        let gone = {
            let before = std::mem::replace(&mut self.consoles, journal::consoles(journal.place()));
            if before != self.consoles {
                self.tell(Told::Consoles(self.consoles.len()));
            }
            !before.is_subset(&self.consoles)
        };
        if self.recorder.is_none()
            && let Ok(Some(recorder)) = Recorder::try_become(journal.place())
        {
            self.recorder = Some(recorder);
            self.start_copy();
            self.settle_left_behind();
        } else if self.recorder.is_some() && (gone || self.settle_at.is_some_and(|at| clock::boottime() >= at)) {
            self.settle_left_behind();
        }
    }

    /// What a console that is gone was doing: its attempts, its verifies and holds. What this console does itself is
    /// not among it.
    fn settle_left_behind(&mut self) {
        let left = self.settle_attempts();
        self.settle_at = left.then(|| clock::boottime() + MAY_START);
        self.go_on_watching();
    }

    /// Goes on with the log at another path, chained to its last good entry.
    pub(super) async fn continue_log_at(&mut self, path: &str) -> Result<(), Refusal> {
        let Some(journal) = &self.journal else {
            return Err(Refusal::new(Reason::NoIncident, "no incident is open"));
        };
        let refused = |error: &dyn std::fmt::Display| {
            Refusal::new(Reason::ReadOnly, format!("the log cannot be continued there: {error}"))
        };
        let from = journal.place().dir().to_path_buf();
        let (to, left) = (Path::new(path).to_path_buf(), from.display().to_string());
        let continued = tokio::task::spawn_blocking(move || journal::continue_at(&from, &to)).await;
        let (journal, entries) = continued.map_err(|error| refused(&error))?.map_err(|error| refused(&error))?;
        self.fold_others(entries);
        self.attach(journal);
        self.log_broken = false;
        self.banner(BannerAbout::Log, None);
        let (head, seq) = (self.state.head(), self.state.entries.last().map_or(0, |entry| entry.seq));
        self.act(Command::RecordAdoption { from: left, head, seq }).await
    }

    /// The header of a new incident's log.
    pub(super) fn header(&self, incident: domain::ident::IncidentId) -> Result<Header, Refusal> {
        // On the machine's clock, whatever that of the log says.
        let now = clock::now().wall;
        let label = journal::next_label(&self.paths, self.scene.kind, now)
            .map_err(|error| Refusal::new(Reason::ReadOnly, format!("no log can be written: {error}")))?;
        Ok(Header {
            version: domain::log::LOG_VERSION,
            incident,
            label,
            kind: self.scene.kind,
            created_at: now,
            created_by: format!("switchback {}", env!("CARGO_PKG_VERSION")),
        })
    }

    /// The folder of the incident's log.
    pub(super) fn incident_dir(&self) -> std::path::PathBuf {
        self.journal.as_ref().map(|journal| journal.place().dir().to_path_buf()).unwrap_or_default()
    }
}
