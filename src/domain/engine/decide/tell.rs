//! Updates to audiences: issuing is recorded before anything is sent, and what came of it after.

use super::{Context, Decision, no_such, not_now, unsecret};
use crate::comms::{Update, WayState};
use crate::engine::{Became, Reason, Refusal, TellAct};
use crate::log::{Event, Way};

pub(super) fn decide(context: &Context<'_>, act: &TellAct) -> Result<Decision, Refusal> {
    context.open_incident()?;
    Ok(match act {
        TellAct::Issue { audience, status, subject, text, ways } => {
            if ways.is_empty() {
                return Err(not_now("say how it is sent: through a channel, or by hand from the clipboard or a file"));
            }
            let text = text.trim();
            if text.is_empty() {
                return Err(Refusal::new(
                    Reason::Confirmation,
                    "there is nothing in it: write what people should know",
                ));
            }
            // What people are told is not changed behind the author's back: they take the secret out themselves.
            if unsecret(text) != text || unsecret(subject) != *subject {
                return Err(not_now("it holds what looks like a secret, and would be sent and stay in the log"));
            }
            let (subject, text) = (subject.trim().to_owned(), text.to_owned());
            Event::UpdateIssued { audience: audience.clone(), status: *status, subject, text, ways: ways.clone() }
                .into()
        }
        TellAct::Retry { update, way } => match state(context, *update, way)? {
            WayState::Delivered { .. } | WayState::Shown { .. } => {
                return Err(Refusal::new(Reason::Duplicate, format!("it has reached {way} already")));
            }
            WayState::Sending { .. } | WayState::Failed { .. } => {
                Event::UpdateRetried { update: *update, way: way.clone() }.into()
            }
        },
        TellAct::Record { update, way, became } => {
            if matches!(state(context, *update, way)?, WayState::Delivered { .. } | WayState::Shown { .. }) {
                return Err(Refusal::new(Reason::Duplicate, "what came of it is recorded already"));
            }
            record(*update, way, became).into()
        }
    })
}

fn record(update: u64, way: &Way, became: &Became) -> Event {
    let way = way.clone();
    match became {
        Became::Delivered { receipt } => Event::UpdateDelivered { update, way, receipt: receipt.clone() },
        Became::Shown => Event::UpdateShown { update, way },
        Became::Failed { why, remedy } => {
            Event::UpdateFailed { update, way, why: unsecret(why), remedy: remedy.clone() }
        }
    }
}

fn state<'a>(context: &Context<'a>, update: u64, way: &Way) -> Result<&'a WayState, Refusal> {
    let known: Option<&Update> = context.state.updates.issued.get(&update);
    let known = known.ok_or_else(|| no_such("update", &update.to_string()))?;
    known.ways.get(way).ok_or_else(|| no_such("way of this update", &way.to_string()))
}
