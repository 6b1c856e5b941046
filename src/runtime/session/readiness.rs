//! The readiness, evaluated on change: of a file, of what was done before, of the readings.

use std::sync::Arc;
use std::time::Duration;

use domain::console::Told;
use domain::readiness::{Past, Readiness};
use domain::reading::Status;
use tokio::time::Instant;

use super::Session;
use crate::runtime::clock;
use crate::runtime::readiness::Looked;

/// How often the readings are taken into it: they change all the time.
const AGAIN: Duration = Duration::from_secs(10);

/// What an evaluation rests on, and what the front end was told last.
#[derive(Debug, Default)]
pub(super) struct Evaluation {
    looked: Option<Arc<Looked>>,
    past: Option<Arc<Past>>,
    told: Option<Readiness>,
    due: Option<Instant>,
}

impl Session {
    pub(super) fn looked(&mut self, looked: Option<Arc<Looked>>) {
        self.evaluation.looked = looked;
        self.evaluation.due = None;
    }

    pub(super) fn walked(&mut self, past: Option<Arc<Past>>) {
        self.evaluation.past = past;
        self.evaluation.due = None;
    }

    /// Tells the front end when the report says something else than before, and once a look is newer.
    pub(super) fn evaluate(&mut self, status: &Status) {
        let now = Instant::now();
        let Some(looked) = self.evaluation.looked.clone() else { return };
        if self.evaluation.due.is_some_and(|due| now < due) {
            return;
        }
        self.evaluation.due = Some(now + AGAIN);
        let report = looked.evaluate(self.evaluation.past.as_deref(), Some(status), clock::now().wall);
        if self.evaluation.told.as_ref().is_none_or(|told| !told.says_the_same_as(&report)) {
            self.tell(Told::Readiness(Arc::new(report.clone())));
            self.evaluation.told = Some(report);
        }
    }
}
