//! How many entries of a log are verified, by whom, and which must not be believed.

use std::collections::BTreeMap;

use super::keyring::{Keyring, Trust};
use super::standing::{Standing, standing};
use crate::engine::State;
use crate::ident::PersonId;
use crate::log::Entry;

/// All standings of a log, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// By person and by who says that the key is theirs.
    pub verified: BTreeMap<(PersonId, Trust), u64>,
    /// Claimed by their authors; those that a verified console wrote down are among them.
    pub claimed: u64,
    /// Of those, in the name of people whose keys are known.
    pub not_proved: u64,
    /// In the order of the log.
    pub troubles: Vec<Trouble>,
}

/// An entry that must not be taken for what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    pub seq: u64,
    pub person: PersonId,
    pub standing: Standing,
}

impl Tally {
    /// Of entries that were judged.
    #[must_use]
    pub fn of<'a>(judged: impl IntoIterator<Item = (&'a Entry, Standing)>) -> Self {
        let mut tally = Self::default();
        for (entry, standing) in judged {
            match standing {
                Standing::Verified(trust) => {
                    *tally.verified.entry((entry.actor.name.clone(), trust)).or_default() += 1;
                }
                Standing::Claimed | Standing::WrittenBy(_) => tally.claimed += 1,
                Standing::NotProved => {
                    tally.claimed += 1;
                    tally.not_proved += 1;
                }
                standing @ (Standing::NotVerified | Standing::Forged(_)) => {
                    tally.troubles.push(Trouble { seq: entry.seq, person: entry.actor.name.clone(), standing });
                }
            }
        }
        tally
    }

    /// Nothing was signed, and nothing claims to be.
    #[must_use]
    pub fn is_unsigned(&self) -> bool {
        self.verified.is_empty() && self.troubles.is_empty()
    }

    /// Entries that are verified, by whomever.
    #[must_use]
    pub fn verified(&self) -> u64 {
        self.verified.values().sum()
    }

    /// `180 of 214 entries verified: mara 120, raj 60; 34 claimed`.
    #[must_use]
    pub fn words(&self) -> String {
        let (verified, bad) = (self.verified(), self.troubles.len() as u64);
        let all = verified + self.claimed + bad;
        let mut by: BTreeMap<&PersonId, u64> = BTreeMap::new();
        for ((person, _), count) in &self.verified {
            *by.entry(person).or_default() += count;
        }
        let by: Vec<_> = by.iter().map(|(person, count)| format!("{person} {count}")).collect();
        let mut words = format!("{verified} of {all} entries verified");
        if !by.is_empty() {
            words.push_str(&format!(": {}", by.join(", ")));
        }
        words.push_str(&format!("; {} claimed", self.claimed));
        if self.not_proved > 0 {
            words.push_str(&format!(", {} of them in the name of somebody who has a key", self.not_proved));
        }
        if bad > 0 {
            words.push_str(&format!("; {bad} NOT TO BE BELIEVED"));
        }
        words
    }
}

/// Judges every entry.
#[must_use]
pub fn tally(state: &State, keys: &Keyring<'_>) -> Tally {
    Tally::of(state.entries.iter().map(|entry| (entry.as_ref(), standing(state, keys, entry))))
}
