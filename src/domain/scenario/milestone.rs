//! Something that a log shows to have happened: what injects wait for, and what players are expected to do.
//!
//! One closed vocabulary for triggers, expected and wrong actions, so that a log gives the same score whoever folds it.

use std::fmt;

use crate::ident::{AudienceId, DatabaseId, InjectId, RegionId, StepId, TierId};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Milestone {
    #[default]
    StartEx,
    /// `inject ID fired`.
    Fired(InjectId),
    /// `inject ID acknowledged`.
    Acknowledged(InjectId),
    /// `declared`.
    Declared,
    /// `decided to fail over`, `decided to stay`.
    Decided(Choice),
    /// `runbook NAME started`.
    Started(String),
    /// `runbook NAME completed`.
    Completed(String),
    /// `step ID done`.
    StepDone(StepId),
    /// `step ID failed`.
    StepFailed(StepId),
    /// `step ID skipped`.
    StepSkipped(StepId),
    /// `fenced DB@REGION`.
    Fenced(DatabaseId, RegionId),
    /// `promoted`: a point of no return was crossed; `promoted DB@REGION`: it accepts writes.
    Promoted(Option<(DatabaseId, RegionId)>),
    /// `serving NAME REGION`: a service, or a database.
    Serving(String, RegionId),
    /// `recovered`: every tier that was hit; `recovered tier N`.
    Recovered(Option<TierId>),
    /// `guard overridden`.
    Overridden,
    /// `loss accepted`.
    LossAccepted,
    /// `noted "words"`: a note or a message with these words, in any case.
    Noted(String),
    /// `told AUDIENCE`: an update was sent to it, or would have been.
    Told(AudienceId),
    /// `closed`.
    Closed,
}

/// How each is written, and when it is reached.
pub(super) const FORMS: [(&str, &str); 22] = [
    ("StartEx", "the exercise begins"),
    ("inject ID fired", "the inject fired, by itself or by the facilitator"),
    ("inject ID acknowledged", "a player acknowledged it"),
    ("declared", "an incident was opened"),
    ("decided to fail over", "that was recorded; or something that forces it was executed"),
    ("decided to stay", "that was recorded"),
    ("runbook NAME started", "a run of it was begun"),
    ("runbook NAME completed", "all of it was done"),
    ("step ID done", "a step with this id was done, by the console or by hand"),
    ("step ID failed", "an attempt at it failed"),
    ("step ID skipped", "it was skipped"),
    ("fenced DB@REGION", "it was seen, or said by somebody, that this server accepts no writes"),
    ("promoted", "a point of no return was crossed"),
    ("promoted DB@REGION", "this server was seen to accept writes"),
    ("serving NAME REGION", "a service, or a database, was seen to serve from there"),
    ("recovered", "every tier that was hit is served again, and it has held"),
    ("recovered tier NAME", "this tier is"),
    ("guard overridden", "somebody broke the glass"),
    ("loss accepted", "somebody named a loss that may be borne"),
    ("told AUDIENCE", "it was sent an update, or would have been"),
    (
        "noted \"words\"",
        "a note, a message, an update, a decision or the evidence of a step has these words in it, in any case",
    ),
    ("closed", "the incident was closed"),
];

/// What the commander decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    FailOver,
    Stay,
}

impl Choice {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::FailOver => "to fail over",
            Self::Stay => "to stay",
        }
    }
}

impl fmt::Display for Milestone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StartEx => f.write_str("StartEx"),
            Self::Fired(inject) => write!(f, "inject {inject} fired"),
            Self::Acknowledged(inject) => write!(f, "inject {inject} acknowledged"),
            Self::Declared => f.write_str("declared"),
            Self::Decided(choice) => write!(f, "decided {}", choice.word()),
            Self::Started(runbook) => write!(f, "runbook {runbook} started"),
            Self::Completed(runbook) => write!(f, "runbook {runbook} completed"),
            Self::StepDone(step) => write!(f, "step {step} done"),
            Self::StepFailed(step) => write!(f, "step {step} failed"),
            Self::StepSkipped(step) => write!(f, "step {step} skipped"),
            Self::Fenced(database, region) => write!(f, "fenced {database}@{region}"),
            Self::Promoted(None) => f.write_str("promoted"),
            Self::Promoted(Some((database, region))) => write!(f, "promoted {database}@{region}"),
            Self::Serving(name, region) => write!(f, "serving {name} {region}"),
            Self::Recovered(None) => f.write_str("recovered"),
            Self::Recovered(Some(tier)) => write!(f, "recovered tier {tier}"),
            Self::Overridden => f.write_str("guard overridden"),
            Self::LossAccepted => f.write_str("loss accepted"),
            Self::Noted(words) => write!(f, "noted \"{words}\""),
            Self::Told(audience) => write!(f, "told {audience}"),
            Self::Closed => f.write_str("closed"),
        }
    }
}

