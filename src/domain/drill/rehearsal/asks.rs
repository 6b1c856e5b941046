//! What the commander asks for, carried out as a session does it.

use std::collections::BTreeMap;

use super::Rehearsal;
use crate::console::{Declaration, Request};
use crate::engine::{Command, Reason, Refusal, Start, resolve_step};
use crate::execution::Part;
use crate::ident::{RegionId, RunId, StepId};
use crate::log::{Kind, Mode, Parent};
use crate::people::Actor;

impl Rehearsal<'_> {
    pub(super) fn ask(&mut self, actor: &Actor, request: Request) -> Result<(), Refusal> {
        match request {
            Request::Act(command) => self.act(actor, *command),
            Request::Declare(declaration) => self.declare(actor, *declaration),
            Request::StartRun { runbook, mode, from, to, values, parent } => {
                self.start_run(actor, runbook, (mode, from, to), values, parent)
            }
            Request::Execute { run, step, part, confirmation, .. } => {
                self.confirmed(actor, (run, &step, part), confirmation)
            }
            Request::AskApproval { run, step } => self.ask_approval(actor, run, step),
            Request::CancelStep { run, step } => self.cancel(run, &step),
            _ => {
                Err(Refusal::new(Reason::NotNow, "an exercise that plays itself has no screen, no files and no shell"))
            }
        }
    }

    /// The incident goes into the log of the exercise, with its id and its label.
    fn declare(&mut self, actor: &Actor, declaration: Declaration) -> Result<(), Refusal> {
        let opening = declaration.opening(
            self.record.incident(),
            &self.kit.start.label,
            Kind::Drill,
            self.kit.start.estate.as_str(),
        );
        self.act(actor, Command::Open(Box::new(opening)))?;
        self.act(actor, Command::take_command(&actor.name))?;
        let Declaration { runbook, mode, from, to, values, .. } = declaration;
        match runbook {
            Some(runbook) => self.start_run(actor, runbook, (mode, from, to), values, None),
            None => Ok(()),
        }
    }

    fn start_run(
        &mut self,
        actor: &Actor,
        runbook_name: String,
        (mode, from, to): (Mode, Option<RegionId>, Option<RegionId>),
        values: BTreeMap<String, String>,
        parent: Option<Parent>,
    ) -> Result<(), Refusal> {
        let Some(runbook) = self.kit.runbooks.get(&runbook_name).cloned() else {
            return Err(Refusal::new(Reason::NoSuchThing, format!("there is no runbook `{runbook_name}`")));
        };
        let incident = self.state.open();
        let from = from.or_else(|| incident.and_then(|incident| incident.from.clone()));
        let to = to.or_else(|| incident.and_then(|incident| incident.to.clone()));
        let run = RunId(self.record.id(self.now.wall));
        let start = Start { run, runbook, runbook_name, mode, from, to, values, parent };
        self.act(actor, Command::StartRun(Box::new(start)))
    }

    fn ask_approval(&mut self, actor: &Actor, run: RunId, step: StepId) -> Result<(), Refusal> {
        let known = self.state.run(run).ok_or_else(no_such_run)?;
        let resolved = Box::new(resolve_step(&self.board, known, &step, Part::Run)?);
        self.act(actor, Command::RequestApproval { run, step, resolved })
    }
}

pub(super) fn no_such_run() -> Refusal {
    Refusal::new(Reason::NoSuchThing, "that run is not part of this incident")
}

pub(super) fn not_running() -> Refusal {
    Refusal::new(Reason::NotNow, "it is not running here")
}
