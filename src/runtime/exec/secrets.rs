//! Secrets, fetched at the last moment from where the runbook says they are.

use std::collections::BTreeMap;
use std::fmt;
use std::process::Stdio;
use std::time::Duration;

use tokio::time::timeout;

use super::environment;

/// A password store that asks for a fingerprint takes a while; one that hangs must not hold the failover.
const PATIENCE: Duration = Duration::from_secs(30);

/// Names and values; the values never show.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secrets(BTreeMap<String, String>);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    #[error("secret {name}: the variable {variable} is not set")]
    NotSet { name: String, variable: String },
    #[error("secret {name}: `{program}` {why}")]
    Command { name: String, program: String, why: String },
    #[error("secret {name}: its source is neither `env:NAME` nor `cmd:…`")]
    Source { name: String },
}

impl Secrets {
    /// Asks each source: `env:NAME`, or `cmd:` and a command whose first line is the value. The command is split at
    /// white space and runs without a shell.
    ///
    /// # Errors
    /// The first source that gave no value.
    pub async fn fetch(sources: &BTreeMap<String, String>) -> Result<Self, SecretError> {
        let mut values = BTreeMap::new();
        for (name, source) in sources {
            let value = if let Some(variable) = source.strip_prefix("env:") {
                std::env::var(variable)
                    .map_err(|_| SecretError::NotSet { name: name.clone(), variable: variable.to_owned() })?
            } else if let Some(command) = source.strip_prefix("cmd:") {
                printed(name, command).await?
            } else {
                return Err(SecretError::Source { name: name.clone() });
            };
            values.insert(name.clone(), value);
        }
        Ok(Self(values))
    }

    /// For sources that are known already.
    #[must_use]
    pub fn of(values: BTreeMap<String, String>) -> Self {
        Self(values)
    }

    pub(crate) const fn values(&self) -> &BTreeMap<String, String> {
        &self.0
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

async fn printed(name: &str, command: &str) -> Result<String, SecretError> {
    let mut words = command.split_ascii_whitespace();
    let program = words.next().unwrap_or_default();
    let wrong = |why: String| SecretError::Command { name: name.to_owned(), program: program.to_owned(), why };
    let asked = tokio::process::Command::new(program)
        .args(words)
        .env_clear()
        .envs(environment::passed(&[]))
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .kill_on_drop(true)
        .output();
    let answer = timeout(PATIENCE, asked)
        .await
        .map_err(|_| wrong(format!("gave no value within {} s", PATIENCE.as_secs())))?
        .map_err(|error| wrong(error.to_string()))?;
    if !answer.status.success() {
        return Err(wrong(format!("failed ({})", answer.status)));
    }
    match String::from_utf8(answer.stdout) {
        Ok(text) if !text.trim().is_empty() => Ok(text.trim_end_matches(['\r', '\n']).to_owned()),
        _ => Err(wrong("gave no value".to_owned())),
    }
}