impl Milestone {
    /// Reads what [`fmt::Display`] writes.
    ///
    /// # Errors
    /// A sentence naming what is wrong, and what is possible.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if let Some(words) = text.strip_prefix("noted ") {
            let words = words.trim().trim_matches('"').trim();
            return if words.is_empty() {
                Err("`noted` needs words in quotes".to_owned())
            } else {
                Ok(Self::Noted(words.to_owned()))
            };
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        Ok(match words.as_slice() {
            ["StartEx" | "startex"] => Self::StartEx,
            ["inject", id, "fired"] => Self::Fired(InjectId::new(*id)),
            ["inject", id, "acknowledged"] => Self::Acknowledged(InjectId::new(*id)),
            ["told", audience] => Self::Told(AudienceId::new(*audience)),
            ["declared"] => Self::Declared,
            ["decided", "to", "fail", "over"] => Self::Decided(Choice::FailOver),
            ["decided", "to", "stay"] => Self::Decided(Choice::Stay),
            ["runbook", name, "started"] => Self::Started((*name).to_owned()),
            ["runbook", name, "completed"] => Self::Completed((*name).to_owned()),
            ["step", id, "done"] => Self::StepDone(StepId::new(*id)),
            ["step", id, "failed"] => Self::StepFailed(StepId::new(*id)),
            ["step", id, "skipped"] => Self::StepSkipped(StepId::new(*id)),
            ["fenced", server] => {
                let (database, region) = server_of(server)?;
                Self::Fenced(database, region)
            }
            ["promoted"] => Self::Promoted(None),
            ["promoted", server] => Self::Promoted(Some(server_of(server)?)),
            ["serving", name, region] => Self::Serving((*name).to_owned(), RegionId::new(*region)),
            ["recovered"] => Self::Recovered(None),
            ["recovered", "tier", tier] => Self::Recovered(Some(TierId::new(*tier))),
            ["guard", "overridden"] => Self::Overridden,
            ["loss", "accepted"] => Self::LossAccepted,
            ["closed"] => Self::Closed,
            _ => {
                let forms: Vec<&str> = FORMS.iter().map(|(form, _)| *form).collect();
                return Err(format!("`{text}` is nothing that a log shows: write {}", forms.join(", ")));
            }
        })
    }
}

fn server_of(text: &str) -> Result<(DatabaseId, RegionId), String> {
    match text.split_once('@') {
        Some((database, region)) if !database.is_empty() && !region.is_empty() => {
            Ok((DatabaseId::new(database), RegionId::new(region)))
        }
        _ => Err(format!("`{text}` is no server: write DATABASE@REGION")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_milestone_reads_back_what_it_says() {
        let milestones = [
            Milestone::StartEx,
            Milestone::Fired("power".into()),
            Milestone::Acknowledged("power".into()),
            Milestone::Declared,
            Milestone::Decided(Choice::FailOver),
            Milestone::Decided(Choice::Stay),
            Milestone::Started("regional-failover".to_owned()),
            Milestone::Completed("regional-failover".to_owned()),
            Milestone::StepDone("promote".into()),
            Milestone::StepFailed("promote".into()),
            Milestone::StepSkipped("promote".into()),
            Milestone::Fenced("orders-db".into(), "east".into()),
            Milestone::Promoted(None),
            Milestone::Promoted(Some(("orders-db".into(), "west".into()))),
            Milestone::Serving("orders".to_owned(), "west".into()),
            Milestone::Recovered(None),
            Milestone::Recovered(Some("1".into())),
            Milestone::Overridden,
            Milestone::LossAccepted,
            Milestone::Noted("status page".to_owned()),
            Milestone::Closed,
        ];
        for milestone in milestones {
            assert_eq!(Milestone::parse(&milestone.to_string()), Ok(milestone.clone()), "{milestone}");
        }
        for wrong in ["", "noted \"\"", "promoted orders-db", "decided", "step promote", "fenced @east"] {
            assert!(Milestone::parse(wrong).is_err(), "{wrong}");
        }
    }
}
