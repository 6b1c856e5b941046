//! Logs as consoles write them, and as a forger would.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use proptest::prelude::*;
use ring::signature::{Ed25519KeyPair, KeyPair};
use sha2::{Digest, Sha512};

use super::wire::put;
use super::*;
use crate::engine::{State, evolve};
use crate::estate::{Estate, parse};
use crate::ident::{Hash, IncidentId};
use crate::log::{BootClock, Draft, Entry, Event, Kind, Sev, Stamp, decode, encode_signed};
use crate::people::{Actor, Identity};
use crate::time::Timestamp;

const INCIDENT: IncidentId = IncidentId(ulid::Ulid(1));

/// A person's key, as ssh-keygen would use it.
struct SshKey(Ed25519KeyPair);

impl SshKey {
    fn of(seed: u8) -> Self {
        Self(Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap())
    }

    fn blob(&self) -> Vec<u8> {
        let mut blob = Vec::new();
        put(&mut blob, b"ssh-ed25519");
        put(&mut blob, self.0.public_key().as_ref());
        blob
    }

    fn line(&self) -> String {
        format!("ssh-ed25519 {}", BASE64_STANDARD.encode(self.blob()))
    }

    fn vouch(&self, statement: Statement) -> Vouching {
        let mut signed = b"SSHSIG".to_vec();
        let digest = Sha512::digest(statement.text());
        for part in [NAMESPACE.as_bytes(), b"", b"sha512", &digest] {
            put(&mut signed, part);
        }
        let mut signature = Vec::new();
        put(&mut signature, b"ssh-ed25519");
        put(&mut signature, self.0.sign(&signed).as_ref());
        let mut blob = b"SSHSIG\0\0\0\x01".to_vec();
        for part in [&self.blob(), NAMESPACE.as_bytes(), b"", b"sha512", &signature] {
            put(&mut blob, part);
        }
        Vouching::new(statement, PublicKey::parse(&self.line()).unwrap(), BASE64_STANDARD.encode(blob))
    }
}

struct Log {
    state: State,
    estate: Estate,
}

impl Log {
    /// Of an estate in which mara and raj have keys.
    fn new() -> Self {
        let (mara, raj) = (SshKey::of(1).line(), SshKey::of(2).line());
        let text = format!(
            "name = \"x\"\n[regions.east]\nrole = \"primary\"\n[people.mara]\nkey = \"{mara}\"\n[people.raj]\nkey = [\"{raj}\"]\n[people.ana]\n"
        );
        let mut log = Self { state: State::default(), estate: parse(&text).estate };
        assert_eq!(log.estate.people[0].keys.len(), 1);
        log.append("mara", None, Identity::Claimed, opened(text));
        log
    }

    fn append(&mut self, who: &str, key: Option<&SessionKey>, identity: Identity, event: Event) -> u64 {
        let seq = self.state.entries.len() as u64 + 1;
        let actor = Actor { identity, ..Actor::claimed(who, "bastion") };
        let draft = Draft { occurred_at: Timestamp::UNIX_EPOCH, kind: Kind::Live, actor, event };
        let stamp =
            Stamp { recorded_at: Timestamp::UNIX_EPOCH, clock: BootClock { id: "b".to_owned(), at: Duration::ZERO } };
        let (line, entry) = encode_signed(&draft, seq, self.state.head(), &stamp, key).unwrap();
        assert_eq!(decode(line.trim_ascii_end()).unwrap(), entry);
        assert_eq!(serde_json::to_string(&entry).unwrap().as_bytes(), line.trim_ascii_end());
        evolve(&mut self.state, &Arc::new(entry));
        seq
    }

    fn note(&mut self, who: &str, key: Option<&SessionKey>, identity: Identity) -> u64 {
        self.append(who, key, identity, Event::NoteAdded { text: "a note".to_owned(), run: None, step: None })
    }

