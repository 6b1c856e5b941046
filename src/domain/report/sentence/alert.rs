//! Alerts, as the log tells them.

use super::{Mark, Sentence};
use crate::log::Event;
use crate::reading::AlertSeverity;
use crate::time::clock;

pub(super) fn sentence(event: &Event) -> Option<Sentence> {
    Some(match event {
        Event::AlertFired { key, severity, text, since } => {
            let mark = match severity {
                AlertSeverity::Critical => Mark::Bad,
                AlertSeverity::Warning => Mark::Warning,
                AlertSeverity::Info => Mark::Plain,
            };
            Sentence::new(mark, format!("alert, {}: {text}", severity.word()))
                .because(format!("{key}, since {}", clock(*since)))
        }
        Event::AlertResolved { key } => Sentence::new(Mark::Good, format!("alert {key} is over")),
        Event::AlertAcknowledged { key, by } => Sentence::new(Mark::Plain, format!("{by} acknowledges alert {key}")),
        Event::AlertSilenced { of, until, by, reason } => {
            Sentence::new(Mark::Warning, format!("{by} silences {of} until {}", clock(*until))).because(reason.clone())
        }
        Event::SilenceEnded { of } => Sentence::new(Mark::Plain, format!("the silence of {of} is ended")),
        _ => return None,
    })
}
