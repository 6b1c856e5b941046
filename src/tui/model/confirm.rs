//! The box before something happens. What it shows is what will run: the very value travels in it.

use std::sync::Arc;
use std::time::Duration;

use domain::console::Prepared;
use domain::execution::{Danger, Part};
use domain::ident::{AudienceId, CaptureId, RunId, StepId};
use domain::log::{EndEx, Way};

use super::{Field, Letter};

/// A `y` counts this long after the box has opened, and after any other key in it: it was meant for what stands there.
pub const LOOK: Duration = Duration::from_millis(300);
/// Enter counts this long after the typed text matches.
pub const SETTLE: Duration = Duration::from_millis(500);

/// What is being confirmed.
#[derive(Clone, Debug)]
pub enum Subject {
    /// A step's run or rollback, with its guards and cost.
    Step { prepared: Arc<Prepared>, title: String },
    /// A one-off shell command, captured to the log.
    Capture { text: String },
    /// End a running attempt.
    Cancel { run: RunId, step: StepId, title: String },
    /// End a running one-off command.
    CancelCapture { capture: CaptureId, text: String },
    /// Leave the console while an incident is open: the incident goes on.
    Quit,
    /// Tell audiences exactly this.
    Updates { letters: Vec<Letter> },
    /// Try again to tell an audience what the log says it is told, one way.
    Retry { audience: AudienceId, update: u64, way: Way },
    /// EndEx; `because` is what is red in the live estate.
    EndExercise { why: EndEx, because: String },
}

/// What a box still needs before it does anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// `y`, on its own.
    Yes,
    /// The rest of the text.
    Typing(String),
    /// Enter, which counts from this instant (since boot) on.
    Enter { from: Duration },
}

/// See the module. Everything in it is a snapshot: when what it shows changes, it says so and starts again.
#[derive(Clone, Debug)]
pub struct ConfirmBox {
    pub subject: Subject,
    pub danger: Danger,
    /// What was typed so far, for [`Danger::Typed`].
    pub typed: Field,
    /// What is shown has changed while it was open: look again.
    pub changed: bool,
    /// First line shown, when it is longer than the screen.
    pub scroll: usize,
    pub(crate) opened: Duration,
    pub(crate) matched: Option<Duration>,
}

impl ConfirmBox {
    #[must_use]
    pub fn new(subject: Subject, danger: Danger, now: Duration) -> Self {
        Self { subject, danger, typed: Field::default(), changed: false, scroll: 0, opened: now, matched: None }
    }

    #[must_use]
    pub fn waiting(&self) -> Waiting {
        match (&self.danger, self.matched) {
            (Danger::ReadOnly | Danger::Changes, _) => Waiting::Yes,
            (Danger::Typed(_), Some(matched)) => Waiting::Enter { from: matched + SETTLE },
            (Danger::Typed(text), None) => Waiting::Typing(text.clone()),
        }
    }

    /// Something else was pressed: whoever did that has not looked at this box yet, and a pen that lies on the keyboard
    /// never does.
    pub(crate) fn look_again(&mut self, at: Duration) {
        self.opened = self.opened.max(at);
    }

    /// `y` was pressed alone at `at`.
    pub(crate) fn yes_counts(&self, at: Duration) -> bool {
        !matches!(self.danger, Danger::Typed(_)) && at >= self.opened + LOOK
    }

    /// Enter was pressed alone at `at`.
    pub(crate) fn enter_counts(&self, at: Duration) -> bool {
        matches!(self.waiting(), Waiting::Enter { from } if at >= from)
    }

    /// To be called after every change of the typed text.
    pub(crate) fn typed_at(&mut self, at: Duration) {
        let matches = matches!(&self.danger, Danger::Typed(text) if text == self.typed.text());
        self.matched = matches.then(|| self.matched.unwrap_or(at));
    }

    /// Takes over a newer look at the same step. Ages may grow; when what would run or what a guard says is different,
    /// whatever was typed was typed for something else.
    pub(crate) fn refresh(&mut self, newer: &Arc<Prepared>, danger: Danger, at: Duration) {
        let Subject::Step { prepared, .. } = &mut self.subject else { return };
        if prepared.run != newer.run || prepared.step != newer.step || prepared.part != newer.part {
            return;
        }
        let same = same_to_a_person(prepared, newer) && danger == self.danger;
        *prepared = Arc::clone(newer);
        if !same {
            self.danger = danger;
            self.typed.clear();
            self.matched = None;
            self.opened = at;
            self.changed = true;
        }
    }

    /// The step it is about.
    #[must_use]
    pub fn step(&self) -> Option<(RunId, &StepId, Part)> {
        match &self.subject {
            Subject::Step { prepared, .. } => Some((prepared.run, &prepared.step, prepared.part)),
            Subject::Cancel { run, step, .. } => Some((*run, step, Part::Run)),
            Subject::Capture { .. }
            | Subject::CancelCapture { .. }
            | Subject::Updates { .. }
            | Subject::Retry { .. }
            | Subject::Quit
            | Subject::EndExercise { .. } => None,
        }
    }
}

/// The same text would run, every guard says the same, and the interval of loss is the same.
fn same_to_a_person(a: &Prepared, b: &Prepared) -> bool {
    let digest =
        |prepared: &Prepared| prepared.resolved.as_ref().map(|resolved| resolved.digest()).map_err(Clone::clone);
    let verdicts = |prepared: &Prepared| -> Vec<_> {
        prepared.guards.iter().map(|guard| (guard.name.clone(), guard.verdict)).collect()
    };
    let loss = |prepared: &Prepared| -> Vec<_> {
        prepared.at_risk.iter().map(|(database, at_risk)| (database.clone(), at_risk.interval())).collect()
    };
    digest(a) == digest(b) && verdicts(a) == verdicts(b) && loss(a) == loss(b)
}
