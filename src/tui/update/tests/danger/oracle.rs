//! What was pressed when, what stood in the box meanwhile, and what that allows. It knows the runbook of these
//! tests and the rules that are promised to people, and none of the code that keeps them.

use std::time::Duration;

use domain::console::Request;
use domain::engine::{Command, Confirmation};
use domain::execution::Part;

use crate::input::Input;
use crate::keys::{Code, Key};
use crate::model::{ConfirmBox, Subject};

/// Nearer to each other than this, keys are a burst.
const BURST: Duration = Duration::from_millis(10);
/// Without any other key for this long, in a box that shows the same for this long, a `y` counts.
const LOOK: Duration = Duration::from_millis(300);
/// A text stands matching for this long before Enter counts.
const SETTLE: Duration = Duration::from_millis(500);
/// A key may wait this long for its step to be resolved.
const RESOLVING: Duration = Duration::from_secs(2);

/// What has to be done by hand before a step may run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Demand {
    Key,
    Yes,
    Text(&'static str),
}

#[derive(Clone, Copy, Debug)]
struct Press {
    key: Key,
    at: Duration,
}

/// The box that stands on the screen.
#[derive(Debug)]
struct Boxed {
    shows: String,
    since: Duration,
    /// What may have been typed in it: a key that came in the very moment in which it opened may have met it or not.
    lines: Vec<Line>,
}

#[derive(Clone, Debug, Default)]
struct Line {
    text: Vec<char>,
    cursor: usize,
    /// Since when it reads like this.
    since: Duration,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Oracle {
    pressed: Vec<Press>,
    boxed: Option<Boxed>,
    /// Steps that were attempted.
    attempted: Vec<String>,
}

impl Oracle {
    pub(super) fn attempted(&mut self, step: &str) {
        self.attempted.push(step.to_owned());
    }

    /// To be told of every input before it is taken.
    pub(super) fn sees(&mut self, input: &Input) {
        if let Input::Key { key, at } = input {
            self.pressed.push(Press { key: *key, at: *at });
        }
    }

    /// To be told after it was taken: what was asked because of it, at this moment, and the box that stands now.
    ///
    /// # Errors
    /// What was asked without what it takes.
    pub(super) fn judges(
        &mut self,
        input: &Input,
        asked: &[Request],
        now: Duration,
        shown: Option<&ConfirmBox>,
    ) -> Result<(), String> {
        for request in asked {
            self.allows(input, request, now).map_err(|why| format!("{why}: {request:?}"))?;
        }
        self.looks(input, now, shown);
        Ok(())
    }

    fn allows(&self, input: &Input, request: &Request, now: Duration) -> Result<(), &'static str> {
        if matches!(request, Request::Watch { .. } | Request::Unwatch | Request::ReadDocument { .. } | Request::Quit) {
            return Ok(());
        }
        let alone = match input {
            Input::Key { .. } => self.alone(1, now),
            Input::Tick => self.alone(0, now),
            // A step that only reads may have waited for its text.
            Input::Told(_) if matches!(request, Request::Execute { confirmation: Confirmation::Key, .. }) => {
                (0..self.pressed.len())
                    .filter_map(|back| self.alone(back, now))
                    .find(|press| now <= press.at + RESOLVING)
            }
            _ => return Err("no mouse, paste, resize or message asks for anything"),
        };
        let Some(press) = alone else { return Err("no key was pressed alone") };
        match request {
            Request::Execute { step, part, confirmation, .. } => self.runs(press, step.as_str(), *part, confirmation),
            Request::Capture { confirmation: Confirmation::Yes, .. }
            | Request::CancelStep { .. }
            | Request::CancelCapture { .. } => self.yes(press, ""),
            Request::Capture { .. } => Err("a command takes its y"),
            Request::Act(command) => reasoned(press, command),
            _ => Ok(()),
        }
    }

