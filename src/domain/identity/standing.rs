//! What an entry's author can be believed to be. Never taken from what the entry says of itself alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::keyring::{Keyring, Trust};
use super::session_key::SessionId;
use super::statement::Vouching;
use crate::engine::State;
use crate::ident::PersonId;
use crate::log::{Entry, Event};
use crate::people::Identity;

/// What can be believed of an entry's author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// As the entry says; nobody's key stands behind it.
    Claimed,
    /// The same, though keys of this person are known.
    NotProved,
    /// Signed by a session that the person's key vouched for.
    Verified(Trust),
    /// Claimed by its author, and signed by the console of another: what that console wrote down.
    WrittenBy(PersonId),
    /// Rightly signed, with a key that is not known to be the person's.
    NotVerified,
    /// It says of itself what is not so.
    Forged(Why),
}

/// What gives a forged entry away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    Unsigned,
    Altered,
    NobodyVouched,
    AnotherPerson,
}

impl Why {
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Unsigned => "it says that it is verified, and bears no signature",
            Self::Altered => "its signature does not match",
            Self::NobodyVouched => "nobody vouched for the key it is signed with",
            Self::AnotherPerson => "it is signed by the session of somebody else",
        }
    }
}

impl Standing {
    /// One word for a table or a row.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Claimed | Self::NotProved | Self::WrittenBy(_) => "claimed",
            Self::Verified(_) => "verified",
            Self::NotVerified => "NOT VERIFIED",
            Self::Forged(_) => "FORGED",
        }
    }

    /// What a reader has to know.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Claimed => "claimed".to_owned(),
            Self::NotProved => "claimed, and not proved, though a key of this person is known".to_owned(),
            Self::Verified(trust) => format!("verified by {}", trust.words()),
            Self::WrittenBy(person) => format!("claimed; written and signed by the console of {person}"),
            Self::NotVerified => "NOT VERIFIED: signed with a key that is not known to be theirs".to_owned(),
            Self::Forged(why) => format!("FORGED: {}", why.words()),
        }
    }

    /// It must not be taken for what it says.
    #[must_use]
    pub const fn is_bad(&self) -> bool {
        matches!(self, Self::NotVerified | Self::Forged(_))
    }
}

/// Sessions that somebody vouched for, as the log has it: folded, and looked into only when an entry is judged.
#[derive(Clone, Debug, Default)]
pub struct Vouched(BTreeMap<SessionId, Vec<Arc<Entry>>>);

impl Vouched {
    pub(crate) fn fold(&mut self, entry: &Arc<Entry>) {
        if let Event::IdentityVerified(vouching) = &entry.event {
            self.0.entry(vouching.statement.session_key).or_default().push(Arc::clone(entry));
        }
    }

    /// Nobody vouched for anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first entry that really vouches for the session.
    fn of<'a>(&'a self, state: &State, session: SessionId) -> Option<(&'a Entry, &'a Vouching)> {
        self.0.get(&session)?.iter().find_map(|entry| {
            let Event::IdentityVerified(vouching) = &entry.event else { return None };
            vouches(state, entry, vouching).then_some((entry.as_ref(), vouching.as_ref()))
        })
    }
}

/// The session itself says it, in the name of the same person and console, in this log, and the person's key signed it.
fn vouches(state: &State, entry: &Entry, vouching: &Vouching) -> bool {
    let statement = &vouching.statement;
    let signed =
        entry.signature.as_ref().is_some_and(|signed| signed.session == statement.session_key && signed.holds());
    signed
        && (&statement.person, &statement.host) == (&entry.actor.name, &entry.actor.host)
        && state.id() == Some(statement.incident)
        && known_before(state, entry, statement.head)
        && vouching.holds()
}

/// Whether the line of this hash stands before the entry.
fn known_before(state: &State, entry: &Entry, head: crate::ident::Hash) -> bool {
    let before = usize::try_from(entry.seq).unwrap_or(usize::MAX).min(state.entries.len());
    // Mostly it is one of the last.
    state.entries[..before].iter().rev().any(|earlier| earlier.prev == head)
}

/// What can be believed of an entry's author. A session signs from its first entry on; what it wrote before its person's
/// key could be asked is believed once that has vouched for it, and counts as claimed until then.
#[must_use]
pub fn standing(state: &State, keys: &Keyring<'_>, entry: &Entry) -> Standing {
    let says_verified = entry.actor.identity == Identity::Verified;
    let claimed = || if keys.knows(&entry.actor.name) { Standing::NotProved } else { Standing::Claimed };
    let Some(signed) = &entry.signature else {
        return if says_verified { Standing::Forged(Why::Unsigned) } else { claimed() };
    };
    if !signed.holds() {
        return Standing::Forged(Why::Altered);
    }
    let Some((at, vouching)) = state.vouched.of(state, signed.session) else {
        return if says_verified { Standing::Forged(Why::NobodyVouched) } else { claimed() };
    };
    let statement = &vouching.statement;
    let same = (&statement.person, &statement.host) == (&entry.actor.name, &entry.actor.host);
    match keys.trust(&statement.person, &vouching.key, statement.at) {
        _ if says_verified && !same => Standing::Forged(Why::AnotherPerson),
        _ if says_verified && at.seq > entry.seq => Standing::Forged(Why::NobodyVouched),
        None => Standing::NotVerified,
        Some(_) if !same => Standing::WrittenBy(statement.person.clone()),
        Some(trust) => Standing::Verified(trust),
    }
}
