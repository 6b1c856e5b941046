//! Who wrote the entries of a log: every signature, and whose key stands behind it.

use std::path::Path;
use std::sync::Arc;

use domain::engine::{State, replay};
use domain::estate::Estate;
use domain::identity::{AllowedSigners, Keyring, Standing, Tally, Trust, tally};
use domain::log::Entry;
use domain::time::TimeZone;
use domain::untrusted::sanitise_line;
use serde::Serialize;

use crate::cli::args::Global;
use crate::cli::{Exit, Failure};
use crate::runtime::estate_file;
use crate::runtime::paths::Paths;

/// So many entries that must not be believed are named; the others are counted.
const NAMED: usize = 20;

/// What came of judging them.
pub(super) struct Authors {
    tally: Tally,
    /// People whose keys are others in the estate by now.
    differ: Vec<String>,
    /// What was not taken into account, and why.
    notes: Vec<String>,
}

/// As `--json` has it.
#[derive(Debug, Default, Serialize)]
pub(super) struct Answer {
    verified: Vec<Verified>,
    claimed: u64,
    /// Of those, in the name of people whose keys are known.
    not_proved: u64,
    not_believed: Vec<NotBelieved>,
    keys_differ: Vec<String>,
    notes: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Verified {
    person: String,
    entries: u64,
    /// Who says that the key is theirs.
    by: &'static str,
}

#[derive(Debug, Serialize)]
struct NotBelieved {
    entry: u64,
    person: String,
    standing: &'static str,
    why: String,
}

impl Authors {
    /// # Errors
    /// The file of allowed signers cannot be read, or others may write it.
    pub(super) fn of(global: &Global, signers: Option<&Path>, entries: Vec<Entry>) -> Result<Self, Failure> {
        let entries: Vec<_> = entries.into_iter().map(Arc::new).collect();
        let state = replay(&entries);
        let mut notes = Vec::new();
        let signers = signers.map(|path| allowed_signers(path, &mut notes)).transpose()?;
        let estate = estate(global, &state, &mut notes);
        let keys = Keyring { estate: estate.as_ref(), allowed_signers: signers.as_ref(), ..Keyring::pinned(&state) };
        let differ = keys.differ().iter().map(|person| sanitise_line(person.as_str())).collect();
        Ok(Self { tally: tally(&state, &keys), differ, notes })
    }

    /// Nothing says of itself what is not so.
    pub(super) fn believable(&self) -> bool {
        self.tally.troubles.is_empty()
    }

    pub(super) fn answer(&self) -> Answer {
        let verified = self.tally.verified.iter().map(|((person, trust), entries)| Verified {
            person: person.to_string(),
            entries: *entries,
            by: match trust {
                Trust::Estate => "estate",
                Trust::AllowedSigners => "allowed-signers",
                Trust::Pinned => "pinned",
            },
        });
        let not_believed = self.tally.troubles.iter().map(|trouble| NotBelieved {
            entry: trouble.seq,
            person: trouble.person.to_string(),
            standing: if trouble.standing == Standing::NotVerified { "not-verified" } else { "forged" },
            why: trouble.standing.words(),
        });
        Answer {
            verified: verified.collect(),
            claimed: self.tally.claimed,
            not_proved: self.tally.not_proved,
            not_believed: not_believed.collect(),
            keys_differ: self.differ.clone(),
            notes: self.notes.clone(),
        }
    }

    pub(super) fn text(&self) -> String {
        let mut lines = Vec::new();
        if self.tally.is_unsigned() {
            lines.push("authors: claimed; nothing is signed".to_owned());
        } else {
            lines.push(format!("authors: {}", sanitise_line(&self.tally.words())));
        }
        for (person, trust) in self.tally.verified.keys() {
            lines.push(format!("  {} by {}", sanitise_line(person.as_str()), trust.words()));
        }
        for trouble in self.tally.troubles.iter().take(NAMED) {
            let person = sanitise_line(trouble.person.as_str());
            lines.push(format!("entry {} by {person} is {}", trouble.seq, trouble.standing.words()));
        }
        if let Some(more) = self.tally.troubles.len().checked_sub(NAMED).filter(|more| *more > 0) {
            lines.push(format!("and {more} more"));
        }
        if !self.differ.is_empty() {
            lines.push(format!("other keys in the estate now than in this log: {}", self.differ.join(", ")));
        }
        lines.extend(self.notes.iter().cloned());
        lines.iter().map(|line| format!("  {line}\n")).collect()
    }
}

/// The estate of this machine, if it is the one that the log is about.
fn estate(global: &Global, state: &State, notes: &mut Vec<String>) -> Option<Estate> {
    let paths = Paths::from_environment(global.state.as_deref());
    let path = estate_file::find(global.config.as_deref(), &paths)?;
    let estate = match estate_file::load(&path, &paths) {
        Ok(loaded) => loaded.estate,
        Err(error) => {
            notes.push(format!("no keys of the estate's file: {}", sanitise_line(&error.to_string())));
            return None;
        }
    };
    let pinned = state.estate().is_some_and(|pinned| pinned.name == estate.name);
    if !pinned {
        notes.push(format!("{} is about another estate: its keys say nothing here", path.display()));
    }
    pinned.then_some(estate)
}

fn allowed_signers(path: &Path, notes: &mut Vec<String>) -> Result<AllowedSigners, Failure> {
    // Read as the estate is: who may write it could choose who is believed.
    let text = estate_file::read(path).map_err(|error| Failure::new(Exit::Config, error.to_string()))?;
    let (signers, skipped) = AllowedSigners::parse(&text, &TimeZone::system());
    let name = path.display();
    notes.extend(skipped.iter().map(|skipped| format!("{name}:{} says nothing here: {}", skipped.line, skipped.why)));
    Ok(signers)
}
