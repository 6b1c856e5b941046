//! One log, followed wherever it goes, and what of it may be shown.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use domain::engine::{State, evolve};
use domain::log::{Entry, Event};
use domain::report::{Display, Names};
use domain::scenario::Pace;
use domain::time::{Now, Timestamp, since};

use crate::runtime::journal::{FollowError, Place, ReadLog};

/// The end of an incident is shown for so long, unless another begins.
const LINGER: Duration = Duration::from_secs(300);

#[derive(Debug)]
pub(super) struct Followed {
    log: ReadLog,
    state: State,
    names: Names,
    display: Display,
    /// What keeps it from being followed.
    trouble: Option<String>,
}

impl Followed {
    pub(super) fn open(at: &Path, names: Names) -> Result<Self, String> {
        let (log, entries) = ReadLog::glance(at).map_err(|error| error.to_string())?;
        let trouble = log.problem().map(|problem| format!("the log is damaged at {problem}"));
        let mut followed = Self { log, state: State::default(), names, display: Display::new(names), trouble };
        followed.fold(entries);
        Ok(followed)
    }

    fn fold(&mut self, entries: Vec<Entry>) {
        for entry in entries {
            evolve(&mut self.state, &Arc::new(entry));
        }
        self.display.take(&self.state);
    }

    pub(super) const fn display(&self) -> &Display {
        &self.display
    }

    pub(super) const fn state(&self) -> &State {
        &self.state
    }

    pub(super) const fn place(&self) -> &Place {
        self.log.place()
    }

    pub(super) fn trouble(&self) -> Option<String> {
        self.trouble.clone()
    }

    /// Reads on. True when there was something new.
    pub(super) fn read(&mut self) -> bool {
        match self.log.poll() {
            Ok(entries) => {
                self.trouble = None;
                let new = !entries.is_empty();
                if new {
                    self.fold(entries);
                }
                new
            }
            // The disk never had what was seen: the log is what stands there.
            Err(FollowError::Shorter) => self.again(),
            Err(error) => {
                self.trouble = Some(error.to_string());
                false
            }
        }
    }

    /// Looks whether the log goes on elsewhere, was replaced by another file, or can be read again.
    pub(super) fn find(&mut self) -> bool {
        if let Some(elsewhere) = self.log.continued_at() {
            return self.go_on(&elsewhere);
        }
        (self.trouble.is_some() || self.log.replaced()) && self.again()
    }

    fn go_on(&mut self, elsewhere: &Path) -> bool {
        match Self::open(elsewhere, self.names) {
            Ok(followed) => {
                *self = followed;
                true
            }
            Err(why) => {
                self.trouble = Some(format!("the log goes on at {}, which cannot be read: {why}", elsewhere.display()));
                false
            }
        }
    }

    /// From the beginning; what was read stays when it cannot be.
    fn again(&mut self) -> bool {
        let path: PathBuf = self.log.path().to_path_buf();
        match Self::open(&path, self.names) {
            Ok(followed) => {
                let other = followed.state.head != self.state.head;
                *self = followed;
                other
            }
            Err(why) => {
                self.trouble = Some(why);
                false
            }
        }
    }

    /// How the clock of its exercise goes with this machine's, since it was last changed.
    pub(super) fn pace(&self, now: Now) -> Option<Pace> {
        let exercise = self.state.exercise.as_deref()?;
        let changed = self.state.entries.iter().rev().find(|entry| {
            matches!(
                entry.event,
                Event::ExerciseStarted { .. }
                    | Event::ExercisePaused { .. }
                    | Event::ExerciseResumed {}
                    | Event::SpeedChanged { .. }
            )
        })?;
        let passed = if exercise.paused { Duration::ZERO } else { since(now.wall, changed.recorded_at) };
        let scenario = Now { wall: changed.occurred_at, boot: now.boot }.after(passed * exercise.speed.max(1));
        let pace = Pace::start(scenario, now, exercise.speed);
        Some(if exercise.paused { pace.pause(now) } else { pace })
    }

    /// It is over, and was shown for long enough.
    pub(super) fn lapsed(&self, now: Timestamp) -> bool {
        let last = self.state.entries.last().map(|entry| entry.recorded_at);
        self.state.over() && last.is_some_and(|last| since(now, last) > LINGER)
    }
}
