//! The newest report, evaluated anew on change: of a file, of what was done before, of the readings.

use std::sync::Arc;
use std::time::Duration;

use domain::readiness::{Past, Readiness};
use domain::reading::{EvaluationStatus, Status};
use tokio::sync::watch;
use tokio::time::Instant;

use super::Looked;
use crate::runtime::clock;

/// How often the readings are taken into it: they change all the time.
const AGAIN: Duration = Duration::from_secs(10);

/// The looks as they come.
pub type Looks = watch::Receiver<Option<Arc<Looked>>>;

/// What an evaluation rests on, and what came of it last.
#[derive(Debug, Default)]
pub struct Evaluation {
    looked: Option<Arc<Looked>>,
    past: Option<Arc<Past>>,
    report: Option<Arc<Readiness>>,
    due: Option<Instant>,
}

/// The next looks; never, where nobody looks.
pub async fn newer(looks: &mut Option<Looks>) -> Option<Arc<Looked>> {
    if let Some(receiver) = looks
        && receiver.changed().await.is_ok()
    {
        return receiver.borrow_and_update().clone();
    }
    std::future::pending().await
}

impl Evaluation {
    pub fn looked(&mut self, looked: Option<Arc<Looked>>) {
        self.looked = looked;
        self.due = None;
    }

    pub fn walked(&mut self, past: Arc<Past>) {
        self.past = Some(past);
        self.due = None;
    }

    /// Evaluates when that is due, and gives the report when it says something else than before.
    pub fn evaluate(&mut self, status: &Status) -> Option<Arc<Readiness>> {
        let now = Instant::now();
        let looked = self.looked.as_ref().filter(|_| self.due.is_none_or(|due| now >= due))?;
        self.due = Some(now + AGAIN);
        let report = Arc::new(looked.evaluate(self.past.as_deref(), Some(status), clock::now().wall));
        let same = self.report.as_ref().is_some_and(|known| known.says_the_same_as(&report));
        self.report = Some(Arc::clone(&report));
        (!same).then_some(report)
    }

    /// What it comes to, for the status; `None` until it was evaluated once.
    #[must_use]
    pub fn summary(&self) -> Option<EvaluationStatus> {
        self.report.as_deref().map(EvaluationStatus::of)
    }
}
