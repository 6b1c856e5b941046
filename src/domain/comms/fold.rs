//! Folding what the log says of updates.

use super::{Update, Updates, WayState};
use crate::ident::PersonId;
use crate::log::{Entry, Event, Way};

pub(crate) fn fold(updates: &mut Updates, entry: &Entry, by: &PersonId) {
    let at = entry.occurred_at;
    match &entry.event {
        Event::UpdateIssued { audience, status, subject, text, ways } => {
            let ways = ways.iter().map(|way| (way.clone(), WayState::Sending { since: at, doubt: false })).collect();
            let (subject, text, by) = (subject.clone(), text.clone(), by.clone());
            let update = Update { audience: audience.clone(), status: *status, subject, text, by, at, ways };
            updates.issued.insert(entry.seq, update);
        }
        Event::UpdateRetried { update, way } => {
            let before = updates.issued.get(update).and_then(|update| update.ways.get(way));
            // One that was still being sent has lost its console.
            let doubt = before.is_some_and(|state| matches!(state, WayState::Sending { .. }) || state.doubted());
            set(updates, *update, way, WayState::Sending { since: at, doubt });
        }
        Event::UpdateDelivered { update, way, receipt } => {
            set(updates, *update, way, WayState::Delivered { at, receipt: receipt.clone() });
        }
        Event::UpdateShown { update, way } => set(updates, *update, way, WayState::Shown { at }),
        Event::UpdateFailed { update, way, why, remedy, unsure } => {
            let (why, remedy) = (why.clone(), remedy.clone());
            set(updates, *update, way, WayState::Failed { at, why, remedy, unsure: *unsure });
        }
        _ => {}
    }
}

fn set(updates: &mut Updates, update: u64, way: &Way, state: WayState) {
    if let Some(update) = updates.issued.get_mut(&update) {
        update.ways.insert(way.clone(), state);
    }
}
