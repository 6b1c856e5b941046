//! Messages, as the log tells them.

use super::{Mark, Sentence};
use crate::log::Event;

pub(super) fn sentence(event: &Event) -> Option<Sentence> {
    Some(match event {
        Event::MessageSent { channel, text, .. } => {
            Sentence::new(Mark::Plain, format!("people are told through {channel}")).because(text.clone())
        }
        Event::MessageShown { channel, text, .. } => {
            Sentence::new(Mark::Plain, format!("would be sent through {channel}")).because(text.clone())
        }
        Event::MessageFailed { channel, text, why, remedy, .. } => {
            let then = remedy.as_deref().map_or("given up", |_| "tried again");
            let remedy = remedy.clone().unwrap_or_default();
            Sentence::new(Mark::Bad, format!("nobody could be told through {channel}: {why}; {then}"))
                .because(super::joined(&[text.clone(), remedy]))
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_says_where_it_went_or_why_it_did_not() {
        let (channel, alert, text) = ("on-call".into(), "a:b".into(), "FIRING critical orders: x".to_owned());
        let said = |event: &Event| sentence(event).unwrap().text;
        let sent = Event::MessageSent { channel, alert, text };
        assert_eq!(said(&sent), "people are told through on-call");
        let failed = Event::MessageFailed {
            channel: "on-call".into(),
            alert: "a:b".into(),
            text: String::new(),
            why: "401 Unauthorized".to_owned(),
            remedy: Some("check env:KEY".to_owned()),
        };
        assert_eq!(said(&failed), "nobody could be told through on-call: 401 Unauthorized; tried again");
        let json = serde_json::to_value(&failed).unwrap();
        assert_eq!(json["type"], "message_failed");
        assert_eq!(serde_json::from_value::<Event>(json).unwrap(), failed);
    }
}
