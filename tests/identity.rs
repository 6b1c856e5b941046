//! Whoever has a key in the estate is verified by it, and nobody else is: with the real ssh-keygen and ssh-agent.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use domain::ident::Hash;
use domain::identity::{Keyring, NAMESPACE, PublicKey, SshSig, Standing, Trust, Why, standing};
use domain::log::{Entry, Event};
use serde_json::Value;
use tempfile::TempDir;

use crate::support::console::Console;
use crate::support::estate::{Estate, folded};
use crate::support::keys::{Agent, key, public};
use crate::support::wait::until;

const RUNBOOK: &str = "---\nrunbook: 1\n---\n\n# Walk\n\n## Do\n\n- [ ] **Look around** <!-- id: look -->\n";

/// An estate in which mara and raj have keys.
struct Stage {
    folder: TempDir,
    estate: Estate,
    mara: PathBuf,
    raj: PathBuf,
}

impl Stage {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (mara, raj) = (key(folder.path(), "mara", "ed25519", ""), key(folder.path(), "raj", "ecdsa", ""));
        let people = format!(
            "[people.mara]\nroles = [\"commander\"]\nkey = \"{}\"\n[people.raj]\nkey = [\"{}\"]\n[people.ana]\n",
            public(&mara),
            public(&raj)
        );
        let estate = Estate::bare(folder.path(), folder.path().join("state"), RUNBOOK).with(&people);
        Self { folder, estate, mara, raj }
    }

    /// What somebody does without the screen: no agent, no key but those of `env` and `words`.
    fn tried(&self, person: &str, words: &[&str], env: &[(&str, &Path)]) -> Output {
        let words = self.estate.command(words, person);
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).env("HOME", self.folder.path()).env_remove("SSH_AUTH_SOCK");
        command.env_remove("SWITCHBACK_SSH_KEY");
        command.envs(env.iter().copied()).output().unwrap()
    }

    fn done(&self, person: &str, words: &[&str], env: &[(&str, &Path)]) -> String {
        let output = self.tried(person, words, env);
        assert!(output.status.success(), "{person} {words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// `declare`, as mara with her key.
    fn declared(&self) {
        self.done("mara", &["declare", "--key", self.mara.to_str().unwrap()], &[]);
    }

    /// What can be believed of each entry by the estate's own keys.
    fn standings(&self) -> Vec<Standing> {
        self.standings_of(self.estate.entries())
    }

    fn standings_of(&self, entries: Vec<Entry>) -> Vec<Standing> {
        let state = folded(entries);
        let estate = domain::estate::parse(&std::fs::read_to_string(&self.estate.file).unwrap()).estate;
        let keys = Keyring { estate: Some(&estate), ..Keyring::default() };
        state.entries.iter().map(|entry| standing(&state, &keys, entry)).collect()
    }

    fn log(&self) -> PathBuf {
        self.estate.incidents()[0].join("log.jsonl")
    }

    /// What `verify --json` answers, and its exit code.
    fn verified(&self, words: &[&str]) -> (Value, Option<i32>) {
        let output = self.tried("ana", &[&["verify", "--json"], words].concat(), &[]);
        let answer = serde_json::from_slice(&output.stdout);
        (answer.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr))), output.status.code())
    }

    /// A line at the end of the log, rightly chained, by somebody who may write the file.
    fn append_by_hand(&self, change: impl Fn(&mut Value)) {
        let text = std::fs::read_to_string(self.log()).unwrap();
        let mut line: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
        line["prev"] = line["hash"].clone();
        line["seq"] = (line["seq"].as_u64().unwrap() + 1).into();
        let fields = line.as_object_mut().unwrap();
        fields.remove("hash");
        change(&mut line);
        std::fs::write(self.log(), text + &sealed(&line)).unwrap();
    }
}

/// A line in the order in which a console writes it, with the hash that belongs to it.
fn sealed(line: &Value) -> String {
    let order = ["seq", "occurred_at", "recorded_at", "clock", "kind", "actor", "event", "prev", "signature"];
    let parts = order.iter().filter(|name| !line[**name].is_null()).map(|name| format!("\"{name}\":{}", line[*name]));
    let body = format!("{{{}", parts.collect::<Vec<_>>().join(","));
    format!("{body},\"hash\":\"{}\"}}\n", Hash::of(body.as_bytes()))
}

fn notes(console: &mut Console) {
    console.press_for("n", "enter records it");
    console.types("the phones are dead");
    console.press_until("\r", "it is recorded", |screen| !screen.contains("enter records it"));
    console.shows(&["· the phones are dead"]);
}

