//! The life of alerts: pending, firing, gone. One console keeps the book; what it says survives that console.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{AlertSettings, Answers, Audience, Finding, Notice, NoticeState, Rule, RuleSettings, Sight};
use crate::ident::AlertKey;
use crate::reading::{AlertSeverity, AlertState, AlertStatus, age};
use crate::time::{Now, Timestamp, since};

/// A book that was not kept for longer than this has lost the thread: what was about to fire or to resolve begins anew.
const GAP: Duration = Duration::from_secs(30);

/// Every alert that is not over.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Book {
    /// When it was last kept; `None` if never.
    pub at: Option<Timestamp>,
    alerts: BTreeMap<AlertKey, Alert>,
}

/// One alert, from when its rule first saw something to when that is over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// As it was last seen.
    pub finding: Finding,
    /// Goes up at once with what is seen, and down as it would resolve: after the rule's `resolve_after`.
    pub severity: AlertSeverity,
    pub life: Life,
    /// When people were last told of it, or would have been.
    pub told_at: Option<Timestamp>,
    /// They are to be told that it fires, and were kept from it by a silence.
    owed: bool,
    /// They were told that somebody has taken it on.
    #[serde(default)]
    taken: bool,
    /// Since when it is over, or less severe than before.
    #[serde(skip)]
    easing_since: Option<Now>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Life {
    /// Seen, and not yet for as long as the rule wants.
    Pending { since: Now },
    /// `since` is when it fired, or last became more severe: an acknowledgement holds for just that.
    Firing { since: Timestamp },
}

impl Alert {
    #[must_use]
    pub const fn fired_at(&self) -> Option<Timestamp> {
        match self.life {
            Life::Firing { since } => Some(since),
            Life::Pending { .. } => None,
        }
    }
}

impl Book {
    /// Takes in what the rules see now; gives what people are to be told, in the order of keys.
    pub fn keep(
        &mut self,
        sight: Sight,
        settings: &AlertSettings,
        answers: &Answers,
        audience: &Audience<'_>,
        now: Now,
    ) -> Vec<Notice> {
        if self.at.is_none_or(|at| since(now.wall, at) > GAP) {
            self.take_up(now);
        }
        self.at = Some(now.wall);
        let Sight { blind, found, unknown } = sight;
        let counts = |rule: Rule| !blind || rule.of_the_console();
        let mut found: BTreeMap<AlertKey, Finding> = found
            .into_iter()
            .filter(|finding| counts(finding.rule))
            .map(|finding| (finding.key.clone(), finding))
            .collect();
        let mut notices = Vec::new();
        self.alerts.retain(|key, alert| {
            let (rule, settled) = (alert.finding.rule, settings.rule(alert.finding.rule));
            match found.remove(key) {
                Some(finding) => alert.goes_on(finding, settled, now),
                None if unknown.contains(key) || !counts(rule) => alert.easing_since = None,
                None => {
                    let over = alert.over(settled, now);
                    if over && alert.told_at.is_some() && !rule.told_once() {
                        notices.push(Notice::of(alert, NoticeState::Resolved, now.wall, audience));
                    }
                    return !over;
                }
            }
            true
        });
        for (key, finding) in found {
            let settled = settings.rule(finding.rule);
            self.alerts.insert(key, Alert::begins(finding, settled, now));
        }
        for alert in self.alerts.values_mut().filter(|alert| counts(alert.finding.rule)) {
            let repeat = settings.rule(alert.finding.rule).repeat;
            let Some(state) = alert.tell(repeat, answers, now) else { continue };
            let by = answers.acknowledgement(alert).map(|taken| taken.by.clone());
            notices.push(Notice { by, ..Notice::of(alert, state, now.wall, audience) });
        }
        notices
    }

    /// After a gap nobody can say that something went on, or was over, all the while.
    fn take_up(&mut self, now: Now) {
        for alert in self.alerts.values_mut() {
            alert.easing_since = None;
            if let Life::Pending { since } = &mut alert.life {
                *since = now;
            }
        }
    }

    /// Apart from when it was kept, and from texts, which anybody can read off what is so now.
    #[must_use]
    pub fn says_the_same_as(&self, other: &Self) -> bool {
        let gist = |alert: &Alert| (alert.severity, alert.life, alert.told_at, alert.owed, alert.taken);
        self.alerts.len() == other.alerts.len()
            && self
                .alerts
                .iter()
                .zip(&other.alerts)
                .all(|((key, alert), (other_key, other))| key == other_key && gist(alert) == gist(other))
    }

    /// The texts as they read now, in a copy of a book that somebody else keeps.
    pub fn reword(&mut self, sight: Sight) {
        for finding in sight.found {
            if let Some(alert) = self.alerts.get_mut(&finding.key) {
                alert.finding = finding;
            }
        }
    }

