//! When each audience is to be told next.

use std::time::Duration;

use super::{Audience, Update, Updates, WayState};
use crate::ident::AudienceId;
use crate::log::IncidentStatus;
use crate::time::{Timestamp, at_offset, since};

/// The next update of one audience.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    pub audience: AudienceId,
    /// When it is due: after this it is overdue.
    pub at: Timestamp,
    /// When it was told last.
    pub last: Option<Timestamp>,
}

/// What is due when, soonest first. Who was told that it is resolved is told no more.
#[must_use]
pub fn due(audiences: &[Audience], updates: &Updates, declared_at: Timestamp) -> Vec<Due> {
    let mut due: Vec<Due> = audiences.iter().filter_map(|audience| next(audience, updates, declared_at)).collect();
    due.sort_by_key(|due| due.at);
    due
}

/// How an audience was told, looked back on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cadence {
    /// It was told nothing.
    Never,
    /// So many updates, each in time.
    Kept(usize),
    /// One came this much later than it was due, or was missing for so long: the longest.
    Late(Duration),
}

/// From the declaration to `end`.
#[must_use]
pub fn cadence(audience: &Audience, updates: &Updates, declared_at: Timestamp, end: Timestamp) -> Cadence {
    let told = updates.issued.values().filter(|update| update.audience == audience.id && reached(update));
    let told: Vec<&Update> = told.filter(|update| update.at <= end).collect();
    let Some(last) = told.last() else { return Cadence::Never };
    let mut due = at_offset(declared_at, audience.first);
    let mut late = Duration::ZERO;
    for update in &told {
        late = late.max(since(told_at(update), due));
        due = at_offset(update.at, audience.every);
    }
    if last.status != IncidentStatus::Resolved {
        late = late.max(since(end, due));
    }
    if late.is_zero() { Cadence::Kept(told.len()) } else { Cadence::Late(late) }
}

fn next(audience: &Audience, updates: &Updates, declared_at: Timestamp) -> Option<Due> {
    let told = updates.issued.values().rev().find(|update| update.audience == audience.id && reached(update));
    let at = match told {
        Some(update) if update.status == IncidentStatus::Resolved => return None,
        Some(update) => at_offset(update.at, audience.every),
        None => at_offset(declared_at, audience.first),
    };
    Some(Due { audience: audience.id.clone(), at, last: told.map(|update| update.at) })
}

/// What reached somebody so soon was told when it was issued.
const ATTEMPT: Duration = Duration::from_secs(60);

/// When it first reached somebody, as far as is known: later than it was issued where it had to be tried again.
fn told_at(update: &Update) -> Timestamp {
    let reached = update.ways.values().filter_map(|state| match state {
        WayState::Delivered { at, .. } | WayState::Shown { at } => Some(*at),
        WayState::Sending { .. } | WayState::Failed { .. } => None,
    });
    reached.min().filter(|at| since(*at, update.at) > ATTEMPT).unwrap_or(update.at)
}

/// It reached somebody, or is on its way; what failed on every way told nobody.
fn reached(update: &Update) -> bool {
    update.ways.values().any(|state| !matches!(state, WayState::Failed { .. }))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::log::Way;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(minute * 60).unwrap()
    }

    fn update(minute: i64, status: IncidentStatus, state: WayState) -> (u64, Update) {
        let update = Update {
            audience: "public".into(),
            status,
            subject: String::new(),
            text: String::new(),
            by: "mara".into(),
            at: at(minute),
            ways: BTreeMap::from([(Way::Clipboard, state)]),
        };
        (u64::try_from(minute).unwrap(), update)
    }

    fn public(updates: &Updates) -> Option<(Timestamp, Option<Timestamp>)> {
        let due = due(&Audience::usual()[..1], updates, at(0));
        due.first().map(|due| (due.at, due.last))
    }

    #[test]
    fn the_first_update_is_due_after_the_declaration_and_each_further_one_after_the_last() {
        assert_eq!(public(&Updates::default()), Some((at(5), None)));
        let told = update(3, IncidentStatus::Investigating, WayState::Delivered { at: at(3), receipt: None });
        assert_eq!(public(&Updates { issued: [told].into() }), Some((at(23), Some(at(3)))));
    }

    #[test]
    fn looked_back_on_each_was_in_time_or_one_was_late() {
        let shown = |minute| update(minute, IncidentStatus::Identified, WayState::Shown { at: at(minute) });
        let told = |minutes: &[i64]| Updates { issued: minutes.iter().map(|minute| shown(*minute)).collect() };
        let public = &Audience::usual()[0];
        let of = |minutes: &[i64], end| cadence(public, &told(minutes), at(0), at(end));
        assert_eq!(of(&[], 60), Cadence::Never);
        assert_eq!(of(&[5, 25, 44], 60), Cadence::Kept(3));
        assert_eq!(of(&[7, 25], 30), Cadence::Late(Duration::from_secs(120)), "the first is due after 5 minutes");
        assert_eq!(of(&[5], 60), Cadence::Late(Duration::from_secs(35 * 60)), "none came after it");
        let again = update(4, IncidentStatus::Identified, WayState::Delivered { at: at(14), receipt: None });
        let late = cadence(public, &Updates { issued: [again].into() }, at(0), at(20));
        assert_eq!(late, Cadence::Late(Duration::from_secs(9 * 60)), "it had to be tried again");
    }

    #[test]
    fn what_failed_told_nobody_and_what_is_resolved_is_told_no_more() {
        let failed = WayState::Failed { at: at(3), why: "no route".to_owned(), remedy: None, unsure: false };
        let failed = update(3, IncidentStatus::Investigating, failed);
        assert_eq!(public(&Updates { issued: [failed].into() }), Some((at(5), None)));
        let over = update(40, IncidentStatus::Resolved, WayState::Shown { at: at(40) });
        assert_eq!(public(&Updates { issued: [over].into() }), None);
    }
}
