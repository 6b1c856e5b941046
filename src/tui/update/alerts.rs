//! Alerts: going through them, taking one on, keeping one quiet for a while.

use domain::alert::Which;
use domain::console::Request;
use domain::ident::AlertKey;
use domain::reading::AlertState;

use super::list::closes;
use super::turn::Turn;
use crate::action::{Id, enabled};
use crate::keys::{Code, Key};
use crate::model::{AlertList, Form, FormField, Model, Overlay, Purpose, Scrolled};

/// How long people keep things quiet for; the last ends it.
pub(super) const SPANS: [&str; 6] = ["30m", "1h", "2h", "4h", "8h", "24h"];
pub(super) const NOW: &str = "end it now";

impl Turn<'_> {
    pub(super) fn alerts_key(&mut self, mut list: AlertList, key: Key) {
        if closes(key) {
            return;
        }
        let alerts = list.narrowed(self.model.alerts()).rows;
        let at = list.position(&alerts);
        let here = alerts.get(at).map(|alert| alert.key.clone());
        if let Some(by) = key.moves() {
            let to = at.saturating_add_signed(by).min(alerts.len().saturating_sub(1));
            list.cursor = alerts.get(to).map(|alert| alert.key.clone());
            self.open(Overlay::Alerts(list));
            return;
        }
        // What is acted on stays under the cursor, whatever comes in meanwhile.
        list.cursor.clone_from(&here);
        self.open(Overlay::Alerts(list));
        match (key.code, here) {
            (Code::Char('?'), _) => self.open(Overlay::Help(Scrolled::default())),
            (Code::Enter, Some(here)) => self.open(Overlay::AlertDetail(Scrolled { of: here, scroll: 0 })),
            (_, Some(here)) => {
                self.answer_alert(&here, key);
            }
            (_, None) => {}
        }
    }

    pub(super) fn alert_key(&mut self, detail: Scrolled<AlertKey>, key: Key) {
        if closes(key) || key.code == Code::Enter {
            return;
        }
        let here = detail.of.clone();
        self.open(Overlay::AlertDetail(detail));
        if key.code == Code::Char('?') {
            self.open(Overlay::Help(Scrolled::default()));
            return;
        }
        if !self.answer_alert(&here, key) {
            self.scroll_list(key);
        }
    }

    /// Whether the key is one that answers.
    fn answer_alert(&mut self, alert: &AlertKey, key: Key) -> bool {
        match key.code {
            Code::Char('a') if !key.ctrl => self.acknowledge(alert, key),
            Code::Char('s') if !key.ctrl => match enabled(self.model, Id::AcknowledgeAll) {
                Err(why) if self.model.scene.read_only => self.refuse(why),
                _ => match silence(self.model, alert) {
                    Some(form) => self.open(Overlay::Form(form)),
                    None => self.refuse("that alert is over"),
                },
            },
            _ => return false,
        }
        true
    }

    fn acknowledge(&mut self, key: &AlertKey, pressed: Key) {
        let Some(alert) = self.model.alert(key) else {
            self.refuse("that alert is over");
            return;
        };
        if alert.state == AlertState::Pending {
            self.refuse("it does not fire yet: there is nothing to take on");
        } else if let Some(by) = &alert.acknowledged_by {
            let by = by.to_string();
            self.refuse(format!("{by} is on it"));
        } else if self.may_take(Id::AcknowledgeAll, pressed) {
            self.ask(Request::Acknowledge(Which::One(key.clone())), "it was not acknowledged", None);
        }
    }
}

/// The form that keeps an alert, or all of its rule, quiet.
pub(super) fn silence(model: &Model, key: &AlertKey) -> Option<Form> {
    let alert = model.alert(key)?;
    let mut spans: Vec<String> = SPANS.map(str::to_owned).to_vec();
    if alert.silenced_until.is_some() {
        spans.push(NOW.to_owned());
    }
    let whole = format!("every {}", alert.rule);
    let fields = vec![
        FormField::suggest("for", SPANS[1], spans),
        FormField::choice("what", "this alert", vec!["this alert".to_owned(), whole]),
        FormField::text("reason", "", false),
    ];
    let rule = AlertKey::from(alert.rule.as_str());
    let mut form = Form::new(Purpose::Silence { key: key.clone(), rule }, vec![alert.text.clone()], fields);
    form.focus = 2;
    Some(form)
}