    fn statement(&self, who: &str, key: &SessionKey) -> Statement {
        Statement {
            incident: INCIDENT,
            person: who.into(),
            host: "bastion".to_owned(),
            session_key: key.id(),
            head: self.state.head(),
            at: Timestamp::UNIX_EPOCH,
        }
    }

    fn vouched(&mut self, who: &str, key: &SessionKey, ssh: &SshKey) -> u64 {
        let vouching = ssh.vouch(self.statement(who, key));
        self.vouched_with(who, key, vouching)
    }

    fn vouched_with(&mut self, who: &str, key: &SessionKey, vouching: Vouching) -> u64 {
        self.append(who, Some(key), Identity::Verified, Event::IdentityVerified(Box::new(vouching)))
    }

    fn entry(&self, seq: u64) -> &Entry {
        &self.state.entries[usize::try_from(seq).unwrap() - 1]
    }

    fn standing(&self, seq: u64) -> Standing {
        let keys = Keyring { estate: Some(&self.estate), ..Keyring::default() };
        standing(&self.state, &keys, self.entry(seq))
    }
}

fn opened(estate: String) -> Event {
    Event::IncidentOpened {
        incident: INCIDENT,
        label: "INC-2026-0001".to_owned(),
        kind: Kind::Live,
        severity: Sev(1),
        title: "x".to_owned(),
        impact_at: Timestamp::UNIX_EPOCH,
        impact_basis: "as declared".to_owned(),
        from: None,
        to: None,
        estate,
    }
}

fn session(seed: u8) -> SessionKey {
    SessionKey::from_seed(&[seed; 32]).unwrap()
}

use Identity::{Claimed, Verified};

#[test]
fn a_session_is_verified_from_its_first_entry_on_once_its_persons_key_has_vouched_for_it() {
    let (mut log, key) = (Log::new(), session(9));
    let before = log.note("mara", Some(&key), Claimed);
    assert_eq!(log.standing(before), Standing::NotProved, "nobody vouched yet");
    let vouched = log.vouched("mara", &key, &SshKey::of(1));
    let after = log.note("mara", Some(&key), Verified);
    for seq in [before, vouched, after] {
        assert_eq!(log.standing(seq), Standing::Verified(Trust::Estate), "entry {seq}");
    }
    assert_eq!(log.standing(1), Standing::NotProved, "what was written without a key stays claimed");
    let counted = tally(&log.state, &Keyring { estate: Some(&log.estate), ..Keyring::default() });
    assert_eq!(
        counted.words(),
        "3 of 4 entries verified: mara 3; 1 claimed, 1 of them in the name of somebody who has a key"
    );
}

#[test]
fn what_a_console_writes_in_another_name_is_claimed_and_says_by_whose_console() {
    let (mut log, key) = (Log::new(), session(9));
    log.vouched("mara", &key, &SshKey::of(1));
    let observed = log.note("switchback", Some(&key), Claimed);
    let in_rajs_name = log.note("raj", Some(&key), Claimed);
    for seq in [observed, in_rajs_name] {
        assert_eq!(log.standing(seq), Standing::WrittenBy("mara".into()));
    }
    let forged = log.note("raj", Some(&key), Verified);
    assert_eq!(log.standing(forged), Standing::Forged(Why::AnotherPerson));
}

#[test]
fn nothing_is_verified_because_it_says_so() {
    let (mut log, key, strange) = (Log::new(), session(9), session(10));
    log.vouched("mara", &key, &SshKey::of(1));
    let unsigned = log.note("mara", None, Verified);
    assert_eq!(log.standing(unsigned), Standing::Forged(Why::Unsigned));
    let unknown = log.note("mara", Some(&strange), Verified);
    assert_eq!(log.standing(unknown), Standing::Forged(Why::NobodyVouched));
    // A key that vouches later does not make true what was said before.
    log.vouched("mara", &strange, &SshKey::of(1));
    assert_eq!(log.standing(unknown), Standing::Forged(Why::NobodyVouched));
}

