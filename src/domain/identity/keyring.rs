//! Whose key a key is, and who says so.

use super::allowed_signers::AllowedSigners;
use super::public_key::PublicKey;
use crate::engine::State;
use crate::estate::Estate;
use crate::ident::PersonId;
use crate::time::Timestamp;

/// Who says that a key is a person's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trust {
    /// The reader's own estate, as it is now.
    Estate,
    /// The file that the reader named.
    AllowedSigners,
    /// Only the estate that the log itself holds: whoever opened the incident wrote it.
    Pinned,
}

impl Trust {
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Estate => "a key of the estate",
            Self::AllowedSigners => "a key of the allowed signers",
            Self::Pinned => "a key that only the estate pinned in this log names",
        }
    }
}

/// Everything that says whose keys are whose.
#[derive(Clone, Copy, Debug, Default)]
pub struct Keyring<'a> {
    pub estate: Option<&'a Estate>,
    pub allowed_signers: Option<&'a AllowedSigners>,
    /// As the incident's log has it.
    pub pinned: Option<&'a Estate>,
}

impl<'a> Keyring<'a> {
    /// The keys that a log itself names.
    #[must_use]
    pub fn pinned(state: &'a State) -> Self {
        Self { pinned: state.estate().map(AsRef::as_ref), ..Self::default() }
    }

    /// Who says that this key was this person's at that time; the strongest, where several do.
    #[must_use]
    pub fn trust(&self, person: &PersonId, key: &PublicKey, at: Timestamp) -> Option<Trust> {
        let of = |estate: Option<&Estate>| keys(estate, person).contains(key);
        if of(self.estate) {
            return Some(Trust::Estate);
        }
        // Never by the address that the log itself gives a person: whoever wrote that could choose who is believed.
        let email = self.estate.and_then(|estate| estate.person(person)?.email.as_deref());
        let names = [Some(person.as_str()), email];
        if self
            .allowed_signers
            .is_some_and(|signers| names.into_iter().flatten().any(|name| signers.allow(name, key, at)))
        {
            return Some(Trust::AllowedSigners);
        }
        of(self.pinned).then_some(Trust::Pinned)
    }

    /// A key of this person is known.
    #[must_use]
    pub fn knows(&self, person: &PersonId) -> bool {
        !keys(self.estate, person).is_empty() || !keys(self.pinned, person).is_empty()
    }

    /// People whose keys in the reader's estate are not those that the log holds.
    #[must_use]
    pub fn differ(&self) -> Vec<PersonId> {
        let (Some(estate), Some(pinned)) = (self.estate, self.pinned) else { return Vec::new() };
        let names = estate.people.iter().chain(&pinned.people).map(|person| &person.name);
        let mut differ: Vec<_> =
            names.filter(|name| keys(Some(estate), name) != keys(Some(pinned), name)).cloned().collect();
        differ.sort();
        differ.dedup();
        differ
    }
}

fn keys<'a>(estate: Option<&'a Estate>, person: &PersonId) -> &'a [PublicKey] {
    estate.and_then(|estate| estate.person(person)).map(|person| person.keys.as_slice()).unwrap_or_default()
}
