//! What is recorded of messages: that people were told, where, or why they were not.

use super::{Context, Decision};
use crate::alert::{Delivered, Delivery};
use crate::engine::Refusal;
use crate::log::Event;

pub(super) fn decide(context: &Context<'_>, delivery: &Delivery) -> Result<Decision, Refusal> {
    context.open_incident()?;
    let Delivery { channel, key, text, at, outcome, .. } = delivery.clone();
    let event = match outcome {
        Delivered::Sent => Event::MessageSent { channel, alert: key, text },
        Delivered::WouldBeSent => Event::MessageShown { channel, alert: key, text },
        Delivered::Failed { why, remedy } => {
            Event::MessageFailed { channel, alert: key, text, why, remedy: Some(remedy) }
        }
        Delivered::GivenUp { why } => Event::MessageFailed { channel, alert: key, text, why, remedy: None },
    };
    Ok(Decision::at(event, at))
}
