//! Updates to audiences, as the log tells them.

use super::{Mark, Sentence};
use crate::engine::State;
use crate::log::{Event, Way};

pub(super) fn sentence(state: &State, event: &Event) -> Option<Sentence> {
    let whom = |update: &u64| {
        let update = state.updates.issued.get(update);
        update.map_or_else(|| "an audience".to_owned(), |update| update.audience.to_string())
    };
    Some(match event {
        Event::UpdateIssued { audience, status, subject, text, ways } => {
            let ways: Vec<_> = ways.iter().map(Way::to_string).collect();
            let said = if subject.is_empty() { text } else { subject };
            Sentence::new(Mark::Started, format!("update for {audience}, {}", status.word()))
                .because(super::joined(&[format!("by {}", ways.join(", ")), said.clone()]))
        }
        Event::UpdateRetried { update, way } => {
            Sentence::new(Mark::Started, format!("tries again to tell {} by {way}", whom(update)))
        }
        Event::UpdateDelivered { update, way, receipt } => {
            let receipt = receipt.clone().unwrap_or_default();
            Sentence::new(Mark::Good, format!("{} told by {way}", whom(update))).because(receipt)
        }
        Event::UpdateShown { update, way } => {
            Sentence::new(Mark::Plain, format!("would be sent to {} by {way}", whom(update)))
        }
        Event::UpdateFailed { update, way, why, remedy, unsure } => {
            let (mark, told) =
                if *unsure { (Mark::Unknown, "nobody knows whether it arrived") } else { (Mark::Bad, "not told") };
            Sentence::new(mark, format!("{}: {told} by {way}", whom(update)))
                .because(super::joined(&[why.clone(), remedy.clone().unwrap_or_default()]))
        }
        _ => return None,
    })
}
