//! Exit codes and what is said on the way out.

use std::process::ExitCode;

/// How a command ended. Scripts rely on the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done, and the answer is yes.
    Yes,
    /// Done, and the answer is no: a step failed, a check is red, a log is altered.
    No,
    /// The command line is wrong.
    Usage,
    /// The estate or a runbook is wrong.
    Config,
    /// Read-only, a guard not met, an approval missing.
    Refused,
    /// An outcome is unknown and needs a person.
    Unknown,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Yes => 0,
            Exit::No => 1,
            Exit::Usage => 2,
            Exit::Config => 3,
            Exit::Refused => 4,
            Exit::Unknown => 5,
        })
    }
}

/// Why a command could not be carried out, for people.
#[derive(Debug)]
pub struct Failure {
    pub exit: Exit,
    pub message: String,
}

impl Failure {
    #[must_use]
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into() }
    }
}

impl From<domain::engine::Refusal> for Failure {
    fn from(refusal: domain::engine::Refusal) -> Self {
        Self::new(Exit::Refused, refusal.message)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::new(Exit::No, error.to_string())
    }
}
