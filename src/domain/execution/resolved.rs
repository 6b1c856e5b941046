//! What is confirmed is what runs.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::ident::{CaptureId, DatabaseId, Hash, RegionId, RunId, StepId};
use crate::runbook::Lang;
use crate::time::millis;

/// Which block of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    Run,
    Rollback,
}

/// A block with everything settled but its secrets: built once by the domain, shown in the confirm box, hashed for the
/// approval, written to the log, and handed to execution, which adds nothing but the secrets' values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Resolved {
    pub run: RunId,
    pub step: StepId,
    pub part: Part,
    /// Counted from 1; each retry is a new intent.
    pub attempt: u32,
    pub lang: Lang,
    /// Exactly what will run; for `sql` and `http` with the values already quoted for the place they stand in.
    pub text: String,
    /// `On:` with variables resolved.
    pub target: Option<ResolvedTarget>,
    /// Values the block sees as environment; secret ones are not here.
    pub env: BTreeMap<String, String>,
    /// Names of secrets and where their values come from (`env:TOKEN`, `cmd:…`); never their values.
    pub secrets: BTreeMap<String, String>,
    #[serde(rename = "timeout_ms", with = "millis")]
    pub timeout: Duration,
    pub exit: Vec<i32>,
    pub out: Option<String>,
    /// Names `$SWITCHBACK_OUT` may set: the runbook's variables.
    pub may_set: Vec<String>,
    pub pass_env: Vec<String>,
    pub idempotent: bool,
    pub readonly: bool,
    /// Of the runbook's bytes.
    pub runbook: Hash,
}

/// Where it runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResolvedTarget {
    /// `orders-db@us-west-2`.
    pub name: String,
    pub region: Option<RegionId>,
    pub database: Option<DatabaseId>,
    /// The connection string of the estate, without a password.
    pub dsn: Option<String>,
    /// For people: `postgres@127.0.0.1:5433/orders`.
    pub address: Option<String>,
    /// Whose credentials a `route53` block uses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aws: Option<AwsPlace>,
}

/// An account of Amazon's cloud, by where its credentials are found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AwsPlace {
    /// Of `~/.aws/config`; `None`: the environment's own.
    pub profile: Option<String>,
    /// What requests are signed for, where it is not us-east-1.
    pub region: Option<String>,
}

impl Resolved {
    /// Where `sql` connects to, without a password.
    #[must_use]
    pub fn dsn(&self) -> Option<&str> {
        self.target.as_ref()?.dsn.as_deref()
    }

    /// A one-off shell command, typed on the screen: nothing of a run in it.
    #[must_use]
    pub fn captured(capture: CaptureId, text: String) -> Self {
        Self {
            run: RunId(capture.0),
            step: StepId::from("command"),
            part: Part::Run,
            attempt: 1,
            lang: Lang::Bash,
            runbook: Hash::of(text.as_bytes()),
            text,
            target: None,
            env: BTreeMap::new(),
            secrets: BTreeMap::new(),
            timeout: Duration::from_secs(300),
            exit: vec![0],
            out: None,
            may_set: Vec::new(),
            pass_env: Vec::new(),
            idempotent: false,
            readonly: false,
        }
    }

    /// What an approval is bound to: everything but the number of the attempt, and the timeout, which is cut while the
    /// target's region is dark (the runbook's own is bound by its hash).
    #[must_use]
    pub fn digest(&self) -> Hash {
        let bound = Self { attempt: 0, timeout: Duration::ZERO, ..self.clone() };
        Hash::of(&serde_json::to_vec(&bound).unwrap_or_default())
    }
}