const VERIFIED: Standing = Standing::Verified(Trust::Estate);

#[test]
fn what_is_done_without_the_screen_is_verified_by_the_key_that_is_named() {
    let stage = Stage::new();
    stage.declared();
    stage.done("raj", &["note", "seen"], &[("SWITCHBACK_SSH_KEY", &stage.raj)]);
    stage.done("ana", &["note", "me too"], &[]);
    let (standings, entries) = (stage.standings(), stage.estate.entries());
    assert_eq!(entries.len(), 6, "opened, command, vouched; note, vouched; note");
    assert!(standings[..5].iter().all(|standing| *standing == VERIFIED), "{standings:?}");
    assert_eq!(standings[5], Standing::Claimed);
    let (answer, code) = stage.verified(&[]);
    assert_eq!((answer["whole"].as_bool(), code), (Some(true), Some(0)));
    let authors = &answer["authors"];
    let count = |person: &str| {
        let verified = authors["verified"].as_array().unwrap();
        let of = verified.iter().find(|of| of["person"] == person).unwrap();
        (of["entries"].as_u64(), of["by"].as_str().map(str::to_owned))
    };
    assert_eq!(count("mara"), (Some(3), Some("estate".to_owned())));
    assert_eq!(count("raj"), (Some(2), Some("estate".to_owned())));
    assert_eq!(authors["claimed"], 1);
}

#[test]
fn who_has_no_key_at_hand_is_claimed_and_told_why_and_nothing_waits_for_it() {
    let stage = Stage::new();
    let (other, locked) = (key(stage.folder.path(), "other", "ed25519", ""), stage.folder.path().join("locked"));
    key(stage.folder.path(), "locked", "ed25519", "a passphrase");
    let empty = Agent::start(stage.folder.path());
    for (words, env, why) in [
        (vec!["declare"], vec![], "no ssh-agent is in reach"),
        (vec!["note", "a"], vec![("SSH_AUTH_SOCK", empty.socket.as_path())], "ssh-agent holds no key of mara"),
        (vec!["note", "b", "--key", other.to_str().unwrap()], vec![], "which the estate does not list for mara"),
        (vec!["note", "c", "--key", stage.raj.to_str().unwrap()], vec![], "which the estate does not list for mara"),
        (vec!["note", "d", "--key", locked.to_str().unwrap()], vec![], "asks for a passphrase"),
    ] {
        let output = stage.tried("mara", &words, &env);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success() && said.contains(why), "{words:?}: {said}");
    }
    assert!(stage.standings().iter().all(|standing| *standing == Standing::NotProved));
    assert!(!stage.estate.entries().iter().any(|entry| matches!(entry.event, Event::IdentityVerified(_))));
}

#[test]
fn a_console_is_verified_by_the_agent_and_after_a_kill_the_next_one_is_too() {
    let stage = Stage::new();
    let agent = Agent::start(stage.folder.path());
    agent.add(&stage.mara);
    let env = [("SSH_AUTH_SOCK", agent.socket.to_str().unwrap()), ("HOME", stage.folder.path().to_str().unwrap())];
    let mut console = Console::open_with(&stage.estate, "mara", &env);
    console.shows(&["i declare"]);
    console.declares();
    let vouched =
        || stage.estate.entries().iter().filter(|entry| matches!(entry.event, Event::IdentityVerified(_))).count();
    until("her key vouches", || vouched() == 1);
    console.killed();
    let mut console = Console::open_with(&stage.estate, "mara", &env);
    until("her key vouches again", || vouched() == 2);
    notes(&mut console);
    let (standings, entries) = (stage.standings(), stage.estate.entries());
    for (standing, entry) in standings.iter().zip(&entries) {
        let expected = if entry.actor.name.as_str() == "mara" { VERIFIED } else { Standing::WrittenBy("mara".into()) };
        assert_eq!(*standing, expected, "entry {}: {:?}", entry.seq, entry.event);
    }
    console.shows(&["mara✓"]);
    console.quits_the_open_incident();
    assert_eq!(stage.verified(&[]).1, Some(0));
}

