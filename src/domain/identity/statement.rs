//! What a person's key signs once, at the beginning: this session's key is mine, in this incident.

use serde::{Deserialize, Serialize};

use super::looked::Looked;
use super::public_key::PublicKey;
use super::session_key::SessionId;
use super::sshsig::{SshSig, SshSigError};
use crate::ident::{Hash, IncidentId, PersonId};
use crate::time::{Timestamp, rfc3339_ms};

/// What the signature is for: one that was made for files, mail or commits is none, and the other way round.
pub const NAMESPACE: &str = "switchback-incident";

/// Binds the session to one person, one console and one place in one log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    pub incident: IncidentId,
    pub person: PersonId,
    /// The machine the console runs on.
    pub host: String,
    pub session_key: SessionId,
    /// Hash of the last line that the console knew when it was signed.
    pub head: Hash,
    /// By the machine's clock, whatever that of an exercise says.
    #[serde(with = "rfc3339_ms")]
    pub at: Timestamp,
}

impl Statement {
    /// The bytes that are signed: JSON, so that no name can be taken for another part.
    #[must_use]
    pub fn text(&self) -> String {
        #[derive(Serialize)]
        struct Text<'a> {
            switchback_identity: u32,
            #[serde(flatten)]
            statement: &'a Statement,
        }
        // A map of texts always has a JSON form.
        serde_json::to_string(&Text { switchback_identity: 1, statement: self }).unwrap_or_default()
    }
}

/// A statement with the signature of the person's key under it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vouching {
    #[serde(flatten)]
    pub statement: Statement,
    pub key: PublicKey,
    /// As `ssh-keygen -Y sign` makes it, without its armour and on one line.
    pub signature: String,
    #[serde(skip)]
    held: Looked,
}

impl Vouching {
    #[must_use]
    pub fn new(statement: Statement, key: PublicKey, signature: String) -> Self {
        Self { statement, key, signature, held: Looked::default() }
    }

    pub(super) fn holds(&self) -> bool {
        self.held.or(|| self.verify().is_ok())
    }

    /// Whether the key it names signed the statement. Whose key that is, is another question.
    ///
    /// # Errors
    /// Why it does not count.
    pub fn verify(&self) -> Result<(), SshSigError> {
        let signature = SshSig::parse(&self.signature)?;
        if signature.key != self.key {
            return Err(SshSigError::NotASignature);
        }
        signature.verify(NAMESPACE, self.statement.text().as_bytes())
    }
}