#[test]
fn a_key_that_is_not_the_persons_verifies_nothing() {
    let (mut log, with_rajs, with_eves) = (Log::new(), session(9), session(10));
    log.vouched("mara", &with_rajs, &SshKey::of(2));
    let seq = log.note("mara", Some(&with_rajs), Verified);
    assert_eq!(log.standing(seq), Standing::NotVerified);
    log.vouched("ana", &with_eves, &SshKey::of(66));
    let seq = log.note("ana", Some(&with_eves), Verified);
    assert_eq!(log.standing(seq), Standing::NotVerified, "nobody knows a key of hers");
}

#[test]
fn a_statement_counts_for_its_own_incident_console_and_session_only() {
    let changes: [fn(&mut Statement); 4] = [
        |statement| statement.incident = IncidentId(ulid::Ulid(2)),
        |statement| statement.head = Hash::of(b"another log"),
        |statement| statement.host = "elsewhere".to_owned(),
        |statement| statement.person = "raj".into(),
    ];
    for (at, change) in changes.into_iter().enumerate() {
        let (mut log, key) = (Log::new(), session(9));
        let mut statement = log.statement("mara", &key);
        change(&mut statement);
        log.vouched_with("mara", &key, SshKey::of(1).vouch(statement));
        let seq = log.note("mara", Some(&key), Verified);
        assert_eq!(log.standing(seq), Standing::Forged(Why::NobodyVouched), "change {at}");
    }
    // Changed after it was signed.
    let (mut log, key) = (Log::new(), session(9));
    let mut vouching = SshKey::of(1).vouch(log.statement("raj", &key));
    vouching.statement.person = "mara".into();
    log.vouched_with("mara", &key, vouching);
    let seq = log.note("mara", Some(&key), Verified);
    assert_eq!(log.standing(seq), Standing::Forged(Why::NobodyVouched));
}

#[test]
fn nobody_can_take_over_a_session_by_vouching_for_it() {
    let (mut log, key, own) = (Log::new(), session(9), session(10));
    let before = log.note("mara", Some(&key), Claimed);
    // Eve has seen the session's public key; she cannot sign with it.
    let vouching = SshKey::of(2).vouch(Statement { session_key: key.id(), ..log.statement("raj", &key) });
    log.append("raj", Some(&own), Verified, Event::IdentityVerified(Box::new(vouching)));
    assert_eq!(log.standing(before), Standing::NotProved);
    log.vouched("mara", &key, &SshKey::of(1));
    assert_eq!(log.standing(before), Standing::Verified(Trust::Estate));
}

#[test]
fn no_flip_of_a_bit_in_a_signed_line_leaves_it_verified() {
    let (mut log, key) = (Log::new(), session(9));
    log.vouched("mara", &key, &SshKey::of(1));
    let seq = log.note("mara", Some(&key), Verified);
    let line = serde_json::to_vec(log.entry(seq)).unwrap();
    let body = line.len() - r#","hash":""}"#.len() - 64;
    let keys = Keyring { estate: Some(&log.estate), ..Keyring::default() };
    for bit in 0..body * 8 {
        let mut flipped = line[..body].to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        // The forger gives it the right hash of the chain.
        let hash = Hash::of(&flipped);
        flipped.extend_from_slice(format!(",\"hash\":\"{hash}\"}}").as_bytes());
        let Ok(entry) = decode(&flipped) else { continue };
        let standing = standing(&log.state, &keys, &entry);
        assert!(!matches!(standing, Standing::Verified(_)), "bit {bit}: {}", String::from_utf8_lossy(&flipped));
    }
}

