//! Updates to audiences: sending what the log says is being told, and recording what came of it.

use std::time::Duration;

use domain::comms::{Before, Outgoing};
use domain::engine::{Became, Command, TellAct};
use domain::ident::IncidentId;
use domain::log::Way;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout_at};

use super::Session;
use super::input::Input;
use crate::runtime::comms::{Courier, write_beside};

/// How long leaving waits for what is being sent: what is cut off nobody knows of.
const LEAVING: Duration = Duration::from_secs(20);

impl Session {
    pub(super) fn send_update(&mut self, update: u64, way: Way) {
        let courier = Courier::of(self.scene.kind, &self.scene.estate);
        let issued = self.state.updates.issued.get(&update);
        let outgoing = issued.and_then(|issued| Outgoing::of(&self.state, update, issued));
        let before = match &way {
            Way::Channel(channel) => self.state.updates.before(update, channel),
            Way::Clipboard | Way::File(_) => Before::default(),
        };
        let (incident, folder) = (self.state.id(), self.incident_dir());
        // One after the other through one channel, in the order of the log: a page is told once that an incident began.
        let (turn, after) = oneshot::channel::<()>();
        let ahead = match &way {
            Way::Channel(channel) => self.turns.insert(channel.clone(), after),
            Way::Clipboard | Way::File(_) => None,
        };
        self.sending += 1;
        self.spawn(async move {
            if let Some(ahead) = ahead {
                // It says nothing, and ends.
                let _ = ahead.await;
            }
            let became = match (&way, courier, outgoing) {
                // Nothing of an exercise or a demonstration leaves the machine.
                (_, Courier::Shown, _) => Became::Shown,
                (_, _, None) => failed("the log does not tell of this update"),
                // Its person has it.
                (Way::Clipboard, _, _) => Became::Delivered { receipt: None },
                (Way::Channel(channel), courier, Some(outgoing)) => courier.send(channel, &outgoing, &before).await,
                (Way::File(name), _, Some(outgoing)) => {
                    let (name, text) = (name.clone(), outgoing.whole());
                    let written = tokio::task::spawn_blocking(move || write_beside(&folder, &name, &text)).await;
                    match written.map_err(|error| error.to_string()).flatten() {
                        Ok(file) => Became::Delivered { receipt: Some(file.display().to_string()) },
                        Err(why) => failed(&why),
                    }
                }
            };
            drop(turn);
            Input::Updated { incident, update, way, became }
        });
    }

    pub(super) async fn updated(&mut self, incident: Option<IncidentId>, update: u64, way: Way, became: Became) {
        self.sending = self.sending.saturating_sub(1);
        // In another log this number is another entry.
        if self.state.id() != incident {
            tracing::warn!(?incident, update, %way, ?became, "what became of an update is not recorded: its incident was left");
            return;
        }
        self.record(Command::Tell(Box::new(TellAct::Record { update, way, became }))).await;
    }

    /// Waits for what is being sent: who leaves does not leave it unknown.
    pub(super) async fn sent(&mut self, inputs: &mut mpsc::Receiver<Input>) {
        let until = Instant::now() + LEAVING;
        while self.sending > 0 {
            match timeout_at(until, inputs.recv()).await {
                Ok(Some(Input::Updated { incident, update, way, became })) => {
                    self.updated(incident, update, way, became).await;
                }
                Ok(Some(_)) => {}
                Ok(None) | Err(_) => return,
            }
        }
    }
}

fn failed(why: &str) -> Became {
    Became::Failed { why: why.to_owned(), remedy: Some("copy it, and send it by hand".to_owned()), unsure: false }
}
