//! A step in focus: what would run, what its guards say, what it would cost; and the same again at the instant of
//! execution.

use std::sync::Arc;
use std::time::Duration;

use domain::console::{Prepared, Records, Told};
use domain::engine::{
    Command, Confirmation, Execution, GuardQuestion, Order, Reason, Recorded, Refusal, VerifyQuestion, asked_guards,
    at_stake, guard_questions, own_guards, resolve_step, verify_questions, with_override,
};
use domain::execution::{GuardResult, GuardVerdict, Part};
use domain::ident::{Hash, RunId, StepId};
use domain::runbook::Block;
use futures_util::future::join_all;

use super::Session;
use super::guards::ask_all;
use super::input::{Asking, Confirmed, Input};
use super::records::RecordsAsked;
use super::verify::{VerifyBlock, VerifyJob};

/// Guards that have to be run are asked this often in the background, and always at the instant of execution.
pub(super) const ASK_EVERY: Duration = Duration::from_secs(30);

/// At the instant of execution, the write tests of its fences are waited for as long as this.
const WRITES_WITHIN: Duration = Duration::from_secs(2);

/// The step a front end looks at.
#[derive(Debug)]
pub(super) struct Watched {
    pub run: RunId,
    pub step: StepId,
    pub part: Part,
    /// Answers of guards that had to be run, and since when (time since boot) they stand.
    answers: Vec<GuardResult>,
    asked_at: Option<Duration>,
    asking: bool,
    pub(super) records: Option<RecordsAsked>,
    told: Option<Arc<Prepared>>,
}

impl Watched {
    pub(super) fn new(run: RunId, step: StepId, part: Part) -> Self {
        Self { run, step, part, answers: Vec::new(), asked_at: None, asking: false, records: None, told: None }
    }

    /// Its guards would answer otherwise now.
    pub(super) const fn ask_again(&mut self) {
        self.asked_at = None;
    }
}

impl Session {
    /// Tells the front end about the step in focus if anything about it changed; asks its guards again when due.
    pub(super) fn refresh_prepared(&mut self) {
        let Some(mut watched) = self.watched.take() else { return };
        let now = self.clock.now();
        let due = watched.asked_at.is_none_or(|at| now.boot.saturating_sub(at) >= ASK_EVERY);
        if due && !watched.asking && self.may_start(&watched) && self.capability.asks_guards() {
            watched.asking =
                self.ask_guards(Asking::Look { run: watched.run, step: watched.step.clone(), part: watched.part });
            watched.asked_at = Some(now.boot);
        }
        if watched.part == Part::Rollback || self.may_start(&watched) {
            let run = self.state.run(watched.run);
            let resolved = run.and_then(|run| resolve_step(&self.board, run, &watched.step, watched.part).ok());
            self.look_at_records(&mut watched, resolved.as_ref());
        }
        if let Some(prepared) = self.prepared(&watched)
            && watched.told.as_deref().is_none_or(|told| differs(told, &prepared))
        {
            let prepared = Arc::new(prepared);
            watched.told = Some(Arc::clone(&prepared));
            self.tell(Told::Prepared(prepared));
        }
        self.watched = Some(watched);
    }

    /// Guards that have to be run are asked only of a step that could be started now: looking through a list starts
    /// nothing.
    fn may_start(&self, watched: &Watched) -> bool {
        let Some(run) = self.state.run(watched.run) else { return false };
        let recorded = run.record(&watched.step).recorded;
        watched.part == Part::Run
            && matches!(recorded, Recorded::Nothing | Recorded::Failed | Recorded::Cancelled)
            && !matches!(run.order(&watched.step), Order::After(_))
    }

    fn prepared(&self, watched: &Watched) -> Option<Prepared> {
        let run = self.state.run(watched.run)?;
        let step = run.step(&watched.step)?;
        let now = self.clock.now();
        let resolved = resolve_step(&self.board, run, &step.id, watched.part);
        let mut guards = Vec::new();
        if watched.part == Part::Run {
            guards = own_guards(&self.state, &self.board, run, step, now);
            for name in asked_guards(step) {
                let answer = watched.answers.iter().find(|answer| answer.name == name).cloned();
                let why = if watched.asked_at.is_some() { "being asked" } else { "asked when the step is next" };
                let answer = answer.unwrap_or_else(|| not_asked(name, why, now.wall));
                guards.push(with_override(answer, run.record(&step.id)));
            }
        }
        Some(Prepared {
            run: watched.run,
            step: watched.step.clone(),
            part: watched.part,
            at_risk: resolved
                .as_ref()
                .map(|resolved| at_stake(&self.state, &self.board, resolved, now))
                .unwrap_or_default(),
            resolved: resolved.map(Box::new).map_err(|refusal| refusal.message),
            guards,
            asking: watched.asking,
            records: watched.records.as_ref().map(|asked| asked.told.clone()),
            at: now,
        })
    }

    /// Starts asking the guards that have to be run; whether there are any.
    fn ask_guards(&mut self, asking: Asking) -> bool {
        let (run, step) = match &asking {
            Asking::Look { run, step, .. } => (*run, step.clone()),
            Asking::Execute(confirmed) => (confirmed.resolved.run, confirmed.resolved.step.clone()),
        };
        let tried = self.try_fences(run, &step, matches!(asking, Asking::Execute(_)));
        let questions = self.guard_questions(run, &step);
        if questions.is_empty() && (tried.is_empty() || matches!(asking, Asking::Look { .. })) {
            return false;
        }
        let (asker, clock) = (self.capability.asker(), self.clock.clone());
        self.spawn(async move {
            if matches!(asking, Asking::Execute(_)) {
                // A write that is accepted is accepted quickly, and revokes the fence before the decision is taken; a
                // dark side is not waited for longer than this.
                let _ = tokio::time::timeout(WRITES_WITHIN, join_all(tried)).await;
            }
            let results = match (&asking, clock.pace()) {
                // Asked when it is decided: on a fast clock an answer is old before it has got there.
                (Asking::Execute(_), Some(_)) => Vec::new(),
                _ => ask_all(asker, clock, questions).await,
            };
            Input::Guards { asking, results }
        });
        true
    }