#[test]
fn two_consoles_of_different_people_are_each_verified_as_who_they_are() {
    let stage = Stage::new();
    let agent = Agent::start(stage.folder.path());
    agent.add(&stage.mara);
    agent.add(&stage.raj);
    let env = [("SSH_AUTH_SOCK", agent.socket.to_str().unwrap()), ("HOME", stage.folder.path().to_str().unwrap())];
    let mut mara = Console::open_with(&stage.estate, "mara", &env);
    mara.shows(&["i declare"]);
    mara.declares();
    let mut raj = Console::open_with(&stage.estate, "raj", &env);
    let vouched = |person: &str| {
        stage.estate.entries().iter().any(|entry| {
            matches!(&entry.event, Event::IdentityVerified(vouching) if vouching.statement.person.as_str() == person)
        })
    };
    until("both are vouched for", || vouched("mara") && vouched("raj"));
    raj.shows(&["mara✓", "raj✓"]);
    notes(&mut mara);
    raj.quits_the_open_incident();
    mara.quits_the_open_incident();
    for (standing, entry) in stage.standings().iter().zip(&stage.estate.entries()) {
        let person = entry.actor.name.as_str();
        assert_eq!(*standing == VERIFIED, ["mara", "raj"].contains(&person), "{person}: {standing:?}");
    }
}

#[test]
fn a_console_whose_key_comes_later_is_verified_then_and_so_is_what_it_did_before() {
    let stage = Stage::new();
    let agent = Agent::start(stage.folder.path());
    let env = [("SSH_AUTH_SOCK", agent.socket.to_str().unwrap()), ("HOME", stage.folder.path().to_str().unwrap())];
    let mut console = Console::open_with(&stage.estate, "mara", &env);
    console.shows(&["i declare"]);
    console.declares();
    console.shows(&["NOT VERIFIED: mara is only claimed here"]);
    assert_eq!(stage.standings()[0], Standing::NotProved);
    agent.add(&stage.mara);
    until("her key vouches", || stage.standings()[0] == VERIFIED);
    console.waits("the banner is gone", |screen| !screen.contains("NOT VERIFIED"));
    console.quits_the_open_incident();
}

#[test]
fn who_only_looks_signs_nothing() {
    let stage = Stage::new();
    stage.declared();
    let before = std::fs::read(stage.log()).unwrap();
    let agent = Agent::start(stage.folder.path());
    agent.add(&stage.mara);
    let words = stage.estate.command(&["--read-only"], "mara");
    let looking = Console::of(
        &[&["env".into(), format!("SSH_AUTH_SOCK={}", agent.socket.display()).into()], words.as_slice()].concat(),
    );
    looking.shows(&["mara✓"]);
    looking.killed();
    assert_eq!(std::fs::read(stage.log()).unwrap(), before);
}

#[test]
fn a_line_that_says_verified_is_forged_however_well_it_is_chained() {
    let stage = Stage::new();
    stage.declared();
    stage.append_by_hand(|line| {
        line["event"] = serde_json::json!({"type": "note_added", "text": "all is well", "run": null, "step": null});
        line.as_object_mut().unwrap().remove("signature");
    });
    assert_eq!(*stage.standings().last().unwrap(), Standing::Forged(Why::Unsigned));
    // With a signature that stood under another line.
    stage.append_by_hand(|line| {
        let text = std::fs::read_to_string(stage.log()).unwrap();
        let signed: Value = serde_json::from_str(text.lines().nth(3).unwrap()).unwrap();
        line["signature"] = signed["signature"].clone();
    });
    assert_eq!(*stage.standings().last().unwrap(), Standing::Forged(Why::Altered));
    let (answer, code) = stage.verified(&[]);
    assert_eq!((answer["whole"].as_bool(), code), (Some(true), Some(1)), "the chain is whole, and it is not believed");
    let forged = answer["authors"]["not_believed"].as_array().unwrap();
    assert_eq!(
        forged.iter().map(|entry| (&entry["entry"], &entry["standing"])).collect::<Vec<_>>(),
        [(&Value::from(4), &Value::from("forged")), (&Value::from(5), &Value::from("forged"))]
    );
    let said = String::from_utf8(stage.tried("ana", &["verify"], &[]).stdout).unwrap();
    assert!(said.contains("entry 4 by mara is FORGED: it says that it is verified, and bears no signature"), "{said}");
    let log = stage.done("ana", &["log"], &[]);
    assert!(log.lines().nth(3).unwrap().contains("FORGED"), "{log}");
    let page = stage.done("ana", &["export", "--format", "md"], &[]);
    assert!(page.contains("2 NOT TO BE BELIEVED"), "{page}");
    let console = Console::looking(&stage.estate, "ana");
    console.shows(&["FORGED"]);
}

