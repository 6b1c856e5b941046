//! A dry run: every step of a runbook as it would be walked now, what running it would demand, and what its guards and
//! verifies say. Nothing is executed or recorded by construction: of a `run` block only its text is kept, and only
//! guards and verifies become a [`Question`].

mod begin;
mod conclude;
mod given;
mod look;
mod question;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use crate::engine::StepState;
use crate::execution::GuardVerdict;
use crate::ident::{Hash, PersonId, RegionId, StepId};
use crate::log::{Kind, Mode};
use crate::runbook::Lang;
use crate::time::millis;

#[cfg(test)]
pub(crate) use begin::start_east_to_west;
pub use begin::{begin, unopened};
pub use given::as_given;
pub use look::look;
pub use question::Question;

/// What the command line says in the place of a person.
#[derive(Clone, Debug, Default)]
pub struct Given {
    pub fenced_by: Option<String>,
    pub accept_loss: bool,
    pub approvals: Vec<(StepId, PersonId)>,
    /// `--to`: what is typed at a point of no return.
    pub to: Option<String>,
    pub start_at: Option<StepId>,
    /// Steps of phases on demand are looked at, too.
    pub on_demand: bool,
}

/// A whole dry run. Field names are a public contract.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DryRun {
    pub runbook: String,
    pub title: String,
    pub sha256: Hash,
    pub estate: String,
    pub kind: Kind,
    pub mode: Mode,
    pub from: Option<RegionId>,
    pub to: Option<RegionId>,
    /// Values that are known now; never a secret.
    pub values: BTreeMap<String, String>,
    pub steps: Vec<DryStep>,
    /// Phases that are not on the main line, and were not looked at.
    pub on_demand: Vec<String>,
    /// What `run --yes` would have to be given beside it.
    pub needs: Vec<String>,
    /// Everything that would stop it, one sentence each.
    pub in_the_way: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DryStep {
    pub id: StepId,
    pub title: String,
    pub phase: String,
    /// It is on the main line.
    pub main: bool,
    pub owner: Option<String>,
    pub standing: Standing,
    pub does: Does,
    /// What has to be typed or pressed: `key`, `yes`, or the text.
    pub confirm: Confirm,
    pub approval: Option<String>,
    pub point_of_no_return: bool,
    pub undo: Option<String>,
    pub guards: Vec<Looked>,
    pub verifies: Vec<Looked>,
    /// Steps before it change something, so that what holds now may not hold then.
    pub after_changes: bool,
}

/// Whether it is this step's turn at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "standing", rename_all = "kebab-case")]
pub enum Standing {
    ToDo,
    /// Its `When` does not hold.
    NotApplicable {
        because: String,
    },
    /// `--start-at` begins after it.
    LeftOut,
    /// In the incident that was named.
    Ended {
        state: StepState,
    },
}

/// What a step would do. There is no way from here to doing it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "does", rename_all = "kebab-case")]
pub enum Does {
    /// Another runbook is walked in its place; it has a dry run of its own.
    Opens {
        runbook: String,
    },
    /// Ticked by a person; `because` of one that was written to run.
    ByHand {
        because: Option<String>,
        ticks: Vec<String>,
    },
    Runs(Shown),
    /// It cannot be settled now; `later`: only values are missing that an earlier step fills.
    Open {
        why: String,
        later: bool,
    },
}

/// A `run` block as it would run, to be read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Shown {
    pub lang: Lang,
    /// The program and its arguments that read the text, of a shell block.
    pub argv: Vec<String>,
    pub text: String,
    /// Values that the text names, as the block sees them.
    pub env: BTreeMap<String, String>,
    /// Names of secrets and where they would be found.
    pub secrets: BTreeMap<String, String>,
    pub target: Option<String>,
    /// Host and user: `postgres@127.0.0.1:5433/orders`.
    pub place: Option<String>,
    #[serde(rename = "timeout_ms", with = "millis")]
    pub timeout: Duration,
    pub idempotent: bool,
    pub readonly: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confirm {
    Key,
    Yes,
    Type(String),
}

/// A guard or a verify, and what it said.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Looked {
    pub asks: String,
    pub answer: Answer,
    pub seen: String,
    /// What becomes of a guard that is not met.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<Otherwise>,
    /// The flag that would stand for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wants: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    Met,
    NotMet,
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Otherwise {
    Stops,
    Skips,
    Asks,
}

impl Answer {
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not met",
            Self::Unknown => "unknown",
        }
    }

    const fn of(verdict: GuardVerdict) -> Self {
        match verdict {
            GuardVerdict::Pass | GuardVerdict::Overridden => Self::Met,
            GuardVerdict::Fail | GuardVerdict::Ask | GuardVerdict::Skip => Self::NotMet,
            GuardVerdict::Unknown => Self::Unknown,
        }
    }

    const fn told(passed: Option<bool>) -> Self {
        match passed {
            Some(true) => Self::Met,
            Some(false) => Self::NotMet,
            None => Self::Unknown,
        }
    }
}

impl DryStep {
    /// Its turn would come.
    #[must_use]
    pub const fn to_do(&self) -> bool {
        matches!(self.standing, Standing::ToDo)
    }

    /// It executes something that does not only read.
    #[must_use]
    pub const fn changes(&self) -> bool {
        match &self.does {
            Does::Runs(shown) => !shown.readonly,
            Does::Open { .. } | Does::Opens { .. } => true,
            Does::ByHand { .. } => false,
        }
    }
}
