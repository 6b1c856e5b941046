//! The fingers of an unattended run: waits, looks, confirms what `--yes` may confirm, and stops where a person is needed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::Duration;

use domain::console::{Ask, Declaration, Prepared, Request, Scene, Told};
use domain::engine::{Command, Confirmation, Run, RunState, State, evolve};
use domain::execution::{Danger, GuardResult, GuardVerdict, Part};
use domain::ident::{DatabaseId, PersonId, RegionId, StepId};
use domain::log::{Mode, Parent, Sev};
use domain::reading::{Health, Status};
use domain::runbook::{CheckLine, Step, check_lines};
use domain::time::since;

use super::super::{Failure, acts};
use super::Args;
use super::given::{given, values};
use super::outcome::Outcome;
use super::progress;
use super::sides::sides;
use crate::runtime::clock;

/// How long the first verdict about every critical check may take.
const FIRST_VERDICT: Duration = Duration::from_secs(60);
/// How long a session may say nothing at all; it tells of the estate every second.
const SILENCE: Duration = Duration::from_secs(30);

/// How long a guard on the console's own readings is waited for.
const PATIENCE: Duration = Duration::from_secs(15);

/// How long after its delay an author's retry is waited for: its guards are asked first.
const RETRY_LATE: Duration = Duration::from_secs(90);

/// What stops a run, for people.
type Stop = String;

pub(super) struct Driver {
    scene: Scene,
    args: Args,
    approvals: Vec<(StepId, PersonId)>,
    values: BTreeMap<String, String>,
    ask: SyncSender<Ask>,
    number: u64,
    state: State,
    status: Option<Arc<Status>>,
    prepared: Option<Arc<Prepared>>,
    /// The request that an answer is awaited for.
    waiting: Option<u64>,
    declared: bool,
    ended: bool,
    /// The step whose own guards are being waited for, and until when (time since boot).
    patience: Option<(StepId, Duration)>,
}

