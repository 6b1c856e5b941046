//! The key of one console, for as long as it runs, and the signature that an entry of it bears.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use serde::{Deserialize, Serialize};

use super::looked::Looked;
use crate::ident::Hash;

const KEY: usize = 32;
const SIGNATURE: usize = 64;

/// An Ed25519 public key: what a person's key vouches for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId([u8; KEY]);

/// The secret half. It is never written down: it goes with the console.
pub struct SessionKey {
    pair: Ed25519KeyPair,
    id: SessionId,
}

/// An entry's signature: Ed25519 over the SHA-256 of the line's bytes before `,"signature":`. Written as the session's
/// key and the signature behind it, in 128 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    pub session: SessionId,
    signature: [u8; SIGNATURE],
    /// Of the bytes it has to be over; [`Hash::ZERO`] where the line has them in no place to be signed.
    signed: Hash,
    held: Looked,
}

impl SessionKey {
    /// The same seed gives the same key: it has to be random.
    ///
    /// # Errors
    /// None for any seed that is known; the library reserves it.
    pub fn from_seed(seed: &[u8; KEY]) -> Result<Self, KeyRejected> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| KeyRejected)?;
        let id = pair.public_key().as_ref().try_into().map_err(|_| KeyRejected)?;
        Ok(Self { pair, id: SessionId(id) })
    }

    #[must_use]
    pub const fn id(&self) -> SessionId {
        self.id
    }

    /// Signs the digest of a line.
    #[must_use]
    pub fn sign(&self, signed: Hash) -> Signed {
        let mut signature = [0; SIGNATURE];
        signature.copy_from_slice(self.pair.sign(signed.as_bytes()).as_ref());
        Signed { session: self.id, signature, signed, held: Looked::default() }
    }
}

/// A seed that makes no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no session key could be made")]
pub struct KeyRejected;

impl std::fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SessionKey").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Signed {
    /// How many characters it is written in.
    pub const WIDTH: usize = (KEY + SIGNATURE) / 3 * 4;

    /// Says which bytes it has to be over: those of the line it was read from.
    pub(crate) fn over(&mut self, signed: Hash) {
        (self.signed, self.held) = (signed, Looked::default());
    }

    /// Whether the session signed exactly this line.
    #[must_use]
    pub fn holds(&self) -> bool {
        let verify =
            || UnparsedPublicKey::new(&ED25519, self.session.0).verify(self.signed.as_bytes(), &self.signature);
        self.held.or(|| self.signed != Hash::ZERO && verify().is_ok())
    }
}

impl Serialize for Signed {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64_STANDARD.encode([self.session.0.as_slice(), &self.signature].concat()))
    }
}

impl<'de> Deserialize<'de> for Signed {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'_, str>>::deserialize(deserializer)?;
        let mut bytes = [0; KEY + SIGNATURE];
        let length = BASE64_STANDARD.decode_slice(text.as_bytes(), &mut bytes);
        if text.len() != Self::WIDTH || length != Ok(bytes.len()) {
            return Err(serde::de::Error::custom("expected 128 characters of Base64"));
        }
        let (mut session, mut signature) = ([0; KEY], [0; SIGNATURE]);
        session.copy_from_slice(&bytes[..KEY]);
        signature.copy_from_slice(&bytes[KEY..]);
        Ok(Self { session: SessionId(session), signature, signed: Hash::ZERO, held: Looked::default() })
    }
}

impl std::fmt::Display for SessionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&BASE64_STANDARD.encode(self.0))
    }
}

impl std::fmt::Debug for SessionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}")
    }
}

impl Serialize for SessionId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for SessionId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let key = BASE64_STANDARD.decode(text).ok().and_then(|bytes| bytes.try_into().ok());
        key.map(Self).ok_or_else(|| serde::de::Error::custom("expected 32 bytes as Base64"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_survives_its_text_and_holds_over_what_was_signed_alone() {
        let key = SessionKey::from_seed(&[7; 32]).unwrap();
        let line = Hash::of(b"a line");
        let signed = key.sign(line);
        assert!(signed.holds());
        let text = serde_json::to_string(&signed).unwrap();
        assert_eq!(text.len(), Signed::WIDTH + 2);
        let mut read: Signed = serde_json::from_str(&text).unwrap();
        assert!(!read.holds(), "it was not said what it is over");
        read.over(line);
        assert!(read.holds() && read == signed);
        read.over(Hash::of(b"another line"));
        assert!(!read.holds());
    }

    #[test]
    fn the_secret_half_is_in_no_debug_output() {
        let key = SessionKey::from_seed(&[7; 32]).unwrap();
        assert_eq!(format!("{key:?}"), format!("SessionKey {{ id: {}, .. }}", key.id()));
    }
}
