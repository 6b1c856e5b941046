//! Whose turn it is: the start of the run, the steps that are left out, the next step, or the end.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::automatic::{Due, wants_a_person};
use domain::console::{Declaration, Request};
use domain::engine::{Command, LeadAct, Recorded, Run, RunState, StepState};
use domain::execution::Part;
use domain::ident::{PersonId, StepId};
use domain::log::{Mode, Parent, Sev};
use domain::people::Role;
use domain::reading::{Health, Status};
use domain::runbook::Step;
use domain::time::{Timestamp, human, since};

use super::super::acts;
use super::super::typed::place;
use super::driver::Driver;
use super::sides::sides;
use super::start_at::main_line;
use super::stop::Stop;
use crate::runtime::clock;

/// How long after its delay an author's retry is waited for: its guards are asked first.
const RETRY_LATE: Duration = Duration::from_secs(90);
/// How long the rest of what is recorded together is waited for.
const IDLE: Duration = Duration::from_secs(10);

impl Driver {
    /// The next thing to ask for, if anything is to be asked now.
    pub(super) fn next(&mut self) -> Result<(), Stop> {
        if self.status.is_none() {
            return Ok(());
        }
        let Some((named, run)) = self.run().map(|named| (named.id, self.state.walked(named).clone())) else {
            return if self.declared { Ok(()) } else { self.begin() };
        };
        match &run.state {
            // The next entry says what that means to the step that it was opened for.
            RunState::Completed | RunState::CompletedWithExceptions { .. } | RunState::WatchingHold
                if run.id != named =>
            {
                let lost = "is over, and what that means to the step that it was opened for is not recorded";
                return self.waits_for_an_entry(&run, lost);
            }
            RunState::Completed
            | RunState::CompletedWithExceptions { .. }
            | RunState::WatchingHold
            | RunState::Aborted { .. } => {
                self.ended = true;
                return self.at_its_end(&run);
            }
            RunState::Paused { by, reason } => {
                return Err(Stop::refused(format!("the run is paused by {by}: {reason}")));
            }
            RunState::HeldByFailure { step } => return self.held(&run, step),
            RunState::Running => {}
        }
        if self.resumes && self.commands()? {
            return Ok(());
        }
        if run.busy() {
            return Ok(());
        }
        if let Some(reasons) = self.reasons() {
            self.request(reasons);
            return Ok(());
        }
        if let Some(left_out) = self.left_out(&run)? {
            self.request(left_out);
            return Ok(());
        }
        let next = run.next();
        let Some(step) = next.first().and_then(|id| run.step(id)).cloned() else {
            return self.waits_for_an_entry(&run, "has no step that applies now, and no end");
        };
        self.walk(&run, &step)
    }

    /// Entries that belong together come one after the other. Where none comes, nobody waits for ever.
    fn waits_for_an_entry(&mut self, run: &Run, otherwise: &str) -> Result<(), Stop> {
        let now = clock::boottime();
        let since = *self.idle.get_or_insert(now);
        if now.saturating_sub(since) < IDLE {
            return Ok(());
        }
        let label = &run.incident;
        Err(Stop::refused(format!("{}, {}, {otherwise}: a person has to look at {label}", run.name, run.mode.word())))
    }

    fn walk(&mut self, run: &Run, step: &Step) -> Result<(), Stop> {
        // Whatever is in the place of its command, what only a person can say is not left out.
        if let Some(why) =
            self.due.as_ref().filter(|_| step.run.is_none()).and_then(|_| wants_a_person(&self.state, run, step))
        {
            return Err(Stop::refused(format!("{}: stops before it: {why}", step.title)));
        }
        match step {
            Step { child: Some(_), .. } => self.open_child(run, step),
            manual if manual.manual() => self.tick(run, step),
            _ => self.execute(run, step),
        }
    }

    /// Walks the runbook that a step opens, once: where that was aborted, a person has to look.
    fn open_child(&mut self, run: &Run, step: &Step) -> Result<(), Stop> {
        if let Some(why) = &run.record(&step.id).remark {
            return Err(Stop::refused(format!("{}: {why}", step.title)));
        }
        self.named_approval(step)?;
        let runbook = step.child.clone().unwrap_or_default();
        let parent = Some(Parent { run: run.id, step: step.id.clone() });
        let (mode, from, to) = (run.mode, run.from.clone(), run.to.clone());
        self.request(Request::StartRun { runbook, mode, from, to, values: BTreeMap::new(), parent });
        Ok(())
    }

