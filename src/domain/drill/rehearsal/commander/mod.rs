//! Somebody in front of the screen who follows a script: sees what a player sees, and acts after the time that people
//! take for it.

mod acts;
mod at_the_box;
mod cast;
mod intent;
mod pace;
mod script;
mod steps;

use std::collections::BTreeMap;
use std::time::Duration;

use self::cast::Cast;
use self::intent::Intent;
use super::Seen;
use crate::console::Request;
use crate::people::Actor;

/// What is asked of the console, and by whom.
type Asked = (Actor, Request);

/// How it plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Does what the scenario expects.
    Expected,
    /// Does nothing at all.
    Nothing,
    /// Does what the scenario calls wrong: fails over without need, promotes without a fence, overrides what stops it.
    Wrong,
}

/// A scripted commander and their team. What is to be done next is looked at anew whenever the log has grown: it holds
/// no state of the exercise of its own.
#[derive(Clone, Debug)]
pub struct Commander {
    manner: Manner,
    cast: Option<Cast>,
    /// What is to be done, and when (time since boot).
    intends: BTreeMap<Intent, Duration>,
    /// How often each was tried: what did not work is tried again, later.
    tried: BTreeMap<Intent, u32>,
    /// Entries of the log when it was looked at last.
    entries: usize,
}

impl Commander {
    #[must_use]
    pub const fn new(manner: Manner) -> Self {
        Self { manner, cast: None, intends: BTreeMap::new(), tried: BTreeMap::new(), entries: 0 }
    }

    /// When the next act is due (time since boot).
    #[must_use]
    pub fn next(&self) -> Option<Duration> {
        self.intends.values().min().copied()
    }

    /// What is asked for now, and by whom.
    pub fn look(&mut self, seen: &Seen<'_>) -> Vec<(Actor, Request)> {
        if self.manner == Manner::Nothing {
            return Vec::new();
        }
        let now = seen.now().boot;
        if self.entries != seen.state().entries.len() {
            self.entries = seen.state().entries.len();
            self.reconsider(seen);
        }
        let due: Vec<Intent> =
            self.intends.iter().filter(|(_, at)| **at <= now).map(|(intent, _)| intent.clone()).collect();
        if due.is_empty() {
            return Vec::new();
        }
        let cast = self.cast.get_or_insert_with(|| Cast::of(seen.estate())).clone();
        let mut asks = Vec::new();
        for intent in due {
            self.intends.remove(&intent);
            *self.tried.entry(intent.clone()).or_default() += 1;
            asks.extend(self.carry_out(seen, &cast, &intent));
        }
        // Whether that worked is seen the next time, in the log or by its not having grown.
        self.entries = usize::MAX;
        asks
    }

    /// What is still to be done keeps its time, what is new gets one, what is done is forgotten.
    fn reconsider(&mut self, seen: &Seen<'_>) {
        let wanted = self.wanted(seen);
        self.intends.retain(|intent, _| wanted.contains(intent));
        for intent in wanted {
            if !self.intends.contains_key(&intent) {
                let tries = self.tried.get(&intent).copied().unwrap_or_default();
                let after = pace::reaction(seen, self.manner, &intent, tries);
                self.intends.insert(intent, seen.now().boot + after);
            }
        }
    }
}