#[test]
fn a_key_of_the_pinned_estate_alone_is_told_from_one_that_the_reader_knows() {
    let (mut log, key) = (Log::new(), session(9));
    log.vouched("mara", &key, &SshKey::of(1));
    let mut now = log.estate.clone();
    now.people[0].keys = vec![PublicKey::parse(&SshKey::of(3).line()).unwrap()];
    let keys = Keyring { estate: Some(&now), pinned: Some(&log.estate), allowed_signers: None };
    assert_eq!(standing(&log.state, &keys, log.entry(2)), Standing::Verified(Trust::Pinned));
    assert_eq!(keys.differ(), vec!["mara".into()]);
    let (signers, _) = AllowedSigners::parse(&format!("mara {}", SshKey::of(1).line()), &crate::time::TimeZone::UTC);
    let keys = Keyring { allowed_signers: Some(&signers), ..keys };
    assert_eq!(standing(&log.state, &keys, log.entry(2)), Standing::Verified(Trust::AllowedSigners));
}

#[test]
fn the_address_that_a_log_gives_a_person_makes_nobody_else_that_person() {
    let (mut log, key) = (Log::new(), session(9));
    log.vouched("mara", &key, &SshKey::of(1));
    let mut pinned = log.estate.clone();
    pinned.people[0].email = Some("eve@example.com".to_owned());
    let text = format!("eve@example.com {}", SshKey::of(1).line());
    let (signers, _) = AllowedSigners::parse(&text, &crate::time::TimeZone::UTC);
    let keys = Keyring { estate: None, pinned: Some(&pinned), allowed_signers: Some(&signers) };
    assert_eq!(standing(&log.state, &keys, log.entry(2)), Standing::Verified(Trust::Pinned));
    // In the reader's own estate that address is hers.
    let mut own = pinned.clone();
    own.people[0].keys.clear();
    let keys = Keyring { estate: Some(&own), ..keys };
    assert_eq!(standing(&log.state, &keys, log.entry(2)), Standing::Verified(Trust::AllowedSigners));
}

#[test]
fn a_signature_in_the_wrong_place_of_a_line_is_none() {
    let (mut log, key) = (Log::new(), session(9));
    log.vouched("mara", &key, &SshKey::of(1));
    let seq = log.note("mara", Some(&key), Verified);
    let line = serde_json::to_string(log.entry(seq)).unwrap();
    let (body, _) = line.rsplit_once(",\"hash\":").unwrap();
    let (unsigned, signature) = body.split_at(body.rfind(",\"signature\":").unwrap());
    let (start, rest) = unsigned.split_at(unsigned.find(",\"occurred_at\":").unwrap());
    let moved = format!("{start}{signature}{rest}");
    let hash = Hash::of(moved.as_bytes());
    let entry = decode(format!("{moved},\"hash\":\"{hash}\"}}").as_bytes()).unwrap();
    let keys = Keyring { estate: Some(&log.estate), ..Keyring::default() };
    assert_eq!(standing(&log.state, &keys, &entry), Standing::Forged(Why::Altered));
}

proptest! {
    #[test]
    fn no_text_panics(text in ".{0,200}", bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        drop((PublicKey::parse(&text), SshSig::parse(&text), SshSig::unarmoured(&text)));
        drop(AllowedSigners::parse(&text, &crate::time::TimeZone::UTC));
        drop(SshSig::parse(&BASE64_STANDARD.encode([b"SSHSIG\0\0\0\x01".as_slice(), &bytes].concat())));
        drop(PublicKey::parse(&format!("ssh-rsa {}", BASE64_STANDARD.encode([b"\0\0\0\x07ssh-rsa".as_slice(), &bytes].concat()))));
    }

    /// Damage to a good signature: a byte changed, the end cut off.
    #[test]
    fn no_damage_panics(at in 0_usize..200, byte in any::<u8>(), cut in 0_usize..200) {
        let key = session(9);
        let statement = Log::new().statement("mara", &key);
        let mut vouching = SshKey::of(1).vouch(statement);
        let mut blob = BASE64_STANDARD.decode(&vouching.signature).unwrap();
        let at = at % blob.len();
        let same = blob[at] == byte;
        blob[at] = byte;
        blob.truncate(blob.len().saturating_sub(cut));
        vouching.signature = BASE64_STANDARD.encode(blob);
        prop_assert_eq!(vouching.verify().is_ok(), same && cut == 0);
    }
}
