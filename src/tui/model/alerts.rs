//! The list of alerts: the cursor stays on its alert while the list is sorted anew.

use domain::ident::AlertKey;
use domain::reading::{AlertState, AlertStatus};

use super::{Filter, Model, Narrowed};

/// Where the person stands in the list; `None`: on the first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlertList {
    pub cursor: Option<AlertKey>,
    pub filter: Filter,
}

impl AlertList {
    /// Those that pass its filter, and what is left out.
    #[must_use]
    pub fn narrowed<'a>(&self, alerts: &'a [AlertStatus]) -> Narrowed<&'a AlertStatus> {
        let terms = self.filter.terms(&[]);
        Narrowed::new(alerts, |alert| terms.pass_text(&says(alert)), |alert| open(alert))
    }

    /// Of an alert that is over the first is under the cursor.
    #[must_use]
    pub fn position(&self, alerts: &[&AlertStatus]) -> usize {
        let here = |key: &AlertKey| alerts.iter().position(|alert| alert.key == *key);
        self.cursor.as_ref().and_then(here).unwrap_or(0)
    }
}

impl Model {
    /// Worst first, as the status has them.
    #[must_use]
    pub fn alerts(&self) -> &[AlertStatus] {
        self.status.as_ref().map_or(&[], |status| &status.alerts)
    }

    #[must_use]
    pub fn alert(&self, key: &AlertKey) -> Option<&AlertStatus> {
        self.alerts().iter().find(|alert| alert.key == *key)
    }
}

fn says(alert: &AlertStatus) -> String {
    let region = alert.region.as_ref().map(ToString::to_string).unwrap_or_default();
    let by = alert.acknowledged_by.as_ref().map(ToString::to_string).unwrap_or_default();
    format!("{} {} {} {region} {by}", alert.severity.word(), alert.rule, alert.text)
}

/// It fires, and nobody has answered.
#[must_use]
pub fn open(alert: &AlertStatus) -> bool {
    alert.state == AlertState::Firing && !answered(alert)
}

/// Somebody is on it, or it is to be quiet.
#[must_use]
pub const fn answered(alert: &AlertStatus) -> bool {
    alert.acknowledged_by.is_some() || alert.silenced_until.is_some()
}
