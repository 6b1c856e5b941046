//! Updates to audiences: issuing is recorded before anything is sent, and what came of it after.

use super::{Context, Decision, no_such, not_now, unsecret};
use crate::comms::{LONGEST, Update, WayState, marked, marked_subject, timeout};
use crate::diagnostic::did_you_mean;
use crate::engine::{Became, Command, Incident, Reason, Refusal, TellAct};
use crate::ident::AudienceId;
use crate::log::{Event, IncidentStatus, Way};
use crate::untrusted::{sanitise, sanitise_line};

/// It makes an update leave this machine.
pub(super) const fn sends(command: &Command) -> bool {
    let Command::Tell(act) = command else { return false };
    matches!(**act, TellAct::Issue { .. } | TellAct::Retry { .. })
}

/// Nothing new is told of an incident that is closed; what was being told when it was closed still has its outcome.
pub(super) fn decide(context: &Context<'_>, act: &TellAct) -> Result<Decision, Refusal> {
    let Some(incident) = &context.state.incident else { return Err(not_now("no incident is open: declare one first")) };
    Ok(match act {
        TellAct::Issue { audience, status, subject, text, ways } => {
            context.open_incident()?;
            known(incident, audience, ways)?;
            issue(incident, audience, *status, (subject, text), ways)?.into()
        }
        TellAct::Retry { update, way } => {
            settled(context, incident, *update, way)?;
            Event::UpdateRetried { update: *update, way: way.clone() }.into()
        }
        TellAct::Vouch { update, way } => {
            settled(context, incident, *update, way)?;
            Event::UpdateDelivered { update: *update, way: way.clone(), receipt: None }.into()
        }
        TellAct::Record { update, way, became } => {
            let before = state(context, *update, way)?;
            if before.reached() {
                return Err(Refusal::new(Reason::Duplicate, "what came of it is recorded already"));
            }
            record(*update, way, became, before).into()
        }
    })
}

/// Audience and channels are the estate's.
fn known(incident: &Incident, audience: &AudienceId, ways: &[Way]) -> Result<(), Refusal> {
    let audiences = || incident.estate.audiences.iter().map(|known| known.id.as_str());
    if !audiences().any(|known| known == audience.as_str()) {
        let help = did_you_mean(audience.as_str(), audiences())
            .unwrap_or_else(|| format!("there is {}", audiences().collect::<Vec<_>>().join(", ")));
        return Err(Refusal::new(Reason::NoSuchThing, format!("there is no audience `{audience}`: {help}")));
    }
    let outlets = &incident.estate.outlets;
    for way in ways {
        match way {
            Way::Channel(id) if !outlets.iter().any(|outlet| outlet.id == *id) => {
                return Err(no_such("channel of updates", id.as_str()));
            }
            Way::File(name) if !plain(name) => {
                return Err(not_now(
                    "a file of the incident's folder has a plain name: letters, digits, `-`, `_`, `.`",
                ));
            }
            Way::Channel(_) | Way::File(_) | Way::Clipboard => {}
        }
    }
    Ok(())
}

fn plain(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    !name.is_empty() && name.len() <= 100 && !name.starts_with('.') && name.chars().all(fits)
}

fn issue(
    incident: &Incident,
    audience: &AudienceId,
    status: IncidentStatus,
    (subject, text): (&str, &str),
    ways: &[Way],
) -> Result<Event, Refusal> {
    if ways.is_empty() {
        return Err(not_now("say how it is sent: through a channel, or by hand from the clipboard or a file"));
    }
    let (subject, text) = (sanitise_line(subject.trim()), sanitise(text.trim()));
    if subject.is_empty() && text.is_empty() {
        return Err(Refusal::new(Reason::Confirmation, "there is nothing in it: write what people should know"));
    }
    if text.len() > LONGEST {
        return Err(not_now(format!("it is longer than {} kB: whoever receives it would cut it", LONGEST / 1024)));
    }
    // What people are told is not changed behind the author's back: they take the secret out themselves.
    if unsecret(&text) != text || unsecret(&subject) != subject {
        return Err(not_now("it holds what looks like a secret, and would be sent and stay in the log"));
    }
    Ok(Event::UpdateIssued {
        audience: audience.clone(),
        status,
        subject: marked_subject(incident.kind, &subject),
        text: marked(incident.kind, &text),
        ways: ways.to_vec(),
    })
}

/// It did not arrive, or nobody knows whether it did; and nobody is sending it just now.
fn settled(context: &Context<'_>, incident: &Incident, update: u64, way: &Way) -> Result<(), Refusal> {
    let state = state(context, update, way)?;
    if state.reached() {
        return Err(Refusal::new(Reason::Duplicate, format!("it has reached {way} already")));
    }
    match state {
        WayState::Sending { .. } if !state.unknown(timeout(&incident.estate, way), context.now.wall) => {
            Err(not_now(format!("it is being sent by {way}: wait for what becomes of it")))
        }
        _ => Ok(()),
    }
}

fn record(update: u64, way: &Way, became: &Became, before: &WayState) -> Event {
    let way = way.clone();
    match became {
        // What a receiver calls it comes from outside.
        Became::Delivered { receipt } => {
            Event::UpdateDelivered { update, way, receipt: receipt.as_deref().map(sanitise_line) }
        }
        Became::Shown => Event::UpdateShown { update, way },
        Became::Failed { why, remedy, unsure } => {
            // That this attempt did not arrive says nothing of one before it.
            let unsure = *unsure || before.doubted();
            Event::UpdateFailed { update, way, why: unsecret(why), remedy: remedy.clone(), unsure }
        }
    }
}

fn state<'a>(context: &Context<'a>, update: u64, way: &Way) -> Result<&'a WayState, Refusal> {
    let known: Option<&Update> = context.state.updates.issued.get(&update);
    let known = known.ok_or_else(|| no_such("update", &update.to_string()))?;
    known.ways.get(way).ok_or_else(|| no_such("way of this update", &way.to_string()))
}
