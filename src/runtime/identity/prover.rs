//! Whose key vouches here, and where it is found.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use domain::estate::Estate;
use domain::ident::Hash;
use domain::identity::{PublicKey, SessionKey, SshSig, Statement, Vouching};
use domain::people::Actor;
use ring::rand::{SecureRandom, SystemRandom};

use super::ssh_keygen::sign;
use super::unproven::Unproven;
use crate::runtime::paths::{Paths, private_dir};
use crate::runtime::replace::{Purpose, replace};

/// Names under which OpenSSH looks for keys by itself.
const USUAL: [&str; 5] = ["id_ed25519", "id_ed25519_sk", "id_ecdsa", "id_ecdsa_sk", "id_rsa"];

/// A key that was named, and by what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFile {
    pub path: PathBuf,
    /// `--key`, `$SWITCHBACK_SSH_KEY`, `[console] key`.
    pub named_by: &'static str,
}

impl KeyFile {
    /// `--key`, else `$SWITCHBACK_SSH_KEY`, else `[console] key` of the estate; none: ssh-agent, else the usual files.
    #[must_use]
    pub fn find(option: Option<&Path>, estate: &Estate) -> Option<Self> {
        let variable = std::env::var_os("SWITCHBACK_SSH_KEY").filter(|path| !path.is_empty()).map(PathBuf::from);
        let given = option.map(|path| (path.to_path_buf(), "--key"));
        let given = given.or_else(|| variable.map(|path| (path, "$SWITCHBACK_SSH_KEY")));
        let given = given.or_else(|| estate.console.key.as_deref().map(|path| (at_home(path), "[console] key")));
        given.map(|(path, named_by)| Self { path, named_by })
    }
}

fn home() -> Option<PathBuf> {
    std::env::var_os("HOME").map(PathBuf::from)
}

fn at_home(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), home()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(path),
    }
}

/// A person with keys, and how to reach one of them.
#[derive(Clone, Debug)]
pub struct Prover {
    person: Actor,
    keys: Vec<PublicKey>,
    file: Option<KeyFile>,
    /// Where the public halves lie that the agent is asked for.
    folder: PathBuf,
}

/// What was signed, and with which key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    pub key: PublicKey,
    pub signature: String,
}

impl Prover {
    /// `None` where the estate lists no key of this person: then there is nothing to prove.
    #[must_use]
    pub fn of(estate: &Estate, person: &Actor, file: Option<KeyFile>, paths: &Paths) -> Option<Self> {
        let keys = estate.person(&person.name).map(|known| known.keys.clone()).filter(|keys| !keys.is_empty())?;
        Some(Self { person: person.clone(), keys, file, folder: paths.state.join("identity") })
    }

    /// Has the person's key vouch for `session` in the log whose last line has the hash `head`. Blocks for `patience` at
    /// most: somebody may have to touch a key.
    ///
    /// # Errors
    /// Why nobody vouches.
    pub fn vouch(&self, about: About, session: &SessionKey, patience: Duration) -> Result<Vouching, Unproven> {
        let About { incident, head, at } = about;
        let statement = Statement {
            incident,
            person: self.person.name.clone(),
            host: self.person.host.clone(),
            session_key: session.id(),
            head,
            at,
        };
        let Proof { key, signature } = self.sign(&statement.text(), patience)?;
        Ok(Vouching::new(statement, key, signature))
    }

    /// Signs a text with the first of the person's keys that can be used here. All of them together have `patience`.
    ///
    /// # Errors
    /// Why none can.
    pub fn sign(&self, text: &str, patience: Duration) -> Result<Proof, Unproven> {
        if let Some(file) = &self.file {
            return self.sign_with(&file.path, text, patience);
        }
        let until = Instant::now() + patience;
        let usual: Vec<_> = self.usual_files().collect();
        let agent = std::env::var_os("SSH_AUTH_SOCK").is_some_and(|socket| !socket.is_empty());
        let mut why =
            if agent { Unproven::NotHeld { person: self.person.name.to_string() } } else { Unproven::NoAgent };
        let held = if agent { self.keys.as_slice() } else { &[] };
        let public = held.iter().map(|key| self.public_half(key));
        for file in public.chain(usual.into_iter().map(Ok)) {
            match file.and_then(|file| self.sign_with(&file, text, until.saturating_duration_since(Instant::now()))) {
                Err(Unproven::NotHeld { .. }) => {}
                Err(Unproven::Late(_)) => return Err(Unproven::Late(patience)),
                Err(other) => why = other,
                proof => return proof,
            }
        }
        Err(why)
    }

    fn sign_with(&self, file: &Path, text: &str, patience: Duration) -> Result<Proof, Unproven> {
        let signature = sign(file, self.person.name.as_str(), text, patience)?;
        let read = SshSig::parse(&signature).map_err(|error| Unproven::Refused(error.to_string()))?;
        if !self.keys.contains(&read.key) {
            return Err(Unproven::NotTheirs {
                file: file.to_path_buf(),
                person: self.person.name.to_string(),
                fingerprint: read.key.fingerprint(),
            });
        }
        Ok(Proof { key: read.key, signature })
    }

    /// Files of this user whose public half is one of the person's keys.
    fn usual_files(&self) -> impl Iterator<Item = PathBuf> {
        let folder = home().map(|home| home.join(".ssh"));
        let files = USUAL.into_iter().filter_map(move |name| Some(folder.as_ref()?.join(name)));
        files.filter(|file| {
            let public = std::fs::read_to_string(file.with_extension("pub")).ok();
            public.and_then(|line| PublicKey::parse(&line).ok()).is_some_and(|key| self.keys.contains(&key))
        })
    }

    /// A file with the public half: by it ssh-keygen finds the key in the agent.
    fn public_half(&self, key: &PublicKey) -> Result<PathBuf, Unproven> {
        let refused = |error: std::io::Error| Unproven::Refused(format!("{}: {error}", self.folder.display()));
        let line = format!("{key}\n");
        let file = self.folder.join(format!("{}.pub", Hash::of(line.as_bytes())));
        if std::fs::read_to_string(&file).is_ok_and(|text| text == line) {
            return Ok(file);
        }
        private_dir(&self.folder).map_err(refused)?;
        replace(&file, line.as_bytes(), Purpose::Record).map_err(refused)?;
        Ok(file)
    }
}

/// Which log it is about, where that stands, and when.
#[derive(Clone, Copy, Debug)]
pub struct About {
    pub incident: domain::ident::IncidentId,
    pub head: Hash,
    pub at: domain::time::Timestamp,
}

/// A key for this console, new each time.
///
/// # Errors
/// The system gives no random bytes.
pub fn session_key() -> Result<SessionKey, Unproven> {
    let mut seed = [0; 32];
    SystemRandom::new().fill(&mut seed).map_err(|_| Unproven::NoSessionKey("no random bytes".to_owned()))?;
    SessionKey::from_seed(&seed).map_err(|error| Unproven::NoSessionKey(error.to_string()))
}
