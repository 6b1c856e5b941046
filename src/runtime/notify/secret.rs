//! Secrets of channels, read when they are needed: one that was rotated works at once.

use domain::estate::{Endpoint, SecretSource};
use domain::redact::Redactor;
use tokio::io::AsyncReadExt;

use super::post::{Again, Fault};

/// How much of a file is read.
const LIMIT: u64 = 16 * 1024;

/// The secrets that an attempt has used: none of them is repeated in what is said of it.
#[derive(Default)]
pub(super) struct Used(Vec<String>);

impl Used {
    pub(super) async fn read(&mut self, source: &SecretSource) -> Result<String, Fault> {
        let value = match source {
            SecretSource::Env(variable) => variable_of(variable)?,
            SecretSource::File(path) => first_line(path).await.map_err(|why| {
                Fault::pointless(format!("{path} {why}"), "put the secret there, readable for this user alone")
            })?,
        };
        self.0.push(value.clone());
        Ok(value)
    }

    pub(super) async fn endpoint(&mut self, endpoint: &Endpoint) -> Result<String, Fault> {
        match endpoint {
            Endpoint::Url(url) => Ok(url.clone()),
            Endpoint::Secret(source) => self.read(source).await,
        }
    }

    pub(super) fn variable(&mut self, variable: &str) -> Result<String, Fault> {
        let value = variable_of(variable)?;
        self.0.push(value.clone());
        Ok(value)
    }

    pub(super) fn redact(&self, text: &str) -> String {
        Redactor::new(&self.0).redact(text)
    }
}

fn variable_of(variable: &str) -> Result<String, Fault> {
    match std::env::var(variable) {
        Ok(value) if !value.trim().is_empty() => Ok(value.trim().to_owned()),
        Ok(_) => Err(unset(variable, "is empty")),
        Err(_) => Err(unset(variable, "is not set")),
    }
}

fn unset(variable: &str, how: &str) -> Fault {
    Fault::pointless(
        format!("the variable {variable} {how}"),
        "set it where this console is started, such as in its service's environment",
    )
}

async fn first_line(path: &str) -> Result<String, String> {
    let mut bytes = Vec::new();
    let file = tokio::fs::File::open(path).await.map_err(|error| format!("cannot be read: {error}"))?;
    file.take(LIMIT).read_to_end(&mut bytes).await.map_err(|error| format!("cannot be read: {error}"))?;
    let text = String::from_utf8(bytes).map_err(|_| "is not text".to_owned())?;
    match text.lines().next().map(str::trim) {
        Some(line) if !line.is_empty() => Ok(line.to_owned()),
        _ => Err("is empty".to_owned()),
    }
}

impl Fault {
    /// What only a person can mend.
    pub(super) fn pointless(why: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { why: why.into(), remedy: remedy.into(), again: Again::Pointless }
    }
}
