//! What a scenario says.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Milestone;
use crate::ident::{InjectId, TestId};
use crate::log::{Mode, Sev};
use crate::people::Role;

/// One exercise, as it is written. Names that differ between estates stand in it as `$FROM`, `$TO`, `$DATABASE` and so
/// on, until it is bound.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scenario {
    pub source: Arc<str>,
    pub title: String,
    /// One sentence for the list.
    pub summary: String,
    /// What is to be learned or shown.
    pub objectives: Vec<String>,
    pub roles: Vec<Brief>,
    /// What has to be so before StartEx, for the facilitator to check.
    pub preconditions: Vec<String>,
    /// Tests of the estate's schedule that count as done by it: `failover-drill`.
    pub counts_as: Vec<TestId>,
    /// EndEx at the latest.
    pub lasts: Duration,
    /// The master scenario events list, in the order of the file.
    pub injects: Vec<Inject>,
    pub faults: Vec<StepFault>,
    /// What the facilitator answers where the simulated world does not know, for exercises that play themselves.
    pub answers: Vec<Answer>,
    pub expected: Vec<Expected>,
    /// What must not be done.
    pub wrong: Vec<Wrong>,
    pub targets: Targets,
    pub play: Play,
}

/// What a role is told before StartEx.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brief {
    pub role: Role,
    pub text: String,
}

/// How an inject belongs to the exercise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InjectKind {
    #[default]
    Standard,
    /// Held back: fired by the facilitator, or when its condition asks for it, to bring play back on track.
    Contingency,
    /// Makes it harder for players who are ahead.
    Complexity,
    /// About the exercise itself: StartEx, a break.
    Administrative,
}

impl InjectKind {
    pub const ALL: [Self; 4] = [Self::Standard, Self::Contingency, Self::Complexity, Self::Administrative];

    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Contingency => "contingency",
            Self::Complexity => "complexity",
            Self::Administrative => "administrative",
        }
    }
}

/// One event of the scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Inject {
    pub id: InjectId,
    pub kind: InjectKind,
    /// `None`: the facilitator decides.
    pub when: Option<Trigger>,
    /// Who speaks: `monitoring`, `AWS support`.
    pub from: String,
    /// Which role it is delivered to.
    pub to: Role,
    /// How it arrives: `pager`, `phone`, `chat`.
    pub channel: String,
    /// What players read. Empty: nothing is delivered, only the world changes.
    pub text: String,
    /// Lines of the `world` language.
    pub effect: Vec<String>,
    /// For whoever evaluates; players do not see it.
    pub notes: String,
}

impl Inject {
    /// Players get something to read, and are to acknowledge it.
    #[must_use]
    pub const fn is_delivered(&self) -> bool {
        !self.text.is_empty()
    }
}

/// When an inject fires by itself: so long after a milestone (`StartEx` for plain `T+5m`).
#[derive(Clone, Debug, PartialEq)]
pub struct Trigger {
    pub after: Milestone,
    pub plus: Duration,
    /// It does not fire once this was reached: `unless = "declared"`.
    pub unless: Option<Milestone>,
}

/// How the simulated world disturbs what is executed.
#[derive(Clone, Debug, PartialEq)]
pub struct StepFault {
    /// A step's id, or a meaning: `promote`, `route53`, `write test`, `any run`, `any verify`.
    pub on: String,
    pub does: FaultKind,
    /// What it prints.
    pub text: String,
    /// How often; `None`: until it is over.
    pub times: Option<u32>,
    /// It is over when this was reached.
    pub until: Option<Milestone>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    Fails,
    TimesOut,
    /// The link is lost: nobody knows whether it worked.
    Unknown,
    /// It takes four times as long.
    Slow,
}

/// What is answered to a question whose text contains `asked`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub asked: String,
    pub holds: bool,
}

/// An action that is expected of the players.
#[derive(Clone, Debug, PartialEq)]
pub struct Expected {
    /// For people.
    pub text: String,
    pub action: Milestone,
    /// Counted from here: an inject, or StartEx.
    pub after: Milestone,
    /// The maximum response time; `None`: at any time before EndEx.
    pub within: Option<Duration>,
}

/// An action that must not be taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Wrong {
    pub text: String,
    pub action: Milestone,
    /// It is right once this was reached: promoting before the fence is wrong, after it it is not.
    pub unless_after: Option<Milestone>,
}

/// Limits that the measured times are held against. What is absent is shown, and not judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Targets {
    /// From the impact until players know: an acknowledged inject, a declared incident.
    pub detection: Option<Duration>,
    /// From detection to the decision.
    pub decision: Option<Duration>,
    /// From the decision to recovery.
    pub execution: Option<Duration>,
    /// From the impact to recovery.
    pub total: Option<Duration>,
    /// Of writes, at most.
    pub loss: Option<Duration>,
    /// Each tier is held against the estate's objectives as well.
    pub objectives: bool,
}

/// How the exercise is played where it plays itself: the right answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Play {
    /// What has happened when the incident is declared; `None`: no incident is to be declared.
    pub declares: Option<Milestone>,
    pub severity: Option<Sev>,
    /// What is decided; `None`: nothing needs a decision.
    pub decides: Option<super::Choice>,
    pub because: String,
    pub runbooks: Vec<Walked>,
    /// How the old side was isolated, where a promotion asks for it.
    pub fence: String,
}

/// A runbook that the right answer walks.
#[derive(Clone, Debug, PartialEq)]
pub struct Walked {
    pub runbook: String,
    pub mode: Mode,
    /// The other way round: from `$TO` back to `$FROM`.
    pub back: bool,
    /// It is started when this was reached; else as soon as the one before has ended.
    pub after: Option<Milestone>,
    pub values: BTreeMap<String, String>,
}

impl Scenario {
    #[must_use]
    pub fn inject(&self, id: &InjectId) -> Option<&Inject> {
        self.injects.iter().find(|inject| inject.id == *id)
    }

    /// Everything that it waits for, expects or calls wrong.
    pub fn milestones(&self) -> impl Iterator<Item = &Milestone> {
        let triggers = self.injects.iter().filter_map(|inject| inject.when.as_ref());
        let triggers = triggers.flat_map(|when| std::iter::once(&when.after).chain(&when.unless));
        let faults = self.faults.iter().filter_map(|fault| fault.until.as_ref());
        let expected = self.expected.iter().flat_map(|expected| [&expected.action, &expected.after]);
        let wrong = self.wrong.iter().flat_map(|wrong| std::iter::once(&wrong.action).chain(&wrong.unless_after));
        let play = self.play.declares.iter().chain(self.play.runbooks.iter().filter_map(|of| of.after.as_ref()));
        triggers.chain(faults).chain(expected).chain(wrong).chain(play)
    }
}
