//! Proving who acts without the screen. What is done is signed at once; the person's key vouches for the signature once it
//! is done, so that no act ever waits for an agent.

use std::sync::Arc;
use std::time::Duration;

use domain::engine::Command;
use domain::identity::SessionKey;
use domain::people::{Actor, Identity};

use super::Incident;
use crate::cli::args::Global;
use crate::runtime::clock;
use crate::runtime::identity::{About, KeyFile, Prover, session_key};
use crate::runtime::paths::Paths;

/// Somebody may have to touch a key.
const PATIENCE: Duration = Duration::from_secs(10);

/// A key of this command's own, and who vouches for it.
pub(super) struct Signing {
    prover: Prover,
    key: Arc<SessionKey>,
}

impl Signing {
    /// `None` where there is nothing to prove.
    pub(super) fn of(prover: Option<Prover>) -> Option<Self> {
        let prover = prover?;
        match session_key() {
            Ok(key) => Some(Self { prover, key: Arc::new(key) }),
            Err(error) => {
                eprintln!("switchback: recorded as claimed: {error}");
                None
            }
        }
    }
}

impl Incident {
    /// By the keys that the incident's log holds: the estate's file need not be in reach here.
    pub(super) fn sign(&mut self, global: &Global) {
        let paths = Paths::from_environment(global.state.as_deref());
        let prover = self.state.estate().and_then(|estate| {
            Prover::of(estate, &self.actor, KeyFile::find(global.ssh_key.as_deref(), estate), &paths)
        });
        self.signing = Signing::of(prover);
        self.sign_journal();
    }

    pub(super) fn sign_journal(&mut self) {
        let key = self.signing.as_ref().map(|signing| Arc::clone(&signing.key));
        self.journal = self.journal.clone().signing(key);
    }

    /// Without it, what was done stays recorded as claimed.
    pub(in crate::cli) fn vouch(&mut self) {
        let (Some(signing), Some(incident), Some(head)) = (&self.signing, self.state.id(), self.state.head) else {
            return;
        };
        let about = About { incident, head, at: clock::now().wall };
        let vouched = signing.prover.vouch(about, &signing.key, PATIENCE);
        let claimed = self.actor.clone();
        let recorded = vouched.map_err(|error| format!("{error}; {}", error.remedy())).and_then(|vouching| {
            self.actor = Actor { identity: Identity::Verified, ..claimed.clone() };
            self.act(Command::Vouch(Box::new(vouching))).map_err(|failure| failure.message)
        });
        if let Err(why) = recorded {
            self.actor = claimed;
            eprintln!("switchback: recorded as claimed: {why}");
        }
    }
}
