//! What of a runbook was exercised, as it is written now: the log of each run holds the text that was walked.

use std::collections::BTreeSet;
use std::ops::Range;

use super::walk::text_of;
use super::{Did, Exercised, Walk, WalkEnd, WalkedStep};
use crate::diagnostic::{Diagnostic, Severity};
use crate::ident::{Hash, StepId};
use crate::log::Kind;
use crate::runbook::{PhaseKind, Runbook, Step};
use crate::time::{Timestamp, human, since};

/// How many steps are named one by one.
const NAMED: usize = 4;

/// What the past shows of one runbook.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Exercise {
    /// Nothing is missing.
    pub(super) verified: bool,
    pub(super) reasons: Vec<String>,
    pub(super) last: Option<Exercised>,
}

/// Walks of one runbook, newest first, that lie within its interval of review.
struct Past<'a> {
    walks: Vec<&'a Walk>,
}

/// One step against everything that was walked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// In these words, for real.
    Ran,
    /// In these words, where nothing really ran.
    Simulated,
    /// In these words it did not apply.
    LeftOut,
    /// Another text was walked.
    Edited,
    /// It came up, and was not carried out as it is written.
    NotCarriedOut,
    Never,
}

pub(super) fn exercise(name: &str, runbook: &Runbook, walks: &[Walk], now: Timestamp) -> Exercise {
    let mut all: Vec<&Walk> = walks.iter().filter(|walk| walk.runbook == name && walk.at <= now).collect();
    all.sort_by_key(|walk| std::cmp::Reverse(walk.at));
    let last = all.iter().find(|walk| walk.end != WalkEnd::Open).map(|walk| exercised(walk));
    let Some(newest) = all.first() else {
        return Exercise { verified: false, reasons: vec!["never exercised".to_owned()], last: None };
    };
    let in_time = |walk: &&&Walk| runbook.review.is_none_or(|review| since(now, walk.at) <= review);
    let past = Past { walks: all.iter().filter(in_time).copied().collect() };
    if let (true, Some(review)) = (past.walks.is_empty(), runbook.review) {
        let ago = human(since(now, newest.at));
        let reason = format!("last exercised {ago} ago, and `review` says every {}", human(review));
        return Exercise { verified: false, reasons: vec![reason], last };
    }
    let mut reasons = past.missing(runbook);
    let verified = reasons.is_empty();
    if verified {
        reasons.extend(past.shown(runbook, now));
    }
    reasons.extend(past.notes(runbook));
    Exercise { verified, reasons, last }
}

fn exercised(walk: &Walk) -> Exercised {
    Exercised { at: walk.at, by: walk.incident.clone(), kind: Some(walk.kind), rto: walk.rto, lost: walk.lost.clone() }
}

/// A note for each step that no walk exercised as it stands; one for the whole of a runbook that was never walked, where
/// others were.
#[must_use]
pub fn unexercised(name: &str, runbook: &Runbook, walks: &[Walk]) -> Vec<Diagnostic> {
    let note = |span: Range<usize>, message: &str| {
        let note = Diagnostic::new(Severity::Note, "runbook::unexercised", span, message);
        note.help("walk it in a lab or a drill; `switchback check` says what was exercised when")
    };
    let past = Past { walks: walks.iter().filter(|walk| walk.runbook == name).collect() };
    if past.walks.is_empty() {
        return if walks.is_empty() || !runbook.native { Vec::new() } else { vec![note(0..0, "never exercised")] };
    }
    let of = |step: &Step| {
        let message = match past.standing(step, text_of(runbook, step)) {
            Standing::Ran | Standing::Simulated => return None,
            Standing::Edited => "this step was edited since it was exercised",
            Standing::LeftOut | Standing::NotCarriedOut | Standing::Never => "this step was never exercised",
        };
        let first = runbook.source[step.span.clone()].lines().next().map_or(0, str::len);
        Some(note(step.span.start..step.span.start + first, message))
    };
    runbook.steps().filter_map(of).collect()
}

fn main_line(runbook: &Runbook) -> impl Iterator<Item = &Step> {
    let main = runbook.phases.iter().filter(|phase| phase.kind == PhaseKind::Main);
    main.flat_map(|phase| &phase.groups).flat_map(|group| &group.steps)
}

