//! Objectives that were missed, and exercises that came to their end.

use std::time::Duration;

use super::{About, Look};
use crate::alert::Rule;
use crate::engine::{Run, RunState};
use crate::estate::Objective;
use crate::log::Kind;
use crate::objective::Row;
use crate::readiness::{ReadinessStatus, Standing};
use crate::reading::{Context, Verdict};
use crate::time::{at_offset, human, since};

/// How long the end of what was no earnest stays in sight of the console that did it.
const COMPLETED_SHOWN: Duration = Duration::from_secs(3600);
/// How long an exercise that was held stays in sight of the estate.
const HELD_SHOWN: Duration = Duration::from_secs(24 * 3600);

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

    /// Exercises are held on a copy: the estate itself is told of them.
    pub(super) fn held(&mut self, context: &Context<'_>) {
        if context.kind != Kind::Live {
            return;
        }
        let (board, now) = (self.board, self.now.wall);
        let held = board.past.iter().flat_map(|past| &past.held);
        for held in held.filter(|held| held.at <= now && since(now, held.at) < HELD_SHOWN) {
            let (subject, result) = (held.incident.clone(), if held.passed { "passed" } else { "failed" });
            let text = format!("exercise {subject} {result}: {} ({})", held.title, held.measured());
            self.found(Rule::ExerciseCompleted, About { subject, ..About::default() }, text, held.at);
        }
    }

    pub(super) fn exercise(&mut self, context: &Context<'_>) {
        let Some(state) = context.incident.filter(|state| state.exercise.is_none()) else { return };
        let Some(incident) = &state.incident else { return };
        let Some(closed_at) = incident.closed_at.filter(|at| since(self.now.wall, *at) < COMPLETED_SHOWN) else {
            return;
        };
        if incident.kind == Kind::Live {
            return;
        }
        let subject = incident.label.clone();
        let done = walked_to_the_end(&state.runs);
        let how = if done { "is completed" } else { "was closed, not completed" };
        let text = format!("{} {subject} {how}: {}", incident.kind.word(), incident.title);
        self.found(Rule::ExerciseCompleted, About { subject, ..About::default() }, text, closed_at);
    }

    /// What could not be read leaves it open whether it was done.
    pub(super) fn test(&mut self, test: &ReadinessStatus) {
        let subject = test.name.to_string();
        let about = || About { subject: subject.clone(), service: test.service.clone(), ..About::default() };
        match (test.standing, &test.last, test.due_at) {
            (Standing::Overdue, Some(last), Some(due)) => {
                let (word, ago) = (last.result.word(), human(since(self.now.wall, last.at)));
                let text = format!("test {subject} is overdue: {word} {ago} ago, expected every {}", human(test.every));
                self.found(Rule::TestOverdue, about(), text, due);
            }
            (Standing::Failed, Some(last), _) => {
                self.found(Rule::TestOverdue, about(), format!("test {subject} failed the last time"), last.at);
            }
            (Standing::Never, ..) => {
                let text = format!("test {subject} was never done, expected every {}", human(test.every));
                self.found(Rule::TestNeverDone, about(), text, self.now.wall);
            }
            (Standing::Unknown, ..) => {
                self.unknown(Rule::TestOverdue, &subject);
                self.unknown(Rule::TestNeverDone, &subject);
            }
            _ => {}
        }
    }
}

/// Something was walked, and no runbook was left before its last step for good.
fn walked_to_the_end(runs: &[Run]) -> bool {
    let ended = |run: &Run| {
        matches!(run.state, RunState::Completed | RunState::CompletedWithExceptions { .. } | RunState::WatchingHold)
    };
    let mut walked = runs.iter().filter(|run| run.parent.is_none()).peekable();
    walked.peek().is_some() && walked.all(|run| runs.iter().any(|other| other.name == run.name && ended(other)))
}
