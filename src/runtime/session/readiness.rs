//! The readiness: told to the front end when it says something else than before.

use std::sync::Arc;

use domain::console::Told;
use domain::reading::Status;

use super::Session;
use crate::runtime::readiness::Looked;

impl Session {
    pub(super) fn looked(&mut self, looked: Option<Arc<Looked>>) {
        self.evaluation.looked(looked);
        self.dirty = true;
    }

    /// Evaluates with these readings, and puts what it comes to into them.
    pub(super) fn evaluate(&mut self, status: &mut Status) {
        if let Some(report) = self.evaluation.evaluate(status) {
            self.tell(Told::Readiness(report));
        }
        status.evaluation = self.evaluation.summary();
    }
}