    fn runs(&self, press: Press, step: &str, part: Part, confirmation: &Confirmation) -> Result<(), &'static str> {
        match (self.demand(step, part), confirmation) {
            (Demand::Key, Confirmation::Key) => Ok(()),
            (Demand::Yes, Confirmation::Yes) => self.yes(press, step),
            (Demand::Text(demanded), Confirmation::Typed(text)) if text == demanded => self.typed(press, step, text),
            _ => Err("this step takes something else"),
        }
    }

    /// By the runbook of these tests. To run again what may have taken effect, the step's name is typed.
    fn demand(&self, step: &str, part: Part) -> Demand {
        let again = self.attempted.iter().any(|attempted| attempted == step);
        match (step, part) {
            ("confirm", Part::Run) => Demand::Key,
            ("promote", Part::Run) => Demand::Text("us-west-2"),
            ("stop", Part::Run) if again => Demand::Text("stop"),
            _ => Demand::Yes,
        }
    }

    /// The press so many before the last, if nothing came close before or after it.
    fn alone(&self, back: usize, now: Duration) -> Option<Press> {
        let at = self.pressed.len().checked_sub(back + 1)?;
        let press = self.pressed[at];
        let before = at.checked_sub(1).is_none_or(|before| press.at >= self.pressed[before].at + BURST);
        let after = self.pressed.get(at + 1).map_or(now, |after| after.at);
        (before && after >= press.at + BURST).then_some(press)
    }

    fn yes(&self, press: Press, step: &str) -> Result<(), &'static str> {
        let Some(boxed) = &self.boxed else { return Err("there was no box") };
        if press.key != Key::char('y') {
            return Err("it takes a y");
        }
        if !boxed.shows.starts_with(step) {
            return Err("the box was about something else");
        }
        if press.at < boxed.since + LOOK {
            return Err("the box had just opened, or changed");
        }
        let others = self.pressed.iter().filter(|other| other.at < press.at && other.at >= boxed.since);
        if others.into_iter().any(|other| press.at < other.at + LOOK) {
            return Err("it came in a stream of keys");
        }
        Ok(())
    }

    fn typed(&self, press: Press, step: &str, text: &str) -> Result<(), &'static str> {
        let Some(boxed) = &self.boxed else { return Err("there was no box") };
        if press.key.code != Code::Enter {
            return Err("it takes an Enter");
        }
        if !boxed.shows.starts_with(step) {
            return Err("the box was about something else");
        }
        let stood = |line: &Line| line.text.iter().copied().eq(text.chars()) && press.at >= line.since + SETTLE;
        if boxed.lines.iter().any(stood) { Ok(()) } else { Err("the text was not typed, or had just been typed") }
    }

    /// What a person reads in the box, beginning with the step.
    fn reads(&self, shown: &ConfirmBox) -> String {
        match &shown.subject {
            Subject::Step { prepared, .. } => {
                let text = prepared.resolved.as_ref().map(|resolved| resolved.text.clone());
                let guards: Vec<_> = prepared.guards.iter().map(|guard| (&guard.name, guard.verdict)).collect();
                let demand = self.demand(prepared.step.as_str(), prepared.part);
                format!("{} {:?} {demand:?} {text:?} {guards:?}", prepared.step, prepared.part)
            }
            Subject::Updates { letters } => format!("{} updates", letters.len()),
            other => format!("{other:?}"),
        }
    }

    /// Takes over what stands on the screen now.
    fn looks(&mut self, input: &Input, now: Duration, shown: Option<&ConfirmBox>) {
        let Some(shows) = shown.map(|shown| self.reads(shown)) else {
            self.boxed = None;
            return;
        };
        let key = if let Input::Key { key, at } = input { Some((*key, *at)) } else { None };
        match &mut self.boxed {
            Some(boxed) if boxed.shows == shows => {
                if let Some((key, at)) = key {
                    boxed.lines.iter_mut().for_each(|line| line.takes(key, at));
                }
            }
            boxed => {
                let empty = Line { since: now, ..Line::default() };
                let mut lines = vec![empty.clone()];
                if let Some((key, at)) = key {
                    let mut met = empty;
                    met.takes(key, at);
                    lines.push(met);
                }
                *boxed = Some(Boxed { shows, since: now, lines });
            }
        }
    }
}

impl Line {
    fn takes(&mut self, key: Key, at: Duration) {
        let before = self.text.clone();
        match (key.code, key.ctrl) {
            (Code::Char('w'), true) => {
                let kept: Vec<char> = self.text[..self.cursor].to_vec();
                let end = kept.iter().rposition(|c| !c.is_whitespace()).map_or(0, |at| at + 1);
                let start = kept[..end].iter().rposition(|c| c.is_whitespace()).map_or(0, |at| at + 1);
                self.text.drain(start..self.cursor);
                self.cursor = start;
            }
            (Code::Char('u'), true) => {
                self.text.clear();
                self.cursor = 0;
            }
            (Code::Char('a'), true) | (Code::Home, _) => self.cursor = 0,
            (Code::Char('e'), true) | (Code::End, _) => self.cursor = self.text.len(),
            (Code::Backspace, _) if self.cursor > 0 => {
                self.cursor -= 1;
                self.text.remove(self.cursor);
            }
            (Code::Delete, _) if self.cursor < self.text.len() => drop(self.text.remove(self.cursor)),
            (Code::Left, _) => self.cursor = self.cursor.saturating_sub(1),
            (Code::Right, _) => self.cursor = (self.cursor + 1).min(self.text.len()),
            (Code::Char(c), false) if !key.alt => {
                self.text.insert(self.cursor, c);
                self.cursor += 1;
            }
            _ => {}
        }
        if self.text != before {
            self.since = at;
        }
    }
}

/// What is done over somebody's head has a reason, and Enter.
fn reasoned(press: Press, command: &Command) -> Result<(), &'static str> {
    let (Command::Skip { reason, .. }
    | Command::OverrideGuard { reason, .. }
    | Command::Abort { reason, .. }
    | Command::AcceptLoss { reason, .. }
    | Command::Close { reason }) = command
    else {
        return Ok(());
    };
    if reason.trim().is_empty() {
        return Err("it takes a reason");
    }
    if press.key.code == Code::Enter { Ok(()) } else { Err("it takes an Enter") }
}