    fn guard_questions(&self, run: RunId, step: &StepId) -> Vec<GuardQuestion> {
        let found = self.state.run(run).and_then(|run| Some((run, run.step(step)?)));
        found.map(|(run, step)| guard_questions(&self.board, run, step)).unwrap_or_default()
    }

    /// The verify blocks of a step, resolved.
    pub(super) fn verify_job(&self, run: RunId, step: &StepId) -> Option<VerifyJob> {
        let run = self.state.run(run)?;
        let questions = verify_questions(&self.board, run, run.step(step)?);
        let block = |(block, question): (&Block, VerifyQuestion)| VerifyBlock {
            question,
            every: block.every,
            within: block.within,
            passes: block.passes,
        };
        Some(VerifyJob {
            asker: self.capability.asker(),
            clock: self.clock.clone(),
            readings: self.shared.clone(),
            blocks: questions.map(block).collect(),
        })
    }

    /// A person confirmed: resolved again, compared with what was shown, guards asked, and then decided.
    pub(super) async fn confirm(
        &mut self,
        number: u64,
        (run, step, part): (RunId, StepId, Part),
        digest: Hash,
        confirmation: Confirmation,
    ) -> Result<(), Refusal> {
        let known = self
            .state
            .run(run)
            .ok_or_else(|| Refusal::new(Reason::NoSuchThing, "that run is not part of this incident"))?;
        let resolved = resolve_step(&self.board, known, &step, part)?;
        if resolved.digest() != digest {
            return Err(Refusal::new(Reason::Changed, "what would run is not what was shown: look again"));
        }
        if self.running.contains_key(&(run, step)) {
            return Err(Refusal::new(Reason::Duplicate, "it is running already"));
        }
        let actor = self.scene.actor.clone();
        self.ask_then_execute(Confirmed { number: Some(number), resolved, confirmation, actor }).await;
        Ok(())
    }

    pub(super) async fn confirm_retry(&mut self, run: RunId, step: StepId, part: Part) {
        let Some(known) = self.state.run(run) else { return };
        let Ok(resolved) = resolve_step(&self.board, known, &step, part) else { return };
        let actor = self.scene.actor.clone();
        self.ask_then_execute(Confirmed { number: None, resolved, confirmation: Confirmation::Retry, actor }).await;
    }

    async fn ask_then_execute(&mut self, confirmed: Confirmed) {
        let guarded = confirmed.resolved.part == Part::Run;
        let waiting = guarded && self.ask_guards(Asking::Execute(Box::new(confirmed.clone())));
        if !waiting {
            self.execute_confirmed(confirmed, Vec::new()).await;
        }
    }

    pub(super) async fn guards_answered(&mut self, asking: Asking, results: Vec<GuardResult>) {
        match asking {
            Asking::Execute(confirmed) if self.clock.pace().is_some() => {
                let questions = self.guard_questions(confirmed.resolved.run, &confirmed.resolved.step);
                let results = ask_all(self.capability.asker(), self.clock.clone(), questions).await;
                self.execute_confirmed(*confirmed, results).await;
            }
            Asking::Execute(confirmed) => self.execute_confirmed(*confirmed, results).await,
            Asking::Look { run, step, part } => {
                if let Some(watched) = self
                    .watched
                    .as_mut()
                    .filter(|watched| (watched.run, &watched.step, watched.part) == (run, &step, part))
                {
                    watched.answers = results;
                    watched.asking = false;
                }
                self.refresh_prepared();
            }
        }
    }

    async fn execute_confirmed(&mut self, confirmed: Confirmed, guards: Vec<GuardResult>) {
        let Confirmed { number, resolved, confirmation, actor } = confirmed;
        let at_risk = at_stake(&self.state, &self.board, &resolved, self.clock.now());
        let execution = Execution { resolved, guards, confirmation, at_risk };
        let result = self.act_as(actor, Command::Execute(Box::new(execution))).await;
        match number {
            Some(number) => self.answer(number, result),
            None => {
                if let Err(refusal) = result {
                    tracing::info!(%refusal, "a retry was not started");
                }
            }
        }
    }
}

fn not_asked(name: String, seen: &str, at: domain::time::Timestamp) -> GuardResult {
    GuardResult { name, verdict: GuardVerdict::Unknown, seen: seen.to_owned(), evaluated_at: at, measured_at: None }
}

/// Whether a person would see a difference: the age of what was measured is one, the instant of evaluation is none.
fn differs(told: &Prepared, now: &Prepared) -> bool {
    let guards = |prepared: &Prepared| {
        prepared
            .guards
            .iter()
            .map(|guard| (guard.name.clone(), guard.verdict, guard.seen.clone(), guard.measured_at))
            .collect::<Vec<_>>()
    };
    let cost = |prepared: &Prepared| {
        prepared.at_risk.iter().map(|(database, at_risk)| (database.clone(), at_risk.interval())).collect::<Vec<_>>()
    };
    told.run != now.run
        || told.step != now.step
        || told.part != now.part
        || told.resolved != now.resolved
        || told.asking != now.asking
        || told.records.as_ref().map(Records::planned) != now.records.as_ref().map(Records::planned)
        || guards(told) != guards(now)
        || cost(told) != cost(now)
}
