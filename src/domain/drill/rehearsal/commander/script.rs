//! What is to be done now, as far as the incident as a whole goes.

use std::collections::BTreeSet;

use super::intent::Intent;
use super::{Commander, Manner};
use crate::drill::rehearsal::Seen;
use crate::engine::{Exercise, Run, RunState};
use crate::log::Mode;
use crate::scenario::{Choice, Expected, Inject, InjectKind, Milestone, Play, Walked};

impl Commander {
    pub(super) fn wanted(&self, seen: &Seen<'_>) -> BTreeSet<Intent> {
        let Some(exercise) = seen.state().exercise.as_deref().filter(|exercise| exercise.running()) else {
            return BTreeSet::new();
        };
        let play = self.play(seen);
        let unread = exercise.unread().into_iter().map(|(inject, _)| Intent::Acknowledge(inject.id.clone()));
        let mut wanted: BTreeSet<Intent> = unread.collect();
        let Some(incident) = seen.state().incident.as_ref() else {
            if play.declares.as_ref().is_some_and(|declares| seen.reached(declares).is_some()) {
                wanted.insert(Intent::Declare);
            }
            wanted.extend(self.end(seen, exercise, &play));
            return wanted;
        };
        if incident.closed_at.is_some() {
            wanted.extend(self.end(seen, exercise, &play));
            return wanted;
        }
        wanted.extend(decision(seen, &play));
        wanted.extend(self.next_runbook(seen, &play));
        for run in seen.state().runs.iter().filter(|run| run.ended_at.is_none()) {
            wanted.extend(self.in_run(run));
        }
        wanted.extend(notes(seen));
        wanted.extend(self.end(seen, exercise, &play));
        wanted
    }

    /// The right answer, or the wrong one that tempts.
    pub(super) fn play(&self, seen: &Seen<'_>) -> Play {
        let scenario = seen.scenario();
        if self.manner != Manner::Wrong {
            return scenario.play.clone();
        }
        let started = scenario.wrong.iter().filter_map(|wrong| match &wrong.action {
            Milestone::Started(name) | Milestone::Completed(name) => Some(name.clone()),
            _ => None,
        });
        let written = scenario.play.runbooks.iter().map(|walked| walked.runbook.clone());
        let first = started.chain(written).next().unwrap_or_else(|| "regional-failover".to_owned());
        let values = scenario.play.runbooks.iter().find(|walked| walked.runbook == first);
        let values = values.map(|walked| walked.values.clone()).unwrap_or_default();
        let stays = scenario.wrong.iter().any(|wrong| wrong.action == Milestone::Decided(Choice::Stay));
        let of_play = |inject: &&Inject| inject.is_delivered() && inject.kind != InjectKind::Administrative;
        let alarm = scenario.injects.iter().find(of_play);
        Play {
            declares: Some(alarm.map_or(Milestone::StartEx, |alarm| Milestone::Fired(alarm.id.clone()))),
            severity: scenario.play.severity,
            decides: Some(if stays { Choice::Stay } else { Choice::FailOver }),
            because: "it looks bad, and there is no time".to_owned(),
            runbooks: vec![Walked { runbook: first, mode: Mode::Forced, back: false, after: None, values }],
            fence: String::new(),
        }
    }

    /// Runbooks are started in their order, the next as soon as the one before is over.
    fn next_runbook(&self, seen: &Seen<'_>, play: &Play) -> Option<Intent> {
        if play.decides.is_some_and(|choice| seen.reached(&Milestone::Decided(choice)).is_none()) {
            return None;
        }
        let started = own_runs(seen).count();
        let walked = play.runbooks.get(started)?;
        let may = match &walked.after {
            Some(after) => seen.reached(after).is_some(),
            None => own_runs(seen).all(over),
        };
        may.then_some(Intent::Start(started))
    }

    /// Closes, and ends the exercise, when nothing is left to do or to wait for.
    fn end(&self, seen: &Seen<'_>, exercise: &Exercise, play: &Play) -> Option<Intent> {
        let to_come = exercise.pending().any(|inject| crate::drill::fires_at(seen.state(), inject).is_some());
        let walked = own_runs(seen).count() >= play.runbooks.len() && own_runs(seen).all(over);
        let hasty = self.manner == Manner::Wrong;
        let open = seen.state().open();
        if hasty {
            return match open {
                Some(_) => walked.then_some(Intent::Close),
                None => seen.state().incident.is_some().then_some(Intent::Finish),
            };
        }
        let unread = !exercise.unread().is_empty();
        let undecided = open.is_some() && decision(seen, play).is_some();
        let undeclared = play.declares.is_some() && seen.state().incident.is_none();
        let waits = |expected: &Expected| {
            !matches!(expected.action, Milestone::Closed)
                && seen.reached(&expected.after).is_some()
                && seen.reached(&expected.action).is_none()
        };
        if to_come || unread || undecided || undeclared || !walked || seen.scenario().expected.iter().any(waits) {
            return None;
        }
        Some(if open.is_some() { Intent::Close } else { Intent::Finish })
    }
}

/// Those that were not opened by a step of another.
fn own_runs<'r>(seen: &Seen<'r>) -> impl Iterator<Item = &'r Run> {
    seen.state().runs.iter().filter(|run| run.parent.is_none())
}

/// Nothing of it is left to be done; whether it holds may still be watched.
fn over(run: &Run) -> bool {
    run.ended_at.is_some() || run.state == RunState::WatchingHold
}

/// The decision, once what it is an answer to has happened.
fn decision(seen: &Seen<'_>, play: &Play) -> Option<Intent> {
    let action = Milestone::Decided(play.decides?);
    let asked = seen.scenario().expected.iter().filter(|expected| expected.action == action);
    let early = asked.clone().count() > 0 && asked.clone().all(|expected| seen.reached(&expected.after).is_none());
    (seen.reached(&action).is_none() && !early).then_some(Intent::Decide)
}

/// Notes and updates that expected actions ask for.
fn notes(seen: &Seen<'_>) -> impl Iterator<Item = Intent> {
    seen.scenario().expected.iter().enumerate().filter_map(|(at, expected)| {
        let writes = match &expected.action {
            Milestone::Noted(_) => true,
            // Before the declaration there is nobody to tell, and nobody can be told whom the estate does not know.
            Milestone::Told(audience) => {
                let open = seen.state().open();
                open.is_some_and(|open| open.estate.audiences.iter().any(|known| known.id == *audience))
            }
            _ => false,
        };
        let asked = writes && seen.reached(&expected.after).is_some();
        (asked && seen.reached(&expected.action).is_none()).then_some(Intent::Write(at))
    })
}
