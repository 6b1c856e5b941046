//! One line of the file: what it holds, how it is written, how it is read back.
//!
//! A line is one JSON object whose last member is `"hash"`, the SHA-256 of the line's bytes before `,"hash":`. The
//! first line is the [`Header`]; its hash is the `prev` of entry 1, so that no line is outside the chain. Directly before
//! the hash may stand a `"signature"`, over the SHA-256 of the bytes before `,"signature":`.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Event;
use crate::ident::{Hash, IncidentId};
use crate::identity::{SessionKey, Signed};
use crate::people::Actor;
use crate::time::{Timestamp, millis, rfc3339_ms};

/// What an incident is, for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Live,
    Drill,
    Lab,
    Demo,
    Paper,
}

impl Kind {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Drill => "drill",
            Self::Lab => "lab",
            Self::Demo => "demo",
            Self::Paper => "paper",
        }
    }

    /// Commands of runbooks really run.
    #[must_use]
    pub const fn executes(self) -> bool {
        matches!(self, Self::Live | Self::Lab)
    }

    /// Conducted by a scenario, in a log that begins with StartEx.
    #[must_use]
    pub const fn is_exercise(self) -> bool {
        matches!(self, Self::Drill | Self::Paper)
    }
}

/// The instant of a machine's clock that goes on in suspend, and which boot it counts from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BootClock {
    pub id: String,
    #[serde(rename = "ms", with = "millis")]
    pub at: Duration,
}

/// What is to be appended: all but what the journal assigns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// When it happened, which may be long before it is recorded.
    pub occurred_at: Timestamp,
    pub kind: Kind,
    pub actor: Actor,
    pub event: Event,
}

/// An acknowledged entry: it is on disk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// From 1, without gaps.
    pub seq: u64,
    #[serde(with = "rfc3339_ms")]
    pub occurred_at: Timestamp,
    #[serde(with = "rfc3339_ms")]
    pub recorded_at: Timestamp,
    pub clock: BootClock,
    pub kind: Kind,
    pub actor: Actor,
    pub event: Event,
    /// Hash of the line before; in the first entry, of the [`Header`].
    pub prev: Hash,
    /// Of a console whose person proves who they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<Box<Signed>>,
    /// Of this line's bytes up to `,"hash":`.
    pub hash: Hash,
}

/// The version this console writes. It reads every later one as far as it understands it, and appends to none of them.
pub const LOG_VERSION: u32 = 1;

/// The first line of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    #[serde(rename = "switchback_log")]
    pub version: u32,
    pub incident: IncidentId,
    /// For people: `INC-2026-0007`.
    pub label: String,
    pub kind: Kind,
    #[serde(with = "rfc3339_ms")]
    pub created_at: Timestamp,
    /// The program that opened the log: `switchback 0.1.0`.
    pub created_by: String,
}

/// What the journal adds to a [`Draft`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    pub recorded_at: Timestamp,
    pub clock: BootClock,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    #[error("the line does not end in its hash")]
    NoHash,
    #[error("the line's bytes do not match its hash")]
    Altered,
    #[error("the line is not what a log holds: {0}")]
    NotALine(String),
    #[error("entry {found} stands where entry {expected} belongs")]
    OutOfSequence { expected: u64, found: u64 },
    #[error("the line does not follow the one before it")]
    NotChained,
}

/// An entry that must not be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unwritable {
    #[error("the entry cannot be written as JSON: {0}")]
    Json(String),
    /// Writing it would make the log read-only for this very version.
    #[error("the entry could not be read back")]
    Unreadable,
}

const BEFORE_HASH: &[u8] = b",\"hash\":\"";
/// `,"hash":"` + 64 digits + `"}`.
const SUFFIX: usize = BEFORE_HASH.len() + 64 + 2;
const BEFORE_SIGNATURE: &[u8] = b",\"signature\":\"";
/// `,"signature":"` + the signature + `"`.
const SIGNATURE: usize = BEFORE_SIGNATURE.len() + Signed::WIDTH + 1;

/// Writes `draft` as the entry `seq` after the line whose hash is `prev`: the line with its newline, and the entry
/// exactly as it will be read back, so that live and resumed state are the same.
///
/// # Errors
/// When the event has no JSON form, or one that this version could not read back.
pub fn encode(draft: &Draft, seq: u64, prev: Hash, stamp: &Stamp) -> Result<(Vec<u8>, Entry), Unwritable> {
    encode_signed(draft, seq, prev, stamp, None)
}

/// [`encode`], signed by the console's key if it has one.
///
/// # Errors
/// As [`encode`].
pub fn encode_signed(
    draft: &Draft,
    seq: u64,
    prev: Hash,
    stamp: &Stamp,
    key: Option<&SessionKey>,
) -> Result<(Vec<u8>, Entry), Unwritable> {
    #[derive(Serialize)]
    struct Body<'a> {
        seq: u64,
        #[serde(with = "rfc3339_ms")]
        occurred_at: Timestamp,
        #[serde(with = "rfc3339_ms")]
        recorded_at: Timestamp,
        clock: &'a BootClock,
        kind: Kind,
        actor: &'a Actor,
        event: &'a Event,
        prev: Hash,
    }
    let body = Body {
        seq,
        occurred_at: draft.occurred_at,
        recorded_at: stamp.recorded_at,
        clock: &stamp.clock,
        kind: draft.kind,
        actor: &draft.actor,
        event: &draft.event,
        prev,
    };
    let line = seal(&body, key)?;
    let mut entry: Entry =
        serde_json::from_slice(line.trim_ascii_end()).map_err(|error| Unwritable::Json(error.to_string()))?;
    if let Some(signature) = &mut entry.signature {
        signature.over(Hash::of(&line[..line.len() - 1 - SUFFIX - SIGNATURE]));
    }
    if matches!(entry.event, Event::Newer(_)) {
        return Err(Unwritable::Unreadable);
    }
    Ok((line, entry))
}

