//! People beyond the screen: what came of telling them, and the bell and the desktop of this console's own terminal.

use std::collections::BTreeMap;

use domain::alert::{Delivery, Notice, NoticeState};
use domain::console::Told;
use domain::engine::Command;
use domain::estate::ChannelKind;
use domain::ident::AlertKey;
use domain::reading::{AlertStatus, Status};
use domain::time::Timestamp;

use super::Session;
use super::input::Input;

/// When people were last told of each alert, as far as this console's terminal has shown it. `None` until the first
/// look: what was told before the console was opened is not told again.
pub(super) type Shown = Option<BTreeMap<AlertKey, Timestamp>>;

impl Session {
    /// What comes back from the channels becomes an input.
    pub(super) fn listen_to_channels(&mut self) {
        let Some(mut deliveries) = self.deliveries.take() else { return };
        let inputs = self.inputs.clone();
        tokio::spawn(async move {
            while let Some(delivery) = deliveries.recv().await {
                if inputs.send(Input::Delivered(delivery)).await.is_err() {
                    return;
                }
            }
        });
    }

    pub(super) async fn delivered(&mut self, delivery: Delivery) {
        self.board.told(&delivery);
        self.dirty = true;
        if self.state.open().is_some() {
            self.record(Command::RecordMessage(delivery)).await;
        }
    }

    /// Every console rings its own terminal when people are told, whoever keeps the book.
    pub(super) fn ring(&mut self, status: &Status) {
        let told = status.alerts.iter().filter_map(|alert| Some((alert.key.clone(), alert.told_at?))).collect();
        let Some(before) = self.rung.replace(told) else { return };
        if !self.scene.kind.executes() {
            return;
        }
        for alert in &status.alerts {
            let Some(at) = alert.told_at else { continue };
            if before.get(&alert.key) != Some(&at) {
                let state = if before.contains_key(&alert.key) { NoticeState::Reminder } else { NoticeState::Firing };
                self.ring_for(&self.notice(alert, state, at));
            }
        }
    }

    fn notice(&self, alert: &AlertStatus, state: NoticeState, at: Timestamp) -> Notice {
        Notice {
            key: alert.key.clone(),
            rule: alert.rule.clone(),
            severity: alert.severity,
            state,
            text: alert.text.clone(),
            estate: self.scene.estate.name.clone(),
            kind: self.scene.kind,
            since: alert.since,
            at,
            incident: self.state.open().map(|incident| incident.label.clone()),
            by: None,
        }
    }

    fn ring_for(&self, notice: &Notice) {
        for channel in self.scene.estate.notify.iter().filter(|channel| channel.wants(notice)) {
            match &channel.kind {
                ChannelKind::Bell => self.tell(Told::Bell),
                ChannelKind::Desktop(desktop) => {
                    self.tell(Told::Desktop { sequence: desktop.sequence, text: notice.headline() });
                }
                _ => {}
            }
        }
    }
}