    fn at_its_end(&mut self, run: &Run) -> Result<(), Stop> {
        let label = &run.incident;
        match &run.state {
            RunState::Aborted { by, reason } => {
                return Err(Stop::refused(format!("{label}: {} was aborted by {by}: {reason}", run.name)));
            }
            RunState::WatchingHold => {
                let text = "every step is done; whether it holds is watched while a console is open";
                self.progress.note(text);
            }
            _ if self.resumes => {
                let ended = run.ended_at.map(|at| format!(" since {}", domain::time::rfc3339(at))).unwrap_or_default();
                self.progress.note(&format!("{label}: {} is complete{ended}; there is nothing left to do", run.name));
            }
            _ => {}
        }
        Ok(())
    }

    /// A step failed or is unknown. What may still come by itself is waited for; a run that is gone on with tries the
    /// step once more, as far as that needs no more than an ordinary confirmation.
    fn held(&mut self, run: &Run, step: &StepId) -> Result<(), Stop> {
        if run.busy() {
            return Ok(());
        }
        let Some(held) = run.step(step).cloned() else { return Ok(()) };
        let failed = matches!(run.record(step).recorded, Recorded::Failed | Recorded::Cancelled);
        if let Some(left_out) = self.left_out(run)? {
            self.request(left_out);
            return Ok(());
        }
        if self.once_more && failed {
            return if self.commands()? { Ok(()) } else { self.try_again(run, &held) };
        }
        if !retrying(run, &held) && !settling(run, &held, self.began) {
            self.ended = true;
        }
        Ok(())
    }

    fn try_again(&mut self, run: &Run, step: &Step) -> Result<(), Stop> {
        let id = &step.id;
        if step.manual() {
            let why = format!(
                "{}: what it is verified by did not hold: `switchback done {id} EVIDENCE --incident {}{}` says that it is done",
                step.title,
                run.incident,
                place()
            );
            return Err(Stop::Refused(why));
        }
        let last = run.attempts(id, Part::Run).last();
        let never_started = last
            .and_then(|attempt| attempt.outcome.as_ref())
            .is_some_and(|outcome| matches!(outcome.end, domain::execution::End::NotStarted { .. }));
        let repeatable = last.is_none_or(|last| last.resolved.idempotent || last.resolved.readonly) || never_started;
        if !repeatable && self.args.again.as_deref() != Some(id.as_str()) {
            let why = format!(
                "{}: it failed, and is not marked idempotent: --again {id} runs it again, `switchback done {id} EVIDENCE \
                 --incident {}{}` says that it is done",
                step.title,
                run.incident,
                place()
            );
            return Err(Stop::Refused(why));
        }
        self.execute(run, step)
    }

