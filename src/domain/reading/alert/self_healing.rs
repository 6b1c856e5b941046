//! What was promised to fail over by itself, and has not.

use super::{About, Look};
use crate::alert::Rule;
use crate::reading::AutomaticStatus;
use crate::time::{at_offset, human, since};

impl Look<'_> {
    pub(super) fn self_healing(&mut self, automatic: &AutomaticStatus) {
        let subject = automatic.name.clone();
        match automatic.failing_since {
            Some(failing) if automatic.overdue => {
                let (dark, promise) = (human(since(self.now.wall, failing)), human(automatic.promise));
                let text =
                    format!("{subject} has not failed over by itself: dark for {dark}, promised within {promise}");
                let about = About { subject, ..About::default() };
                self.found(Rule::SelfHealingLate, about, text, at_offset(failing, automatic.promise));
            }
            None if automatic.serving.is_none() => self.unknown(Rule::SelfHealingLate, &subject),
            _ => {}
        }
    }
}
