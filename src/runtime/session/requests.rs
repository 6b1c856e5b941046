//! What a front end asks for.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::console::{Ask, BannerAbout, Declaration, Request, Told};
use domain::document::{Walked, walk};
use domain::engine::{Command, Reason, Refusal, Start, State, resolve_step};
use domain::execution::Part;
use domain::ident::{CaptureId, IncidentId, RegionId, RunId, StepId};
use domain::log::{Mode, Parent};

use super::Session;
use super::prepare::Watched;
use crate::runtime::journal::Journal;
use crate::runtime::library::Library;

/// Which way, and how.
struct Sides {
    mode: Mode,
    from: Option<RegionId>,
    to: Option<RegionId>,
}

impl Session {
    /// Answers every request but `Execute`, which answers once its guards have; `false` ends the session.
    pub(super) async fn asked(&mut self, ask: Ask) -> bool {
        let number = ask.number;
        let result = match ask.request {
            Request::Act(command) => self.act(*command).await,
            Request::Declare(declaration) => self.declare(*declaration).await,
            Request::StartRun { runbook, mode, from, to, values, parent } => {
                self.start_run(&runbook, Sides { mode, from, to }, values, parent).await
            }
            Request::Watch { run, step, part } => {
                self.watched = Some(Watched::new(run, step, part));
                self.refresh_prepared();
                Ok(())
            }
            Request::Unwatch => {
                self.watched = None;
                Ok(())
            }
            Request::Execute { run, step, part, digest, confirmation } => {
                match self.confirm(number, (run, step, part), digest, confirmation).await {
                    Ok(()) => return true,
                    refused => refused,
                }
            }
            Request::AskApproval { run, step } => self.ask_approval(run, step).await,
            Request::CancelStep { run, step } => self.cancel(run, &step),
            Request::Capture { capture, text, confirmation } => self.capture(capture, text, &confirmation).await,
            Request::CancelCapture { capture } => match self.running_captures.get(&capture) {
                Some(cancel) => {
                    cancel.cancel();
                    Ok(())
                }
                None => Err(Refusal::new(Reason::NotNow, "that command is not running here")),
            },
            Request::ContinueLogAt { path } => self.continue_log_at(&path).await,
            Request::ReadDocument { name } => {
                self.read_document(number, name);
                return true;
            }
            Request::Adopt { name, file, source } => match self.adopt(number, &name, &file, source) {
                Ok(()) => return true,
                refused => refused,
            },
            Request::Acknowledge(which) => self.acknowledge(&which),
            Request::Silence { of, until, reason } => self.silence(&of, until, &reason),
            Request::FailPrimary => self.capability.fail_primary(),
            Request::Quit => return false,
        };
        self.answer(number, result);
        true
    }

    pub(super) fn answer(&self, number: u64, result: Result<(), Refusal>) {
        self.tell(match result {
            Ok(()) => Told::Done { number },
            Err(refusal) => Told::Refused { number, refusal },
        });
    }

    /// Opens an incident with a log of its own, takes command, and starts its runbook.
    async fn declare(&mut self, declaration: Declaration) -> Result<(), Refusal> {
        if self.scene.read_only {
            return Err(Refusal::new(Reason::ReadOnly, "this console is read-only"));
        }
        if let Some(open) = self.state.open() {
            return Err(Refusal::new(Reason::NotNow, format!("{} is open: close it first", open.label)));
        }
        let (incident, label) = match self.state.exercise.as_deref() {
            // What players declare is part of the exercise, and has its name.
            Some(exercise) => (exercise.start.incident, exercise.start.label.clone()),
            None => {
                let incident = IncidentId(ulid::Ulid::generate());
                (incident, self.new_log(incident)?)
            }
        };
        // On paper no reading says which way: the scenario does.
        let paper = self.state.exercise.as_deref().map(|exercise| &exercise.start).filter(|start| start.paper);
        let from = declaration.from.clone().or_else(|| paper.and_then(|start| start.from.clone()));
        let to = declaration.to.clone().or_else(|| paper.and_then(|start| start.to.clone()));
        let declaration = Declaration { from, to, ..declaration };
        let opening = declaration.opening(incident, &label, self.scene.kind, &self.scene.estate.source);
        self.act(Command::Open(Box::new(opening))).await?;
        self.act(Command::take_command(&self.scene.actor.name)).await?;
        let Declaration { runbook, mode, from, to, values, .. } = declaration;
        if let Some(runbook) = runbook {
            self.start_run(&runbook, Sides { mode, from, to }, values, None).await?;
        }
        Ok(())
    }

