//! Proving who acts at this console: beside everything else, so that nothing ever waits for it.

use std::sync::Arc;
use std::time::Duration;

use domain::console::BannerAbout;
use domain::engine::Command;
use domain::ident::IncidentId;
use domain::identity::{SessionKey, Vouching};
use domain::people::{Actor, Identity};

use super::Session;
use super::input::Input;
use crate::runtime::clock;
use crate::runtime::identity::{About, Prover, Unproven, session_key};

/// Somebody may have to find their security key, and touch it.
const PATIENCE: Duration = Duration::from_secs(30);
/// A key that the agent does not hold yet is looked for again after this long.
const AGAIN: Duration = Duration::from_secs(10);

/// What this console has to prove, and how far it is. Nothing of it where the estate knows no key of its person.
#[derive(Debug, Default)]
pub(super) struct Proving {
    prover: Option<Prover>,
    /// Signs each entry, before its person's key has vouched for it as well as after.
    key: Option<Arc<SessionKey>>,
    /// The incident in whose log it vouched, or was asked to.
    asked_in: Option<IncidentId>,
    /// When it is asked again (time since boot).
    again_at: Option<Duration>,
}

impl Proving {
    pub(super) fn new(prover: Option<Prover>) -> Self {
        let key = prover.as_ref().and_then(|_| match session_key() {
            Ok(key) => Some(Arc::new(key)),
            Err(error) => {
                tracing::warn!(%error, "entries are not signed");
                None
            }
        });
        Self { prover, key, ..Self::default() }
    }

    pub(super) fn key(&self) -> Option<Arc<SessionKey>> {
        self.key.clone()
    }
}

impl Session {
    /// In another log nobody has vouched for this session yet.
    pub(super) fn begin_proving(&mut self, incident: IncidentId) {
        if self.proving.asked_in != Some(incident) {
            self.scene.actor.identity = Identity::Claimed;
            self.proving.again_at = None;
        }
    }

    /// Has the person's key vouch for this session, once in each log. The log has to have begun: the statement names its
    /// last line.
    pub(super) fn prove(&mut self) {
        let (Some(prover), Some(key)) = (&self.proving.prover, &self.proving.key) else { return };
        let (Some(incident), Some(head)) = (self.state.id(), self.state.head) else { return };
        let due = self.proving.again_at.is_some_and(|at| clock::boottime() >= at);
        if self.journal.is_none() || (self.proving.asked_in == Some(incident) && !due) {
            return;
        }
        let (prover, key) = (prover.clone(), Arc::clone(key));
        (self.proving.asked_in, self.proving.again_at) = (Some(incident), None);
        let about = About { incident, head, at: clock::now().wall };
        self.spawn(async move {
            let vouched = tokio::task::spawn_blocking(move || prover.vouch(about, &key, PATIENCE)).await;
            let vouched = vouched.unwrap_or_else(|error| Err(Unproven::Refused(error.to_string())));
            Input::Vouched { incident, vouched: vouched.map(Box::new) }
        });
    }

    /// From its record on, what this console's person does is verified.
    pub(super) async fn vouched(&mut self, incident: IncidentId, vouched: Result<Box<Vouching>, Unproven>) {
        if self.state.id() != Some(incident) {
            return;
        }
        let person = self.scene.actor.name.clone();
        let claimed = |why: &dyn std::fmt::Display| format!("NOT VERIFIED: {person} is only claimed here: {why}");
        let text = match vouched {
            Ok(vouching) => {
                let actor = Actor { identity: Identity::Verified, ..self.scene.actor.clone() };
                match self.act_as(actor, Command::Vouch(vouching)).await {
                    Ok(()) => {
                        self.scene.actor.identity = Identity::Verified;
                        None
                    }
                    Err(refusal) => {
                        self.proving.again_at = Some(clock::boottime() + AGAIN);
                        Some(claimed(&refusal))
                    }
                }
            }
            Err(unproven) => {
                if unproven.may_be_asked_again() {
                    self.proving.again_at = Some(clock::boottime() + AGAIN);
                }
                Some(claimed(&format!("{unproven}; {}", unproven.remedy())))
            }
        };
        self.banner(BannerAbout::Identity, text);
    }
}