impl Past<'_> {
    fn seen(&self) -> impl Iterator<Item = (&Walk, &WalkedStep)> {
        self.walks.iter().flat_map(|walk| walk.steps.iter().map(|step| (*walk, step)))
    }

    fn standing(&self, step: &Step, text: Hash) -> Standing {
        let same = || self.seen().filter(move |(_, walked)| walked.text == text);
        let done = |walked: &WalkedStep| walked.did == Did::Succeeded;
        // What a person does is done in a drill as it is in earnest.
        let ran = |walk: &Walk| walk.kind.executes() || (step.run.is_none() && !walk.automatic);
        if same().any(|(walk, walked)| done(walked) && ran(walk)) {
            Standing::Ran
        } else if same().any(|(_, walked)| done(walked)) {
            Standing::Simulated
        } else if same().any(|(_, walked)| matches!(walked.did, Did::Skipped | Did::Failed | Did::ByHand)) {
            Standing::NotCarriedOut
        } else if same().any(|(walk, walked)| walked.did == Did::NotApplicable && walk.end == WalkEnd::Completed) {
            Standing::LeftOut
        } else if self.seen().any(|(_, walked)| walked.id == step.id && walked.text != text) {
            Standing::Edited
        } else {
            Standing::Never
        }
    }

    /// What keeps it from being verified.
    fn missing(&self, runbook: &Runbook) -> Vec<String> {
        let mut reasons = Vec::new();
        let newest = self.walks.iter().find(|walk| walk.end != WalkEnd::Open);
        if let Some(walk) = newest.filter(|walk| walk.end == WalkEnd::Aborted) {
            reasons.push(format!("the last run, {}, was not walked to its end", walk.incident));
        }
        let steps: Vec<(&Step, Standing)> =
            main_line(runbook).map(|step| (step, self.standing(step, text_of(runbook, step)))).collect();
        let of =
            |wanted: Standing| steps.iter().filter(move |(_, standing)| *standing == wanted).map(|(step, _)| *step);
        for (standing, word) in [
            (Standing::Edited, "edited since last exercised"),
            (Standing::NotCarriedOut, "not carried out as written the last time"),
            (Standing::Never, "never exercised"),
        ] {
            let named: Vec<&Step> = of(standing).collect();
            if !named.is_empty() {
                reasons.push(format!("{word}: {}", names(&named)));
            }
        }
        reasons
    }

    fn shown(&self, runbook: &Runbook, now: Timestamp) -> Option<String> {
        let newest = self.walks.iter().find(|walk| walk.end != WalkEnd::Open)?;
        let ago = human(since(now, newest.at));
        let whole = self.walks.iter().any(|walk| walk.hash == runbook.hash() && walk.end == WalkEnd::Completed);
        let what = if whole { "this text" } else { "every step of this text" };
        let kind =
            if newest.kind == Kind::Live { "in earnest".to_owned() } else { format!("in a {}", newest.kind.word()) };
        let itself = if newest.automatic { " that played itself" } else { "" };
        Some(format!("{what} was exercised; last {ago} ago {kind}{itself}, {}", newest.incident))
    }

    /// What is worth knowing, and no reason against it.
    fn notes(&self, runbook: &Runbook) -> Vec<String> {
        let standing = |step: &Step| self.standing(step, text_of(runbook, step));
        let mut notes = Vec::new();
        let simulated: Vec<&Step> = main_line(runbook).filter(|step| standing(step) == Standing::Simulated).collect();
        let (run, by_hand): (Vec<&Step>, Vec<&Step>) = simulated.into_iter().partition(|step| step.run.is_some());
        for (steps, word) in
            [(run, "only simulated, its commands never ran"), (by_hand, "played by itself, nobody ever did it")]
        {
            if !steps.is_empty() {
                notes.push(format!("{word}: {}", names(&steps)));
            }
        }
        let left_out: Vec<&Step> = main_line(runbook).filter(|step| standing(step) == Standing::LeftOut).collect();
        if !left_out.is_empty() {
            notes.push(format!("did not apply when it was exercised: {}", names(&left_out)));
        }
        let main: BTreeSet<&StepId> = main_line(runbook).map(|step| &step.id).collect();
        let demanded = runbook.steps().filter(|step| !main.contains(&step.id));
        let untried: Vec<&Step> =
            demanded.filter(|step| !matches!(standing(step), Standing::Ran | Standing::Simulated)).collect();
        if !untried.is_empty() {
            notes.push(format!("on demand, never exercised: {}", names(&untried)));
        }
        notes
    }
}

fn names(steps: &[&Step]) -> String {
    let named: Vec<&str> = steps.iter().take(NAMED).map(|step| step.title.as_str()).collect();
    let more = steps.len().saturating_sub(NAMED);
    if more == 0 { named.join(", ") } else { format!("{} and {more} more", named.join(", ")) }
}