    /// A log that begins now. Its label.
    pub(super) fn new_log(&mut self, incident: IncidentId) -> Result<String, Refusal> {
        let header = self.header(incident)?;
        let label = header.label.clone();
        let journal = Journal::create(&self.paths, header)
            .map_err(|error| Refusal::new(Reason::ReadOnly, format!("no log can be written: {error}")))?;
        self.state = State::default();
        // What could not be recorded of an incident that is closed does not belong to this one.
        self.unrecorded.clear();
        self.watched = None;
        self.tell(Told::Incident(Some(Box::default())));
        self.attach(journal);
        Ok(label)
    }

    async fn start_run(
        &mut self,
        name: &str,
        Sides { mode, from, to }: Sides,
        values: BTreeMap<String, String>,
        parent: Option<Parent>,
    ) -> Result<(), Refusal> {
        let opened_by = parent.as_ref().and_then(|parent| self.state.run(parent.run));
        let name = opened_by.map_or_else(|| name.to_owned(), |of| Library::beside(&of.name, name));
        let source = self.library.read(&name).map_err(|error| Refusal::new(Reason::NoSuchThing, error.to_string()))?;
        // What is inferred from a foreign document is walked by whoever chose it, never in the place of a step.
        let Walked { text: runbook, inferred } = match &parent {
            Some(_) => Walked { text: source, inferred: None },
            None => walk(&name, &source).map_err(|error| Refusal::new(Reason::NoSuchThing, error.to_string()))?,
        };
        let incident = self.state.open();
        let from = from.or_else(|| incident.and_then(|incident| incident.from.clone()));
        let to = to.or_else(|| incident.and_then(|incident| incident.to.clone()));
        let start =
            Start { run: RunId(ulid::Ulid::generate()), runbook, runbook_name: name, mode, from, to, values, parent };
        let needs = domain::runbook::parse(Arc::clone(&start.runbook), Some(&self.scene.estate)).requires;
        let run = start.run;
        self.act(Command::StartRun(Box::new(start))).await?;
        if let Some(text) = inferred {
            self.record(Command::Observe { text, subject: Some(run.to_string()) }).await;
        }
        self.look_for(needs).await;
        Ok(())
    }

    /// Programs a runbook needs and this machine does not have: said at once, not when a step fails on it.
    async fn look_for(&mut self, programs: Vec<String>) {
        let missing: Vec<_> =
            programs.into_iter().filter(|_| self.scene.kind.executes()).filter(|name| !on_path(name)).collect();
        if !missing.is_empty() {
            let text = format!("not on this machine's PATH, and needed by the runbook: {}", missing.join(", "));
            self.banner(BannerAbout::Runbook, Some(text.clone()));
            self.record(Command::Observe { text, subject: None }).await;
        }
    }

    async fn ask_approval(&mut self, run: RunId, step: StepId) -> Result<(), Refusal> {
        let known = self
            .state
            .run(run)
            .ok_or_else(|| Refusal::new(Reason::NoSuchThing, "that run is not part of this incident"))?;
        let resolved = Box::new(resolve_step(&self.board, known, &step, Part::Run)?);
        self.act(Command::RequestApproval { run, step, resolved }).await
    }

    fn cancel(&self, run: RunId, step: &StepId) -> Result<(), Refusal> {
        let running = self.running.get(&(run, step.clone()));
        let running = running.ok_or_else(|| Refusal::new(Reason::NotNow, "it is not running here"))?;
        running.cancel();
        Ok(())
    }

    async fn capture(
        &mut self,
        capture: CaptureId,
        text: String,
        confirmation: &domain::engine::Confirmation,
    ) -> Result<(), Refusal> {
        if !matches!(confirmation, domain::engine::Confirmation::Yes) {
            return Err(Refusal::new(Reason::Confirmation, "confirm with y"));
        }
        let resolved = domain::execution::Resolved::captured(capture, text);
        self.act(Command::Capture { capture, resolved: Box::new(resolved) }).await
    }
}

fn on_path(program: &str) -> bool {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).any(|folder| folder.join(program).is_file())
}
