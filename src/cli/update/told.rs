//! What is said of updates: what would be sent, or on which way each arrived; and the exit code that follows.

use domain::comms::{Audience, Draft, WayState};
use domain::log::{IncidentStatus, Way};
use domain::untrusted::sanitise_line;
use serde::Serialize;

use super::ways_of;
use crate::cli::acts::Incident;
use crate::cli::args::Update;
use crate::cli::stdout::{print, print_json};
use crate::cli::{Exit, Failure};

/// What `--json` prints of one update.
#[derive(Debug, Serialize)]
pub(super) struct Told {
    audience: String,
    status: IncidentStatus,
    subject: String,
    text: String,
    /// The entry that issued it; `null`: nothing was recorded.
    update: Option<u64>,
    ways: Vec<OnWay>,
}

#[derive(Debug, Serialize)]
pub(super) struct OnWay {
    way: String,
    /// `sent`, `shown`, `failed`, `unknown`, `not sent`.
    became: &'static str,
    receipt: Option<String>,
    why: Option<String>,
    remedy: Option<String>,
}

/// What would be sent.
pub(super) fn not_sent(audience: &Audience, ready: &Draft, asked: &Update) -> Told {
    let way = |way: &Way| OnWay { way: way.to_string(), became: "not sent", receipt: None, why: None, remedy: None };
    Told {
        audience: audience.id.to_string(),
        status: ready.status,
        subject: ready.subject.clone(),
        text: ready.body.clone(),
        update: None,
        ways: ways_of(audience, asked).iter().map(way).collect(),
    }
}

/// What the log says of an update by now.
pub(super) fn recorded(incident: &Incident, update: u64) -> Option<Told> {
    let told = incident.state.updates.issued.get(&update)?;
    let ways = told.ways.iter().map(|(way, state)| {
        let (became, receipt, why, remedy) = match state {
            WayState::Sending { .. } => ("unknown", None, None, None),
            WayState::Delivered { receipt, .. } => ("sent", receipt.clone(), None, None),
            WayState::Shown { .. } => ("shown", None, None, None),
            WayState::Failed { why, remedy, unsure, .. } => {
                (if *unsure { "unknown" } else { "failed" }, None, Some(why.clone()), remedy.clone())
            }
        };
        OnWay { way: way.to_string(), became, receipt, why, remedy }
    });
    Some(Told {
        audience: told.audience.to_string(),
        status: told.status,
        subject: told.subject.clone(),
        text: told.text.clone(),
        update: Some(update),
        ways: ways.collect(),
    })
}

/// Says it, and how that ends the command.
///
/// # Errors
/// Output could not be written.
pub(super) fn finish(told: &[Told], asked: &Update) -> Result<Exit, Failure> {
    say(told, asked.json)?;
    let became = |word: &str| told.iter().flat_map(|told| &told.ways).any(|way| way.became == word);
    Ok(match (became("unknown"), became("failed")) {
        (true, _) => Exit::Unknown,
        (false, true) => Exit::No,
        (false, false) => Exit::Yes,
    })
}

/// # Errors
/// Output could not be written.
pub(super) fn say(told: &[Told], json: bool) -> Result<(), Failure> {
    if json {
        print_json(&told)?;
        return Ok(());
    }
    print(|out| {
        for told in told {
            if told.update.is_none() {
                writeln!(out, "{}, {}:\n\n{}\n\n{}\n", told.audience, told.status.word(), told.subject, told.text)?;
                continue;
            }
            for OnWay { way, became, receipt, why, remedy } in &told.ways {
                let more =
                    [receipt, why, remedy].into_iter().flatten().map(|said| format!(": {}", sanitise_line(said)));
                let said = match *became {
                    "shown" => "would be sent; this is an exercise",
                    "failed" => "FAILED",
                    "unknown" => "UNKNOWN whether it arrived; look there, then --again or --arrived",
                    other => other,
                };
                writeln!(out, "{} by {way}: {said}{}", told.audience, more.collect::<String>())?;
            }
        }
        Ok(())
    })?;
    Ok(())
}