#[test]
fn every_flipped_bit_of_a_signature_is_found() {
    let stage = Stage::new();
    stage.declared();
    let bytes = std::fs::read(stage.log()).unwrap();
    let lines: Vec<&[u8]> = bytes.split_inclusive(|&byte| byte == b'\n').collect();
    let last = lines.last().unwrap();
    let signature = b",\"signature\":\"";
    let begin = last.windows(signature.len()).position(|window| window == signature).unwrap() + signature.len();
    let copy = stage.folder.path().join("copy.jsonl");
    for at in (begin..begin + 128).step_by(5) {
        let mut line: Vec<u8> = last.to_vec();
        // Another character of Base64.
        line[at] = if line[at] == b'A' { b'B' } else { b'A' };
        let body = line.len() - r#","hash":""}"#.len() - 64 - 1;
        let hash = Hash::of(&line[..body]);
        line.splice(body.., format!(",\"hash\":\"{hash}\"}}\n").into_bytes());
        std::fs::write(&copy, [lines[..lines.len() - 1].concat(), line].concat()).unwrap();
        let standings = stage.standings_of(crate::support::estate::entries(&copy));
        assert!(standings.last().unwrap().is_bad(), "byte {at}: {:?}", standings.last());
    }
}

#[test]
fn an_update_without_the_screen_is_verified_and_its_outcome_is_written_down_by_that_console() {
    let stage = Stage::new();
    stage.declared();
    stage.done("mara", &["update", "public", "--yes", "--key", stage.mara.to_str().unwrap()], &[]);
    let standings = stage.standings();
    let written = Standing::WrittenBy("mara".into());
    assert_eq!(standings[3..], [VERIFIED, written, VERIFIED], "issued, what came of it, vouched");
}

#[test]
fn keys_of_the_log_alone_are_told_from_those_that_the_reader_knows() {
    let stage = Stage::new();
    stage.declared();
    let by = |answer: &Value| answer["authors"]["verified"][0]["by"].as_str().unwrap().to_owned();
    // The estate has another key of hers by now.
    let newer = key(stage.folder.path(), "newer", "ed25519", "");
    let text = std::fs::read_to_string(&stage.estate.file).unwrap();
    std::fs::write(&stage.estate.file, text.replace(&public(&stage.mara), &public(&newer))).unwrap();
    let (answer, code) = stage.verified(&[]);
    assert_eq!((by(&answer).as_str(), code), ("pinned", Some(0)));
    assert_eq!(answer["authors"]["keys_differ"], serde_json::json!(["mara"]));
    // The reader's own file of signers knows the old one.
    let signers = stage.folder.path().join("signers");
    std::fs::write(&signers, format!("mara namespaces=\"{NAMESPACE}\" {}\n", public(&stage.mara))).unwrap();
    let (answer, _) = stage.verified(&["--allowed-signers", signers.to_str().unwrap()]);
    assert_eq!(by(&answer), "allowed-signers");
}

#[test]
fn openssh_itself_verifies_what_the_log_holds() {
    let stage = Stage::new();
    stage.declared();
    let entries = stage.estate.entries();
    let vouching = entries.iter().find_map(|entry| match &entry.event {
        Event::IdentityVerified(vouching) => Some(vouching),
        _ => None,
    });
    let vouching = vouching.unwrap();
    let (signers, signature) = (stage.folder.path().join("signers"), stage.folder.path().join("signature"));
    std::fs::write(&signers, format!("mara {}\n", public(&stage.mara))).unwrap();
    let armour =
        format!("-----BEGIN SSH SIGNATURE-----\n{}\n-----END SSH SIGNATURE-----\n", folded_at_70(&vouching.signature));
    std::fs::write(&signature, armour).unwrap();
    let verifies = |text: &str| {
        let mut verify = Command::new("ssh-keygen");
        verify.args(["-Y", "verify", "-I", "mara", "-n", NAMESPACE, "-f"]).arg(&signers).arg("-s").arg(&signature);
        let mut verify = verify.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::io::Write::write_all(&mut verify.stdin.take().unwrap(), text.as_bytes()).unwrap();
        verify.wait().unwrap().success()
    };
    let text = vouching.statement.text();
    // As the page on identities says: of the entry's fields, in this order.
    let line = std::fs::read_to_string(stage.log()).unwrap();
    let line: Value = serde_json::from_str(line.lines().last().unwrap()).unwrap();
    let fields = ["incident", "person", "host", "session_key", "head", "at"]
        .map(|name| format!("\"{name}\":{}", line["event"][name]));
    assert_eq!(text, format!("{{\"switchback_identity\":1,{}}}", fields.join(",")));
    assert!(verifies(&text));
    assert!(!verifies(&text.replace("mara", "eve")));
}

