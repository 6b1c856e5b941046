//! What is recorded of alerts: each turn once, whoever says it, and however often.

use super::{Context, Decision};
use crate::alert::AlertTurn;
use crate::engine::Refusal;
use crate::log::Event;

pub(super) fn decide(context: &Context<'_>, turn: &AlertTurn) -> Result<Decision, Refusal> {
    let incident = context.open_incident()?;
    let recorded = &context.state.alerts;
    // What fired before the incident was opened is news to its log only now.
    let at = |event, at| if at < incident.opened_at { Decision::from(event) } else { Decision::at(event, at) };
    Ok(match turn.clone() {
        AlertTurn::Fired { key, severity, text, since, at: fired_at } => {
            if recorded.firing.get(&key).is_some_and(|known| known.severity >= severity) {
                return Ok(Decision::default());
            }
            at(Event::AlertFired { key, severity, text, since }, fired_at)
        }
        AlertTurn::Resolved { key } if !recorded.firing.contains_key(&key) => Decision::default(),
        AlertTurn::Resolved { key } => Event::AlertResolved { key }.into(),
        AlertTurn::Acknowledged { key, by, at: taken_at } => match recorded.firing.get(&key) {
            Some(known) if known.acknowledged_by.is_none() => at(Event::AlertAcknowledged { key, by }, taken_at),
            _ => Decision::default(),
        },
        AlertTurn::Silenced { of, until, by, at: said_at, reason } => {
            let known = recorded.silences.get(&of).map(|until| until.as_millisecond());
            if known == Some(until.as_millisecond()) {
                return Ok(Decision::default());
            }
            at(Event::AlertSilenced { of, until, by, reason }, said_at)
        }
        AlertTurn::SilenceEnded { of } if !recorded.silences.contains_key(&of) => Decision::default(),
        AlertTurn::SilenceEnded { of } => Event::SilenceEnded { of }.into(),
    })
}
