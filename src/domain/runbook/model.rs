//! The typed plan.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::ident::{DatabaseId, Hash, RegionId, StepId};
use crate::people::Seat;

/// A runbook as read from one text. An error in a block has already made its step manual, with the reason.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Runbook {
    pub title: String,
    pub kind: RunbookKind,
    pub owner: Option<String>,
    /// It says `runbook: 1`: read strictly, and its blocks may run. Of any other document nothing runs.
    pub native: bool,
    /// If any, `Owner:` and `Approval:` name one of these, a role of the incident, or a person.
    pub roles: Vec<String>,
    pub rto: Option<Duration>,
    pub rpo: Option<Duration>,
    /// How old the last run or exercise may be.
    pub review: Option<Duration>,
    /// Programs that must be on `PATH`.
    pub requires: Vec<String>,
    pub vars: Vec<Variable>,
    /// Names of environment variables passed through besides the usual ones.
    pub pass_env: Vec<String>,
    /// Text before the first phase.
    pub preamble: String,
    pub phases: Vec<Phase>,
    pub source: Arc<str>,
    pub diagnostics: Vec<Diagnostic>,
}

impl Runbook {
    /// Of the exact bytes that were read: what approvals and intents are bound to.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Hash::of(self.source.as_bytes())
    }

    /// Every step in document order, on-demand phases included.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.phases.iter().flat_map(|phase| &phase.groups).flat_map(|group| &group.steps)
    }

    #[must_use]
    pub fn step(&self, id: &StepId) -> Option<&Step> {
        self.steps().find(|step| step.id == *id)
    }

    /// Phase and group a step stands in.
    #[must_use]
    pub fn place(&self, id: &StepId) -> Option<(&Phase, &Group)> {
        self.phases.iter().find_map(|phase| {
            phase.groups.iter().find(|group| group.steps.iter().any(|step| step.id == *id)).map(|group| (phase, group))
        })
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RunbookKind {
    #[default]
    Failover,
    Restore,
    Incident,
    Maintenance,
    Drill,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PhaseKind {
    /// On the main line.
    #[default]
    Main,
    /// On demand: "next" never walks into these.
    Failback,
    Rollback,
    CleanUp,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Phase {
    pub title: String,
    pub kind: PhaseKind,
    pub groups: Vec<Group>,
}

impl Phase {
    /// It comes once the service is back, as its heading says (*Post-failover*): its steps are walked, and no recovery
    /// time counts them.
    #[must_use]
    pub fn afterwards(&self) -> bool {
        super::phases::afterwards(&self.title)
    }
}

/// Steps under one H3 (or directly under the phase, without a title).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    pub title: Option<String>,
    pub parallel: bool,
    pub steps: Vec<Step>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Step {
    pub id: StepId,
    pub title: String,
    pub span: Range<usize>,
    /// Text of the step that is neither field nor block, as written.
    pub prose: String,
    pub owner: Option<Seat>,
    pub on: Option<Target>,
    pub expected: Option<Expected>,
    pub confirm: Confirm,
    pub approval: Option<Approval>,
    pub undo: Option<String>,
    pub hold: Option<Duration>,
    /// All must hold; otherwise the step is *not applicable*.
    pub when: Vec<Condition>,
    /// Inside a parallel group: steps that must be done first.
    pub after: Vec<StepId>,
    pub point_of_no_return: bool,
    pub guards: Vec<Block>,
    pub run: Option<Block>,
    /// Another runbook, by name, that is walked as a run of its own: its title links there.
    pub child: Option<String>,
    pub verifies: Vec<Block>,
    pub rollback: Option<Block>,
    pub drill: Option<Block>,
    pub expects: Vec<Block>,
    pub substeps: Vec<SubStep>,
    /// Why a step that was written to run has to be done by hand.
    pub manual_because: Option<String>,
}

impl Step {
    /// Done by a person's tick: nothing of it executes, and no runbook is walked in its place.
    #[must_use]
    pub const fn manual(&self) -> bool {
        self.run.is_none() && self.child.is_none()
    }

    /// Its run only reads: one key is enough, and it never needs an undo.
    #[must_use]
    pub fn read_only(&self) -> bool {
        self.run.as_ref().is_some_and(|block| block.readonly)
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubStep {
    pub title: String,
}

/// `On:` as written, variables and all: `orders-db@$TO`, `$NEW`, `edge`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Target(pub String);

/// `Duration:` of the author, for timelines and "late", not a timeout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected {
    pub low: Duration,
    pub high: Duration,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Confirm {
    /// `yes` for what changes something, none for what only reads.
    #[default]
    Usual,
    /// Only legal on a `readonly` run.
    No,
    /// The person types this text (variables resolved).
    Type(String),
}

/// `data-owner or commander after 2m`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    pub by: Seat,
    pub fallback: Option<(Seat, Duration)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    Is(String, String),
    IsNot(String, String),
    In(String, Vec<String>),
    Set(String),
    Unset(String),
}

impl std::fmt::Display for Condition {
    /// As it is written.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Is(name, wanted) => write!(f, "{name} = {wanted}"),
            Self::IsNot(name, unwanted) => write!(f, "{name} != {unwanted}"),
            Self::In(name, wanted) => write!(f, "{name} in {}", wanted.join(", ")),
            Self::Set(name) => write!(f, "{name} set"),
            Self::Unset(name) => write!(f, "{name} unset"),
        }
    }
}

impl Condition {
    /// Whether it holds with these values of variables.
    #[must_use]
    pub fn holds(&self, values: &BTreeMap<String, String>) -> bool {
        let value = |name: &String| values.get(name).filter(|value| !value.is_empty());
        match self {
            Self::Is(name, wanted) => value(name).is_some_and(|value| value == wanted),
            Self::IsNot(name, unwanted) => value(name).is_none_or(|value| value != unwanted),
            Self::In(name, wanted) => value(name).is_some_and(|value| wanted.contains(value)),
            Self::Set(name) => value(name).is_some(),
            Self::Unset(name) => value(name).is_none(),
        }
    }

    /// The variable it is about.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Is(name, _) | Self::IsNot(name, _) | Self::In(name, _) | Self::Set(name) | Self::Unset(name) => name,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    #[default]
    Bash,
    Sh,
    Sql,
    Http,
    Route53,
    Check,
    World,
    /// Any other word: legal only where nothing runs (`expect`).
    Text,
}

impl Lang {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Sh => "sh",
            Self::Sql => "sql",
            Self::Http => "http",
            Self::Route53 => "route53",
            Self::Check => "check",
            Self::World => "world",
            Self::Text => "text",
        }
    }
}