fn folded_at_70(text: &str) -> String {
    let lines = text.as_bytes().chunks(70).map(|line| String::from_utf8_lossy(line).into_owned());
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn whoami_says_who_you_are_and_what_to_do_to_be_verified() {
    let stage = Stage::new();
    let whoami = |person: &str, words: &[&str]| {
        let output = stage.tried(person, &[&["whoami", "--json"], words].concat(), &[]);
        (serde_json::from_slice::<Value>(&output.stdout).unwrap(), output.status.code())
    };
    let (answer, code) = whoami("mara", &["--key", stage.mara.to_str().unwrap()]);
    assert_eq!(
        (&answer["identity"], &answer["roles"], code),
        (&"verified".into(), &serde_json::json!(["commander"]), Some(0))
    );
    let (answer, code) = whoami("mara", &[]);
    assert_eq!(
        (&answer["identity"], &answer["remedy"], code),
        (&"claimed".into(), &"run ssh-add, or name the key: --key FILE".into(), Some(1))
    );
    let (answer, code) = whoami("ana", &[]);
    assert_eq!((&answer["because"], code), (&"the estate lists no key of this person".into(), Some(0)));
    // Where OpenSSH looks by itself.
    let home = stage.folder.path().join(".ssh");
    std::fs::create_dir(&home).unwrap();
    for end in ["", ".pub"] {
        std::fs::copy(format!("{}{end}", stage.mara.display()), home.join(format!("id_ed25519{end}"))).unwrap();
    }
    assert_eq!(whoami("mara", &[]).0["identity"], "verified");
    assert!(stage.estate.incidents().is_empty(), "it records nothing");
}

#[test]
fn openssh_agrees_with_what_a_security_key_signed() {
    use ring::signature::{Ed25519KeyPair, KeyPair};
    use sha2::{Digest, Sha256, Sha512};
    let put = |out: &mut Vec<u8>, bytes: &[u8]| {
        out.extend_from_slice(&(bytes.len() as u32).to_be_bytes());
        out.extend_from_slice(bytes);
    };
    let join = |parts: &[&[u8]]| {
        let mut out = Vec::new();
        parts.iter().for_each(|part| put(&mut out, part));
        out
    };
    let base64 = |bytes: &[u8]| {
        let encoded = Command::new("base64").arg("-w0").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut encoded = encoded.unwrap();
        std::io::Write::write_all(&mut encoded.stdin.take().unwrap(), bytes).unwrap();
        String::from_utf8(encoded.wait_with_output().unwrap().stdout).unwrap()
    };
    // What the key would do: sign the application, that it was touched, a counter, and the message.
    let pair = Ed25519KeyPair::from_seed_unchecked(&[5; 32]).unwrap();
    let kind: &[u8] = b"sk-ssh-ed25519@openssh.com";
    let blob = join(&[kind, pair.public_key().as_ref(), b"ssh:"]);
    let message = b"hello";
    let digest = Sha512::digest(message);
    let inner = [b"SSHSIG".as_slice(), &join(&[NAMESPACE.as_bytes(), b"", b"sha512", &digest])].concat();
    for (flags, held) in [(1_u8, true), (0, false)] {
        let rest = [&[flags][..], &7_u32.to_be_bytes()].concat();
        let signed = [Sha256::digest(b"ssh:").as_slice(), &rest, &Sha256::digest(&inner)].concat();
        let signature = [join(&[kind, pair.sign(&signed).as_ref()]), rest].concat();
        let outer = [b"SSHSIG\0\0\0\x01".as_slice(), &join(&[&blob, NAMESPACE.as_bytes(), b"", b"sha512", &signature])]
            .concat();
        let text = base64(&outer);
        let ours = SshSig::parse(&text).unwrap();
        assert_eq!(ours.key, PublicKey::parse(&format!("sk-ssh-ed25519@openssh.com {}", base64(&blob))).unwrap());
        assert_eq!(ours.verify(NAMESPACE, message).is_ok(), held, "flags {flags}");
        if held {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("signature");
            let armour = folded_at_70(&text);
            std::fs::write(&file, format!("-----BEGIN SSH SIGNATURE-----\n{armour}\n-----END SSH SIGNATURE-----\n"))
                .unwrap();
            let mut check = Command::new("ssh-keygen");
            check.args(["-Y", "check-novalidate", "-n", NAMESPACE, "-s"]).arg(&file);
            let mut check = check.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
            std::io::Write::write_all(&mut check.stdin.take().unwrap(), message).unwrap();
            assert!(check.wait().unwrap().success());
        }
    }
}
