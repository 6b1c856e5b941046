//! Progress on standard error: one line for each thing that happened, headings for phases, and a word now and then of
//! what is waited for. No cursor is moved and nothing is coloured, so that the log of a CI job reads as a terminal does.

use std::collections::VecDeque;
use std::time::Duration;

use domain::console::OutputOf;
use domain::engine::{Run, State, StepState};
use domain::execution::{AttemptOutcome, End, Part};
use domain::ident::{RunId, StepId};
use domain::log::{Entry, Event};
use domain::report::entry_sentence;
use domain::time::{clock, human};
use domain::untrusted::sanitise_line;

use super::start_at::main_line;
use crate::runtime::clock;

/// Lines of output that are shown of a step that failed.
const TAIL: usize = 12;
/// The end of a line that has none yet is kept as far as this, in bytes.
const LONGEST: usize = 4096;
/// What is waited for is said again when it changed, at most so often.
const CHANGED: Duration = Duration::from_secs(15);
/// And when it did not, so that a log shows that somebody is there.
const STILL: Duration = Duration::from_secs(60);

#[derive(Debug, Default)]
pub(super) struct Progress {
    phase: Option<String>,
    tail: VecDeque<String>,
    /// A line of output that has no end yet.
    begun: String,
    of: Option<OutputOf>,
    waiting: Option<Waiting>,
}

/// A step that runs or is being verified.
#[derive(Debug)]
struct Waiting {
    place: String,
    since: Duration,
    /// When anything was last said of it.
    said_at: Duration,
    said: String,
    /// What it waits for now.
    open: String,
    verifying: bool,
}

impl Progress {
    /// One thing that was recorded; what is about consoles and commanders is left out.
    pub(super) fn entry(&mut self, state: &State, entry: &Entry) {
        let at = clock(entry.occurred_at);
        let said = match step_of(&entry.event) {
            Some((run, step)) => self.step(state, entry, run, &step),
            None if quiet(&entry.event) => return,
            None => entry_sentence(state, entry).to_string(),
        };
        eprintln!("{at}  {}", sanitise_line(&said));
        if failed(&entry.event) {
            self.print_tail();
        }
    }

    /// What a running step prints, or a verify waits for.
    pub(super) fn output(&mut self, of: &OutputOf, text: &str) {
        if self.of.as_ref() != Some(of) {
            (self.of, self.begun) = (Some(of.clone()), String::new());
            self.tail.clear();
        }
        let mut said = std::mem::take(&mut self.begun) + text;
        self.begun = said.split_off(said.rfind('\n').map_or(0, |end| end + 1));
        said.lines().for_each(|line| self.keep(sanitise_line(line)));
        // A bar that draws itself for an hour never ends its line.
        let surplus = self.begun.len().saturating_sub(LONGEST);
        self.begun.drain(..self.begun.ceil_char_boundary(surplus));
    }

    fn keep(&mut self, line: String) {
        if let Some(waiting) = &mut self.waiting {
            waiting.open.clone_from(&line);
        }
        if self.tail.len() == TAIL {
            self.tail.pop_front();
        }
        self.tail.push_back(line);
    }

    /// Says what is waited for, when it changed or nothing was said for long.
    pub(super) fn look(&mut self) {
        let now = clock::boottime();
        let Some(waiting) = &mut self.waiting else { return };
        let quiet_for = now.saturating_sub(waiting.said_at);
        let changed = waiting.verifying && waiting.open != waiting.said && !waiting.open.is_empty();
        let first = waiting.said.is_empty();
        if !(changed && (first || quiet_for >= CHANGED) || quiet_for >= STILL) {
            return;
        }
        let doing = if waiting.verifying { "waits for" } else { "runs, last" };
        let took = human(Duration::from_secs(now.saturating_sub(waiting.since).as_secs()));
        let open = if waiting.open.is_empty() { String::new() } else { format!(" {doing}: {}", waiting.open) };
        eprintln!("{}  {} …{open} ({took})", clock(clock::now().wall), waiting.place);
        waiting.said_at = now;
        waiting.said.clone_from(&waiting.open);
    }

    /// Something that is not in the log.
    pub(super) fn note(&self, text: &str) {
        eprintln!("{}  {}", clock(clock::now().wall), sanitise_line(text));
    }

