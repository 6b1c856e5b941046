//! The chain of a log, followed line by line: what verifies, where it ends, and whether its end was cut off in the
//! middle of a write or altered.

use super::{Damage, Entry, Event, Header, LOG_VERSION, decode, decode_header};
use crate::ident::Hash;

/// The state of a chain after the lines fed to it.
#[derive(Clone, Debug, Default)]
pub struct Chain {
    header: Option<Header>,
    head: Option<Hash>,
    seq: u64,
    newer: Option<u64>,
}

/// How the bytes given to [`Chain::scan`] end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tail {
    /// With a whole line.
    Whole,
    /// With one record that is incomplete or does not verify, and nothing after it: the trace of an interrupted write,
    /// or of one in progress. Every record is synced before the next is written, so a write can tear the last one only.
    Torn(Damage),
    /// With more after the first record that does not verify: altered, or the disk lost what it had acknowledged.
    Corrupt(Damage),
}

/// What [`Chain::scan`] found.
#[derive(Clone, Debug)]
pub struct Scanned {
    pub entries: Vec<Entry>,
    /// Hash and end of each line, the header's included, counted from the start of the bytes.
    pub ends: Vec<(Hash, usize)>,
    /// Bytes that verified; a whole number of lines.
    pub good: usize,
    pub tail: Tail,
}

impl Chain {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// `None` until the first line.
    #[must_use]
    pub const fn header(&self) -> Option<&Header> {
        self.header.as_ref()
    }

    /// Hash of the last line; what the next entry names as `prev`. [`Hash::ZERO`] before the header.
    #[must_use]
    pub fn head(&self) -> Hash {
        self.head.unwrap_or(Hash::ZERO)
    }

    /// Number of the last entry; 0 before the first.
    #[must_use]
    pub const fn seq(&self) -> u64 {
        self.seq
    }

    /// Number of the line that is expected next, from 1.
    #[must_use]
    pub const fn next_line(&self) -> u64 {
        if self.header.is_none() { 1 } else { self.seq + 2 }
    }

    /// Why this version must not append: the log, or an entry of it, was written by a newer one.
    #[must_use]
    pub fn newer(&self) -> Option<String> {
        let version = self.header.as_ref().map_or(LOG_VERSION, |header| header.version);
        if version > LOG_VERSION {
            return Some(format!("the log is of version {version}, and this console writes version {LOG_VERSION}"));
        }
        self.newer.map(|seq| format!("entry {seq} was written by a newer version of Switchback"))
    }

    /// Takes the next line, without its newline: the header gives `None`, each later one its entry.
    ///
    /// # Errors
    /// When the line does not verify or does not follow the one before; the chain stays where it was.
    pub fn feed(&mut self, line: &[u8]) -> Result<Option<Entry>, Damage> {
        if self.header.is_none() {
            let (header, hash) = decode_header(line)?;
            self.header = Some(header);
            self.head = Some(hash);
            return Ok(None);
        }
        let entry = decode(line)?;
        let expected = self.seq + 1;
        if entry.seq != expected {
            return Err(Damage::OutOfSequence { expected, found: entry.seq });
        }
        if Some(entry.prev) != self.head {
            return Err(Damage::NotChained);
        }
        self.extend(&entry);
        Ok(Some(entry))
    }

    /// Goes on to an entry that was just written after this chain's head.
    pub fn extend(&mut self, entry: &Entry) {
        self.seq = entry.seq;
        self.head = Some(entry.hash);
        if self.newer.is_none() && matches!(entry.event, Event::Newer(_)) {
            self.newer = Some(entry.seq);
        }
    }

