//! Where a secret is found: the estate says only that, never what it is.

use std::fmt;

/// `env:NAME`, or `file:/path` whose first line is the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretSource {
    Env(String),
    File(String),
}

impl SecretSource {
    /// # Errors
    /// What is wrong with it. The text itself is not repeated: it may be a secret.
    pub(super) fn parse(text: &str) -> Result<Self, SourceProblem> {
        let name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        match text.split_once(':') {
            Some(("env", variable)) if !variable.is_empty() && variable.chars().all(name) => {
                Ok(Self::Env(variable.to_owned()))
            }
            Some(("env", _)) => Err(SourceProblem::Variable),
            Some(("file", path)) if path.len() > 1 && path.starts_with('/') => Ok(Self::File(path.to_owned())),
            Some(("file", _)) => Err(SourceProblem::Path),
            _ => Err(SourceProblem::Literal),
        }
    }
}

impl fmt::Display for SecretSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Env(variable) => write!(f, "env:{variable}"),
            Self::File(path) => write!(f, "file:{path}"),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SourceProblem {
    /// Not a source at all: the secret itself, perhaps.
    Literal,
    Variable,
    Path,
}

/// An address, or where it is found when it is a secret itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    Url(String),
    Secret(SecretSource),
}
