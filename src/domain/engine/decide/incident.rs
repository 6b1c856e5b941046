//! The incident's own facts: opening, deciding, observing, fencing, closing.

use std::time::Duration;

use super::{Context, Decision, no_such, not_now, reason_given};
use crate::engine::{Command, Opening, Refusal, State};
use crate::ident::{DatabaseId, RegionId};
use crate::log::Event;
use crate::time::{Timestamp, since};

pub(super) fn decide(context: &Context<'_>, command: &Command) -> Result<Decision, Refusal> {
    if let Command::Open(opening) = command {
        return open(context, opening);
    }
    let incident = context.open_incident()?;
    Ok(match command {
        Command::CorrectImpact { impact_at, reason } => {
            if *impact_at > context.now.wall {
                return Err(not_now("the impact cannot have begun in the future"));
            }
            Event::ImpactCorrected { impact_at: *impact_at, reason: reason_given(reason)? }.into()
        }
        Command::ChangeSeverity { severity, reason } => {
            Event::SeverityChanged { severity: *severity, reason: reason_given(reason)? }.into()
        }
        Command::Decide { text, failover } => {
            Event::DecisionRecorded { text: reason_given(text)?, failover: *failover, proposal: None }.into()
        }
        Command::Note { occurred_at: Some(at), .. } if *at > context.now.wall => {
            return Err(not_now("what is noted has happened: its time lies ahead"));
        }
        Command::Note { text, run, step, occurred_at } => {
            let event = Event::NoteAdded { text: reason_given(text)?, run: *run, step: step.clone() };
            occurred_at.map_or_else(|| Decision::from(event.clone()), |at| Decision::at(event.clone(), at))
        }
        Command::Correct { supersedes, text } => {
            if !context.state.entries.iter().any(|entry| entry.seq == *supersedes) {
                return Err(no_such("entry", &supersedes.to_string()));
            }
            Event::Correction { supersedes: *supersedes, text: reason_given(text)? }.into()
        }
        Command::Close { reason } => {
            may_close(context)?;
            Event::IncidentClosed { reason: reason_given(reason)? }.into()
        }
        Command::Observe { text, subject } => {
            Event::Observation { text: text.clone(), subject: subject.clone() }.into()
        }
        Command::SelfHealed { name, text, at } if is_known(context.state, name, text, *at) => Decision::default(),
        Command::SelfHealed { name, text, at } => {
            Decision::at(Event::Observation { text: text.clone(), subject: Some(name.clone()) }, *at)
        }
        Command::RegionChange { region, from, to, because, at } => Decision::at(
            Event::RegionChanged { region: region.clone(), from: *from, to: *to, because: because.clone() },
            *at,
        ),
        Command::ServingChange { subject, from, to, at } => {
            Decision::at(Event::ServingChanged { subject: subject.clone(), from: from.clone(), to: to.clone() }, *at)
        }
        Command::TierRecover { tier, .. } if incident.recovered.contains_key(tier) => Decision::default(),
        Command::TierRecover { tier, recovered_at } => {
            Event::TierRecovered { tier: tier.clone(), recovered_at: *recovered_at }.into()
        }
        Command::TierRelapse { tier } if !incident.recovered.contains_key(tier) => Decision::default(),
        Command::TierRelapse { tier } => Event::TierRelapsed { tier: tier.clone() }.into(),
        command => fence(context, command)?,
    })
}

fn open(context: &Context<'_>, opening: &Opening) -> Result<Decision, Refusal> {
    if context.state.incident.is_some() {
        return Err(not_now("this log already holds an incident"));
    }
    Ok(Event::IncidentOpened {
        incident: opening.incident,
        label: opening.label.clone(),
        kind: opening.kind,
        severity: opening.severity,
        title: opening.title.clone(),
        impact_at: opening.impact_at.min(context.now.wall),
        impact_basis: opening.impact_basis.clone(),
        from: opening.from.clone(),
        to: opening.to.clone(),
        estate: opening.estate.to_string(),
    }
    .into())
}

fn fence(context: &Context<'_>, command: &Command) -> Result<Decision, Refusal> {
    Ok(match command {
        Command::StateFence { database, region, how, by } => {
            known_server(context, database, region)?;
            let how = reason_given(how)?;
            Event::FenceStated { database: database.clone(), region: region.clone(), how, by: by.clone() }.into()
        }
        Command::ObserveFence { database, region, evidence, vantages, zero_loss } => {
            known_server(context, database, region)?;
            // The same proof again is no news; a certificate after a mere refusal is.
            let known =
                context.state.fences.get(&(database.clone(), region.clone())).and_then(|fence| fence.observed.as_ref());
            if known.is_some_and(|known| known.zero_loss || !zero_loss) {
                return Ok(Decision::default());
            }
            Event::FenceObserved {
                database: database.clone(),
                region: region.clone(),
                evidence: evidence.clone(),
                vantages: *vantages,
                zero_loss: *zero_loss,
            }
            .into()
        }
        Command::RevokeFence { database, region, evidence } => {
            known_server(context, database, region)?;
            if !has_fence(context.state, database, region) {
                return Ok(Decision::default());
            }
            Event::FenceRevoked { database: database.clone(), region: region.clone(), evidence: evidence.clone() }
                .into()
        }
        other => unreachable!("{other:?} is decided elsewhere"),
    })
}

fn known_server(context: &Context<'_>, database: &DatabaseId, region: &RegionId) -> Result<(), Refusal> {
    let known =
        context.open_incident()?.estate.database(database).is_some_and(|known| known.servers.contains_key(region));
    if known { Ok(()) } else { Err(no_such("database server", &format!("{database}@{region}"))) }
}

fn has_fence(state: &State, database: &DatabaseId, region: &RegionId) -> bool {
    state
        .fences
        .get(&(database.clone(), region.clone()))
        .is_some_and(|fence| fence.observed.is_some() || fence.statement.is_some())
}

/// Nothing runs or is unknown, and after a promotion the old side is a standby again or stays fenced: otherwise nobody
/// would watch for split brain.
fn may_close(context: &Context<'_>) -> Result<(), Refusal> {
    let incident = context.open_incident()?;
    for run in &context.state.runs {
        if run.busy() {
            return Err(not_now(format!("a step of {} is still running: wait for it or cancel it", run.runbook.title)));
        }
        let unknown =
            run.runbook.steps().find(|step| run.record(&step.id).recorded == crate::engine::Recorded::Unknown);
        if let Some(step) = unknown {
            return Err(not_now(format!("`{}` is unknown: settle it first", step.title)));
        }
    }
    for (database, from) in crate::engine::old_sides(context.state, incident) {
        let reinstated = context.board.is_standby(&database, &from, context.now);
        if !reinstated && !has_fence(context.state, &database, &from) {
            return Err(not_now(format!(
                "{database}@{from} is neither a standby again nor fenced: reinstate it, or state how it is fenced"
            )));
        }
    }
    Ok(())
}

/// Consoles look at different moments, so that each times it a little differently.
const ONE_HEALING: Duration = Duration::from_secs(90);

/// The log has it that this moved so, about then.
fn is_known(state: &State, name: &str, text: &str, at: Timestamp) -> bool {
    let moved = |text: &str| text.split(" at ").next().map(str::to_owned);
    state.entries.iter().any(|entry| match &entry.event {
        Event::Observation { text: known, subject } => {
            let apart = since(at, entry.occurred_at).max(since(entry.occurred_at, at));
            subject.as_deref() == Some(name) && moved(known) == moved(text) && apart < ONE_HEALING
        }
        _ => false,
    })
}
