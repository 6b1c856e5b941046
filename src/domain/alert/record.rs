//! What the log of an open incident is told of alerts: whatever the book and the answers say and the log does not.
//! Whoever records asks again and again; what is recorded already comes to nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::{Answers, Book};
use crate::ident::{AlertKey, PersonId};
use crate::reading::AlertSeverity;
use crate::time::Timestamp;

/// What a log says of alerts: the fold of its entries.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recorded {
    /// Those that fire, as far as the log knows.
    pub firing: BTreeMap<AlertKey, RecordedAlert>,
    /// Until when what is silenced is.
    pub silences: BTreeMap<AlertKey, Timestamp>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct RecordedAlert {
    pub severity: AlertSeverity,
    /// It became more severe since: an acknowledgement of before is void.
    pub acknowledged_by: Option<PersonId>,
}

/// A turn in an alert's life, or what somebody said to it.
#[derive(Clone, Debug, PartialEq)]
pub enum AlertTurn {
    /// Fired, or became more severe, at `at`.
    Fired {
        key: AlertKey,
        severity: AlertSeverity,
        text: String,
        since: Timestamp,
        at: Timestamp,
    },
    Resolved {
        key: AlertKey,
    },
    Acknowledged {
        key: AlertKey,
        by: PersonId,
        at: Timestamp,
    },
    Silenced {
        of: AlertKey,
        until: Timestamp,
        by: PersonId,
        at: Timestamp,
        reason: String,
    },
    SilenceEnded {
        of: AlertKey,
    },
}

/// What is yet to be recorded. Of what is `unknown` now nobody can say that it is over.
#[must_use]
pub fn to_record(
    book: &Book,
    answers: &Answers,
    unknown: &BTreeSet<AlertKey>,
    recorded: &Recorded,
    now: Timestamp,
) -> Vec<AlertTurn> {
    let mut turns = Vec::new();
    for (alert, at) in book.firing() {
        let (found, known) = (&alert.finding, recorded.firing.get(&alert.finding.key));
        let news = known.is_none_or(|known| known.severity < alert.severity);
        if news {
            turns.push(AlertTurn::Fired {
                key: found.key.clone(),
                severity: alert.severity,
                text: found.text.clone(),
                since: found.since,
                at,
            });
        }
        let known = known.filter(|_| !news).and_then(|known| known.acknowledged_by.as_ref());
        if let (Some(taken), None) = (answers.acknowledgement(alert), known) {
            turns.push(AlertTurn::Acknowledged { key: found.key.clone(), by: taken.by.clone(), at: taken.at });
        }
    }
    let over = |key: &&AlertKey| book.alert(key).is_none() && !unknown.contains(*key);
    turns.extend(recorded.firing.keys().filter(over).map(|key| AlertTurn::Resolved { key: key.clone() }));
    let mut silenced = BTreeSet::new();
    for (of, silence) in answers.silences(now) {
        silenced.insert(of);
        // The log keeps milliseconds.
        let known = recorded.silences.get(of).map(|until| until.as_millisecond());
        if known != Some(silence.until.as_millisecond()) {
            turns.push(AlertTurn::Silenced {
                of: of.clone(),
                until: silence.until,
                by: silence.by.clone(),
                at: silence.at,
                reason: silence.reason.clone(),
            });
        }
    }
    let ended = recorded.silences.iter().filter(|(of, until)| **until > now && !silenced.contains(of));
    turns.extend(ended.map(|(of, _)| AlertTurn::SilenceEnded { of: of.clone() }));
    turns
}