    fn step(&mut self, state: &State, entry: &Entry, run: RunId, step: &StepId) -> String {
        let Some(run) = state.run(run) else { return entry_sentence(state, entry).to_string() };
        let place = self.place(run, step);
        self.wait_for(run, step, &place);
        match &entry.event {
            Event::StepIntended { resolved, authorised_by, .. } => {
                let verb = if resolved.part == Part::Rollback { "rolls back" } else { "executes" };
                let on = resolved.target.as_ref().map(|target| format!(" on {}", target.name)).unwrap_or_default();
                let again =
                    if resolved.attempt > 1 { format!(", attempt {}", resolved.attempt) } else { String::new() };
                let by = authorised_by.as_ref().map(|given| format!(", approved by {}", given.by)).unwrap_or_default();
                format!("{place}: {verb} {}{on}{again}{by}", resolved.lang.name())
            }
            Event::StepFinished { outcome, .. } => {
                let then = if run.step_state(step) == StepState::Verifying { "; verifying" } else { "" };
                format!("{place}: {}{then}", ended(outcome))
            }
            Event::StepVerified { result, .. } => {
                let word = if result.passed { "verified" } else { "NOT verified" };
                format!("{place}: {word} after {}: {}", human(result.took), result.detail)
            }
            Event::StepDoneByHand { evidence, .. } => format!("{place}: ticked{}", because(evidence)),
            Event::StepSkipped { reason, .. } => format!("{place}: skipped{}", because(reason)),
            _ => format!("{place}: {}", entry_sentence(state, entry)),
        }
    }

    /// `[3/17] Promote the standby`, under the heading of its phase.
    fn place(&mut self, run: &Run, step: &StepId) -> String {
        let title = run.step(step).map_or(step.as_str(), |step| step.title.as_str());
        if let Some((phase, _)) = run.runbook.place(step)
            && self.phase.as_ref() != Some(&phase.title)
        {
            eprintln!("\n{}", sanitise_line(&phase.title));
            self.phase = Some(phase.title.clone());
        }
        let number = main_line(&run.runbook).position(|known| known.id == *step).map(|at| at + 1);
        let count = main_line(&run.runbook).count();
        number.map_or_else(|| format!("[on demand] {title}"), |number| format!("[{number}/{count}] {title}"))
    }

    fn wait_for(&mut self, run: &Run, step: &StepId, place: &str) {
        let now = clock::boottime();
        let state = run.step_state(step);
        self.waiting = matches!(state, StepState::Running | StepState::Verifying).then(|| Waiting {
            place: place.to_owned(),
            since: now,
            said_at: now,
            said: String::new(),
            open: String::new(),
            verifying: state == StepState::Verifying,
        });
    }

    fn print_tail(&mut self) {
        let begun = std::mem::take(&mut self.begun);
        self.tail.extend(Some(sanitise_line(&begun)).filter(|line| !line.is_empty()));
        for line in self.tail.drain(..) {
            eprintln!("          | {line}");
        }
    }
}

fn because(said: &str) -> String {
    if said.trim().is_empty() { String::new() } else { format!(": {said}") }
}

fn ended(outcome: &AttemptOutcome) -> String {
    let took = human(outcome.duration);
    let said = because(outcome.said());
    match &outcome.end {
        End::Succeeded { .. } => format!("done in {took}{said}"),
        End::Failed { exit, .. } => {
            let exit = exit.map(|code| format!(" with exit code {code}")).unwrap_or_default();
            format!("FAILED{exit} after {took}{said}")
        }
        End::NotStarted { .. } => format!("NOT STARTED{said}"),
        End::TimedOut => format!("TIMED OUT after {took}{said}"),
        End::Cancelled => format!("stopped after {took}"),
        End::Unknown { .. } => format!("OUTCOME UNKNOWN{said}"),
    }
}

fn failed(event: &Event) -> bool {
    match event {
        Event::StepFinished { outcome, .. } => !matches!(outcome.end, End::Succeeded { .. }),
        Event::StepVerified { result, .. } => !result.passed,
        _ => false,
    }
}

fn step_of(event: &Event) -> Option<(RunId, StepId)> {
    match event {
        Event::StepIntended { resolved, .. } => Some((resolved.run, resolved.step.clone())),
        Event::StepFinished { run, step, .. }
        | Event::StepVerified { run, step, .. }
        | Event::StepDoneByHand { run, step, .. }
        | Event::StepSkipped { run, step, .. }
        | Event::StepSettled { run, step, .. } => Some((*run, step.clone())),
        _ => None,
    }
}

const fn quiet(event: &Event) -> bool {
    matches!(
        event,
        Event::ConsoleAttached { .. }
            | Event::ConsoleDetached { .. }
            | Event::IdentityVerified(_)
            | Event::CommandTaken { .. }
            | Event::ValueSet { .. }
            | Event::SubstepTicked { .. }
    )
}

#[cfg(test)]
mod tests {
    use domain::ident::CaptureId;

    use super::*;

    #[test]
    fn the_end_of_what_was_printed_is_kept_and_no_more() {
        let (mut progress, of) = (Progress::default(), OutputOf::Capture(CaptureId(ulid::Ulid::generate())));
        for part in ["one\ntw", "o\n", "thr"] {
            progress.output(&of, part);
        }
        assert_eq!(
            (progress.tail.make_contiguous(), progress.begun.as_str()),
            (&mut ["one".into(), "two".into()][..], "thr")
        );
        progress.output(&of, &"é".repeat(LONGEST));
        assert!(progress.begun.len() <= LONGEST && progress.begun.ends_with('é'));
        progress.output(&of, &"\n.".repeat(100));
        assert_eq!(progress.tail.len(), TAIL);
    }
}