impl Driver {
    pub(super) fn new(scene: Scene, args: Args, ask: SyncSender<Ask>) -> Result<Self, Failure> {
        let (approvals, values) = (given(&args)?.approvals, values(&args)?);
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
            waiting: None,
            declared: false,
            ended: false,
            patience: None,
        })
    }

    /// Until the run has its end, or a person is needed.
    pub(super) fn drive(mut self, told: &Receiver<Told>) -> Result<Outcome, Failure> {
        let given_up = clock::boottime() + FIRST_VERDICT;
        let mut refused = None;
        while !self.ended && refused.is_none() {
            match told.recv_timeout(SILENCE) {
                Ok(told) => refused = self.take(told),
                Err(RecvTimeoutError::Timeout) => refused = Some("the session does not answer".to_owned()),
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if refused.is_none() && self.waiting.is_none() {
                refused = self.next(clock::boottime() > given_up).err();
            }
        }
        self.send(Request::Quit);
        // The session takes leave: what it still tells has to be taken for that.
        while told.recv_timeout(SILENCE).is_ok() {}
        if let Some(why) = &refused {
            eprintln!("switchback: {}", domain::untrusted::sanitise(why.as_str()));
        }
        Ok(Outcome::of(&self.state, self.run(), refused))
    }

    fn send(&mut self, request: Request) -> u64 {
        self.number += 1;
        // A session that is gone shows in what it tells, which then ends.
        drop(self.ask.send(Ask { number: self.number, request }));
        self.number
    }

    /// Asks, and goes on when it is answered.
    fn request(&mut self, request: Request) {
        let number = self.send(request);
        self.waiting = Some(number);
    }

    fn take(&mut self, told: Told) -> Option<Stop> {
        match told {
            Told::Incident(state) => {
                self.state = state.map(|state| *state).unwrap_or_default();
                // A run goes on with what is known of it, or starts its incident.
                self.declared |= self.state.open().is_some() && self.args.incident.is_some() && self.run().is_some();
            }
            Told::Entry(entry) => {
                evolve(&mut self.state, &entry);
                progress::print(&self.state, &entry);
            }
            Told::Status(status) => self.status = Some(status),
            Told::Prepared(prepared) => self.prepared = Some(prepared),
            Told::Done { number } if self.waiting == Some(number) => self.waiting = None,
            Told::Refused { number, refusal } if self.waiting == Some(number) => return Some(refusal.message),
            Told::Ended { .. } => self.ended = true,
            _ => {}
        }
        None
    }

    fn run(&self) -> Option<&Run> {
        self.state.runs.iter().rev().find(|run| run.name == self.args.runbook)
    }

    /// Walks the runbook that a step opens, once: where that was aborted, a person has to look.
    fn open_child(&mut self, run: &Run, step: &Step) -> Result<(), Stop> {
        if let Some(why) = &run.record(&step.id).remark {
            return Err(format!("{}: {why}", step.title));
        }
        let runbook = step.child.clone().unwrap_or_default();
        let parent = Some(Parent { run: run.id, step: step.id.clone() });
        let (mode, from, to) = (run.mode, run.from.clone(), run.to.clone());
        self.request(Request::StartRun { runbook, mode, from, to, values: BTreeMap::new(), parent });
        Ok(())
    }

    /// The next thing to ask for, if anything is to be asked now.
    fn next(&mut self, given_up: bool) -> Result<(), Stop> {
        let Some(run) = self.run().map(|run| self.state.walked(run).clone()) else {
            return if self.declared { Ok(()) } else { self.begin(given_up) };
        };
        match &run.state {
            // The next entry says what that means to the step that it was opened for.
            RunState::Completed | RunState::CompletedWithExceptions { .. } | RunState::WatchingHold
                if run.parent.is_some() =>
            {
                return Ok(());
            }
            RunState::Completed
            | RunState::CompletedWithExceptions { .. }
            | RunState::WatchingHold
            | RunState::Aborted { .. } => {
                self.ended = true;
                return Ok(());
            }
            RunState::HeldByFailure { .. } if !run.busy() && !self.retrying(&run) => {
                self.ended = true;
                return Ok(());
            }
            RunState::HeldByFailure { .. } => return Ok(()),
            RunState::Paused { by, reason } => return Err(format!("the run is paused by {by}: {reason}")),
            RunState::Running => {}
        }
        if run.busy() {
            return Ok(());
        }
        let next = run.next();
        let Some(step) = next.first().and_then(|id| run.step(id)).cloned() else { return Ok(()) };
        if step.child.is_some() {
            return self.open_child(&run, &step);
        }
        if step.manual() {
            return self.tick(&run, &step);
        }
        self.execute(&run, &step)
    }

    /// The author's own retries are still to come.
    fn retrying(&self, run: &Run) -> bool {
        let RunState::HeldByFailure { step } = &run.state else { return false };
        let Some(block) = run.step(step).and_then(|step| step.run.as_ref()) else { return false };
        let last = run.attempts(step, Part::Run).last();
        let failed = run.step_state(step) == domain::engine::StepState::Failed;
        let never_verified = last.is_some_and(|attempt| attempt.verified.is_none());
        // One that was not started by then (a guard was not met) is not coming any more.
        let ended = last.and_then(|attempt| attempt.outcome.as_ref()).map(|outcome| outcome.ended_at);
        let awaited = ended.is_some_and(|ended| since(clock::now().wall, ended) < block.delay + RETRY_LATE);
        failed
            && never_verified
            && awaited
            && (block.idempotent || block.readonly)
            && last.is_some_and(|attempt| attempt.number <= block.retry)
    }

    /// Opens the incident, or starts the runbook in the one that was named.
    fn begin(&mut self, given_up: bool) -> Result<(), Stop> {
        let Some(status) = self.status.clone() else { return Ok(()) };
        let known = status.regions.iter().flat_map(|region| &region.checks).filter(|check| check.critical);
        let open = known.filter(|check| check.status == Health::Unknown || check.suspect).count();
        if open > 0 && !given_up {
            return Ok(());
        }
        let (from, to) = sides(&self.args, &status);
        let mode = acts::mode(self.args.mode);
        let runbook = self.args.runbook.clone();
        self.declared = true;
        if self.args.incident.is_some() {
            self.request(Request::StartRun { runbook, mode, from, to, values: self.values.clone(), parent: None });
            return Ok(());
        }
        let title = self.args.reason.clone().unwrap_or_else(|| format!("{runbook}, unattended"));
        self.request(Request::Declare(Box::new(Declaration {
            severity: Sev(2),
            title,
            impact_at: clock::now().wall,
            impact_basis: "as declared".to_owned(),
            from,
            to,
            runbook: Some(runbook),
            mode,
            values: self.values.clone(),
        })));
        Ok(())
    }

    /// A manual step has nobody to do it: `--yes` is what the log says of it. One that was meant to execute is not said
    /// to be done.
    fn tick(&mut self, run: &Run, step: &Step) -> Result<(), Stop> {
        if let Some(why) = &step.manual_because {
            return Err(format!("`{}` cannot run here: {why}; `switchback lint` says where", step.title));
        }
        let evidence = self.args.reason.clone().unwrap_or_else(|| "unattended: nobody looked".to_owned());
        let open =
            (0..step.substeps.len()).find(|index| !run.record(&step.id).ticks.get(index).copied().unwrap_or(false));
        let (run, step) = (run.id, step.id.clone());
        self.request(Request::Act(Box::new(match open {
            Some(substep) => Command::TickSubstep { run, step, substep, done: true },
            None => Command::DoneByHand { run, step, evidence },
        })));
        Ok(())
    }

    /// Looks at the step, brings what only the command line can bring, and executes it.
    fn execute(&mut self, run: &Run, step: &Step) -> Result<(), Stop> {
        let Some(prepared) =
            self.prepared.clone().filter(|prepared| prepared.run == run.id && prepared.step == step.id)
        else {
            self.request(Request::Watch { run: run.id, step: step.id.clone(), part: Part::Run });
            return Ok(());
        };
        if prepared.asking {
            return Ok(());
        }
        let resolved = prepared.resolved.as_ref().map_err(|why| format!("{}: {why}", step.title))?;
        let unmet = prepared.guards.iter().find(|guard| !guard.verdict.lets_through());
        if let Some(guard) = unmet {
            return self.answer_guard(run, step, &prepared, guard);
        }
        if let Some(request) = self.approval(run, step, resolved.digest())? {
            self.request(request);
            return Ok(());
        }
        if let Danger::Typed(text) = Danger::of(step, &run.values_for(&step.id))
            && self.args.to.as_deref() != Some(text.as_str())
        {
            return Err(format!("{}: a point of no return wants its target named: --to {text}", step.title));
        }
        let (run, step, digest) = (run.id, step.id.clone(), resolved.digest());
        self.request(Request::Execute { run, step, part: Part::Run, digest, confirmation: Confirmation::Unattended });
        Ok(())
    }

    fn answer_guard(&mut self, run: &Run, step: &Step, prepared: &Prepared, guard: &GuardResult) -> Result<(), Stop> {
        let stop = || format!("{}: `{}` is not met: {}", step.title, guard.name, guard.seen);
        let values = run.values_for(&step.id);
        let lines = step.guards.iter().flat_map(|block| check_lines(&block.text, &values)).flatten();
        let line = lines.into_iter().find(|line| line.to_string() == guard.name);
        let stated = matches!(line, Some(CheckLine::Fenced { .. })) && self.args.fenced_by.is_some();
        let accepted = guard.verdict == GuardVerdict::Ask && self.args.accept_loss;
        let forced = run.mode_of(&step.id) == Mode::Forced;
        if line.is_some() && !accepted && !(stated && forced) && self.waits_for_readings(&step.id) {
            return Ok(());
        }
        match line {
            Some(CheckLine::Fenced { database, region }) => {
                let fence = self.state.fences.get(&(database.clone(), region.clone()));
                if fence.is_some_and(|fence| fence.revoked.is_some()) {
                    // What `--fenced-by` said has been seen to be untrue: a person has to look.
                    return Err(stop());
                }
                let how = self.args.fenced_by.clone().ok_or_else(|| format!("{}; --fenced-by says how", stop()))?;
                let by = self.scene.actor.name.clone();
                self.request(Request::Act(Box::new(Command::StateFence { database, region, how, by })));
                Ok(())
            }
            Some(CheckLine::Loss { database, region, .. }) if guard.verdict == GuardVerdict::Ask => {
                if !self.args.accept_loss {
                    return Err(format!("{}; --accept-loss accepts it", stop()));
                }
                self.accept(run, step, prepared, database, region);
                Ok(())
            }
            _ => Err(stop()),
        }
    }

    /// What the console itself reads may come true in a moment: evidence of a fence, a standby that has caught up.
    fn waits_for_readings(&mut self, step: &StepId) -> bool {
        let now = clock::boottime();
        match &self.patience {
            Some((waiting, until)) if waiting == step => now < *until,
            _ => {
                self.patience = Some((step.clone(), now + PATIENCE));
                true
            }
        }
    }

    fn accept(&mut self, run: &Run, step: &Step, prepared: &Prepared, database: DatabaseId, region: RegionId) {
        let at_risk = prepared.at_risk.get(&database).cloned();
        let reason = self.args.reason.clone().unwrap_or_else(|| "--accept-loss".to_owned());
        let (run, step) = (run.id, step.id.clone());
        self.request(Request::Act(Box::new(Command::AcceptLoss { run, step, database, region, at_risk, reason })));
    }

    /// The approval the step still needs: asked for first, then given in the name that `--approve` says.
    fn approval(&self, run: &Run, step: &Step, digest: domain::ident::Hash) -> Result<Option<Request>, Stop> {
        let Some(approval) = &step.approval else { return Ok(None) };
        let asked = run.record(&step.id).approval.as_ref().filter(|asked| asked.digest == digest);
        if asked.is_some_and(|asked| asked.given.is_some()) {
            return Ok(None);
        }
        let by = self.approvals.iter().find(|(id, _)| *id == step.id).map(|(_, name)| name.clone());
        let by =
            by.ok_or_else(|| format!("{}: {} has to approve it: --approve {}=NAME", step.title, approval.by, step.id))?;
        let (run, step) = (run.id, step.id.clone());
        Ok(Some(match asked {
            None => Request::AskApproval { run, step },
            Some(_) => Request::Act(Box::new(Command::Approve { run, step, digest, by, spoken: true })),
        }))
    }
}
