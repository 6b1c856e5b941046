//! Objectives that were missed, and exercises that came to their end.

use std::time::Duration;

use super::{About, Look};
use crate::alert::Rule;
use crate::estate::Objective;
use crate::log::Kind;
use crate::objective::Row;
use crate::reading::{Context, Verdict};
use crate::time::{at_offset, human, since};

/// How long the end of an exercise stays in sight.
const COMPLETED_SHOWN: Duration = Duration::from_secs(3600);

impl Look<'_> {
    /// A breach stands until its incident is closed.
    pub(super) fn objective(&mut self, row: &Row, context: &Context<'_>) {
        if context.incident.is_some_and(|state| state.incident.is_some() && state.open().is_none()) {
            return;
        }
        let about = || About { subject: row.name.clone(), ..About::default() };
        match (row.rto_verdict, row.rto, row.clock) {
            (Verdict::Missed, Objective::Within(rto), Some(clock)) => {
                let text = format!("{}: RTO of {} missed, {} so far", row.name, human(rto), human(clock.elapsed));
                self.found(Rule::RtoMissed, about(), text, at_offset(clock.started_at, rto));
            }
            (Verdict::Unknown, ..) => self.unknown(Rule::RtoMissed, &row.name),
            _ => {}
        }
        match (row.rpo_verdict, row.rpo, &row.at_risk) {
            (Verdict::Missed, Objective::Within(rpo), Some(at_risk)) => {
                let text = format!("{}: RPO of {} missed, lost {}", row.name, human(rpo), at_risk.interval());
                self.found(Rule::RpoMissed, about(), text, at_risk.as_of.min(self.now.wall));
            }
            (Verdict::Unknown, ..) => self.unknown(Rule::RpoMissed, &row.name),
            _ => {}
        }
    }

    pub(super) fn exercise(&mut self, context: &Context<'_>) {
        let Some(incident) = context.incident.and_then(|state| state.incident.as_ref()) else { return };
        let Some(closed_at) = incident.closed_at.filter(|at| since(self.now.wall, *at) < COMPLETED_SHOWN) else {
            return;
        };
        if incident.kind == Kind::Live {
            return;
        }
        let subject = incident.label.clone();
        let text = format!("{} {subject} is completed: {}", incident.kind.word(), incident.title);
        self.found(Rule::ExerciseCompleted, About { subject, ..About::default() }, text, closed_at);
    }
}