    /// Opens the incident, or starts the runbook in the one that was named.
    fn begin(&mut self) -> Result<(), Stop> {
        let Some(status) = self.status.clone() else { return Ok(()) };
        let known = status.regions.iter().flat_map(|region| &region.checks).filter(|check| check.critical);
        let open = known.filter(|check| check.status == Health::Unknown || check.suspect).count();
        // What starts without a person rests on readings that were looked at already, and are not older for waiting.
        if self.due.is_none() && open > 0 && clock::boottime() <= self.given_up {
            return Ok(());
        }
        if self.args.incident.is_some() && self.commands()? {
            return Ok(());
        }
        let (from, to) = sides(&self.args, &status);
        if let Some(from) = from.as_ref().filter(|from| self.leaves && Some(*from) == to.as_ref()) {
            let why = format!("{from} is the region that is left and the one that is gone to: name --from and --to");
            return Err(Stop::Refused(why));
        }
        let (runbook, mode, values) = (self.args.runbook().to_owned(), acts::mode(self.args.mode), self.values.clone());
        self.declared = true;
        if self.args.incident.is_some() {
            self.request(Request::StartRun { runbook, mode, from, to, values, parent: None });
            return Ok(());
        }
        if let Some(due) = self.due.clone() {
            self.request(Request::Declare(Box::new(declaration(&due, &status, runbook, values))));
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
            values,
        })));
        Ok(())
    }

    /// Why it was started without a person: the first thing that the log says of it.
    fn reasons(&mut self) -> Option<Request> {
        let due = self.due.as_ref().filter(|_| !self.decided)?;
        let text = format!("fail over {} to {} without a person: {}", due.from, due.to, due.because.join("; "));
        self.decided = true;
        Some(Request::Act(Box::new(Command::Decide { text, failover: true })))
    }

    /// Takes command of the incident that was named, unless a console of its commander is open. Whether that was just
    /// asked for.
    fn commands(&mut self) -> Result<bool, Stop> {
        let commander = self.state.open().and_then(|incident| incident.commander.clone());
        let own: &PersonId = &self.scene.actor.name;
        let Some(other) = commander.filter(|commander| commander != own) else { return Ok(false) };
        if self.consoles > 1 {
            let why = format!("not in command: {other} is, and another console has the incident open");
            return Err(Stop::Refused(why));
        }
        let reason = Some(format!("no console of {other} has the incident open"));
        let taken = LeadAct::Assume { by: own.clone(), role: Role::Commander, reason };
        self.request(Request::Act(Box::new(Command::Lead(Box::new(taken)))));
        Ok(true)
    }

    /// The next step before `--start-at` that still has to be recorded as left out.
    fn left_out(&self, run: &Run) -> Result<Option<Request>, Stop> {
        let (Some(start), Some(reason)) = (&self.args.start_at, &self.args.reason) else { return Ok(None) };
        if run.parent.is_some() {
            return Ok(None);
        }
        let start = StepId::from(start.as_str());
        if !main_line(&run.runbook).any(|step| step.id == start) {
            return Err(Stop::refused(format!("--start-at {start}: the main line has no such step")));
        }
        let before = main_line(&run.runbook).take_while(|step| step.id != start);
        let open = before.into_iter().find(|step| {
            let state = run.step_state(&step.id);
            !state.ended() && state != StepState::Unknown
        });
        let skip = open.map(|step| Command::Skip {
            run: run.id,
            step: step.id.clone(),
            reason: format!("--start-at {start}: {reason}"),
        });
        Ok(skip.map(|skip| Request::Act(Box::new(skip))))
    }
}

/// The outage is dated from the last good sample of the region that fails.
fn declaration(due: &Due, status: &Status, runbook: String, values: BTreeMap<String, String>) -> Declaration {
    let failing = status.regions.iter().find(|region| region.name == due.from);
    let last_good = failing.and_then(|region| region.last_good);
    let from = &due.from;
    Declaration {
        severity: Sev(1),
        title: format!("{from} is down: failover without a person"),
        impact_at: last_good.unwrap_or_else(|| clock::now().wall),
        impact_basis: last_good.map_or("as declared".to_owned(), |_| format!("last good sample of {from}")),
        from: Some(from.clone()),
        to: Some(due.to.clone()),
        runbook: Some(runbook),
        mode: Mode::Forced,
        values,
    }
}

/// The author's own retries are still to come.
fn retrying(run: &Run, step: &Step) -> bool {
    let Some(block) = step.run.as_ref() else { return false };
    let Some(last) = run.attempts(&step.id, Part::Run).last() else { return false };
    // One that was not started by then (a guard was not met) is not coming any more.
    let awaited = last
        .outcome
        .as_ref()
        .is_some_and(|outcome| since(clock::now().wall, outcome.ended_at) < block.delay + RETRY_LATE);
    run.step_state(&step.id) == StepState::Failed
        && last.verified.is_none()
        && awaited
        && (block.idempotent || block.readonly)
        && last.number <= block.retry
}

/// Its verify blocks may still settle what the machine could not know; where nobody was there, they begin with us.
fn settling(run: &Run, step: &Step, began: Timestamp) -> bool {
    let Some(last) = run.attempts(&step.id, Part::Run).last() else { return false };
    let within = step.verifies.iter().map(|block| block.within).max();
    let Some((within, outcome)) = within.zip(last.outcome.as_ref()) else { return false };
    run.step_state(&step.id) == StepState::Unknown
        && last.verified.is_none()
        && since(clock::now().wall, outcome.ended_at.max(began)) < within + RETRY_LATE
}

/// How a person settles what nobody can know.
pub(super) fn how_to_settle(run: &Run, step: &StepId) -> String {
    let title = run.step(step).map_or(step.as_str(), |step| step.title.as_str());
    let since = run.record(step).ended_at.map(|at| human(since(clock::now().wall, at)));
    let since = since.map(|span| format!(", for {span}")).unwrap_or_default();
    format!(
        "{title}: whether it took effect is unknown{since}. Look, then say what is so, with what shows it: \
         `switchback settle {step} --took-effect EVIDENCE --incident {label}{place}`, or `--no-effect EVIDENCE`; then go on",
        label = run.incident,
        place = place()
    )
}
