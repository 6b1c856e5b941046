//! What went well and what did not, in plain sentences: where the hotwash begins.

use std::time::Duration;

use super::instants::Instants;
use super::{Measure, Observed, Score, anybody_did_anything};
use crate::comms::{Cadence, cadence};
use crate::engine::{Exercise, InjectState, State};
use crate::log::Event;
use crate::reading::Verdict;
use crate::time::{Timestamp, clock, human, since};
use crate::untrusted::sanitise_line;

/// Longer than this nobody should hear nothing. It is a remark, and takes no points.
const SILENCE: Duration = Duration::from_secs(20 * 60);

#[derive(Default)]
pub(super) struct Remarks {
    pub(super) strengths: Vec<String>,
    pub(super) improvements: Vec<String>,
}

pub(super) fn of(score: &Score, state: &State, exercise: &Exercise, instants: &Instants) -> Remarks {
    let mut remarks = Remarks::default();
    if !anybody_did_anything(state) && instants.over {
        remarks.worse("Nobody did anything that the log shows.");
    }
    score.measures.iter().for_each(|measure| remarks.measure(measure, instants.over));
    remarks.actions(score);
    remarks.wrong(score, exercise, instants.over);
    remarks.split(exercise);
    remarks.injects(exercise);
    remarks.words(state, instants);
    remarks.updates(state, instants);
    if anybody_did_anything(state) && instants.over && score.exceptions.is_empty() {
        remarks.better("Nothing went past the plan: nothing was skipped, overridden or repeated.");
    }
    remarks
}

impl Remarks {
    fn better(&mut self, sentence: impl AsRef<str>) {
        self.strengths.push(sanitise_line(sentence.as_ref()));
    }

    fn worse(&mut self, sentence: impl AsRef<str>) {
        self.improvements.push(sanitise_line(sentence.as_ref()));
    }

    fn measure(&mut self, measure: &Measure, over: bool) {
        let Some(target) = measure.target.map(human) else { return };
        let Measure { name, measured, verdict, basis, .. } = measure;
        match (verdict, measured) {
            (Verdict::Ok, Some(measured)) => self.better(format!("{name}: {measured} of {target}.")),
            (Verdict::Missed, Some(measured)) => self.worse(format!("{name}: {measured}, the target is {target}.")),
            (Verdict::Missed, None) => self.worse(format!("{name}: not within {target} ({basis}).")),
            (Verdict::AtRisk | Verdict::Unknown, Some(measured)) if over => {
                self.worse(format!("{name}: {measured}, not known to be within {target} ({basis})."));
            }
            (Verdict::Unknown, None) if over => {
                self.worse(format!("{name}: unknown, the target is {target} ({basis})."));
            }
            _ => {}
        }
    }

    fn actions(&mut self, score: &Score) {
        let of = |wanted| score.actions.iter().filter(move |action| action.observed == wanted);
        let in_time = of(Observed::InTime).count();
        let all = score.actions.iter().filter(|action| action.observed != Observed::NotExpected).count();
        if in_time > 0 && in_time == all {
            self.better(format!("Expected actions: all {all} in time."));
        }
        for action in of(Observed::Late) {
            let took = action.from.zip(action.observed_at).map(|(from, at)| human(since(at, from)));
            let (took, within) = (took.unwrap_or_default(), action.within.map(human).unwrap_or_default());
            self.worse(format!("Late: {} ({took}, expected within {within}).", action.text));
        }
        for action in of(Observed::Missed) {
            let within = action.within.map(|within| format!(", expected within {}", human(within)));
            self.worse(format!("Missed: {} ({}{}).", action.text, action.action, within.unwrap_or_default()));
        }
    }

    fn wrong(&mut self, score: &Score, exercise: &Exercise, over: bool) {
        for wrong in &score.wrong {
            self.worse(format!("Wrong: {} ({} at {}).", wrong.text, wrong.action, clock(wrong.at)));
        }
        let could = exercise.scenario.wrong.len();
        if over && could > 0 && score.wrong.is_empty() {
            self.better(format!("Wrong actions: none of {could} was taken."));
        }
    }

    fn split(&mut self, exercise: &Exercise) {
        for (database, counted) in exercise.counted.iter().filter(|(_, counted)| counted.diverged_writes > 0) {
            let writes = counted.diverged_writes;
            self.worse(format!(
                "Two sides of {database} took writes: {writes} of them are on one side only, and have to be merged by hand."
            ));
        }
    }

    fn injects(&mut self, exercise: &Exercise) {
        let read: Vec<Duration> = exercise
            .scenario
            .injects
            .iter()
            .filter(|inject| inject.is_delivered())
            .filter_map(|inject| match exercise.injects.get(&inject.id)? {
                InjectState::Fired { at, acknowledged: Some((_, read)), .. } => Some(since(*read, *at)),
                _ => None,
            })
            .collect();
        let unread = exercise.unread();
        for (inject, _) in &unread {
            self.worse(format!("Inject {} was acknowledged by nobody.", inject.id));
        }
        if let Some(slowest) = read.iter().max().filter(|_| unread.is_empty()) {
            self.better(format!("Injects: all {} acknowledged, within {}.", read.len(), human(*slowest)));
        }
    }

    /// Who was told anything was to be told in time, and then again and again. Who is told nothing at all is silent
    /// towards everybody, which [`Self::words`] says.
    fn updates(&mut self, state: &State, instants: &Instants) {
        let Some(incident) = &state.incident else { return };
        let end = incident.closed_at.unwrap_or(instants.end);
        for audience in &incident.estate.audiences {
            let every = human(audience.every);
            match cadence(audience, &state.updates, incident.opened_at, end) {
                Cadence::Never => {}
                Cadence::Kept(count) => self.better(format!("{}: updates {count}, each in time.", audience.id)),
                Cadence::Late(late) => {
                    let late = human(late);
                    self.worse(format!("{}: an update was {late} late; it is told every {every}.", audience.id));
                }
            }
        }
    }

    /// From the declaration to the end of the incident somebody says something: a note, a decision, an update.
    fn words(&mut self, state: &State, instants: &Instants) {
        let Some(incident) = &state.incident else { return };
        let end = incident.closed_at.unwrap_or(instants.end);
        let said = state.entries.iter().filter(|entry| {
            let event = &entry.event;
            matches!(event, Event::NoteAdded { .. } | Event::DecisionRecorded { .. } | Event::UpdateIssued { .. })
        });
        let said = said.map(|entry| entry.occurred_at).filter(|at| (incident.opened_at..end).contains(at));
        let mut moments: Vec<Timestamp> = said.chain([incident.opened_at, end]).collect();
        moments.sort_unstable();
        let silences = moments.windows(2).map(|pair| (since(pair[1], pair[0]), pair[0]));
        let Some((longest, from)) = silences.max() else { return };
        if longest > SILENCE {
            let (longest, from) = (human(longest), clock(from));
            self.worse(format!("Nothing was said for {longest} from {from} on; say how it stands at least every 20m."));
        } else if since(end, incident.opened_at) > SILENCE {
            self.better(format!("Somebody said how it stands at least every {}.", human(longest)));
        }
    }
}
