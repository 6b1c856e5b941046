//! Carrying out what the engine asks for. Only acknowledged entries lead here.

use domain::console::{OutputOf, Told};
use domain::engine::{Command, Effect, HoldState, TellAct};
use domain::execution::{Part, Resolved};
use domain::ident::{RunId, StepId};
use domain::people::Actor;
use domain::time::since;

use super::Session;
use super::exercise;
use super::input::Input;
use super::verify;
use crate::runtime::capability::Printed;
use crate::runtime::exec::AttemptId;

/// The author of what nobody did.
const CONSOLE: &str = "switchback";

impl Session {
    pub(super) async fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Execute(resolved) => self.execute(*resolved),
            Effect::ExecuteCapture { capture, resolved } => {
                let printed = self.printed(OutputOf::Capture(capture));
                let attempt =
                    self.capability.start(&self.incident_dir(), AttemptId::Capture(capture), *resolved, None, printed);
                self.running_captures.insert(capture, attempt.cancel);
                self.spawn(async move { Input::CaptureEnded { capture, outcome: attempt.outcome.await } });
            }
            Effect::Verify { run, step, attempt } => self.verify(run, step, attempt),
            Effect::WatchHold { run, step } => self.watch_hold(run, step),
            Effect::Retry { run, step, part, delay } => {
                let clock = self.clock.clone();
                self.spawn(async move {
                    clock.sleep(delay).await;
                    Input::RetryDue { run, step, part }
                });
            }
            Effect::SendUpdate { update, way } => self.send_update(update, way),
            Effect::Affect(lines) => self.affect(&lines),
            Effect::Pace(change) => self.change_pace(change),
            Effect::Answered { question, holds } => self.answered_by_facilitator(question, holds),
            Effect::CountWrites => self.count_writes(),
            Effect::Bell => self.tell(Told::Bell),
        }
    }

    fn execute(&mut self, resolved: Resolved) {
        let id = AttemptId::of(&resolved);
        let (run, step, part, attempt) = (resolved.run, resolved.step.clone(), resolved.part, resolved.attempt);
        let printed = self.printed(OutputOf::Step { run, step: step.clone(), attempt });
        let expected = self.state.run(run).and_then(|run| run.step(&step)).and_then(|step| step.expected);
        let expected = expected.map(|expected| expected.high);
        let started = self.capability.start(&self.incident_dir(), id, resolved, expected, printed);
        self.running.insert((run, step.clone()), started.cancel);
        self.spawn(async move { Input::AttemptEnded { run, step, part, attempt, outcome: started.outcome.await } });
    }

    /// What an attempt prints goes to the screen as far as the front end keeps up; all of it is in its file.
    pub(super) fn printed(&self, of: OutputOf) -> Printed {
        let tell = self.tell.clone();
        Box::new(move |text| drop(tell.try_send(Told::Output { of: of.clone(), text })))
    }

    pub(super) fn verify(&mut self, run: RunId, step: StepId, attempt: u32) {
        let Some(job) = self.verify_job(run, &step) else { return };
        if !self.polling.insert((run, step.clone(), attempt)) {
            return;
        }
        let printed = self.printed(OutputOf::Step { run, step: step.clone(), attempt });
        self.spawn(async move {
            let result = verify::poll(job, printed).await;
            Input::Verified { run, step, attempt, result }
        });
    }

    pub(super) fn watch_hold(&mut self, run: RunId, step: StepId) {
        let hold = self.state.run(run).and_then(|run| run.record(&step).hold.clone());
        let Some(HoldState::Watching { until, .. }) = hold else { return };
        let Some(job) = self.verify_job(run, &step) else { return };
        if !self.holding.insert((run, step.clone())) {
            return;
        }
        let left = since(until, self.clock.now().wall);
        self.spawn(async move {
            let (held, detail) = verify::hold(job, left).await;
            Input::HoldEnded { run, step, held, detail }
        });
    }

    /// A retry the author allowed: the first attempt was confirmed, the guards are asked again.
    pub(super) async fn retry(&mut self, run: RunId, step: StepId, part: Part) {
        self.confirm_retry(run, step, part).await;
    }

    /// An attempt ended: its outcome goes into the log, and with it whatever follows.
    pub(super) async fn attempt_ended(
        &mut self,
        run: RunId,
        step: StepId,
        part: Part,
        attempt: u32,
        outcome: domain::execution::AttemptOutcome,
    ) {
        self.running.remove(&(run, step.clone()));
        self.record(Command::FinishStep { run, step, part, attempt, outcome }).await;
    }

    /// What the console saw by itself is said in its own name, not in that of the person in front of it.
    fn author(&self, command: &Command) -> Actor {
        let seen = matches!(
            command,
            Command::Observe { .. }
                | Command::SelfHealed { .. }
                | Command::RecordAlert(_)
                | Command::RecordMessage(_)
                | Command::RegionChange { .. }
                | Command::ServingChange { .. }
                | Command::TierRecover { .. }
                | Command::TierRelapse { .. }
                | Command::ObserveFence { .. }
                | Command::RevokeFence { .. }
                | Command::RecordGap { .. }
                | Command::RecordRepair { .. }
        ) || matches!(command, Command::Exercise(act) if exercise::by_itself(act))
            || matches!(command, Command::Tell(act) if matches!(**act, TellAct::Record { .. }));
        if seen { Actor::claimed(CONSOLE, &self.scene.actor.host) } else { self.scene.actor.clone() }
    }

    /// Appends what has already happened. A duplicate (another console recorded it first) is as good; if the log cannot
    /// be written the outcome is kept and tried again, since its file stays beside the log.
    pub(super) async fn record(&mut self, command: Command) {
        use domain::engine::Reason;
        match self.act_as(self.author(&command), command.clone()).await {
            Ok(()) => {}
            Err(refusal)
                if matches!(
                    refusal.reason,
                    Reason::Duplicate | Reason::NoSuchThing | Reason::NotNow | Reason::NoIncident
                ) =>
            {
                tracing::debug!(?command, %refusal, "not recorded");
            }
            Err(_) => self.keep_unrecorded(command),
        }
    }

    pub(super) fn keep_unrecorded(&mut self, command: Command) {
        if !self.unrecorded.contains(&command) {
            self.unrecorded.push(command);
        }
    }

    /// Facts that could not be appended, in their order, as far as the log takes them now.
    pub(super) async fn record_again(&mut self) {
        let mut facts = std::mem::take(&mut self.unrecorded).into_iter();
        for fact in facts.by_ref() {
            self.record(fact).await;
            if !self.unrecorded.is_empty() {
                break;
            }
        }
        self.unrecorded.extend(facts);
    }
}