    /// Takes all whole lines of `bytes` up to the first that does not verify.
    pub fn scan(&mut self, bytes: &[u8]) -> Scanned {
        let mut scanned = Scanned { entries: Vec::new(), ends: Vec::new(), good: 0, tail: Tail::Whole };
        while scanned.good < bytes.len() {
            let rest = &bytes[scanned.good..];
            let Some(length) = rest.iter().position(|&byte| byte == b'\n') else {
                scanned.tail = Tail::Torn(Damage::NoHash);
                break;
            };
            match self.feed(&rest[..length]) {
                Ok(entry) => {
                    scanned.good += length + 1;
                    scanned.entries.extend(entry);
                    scanned.ends.push((self.head(), scanned.good));
                }
                Err(damage) if length + 1 == rest.len() => {
                    scanned.tail = Tail::Torn(damage);
                    break;
                }
                Err(damage) => {
                    scanned.tail = Tail::Corrupt(damage);
                    break;
                }
            }
        }
        scanned
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::ident::IncidentId;
    use crate::log::{BootClock, Draft, Kind, Stamp, Unwritable, encode, encode_header};
    use crate::people::Actor;
    use crate::time::Timestamp;

    fn log(entries: u64) -> Vec<u8> {
        let header = Header {
            version: LOG_VERSION,
            incident: IncidentId("01JD3Q4X5Y6Z7A8B9C0D1E2F3G".parse().unwrap()),
            label: "INC-2026-0007".to_owned(),
            kind: Kind::Live,
            created_at: Timestamp::UNIX_EPOCH,
            created_by: "switchback 0.1.0".to_owned(),
        };
        let (mut bytes, mut head) = encode_header(&header).unwrap();
        for seq in 1..=entries {
            let (line, entry) = encode(&note(seq), seq, head, &stamp()).unwrap();
            bytes.extend(line);
            head = entry.hash;
        }
        bytes
    }

    fn note(seq: u64) -> Draft {
        Draft {
            occurred_at: Timestamp::from_nanosecond(1_763_000_000_123_456_789).unwrap(),
            kind: Kind::Live,
            actor: Actor::claimed("mara", "bastion"),
            event: Event::NoteAdded { text: format!("{seq} \"hash\":\n☃"), run: None, step: None },
        }
    }

    fn stamp() -> Stamp {
        Stamp {
            recorded_at: Timestamp::UNIX_EPOCH,
            clock: BootClock { id: "b".to_owned(), at: Duration::from_millis(5) },
        }
    }

    fn scan(bytes: &[u8]) -> (Chain, Scanned) {
        let mut chain = Chain::new();
        let scanned = chain.scan(bytes);
        (chain, scanned)
    }

    fn sealed(body: &str) -> Vec<u8> {
        let body = body.strip_suffix('}').unwrap();
        format!("{body},\"hash\":\"{}\"}}\n", Hash::of(body.as_bytes())).into_bytes()
    }

    #[test]
    fn every_flipped_bit_of_a_log_is_found_in_the_line_it_is_in() {
        let mut bytes = log(20);
        let (mut chain, mut begin) = (Chain::new(), 0);
        while begin < bytes.len() {
            let length = bytes[begin..].iter().position(|&byte| byte == b'\n').unwrap() + 1;
            for bit in 0..length * 8 {
                let (at, flipped) = (begin + bit / 8, 1 << (bit % 8));
                bytes[at] ^= flipped;
                let mut before = chain.clone();
                let scanned = before.scan(&bytes[begin..]);
                assert_eq!(
                    (scanned.good, scanned.tail == Tail::Whole),
                    (0, false),
                    "bit {bit} of line {}",
                    before.next_line()
                );
                assert_eq!(before.next_line(), chain.next_line());
                bytes[at] ^= flipped;
            }
            chain.feed(&bytes[begin..begin + length - 1]).unwrap();
            begin += length;
        }
        assert_eq!(chain.seq(), 20);
    }

    #[test]
    fn an_entry_is_read_back_as_it_was_acknowledged() {
        let (line, entry) = encode(&note(1), 1, Hash::ZERO, &stamp()).unwrap();
        assert_eq!(decode(line.trim_ascii_end()).unwrap(), entry);
        assert_eq!(serde_json::to_string(&entry).unwrap().as_bytes(), line.trim_ascii_end());
        assert!(String::from_utf8(line).unwrap().contains(r#""occurred_at":"2025-11-13T02:13:20.123Z""#));
    }

    #[test]
    fn no_flip_of_any_bit_goes_unseen() {
        let bytes = log(20);
        let (_, whole) = scan(&bytes);
        assert_eq!((whole.entries.len(), whole.tail), (20, Tail::Whole));
        let mut chain = Chain::new();
        let mut start = 0;
        while start < bytes.len() {
            let mut flipped = bytes[start..].to_vec();
            let length = flipped.iter().position(|&byte| byte == b'\n').unwrap();
            for at in 0..=length {
                for bit in 0..8 {
                    flipped[at] ^= 1 << bit;
                    let seen = chain.clone().scan(&flipped);
                    assert_ne!(seen.tail, Tail::Whole, "byte {at} of the line at {start}, bit {bit}");
                    assert_eq!(seen.good, 0, "byte {at} of the line at {start}, bit {bit}");
                    flipped[at] ^= 1 << bit;
                }
            }
            chain.feed(&flipped[..length]).unwrap();
            start += length + 1;
        }
    }

    #[test]
    fn every_cut_and_every_zero_filled_tail_keeps_the_lines_before_it() {
        let bytes = log(20);
        for cut in 0..bytes.len() {
            let kept = bytes[..cut].iter().rposition(|&byte| byte == b'\n').map_or(0, |last| last + 1);
            let (_, torn) = scan(&bytes[..cut]);
            assert_eq!(torn.good, kept, "cut at {cut}");
            assert!(!matches!(torn.tail, Tail::Corrupt(_)), "cut at {cut}");
            let mut zeroed = bytes[..cut].to_vec();
            zeroed.resize(bytes.len(), 0);
            let (_, torn) = scan(&zeroed);
            assert_eq!(torn.good, kept, "zeros from {cut}");
            assert!(matches!(torn.tail, Tail::Torn(_)), "zeros from {cut}");
        }
    }

    #[test]
    fn an_altered_line_with_more_after_it_is_corruption() {
        let mut bytes = log(3);
        let second = bytes.iter().position(|&byte| byte == b'\n').unwrap() + 40;
        bytes[second] ^= 1;
        let (chain, scanned) = scan(&bytes);
        assert!(matches!(scanned.tail, Tail::Corrupt(_)));
        assert_eq!(chain.next_line(), 2);
    }

    #[test]
    fn a_line_taken_out_is_seen() {
        let bytes = log(3);
        let ends: Vec<_> = bytes.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(at, _)| at + 1).collect();
        let without: Vec<u8> = [&bytes[..ends[1]], &bytes[ends[2]..]].concat();
        let (_, scanned) = scan(&without);
        assert_eq!(scanned.tail, Tail::Torn(Damage::OutOfSequence { expected: 2, found: 3 }));
    }

    #[test]
    fn a_line_of_a_newer_version_stays_verifiable_and_forbids_appending() {
        let mut bytes = log(1);
        let (chain, _) = scan(&bytes);
        bytes.extend(sealed(&format!(
            r#"{{"seq":2,"recorded_at":"2031-01-01T00:00:00Z","kind":"rehearsal","event":{{"type":"moon_phase_changed"}},"prev":"{}"}}"#,
            chain.head()
        )));
        let (chain, scanned) = scan(&bytes);
        assert_eq!(scanned.tail, Tail::Whole);
        assert!(matches!(&scanned.entries[1].event, Event::Newer(event) if event["type"] == "moon_phase_changed"));
        assert!(chain.newer().unwrap().contains("entry 2"));
    }

    #[test]
    fn an_event_that_could_not_be_read_back_is_not_written() {
        let draft = Draft { event: Event::Newer(serde_json::json!({ "type": "moon_phase_changed" })), ..note(1) };
        assert_eq!(encode(&draft, 1, Hash::ZERO, &stamp()).unwrap_err(), Unwritable::Unreadable);
    }
}