/// Writes the first line, with its newline, and its hash.
///
/// # Errors
/// When it has no JSON form.
pub fn encode_header(header: &Header) -> Result<(Vec<u8>, Hash), Unwritable> {
    let line = seal(header, None)?;
    let hash = Hash::of(&line[..line.len() - SUFFIX - 1]);
    Ok((line, hash))
}

fn seal(body: &impl Serialize, key: Option<&SessionKey>) -> Result<Vec<u8>, Unwritable> {
    let unwritable = |error: serde_json::Error| Unwritable::Json(error.to_string());
    let mut line = serde_json::to_vec(body).map_err(unwritable)?;
    line.pop();
    if let Some(key) = key {
        let signature = serde_json::to_vec(&key.sign(Hash::of(&line))).map_err(unwritable)?;
        line.extend_from_slice(&BEFORE_SIGNATURE[..BEFORE_SIGNATURE.len() - 1]);
        line.extend_from_slice(&signature);
    }
    let hash = Hash::of(&line);
    line.extend_from_slice(BEFORE_HASH);
    line.extend_from_slice(hash.to_string().as_bytes());
    line.extend_from_slice(b"\"}\n");
    Ok(line)
}

/// The hash a line (without its newline) ends in, once its bytes are seen to match it.
///
/// # Errors
/// When they do not, or it does not end in one.
pub fn checked_hash(line: &[u8]) -> Result<Hash, Damage> {
    checked(line).map(|(hash, _)| hash)
}

/// The same, and what a signature has to be over, if there is one in its place.
fn checked(line: &[u8]) -> Result<(Hash, Option<Hash>), Damage> {
    let cut = line.len().checked_sub(SUFFIX).ok_or(Damage::NoHash)?;
    let (body, suffix) = line.split_at(cut);
    let digits = suffix
        .strip_prefix(BEFORE_HASH)
        .and_then(|rest| rest.strip_suffix(b"\"}"))
        .and_then(|digits| std::str::from_utf8(digits).ok())
        .and_then(Hash::parse)
        .ok_or(Damage::NoHash)?;
    let (unsigned, signature) = body.split_at(body.len().saturating_sub(SIGNATURE));
    let signed = signature.starts_with(BEFORE_SIGNATURE) && signature.ends_with(b"\"");
    let mut digest = Sha256::new();
    digest.update(unsigned);
    let signed = signed.then(|| Hash::from(<[u8; 32]>::from(digest.clone().finalize())));
    digest.update(signature);
    let is = Hash::from(<[u8; 32]>::from(digest.finalize()));
    if is == digits { Ok((digits, signed)) } else { Err(Damage::Altered) }
}

/// Reads one entry from a line without its newline. An event, or any other part, that this version does not know
/// becomes [`Event::Newer`].
///
/// # Errors
/// When the bytes do not match their hash, or hold no entry.
pub fn decode(line: &[u8]) -> Result<Entry, Damage> {
    let (hash, signed) = checked(line)?;
    let mut entry: Entry = match serde_json::from_slice(line) {
        Ok(entry) => entry,
        Err(error) => decode_newer(line, hash).ok_or_else(|| Damage::NotALine(error.to_string()))?,
    };
    if let (Some(signature), Some(signed)) = (&mut entry.signature, signed) {
        signature.over(signed);
    }
    Ok(entry)
}

/// An entry of which this version does not understand more than its place in the chain.
fn decode_newer(line: &[u8], hash: Hash) -> Option<Entry> {
    let value: serde_json::Value = serde_json::from_slice(line).ok()?;
    let time = |name: &str| value.get(name)?.as_str()?.parse::<Timestamp>().ok();
    let part = |name: &str| value.get(name).cloned().unwrap_or_default();
    let recorded_at = time("recorded_at").unwrap_or(Timestamp::UNIX_EPOCH);
    Some(Entry {
        seq: value.get("seq")?.as_u64()?,
        occurred_at: time("occurred_at").unwrap_or(recorded_at),
        recorded_at,
        clock: serde_json::from_value(part("clock"))
            .unwrap_or_else(|_| BootClock { id: String::new(), at: Duration::ZERO }),
        kind: serde_json::from_value(part("kind")).unwrap_or(Kind::Live),
        actor: serde_json::from_value(part("actor")).unwrap_or_else(|_| Actor::claimed("unknown", "")),
        event: Event::Newer(part("event")),
        prev: Hash::parse(value.get("prev")?.as_str()?)?,
        signature: serde_json::from_value(part("signature")).unwrap_or_default(),
        hash,
    })
}

/// Reads the first line, without its newline.
///
/// # Errors
/// When the bytes do not match their hash, or hold no header.
pub fn decode_header(line: &[u8]) -> Result<(Header, Hash), Damage> {
    let hash = checked_hash(line)?;
    let header = serde_json::from_slice(line).map_err(|error| Damage::NotALine(error.to_string()))?;
    Ok((header, hash))
}