    #[must_use]
    pub fn alert(&self, key: &AlertKey) -> Option<&Alert> {
        self.alerts.get(key)
    }

    pub fn alerts(&self) -> impl Iterator<Item = &Alert> {
        self.alerts.values()
    }

    /// Those that fire.
    pub fn firing(&self) -> impl Iterator<Item = (&Alert, Timestamp)> {
        self.alerts.values().filter_map(|alert| Some((alert, alert.fired_at()?)))
    }

    /// As `status` shows them: firing before pending, worst first, of one severity what speaks for most first (a region
    /// before a check, channels that fail towards the end), then the oldest.
    #[must_use]
    pub fn statuses(&self, answers: &Answers, now: Timestamp) -> Vec<AlertStatus> {
        let mut alerts: Vec<&Alert> = self.alerts.values().collect();
        alerts.sort_by_key(|alert| {
            let found = &alert.finding;
            (alert.fired_at().is_none(), std::cmp::Reverse(alert.severity), found.rule, found.since, found.key.clone())
        });
        alerts.into_iter().map(|alert| shown(alert, answers, now)).collect()
    }
}

fn shown(alert: &Alert, answers: &Answers, now: Timestamp) -> AlertStatus {
    let found = &alert.finding;
    let acknowledged = answers.acknowledgement(alert);
    let silence = answers.silence_of(&found.key, now);
    AlertStatus {
        severity: alert.severity,
        rule: found.rule.word().to_owned(),
        text: found.text.clone(),
        since: found.since,
        key: found.key.clone(),
        state: if alert.fired_at().is_some() { AlertState::Firing } else { AlertState::Pending },
        subject: found.subject.clone(),
        region: found.region.clone(),
        service: found.service.clone(),
        fired_at: alert.fired_at(),
        told_at: alert.told_at,
        acknowledged_by: acknowledged.map(|acknowledged| acknowledged.by.clone()),
        acknowledged_at: acknowledged.map(|acknowledged| acknowledged.at),
        silenced_until: silence.map(|silence| silence.until),
        silenced_by: silence.map(|silence| silence.by.clone()),
        silenced_because: silence.map(|silence| silence.reason.clone()),
    }
}

impl Alert {
    fn begins(finding: Finding, rule: RuleSettings, now: Now) -> Self {
        let mut alert = Self {
            severity: finding.severity,
            finding,
            life: Life::Pending { since: now },
            told_at: None,
            owed: false,
            taken: false,
            easing_since: None,
        };
        alert.ripen(rule, now);
        alert
    }

    fn ripen(&mut self, rule: RuleSettings, now: Now) {
        if let Life::Pending { since } = self.life
            && age(since, now) >= rule.pending
        {
            self.life = Life::Firing { since: now.wall };
            self.owed = true;
        }
    }

    /// It is seen again.
    fn goes_on(&mut self, finding: Finding, rule: RuleSettings, now: Now) {
        let worse = finding.severity > self.severity;
        if finding.severity >= self.severity || self.over(rule, now) {
            self.severity = finding.severity;
            self.easing_since = None;
        }
        self.finding = finding;
        match &mut self.life {
            Life::Firing { since } if worse => {
                *since = now.wall;
                self.owed = true;
            }
            Life::Firing { .. } => {}
            Life::Pending { .. } => self.ripen(rule, now),
        }
    }

    /// What was seen is not so any more: for long enough?
    fn over(&mut self, rule: RuleSettings, now: Now) -> bool {
        if self.fired_at().is_none() {
            return true;
        }
        let easing_since = *self.easing_since.get_or_insert(now);
        age(easing_since, now) >= rule.resolve_after
    }

    /// What people are to be told of it now. Nothing while it is silenced; no reminder once somebody has taken it on.
    fn tell(&mut self, repeat: Option<Duration>, answers: &Answers, now: Now) -> Option<NoticeState> {
        self.fired_at()?;
        if answers.acknowledgement(self).is_some() {
            self.owed = false;
            let news = self.told_at.is_some() && !std::mem::replace(&mut self.taken, true);
            return news.then_some(NoticeState::Acknowledged);
        }
        self.taken = false;
        if answers.silence_of(&self.finding.key, now.wall).is_some() {
            return None;
        }
        let state = match (self.owed, self.told_at, repeat) {
            (true, _, _) => NoticeState::Firing,
            (false, Some(told_at), Some(repeat)) if since(now.wall, told_at) >= repeat => NoticeState::Reminder,
            _ => return None,
        };
        self.owed = false;
        self.told_at = Some(now.wall);
        Some(state)
    }
}