/// What a guard does when it is not met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Else {
    #[default]
    Stop,
    Skip,
    Ask,
}

/// A fenced block with a role; attributes that its role does not have keep their defaults.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Block {
    pub lang: Lang,
    /// As written, verbatim.
    pub text: String,
    pub span: Range<usize>,
    pub timeout: Duration,
    /// Its author wrote the timeout on the block itself.
    pub own_timeout: bool,
    pub or_else: Else,
    /// Of a run: how many times more, and how long between.
    pub retry: u32,
    pub delay: Duration,
    pub exit: Vec<i32>,
    pub out: Option<String>,
    pub idempotent: bool,
    pub readonly: bool,
    /// Of a verify.
    pub every: Duration,
    pub within: Duration,
    pub passes: u32,
    /// Nobody wrote it: it puts back what the step's run found.
    pub put_back: bool,
}

impl Block {
    /// The rollback of a `route53` run whose author wrote none.
    pub(super) fn put_back(run: &Self) -> Self {
        Self {
            text: "puts back the record sets as they stood before this step\n".to_owned(),
            out: None,
            idempotent: false,
            retry: 0,
            put_back: true,
            ..run.clone()
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    pub name: String,
    pub kind: VariableKind,
    /// May use earlier variables.
    pub default: Option<String>,
    pub prompt: Option<String>,
    /// Filled by a step's `out=`.
    pub from_step: bool,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub enum VariableKind {
    Text {
        pattern: Option<String>,
    },
    Int {
        min: Option<i64>,
        max: Option<i64>,
    },
    Bool,
    Duration,
    Timestamp,
    Choice {
        of: Vec<String>,
    },
    List {
        pattern: Option<String>,
    },
    /// Never shown, logged or exported: `env:NAME` or `cmd:argv`.
    Secret {
        from: String,
    },
    Region,
    /// A database of the estate, without a region.
    Database,
    /// One server: `DATABASE@REGION`.
    Db,
    Backup,
    Cluster,
    Host,
    Service,
    Check,
    #[default]
    Any,
}

impl VariableKind {
    /// The word of the front matter.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Text { .. } | Self::Any => "string",
            Self::Int { .. } => "int",
            Self::Bool => "bool",
            Self::Duration => "duration",
            Self::Timestamp => "timestamp",
            Self::Choice { .. } => "choice",
            Self::List { .. } => "list",
            Self::Secret { .. } => "secret",
            Self::Region => "region",
            Self::Database => "database",
            Self::Db => "db",
            Self::Backup => "backup",
            Self::Cluster => "cluster",
            Self::Host => "host",
            Self::Service => "service",
            Self::Check => "check",
        }
    }
}

/// One line of a `check` block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "check", rename_all = "snake_case")]
pub enum CheckLine {
    /// `NAME ok|down|degraded [for 2m]`; NAME is a check, a service, or a region.
    Is {
        name: String,
        health: crate::reading::Health,
        #[serde(rename = "for_ms", with = "crate::time::millis::option", default)]
        held: Option<Duration>,
    },
    /// `lag DB@REGION < 30s`: live readings only.
    Lag {
        database: DatabaseId,
        region: RegionId,
        #[serde(rename = "below_ms", with = "crate::time::millis")]
        below: Duration,
    },
    /// `loss DB@REGION <= 5m`: the upper bound must be inside, else a named person accepts the interval.
    Loss {
        database: DatabaseId,
        region: RegionId,
        #[serde(rename = "at_most_ms", with = "crate::time::millis")]
        at_most: Duration,
    },
    /// `fenced DB@REGION`.
    Fenced { database: DatabaseId, region: RegionId },
    /// `backup NAME < 1h`.
    Backup {
        name: crate::ident::BackupId,
        #[serde(rename = "below_ms", with = "crate::time::millis")]
        below: Duration,
    },
    /// `serving NAME REGION`; NAME is a service, a database or `all`: every service that is deployed there.
    Serving { name: String, region: RegionId },
}
