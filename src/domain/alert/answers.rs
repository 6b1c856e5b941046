//! What people said to alerts: that they are on it, or that it is to be quiet for a while.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Alert, Book, Rule};
use crate::diagnostic::did_you_mean;
use crate::engine::{Reason, Refusal};
use crate::ident::{AlertKey, PersonId};
use crate::redact::Redactor;
use crate::time::Timestamp;
use crate::untrusted::sanitise_line;

/// Kept apart from the book: everybody may answer, one console keeps the book.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answers {
    acknowledged: BTreeMap<AlertKey, Acknowledged>,
    /// By the key of an alert, or by a rule's word for all of its alerts.
    silences: BTreeMap<AlertKey, Silence>,
}

/// Somebody is on it: reminders end. It ends with the alert, and when that becomes more severe.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledged {
    pub by: PersonId,
    pub at: Timestamp,
    /// Of the alert it answers.
    fired_at: Timestamp,
}

/// Nobody is told that it fires before `until`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silence {
    pub by: PersonId,
    pub at: Timestamp,
    pub until: Timestamp,
    pub reason: String,
}

/// Which alerts are acknowledged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    All,
    One(AlertKey),
}

impl Answers {
    /// Takes on what fires; gives the keys of those that nobody had taken on before.
    ///
    /// # Errors
    /// When the one that is named does not fire, or somebody is on it.
    pub fn acknowledge(
        &mut self,
        book: &Book,
        which: &Which,
        by: &PersonId,
        at: Timestamp,
    ) -> Result<Vec<AlertKey>, Refusal> {
        if let Which::One(key) = which {
            self.may_be_acknowledged(book, key)?;
        }
        let open: Vec<(AlertKey, Timestamp)> = book
            .firing()
            .filter(|(alert, _)| self.acknowledgement(alert).is_none())
            .map(|(alert, fired_at)| (alert.finding.key.clone(), fired_at))
            .filter(|(key, _)| matches!(which, Which::All) || *which == Which::One(key.clone()))
            .collect();
        let answered =
            open.iter().map(|(key, fired_at)| (key.clone(), Acknowledged { by: by.clone(), at, fired_at: *fired_at }));
        self.acknowledged.extend(answered);
        Ok(open.into_iter().map(|(key, _)| key).collect())
    }

    fn may_be_acknowledged(&self, book: &Book, key: &AlertKey) -> Result<(), Refusal> {
        let Some(alert) = book.alert(key).filter(|alert| alert.fired_at().is_some()) else {
            let known = book.firing().map(|(alert, _)| alert.finding.key.as_str());
            let help = did_you_mean(key.as_str(), known).map(|help| format!("; {help}")).unwrap_or_default();
            return Err(Refusal::new(Reason::NoSuchThing, format!("no alert `{key}` fires{help}")));
        };
        match self.acknowledgement(alert) {
            Some(taken) => {
                let at = crate::time::clock(taken.at);
                Err(Refusal::new(Reason::Duplicate, format!("{} acknowledged it at {at}", taken.by)))
            }
            None => Ok(()),
        }
    }

    /// Quiet until then, for an alert or all of a rule; `None` ends it.
    ///
    /// # Errors
    /// When there is no such rule, no reason is given, the time is over, or there is nothing to end.
    pub fn silence(
        &mut self,
        of: &AlertKey,
        until: Option<Timestamp>,
        by: &PersonId,
        reason: &str,
        at: Timestamp,
    ) -> Result<(), Refusal> {
        if Rule::of(of).is_none() {
            let help = did_you_mean(of.as_str(), Rule::ALL.map(Rule::word));
            let help = help.unwrap_or_else(|| "it is a rule, or RULE:SUBJECT as `alerts` shows it".to_owned());
            return Err(Refusal::new(Reason::NoSuchThing, format!("there is no alert `{of}`: {help}")));
        }
        let Some(until) = until else {
            return match self.silences.remove(of).filter(|silence| silence.until > at) {
                Some(_) => Ok(()),
                None => Err(Refusal::new(Reason::NotNow, format!("`{of}` is not silenced"))),
            };
        };
        let reason = Redactor::default().redact(sanitise_line(reason).trim());
        if reason.is_empty() {
            return Err(Refusal::new(Reason::Confirmation, "a reason is needed: it stands beside the alert"));
        }
        if until <= at {
            return Err(Refusal::new(Reason::NotNow, "a silence ends in the future"));
        }
        self.silences.insert(of.clone(), Silence { by: by.clone(), at, until, reason });
        Ok(())
    }

    #[must_use]
    pub fn acknowledgement(&self, alert: &Alert) -> Option<&Acknowledged> {
        self.acknowledged.get(&alert.finding.key).filter(|taken| Some(taken.fired_at) == alert.fired_at())
    }

    /// The silence that covers this alert now; of its own and its rule's, the one that lasts longer.
    #[must_use]
    pub fn silence_of(&self, key: &AlertKey, now: Timestamp) -> Option<&Silence> {
        let of_the_rule = Rule::of(key).and_then(|rule| self.silences.get(rule.word()));
        let both = [self.silences.get(key), of_the_rule];
        both.into_iter().flatten().filter(|silence| silence.until > now).max_by_key(|silence| silence.until)
    }

    /// Those that still last.
    pub fn silences(&self, now: Timestamp) -> impl Iterator<Item = (&AlertKey, &Silence)> {
        self.silences.iter().filter(move |(_, silence)| silence.until > now)
    }

    /// Leaves out what no longer answers anything. Of what was said since the book was kept it cannot tell.
    pub fn prune(&mut self, book: &Book, now: Timestamp) {
        self.silences.retain(|_, silence| silence.until > now);
        let answers = |key: &AlertKey, taken: &Acknowledged| {
            book.alert(key).is_some_and(|alert| Some(taken.fired_at) == alert.fired_at())
        };
        self.acknowledged.retain(|key, taken| book.at.is_none_or(|at| taken.at >= at) || answers(key, taken));
    }
}
