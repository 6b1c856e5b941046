//! Exit codes and what is said on the way out.

use std::io::ErrorKind;
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

impl Exit {
    pub(super) const ALL: [Self; 6] = [Self::Yes, Self::No, Self::Usage, Self::Config, Self::Refused, Self::Unknown];

    /// From 0 to 5.
    pub(super) const fn code(self) -> u8 {
        match self {
            Self::Yes => 0,
            Self::No => 1,
            Self::Usage => 2,
            Self::Config => 3,
            Self::Refused => 4,
            Self::Unknown => 5,
        }
    }

    /// What it says, for the manual.
    pub(super) const fn meaning(self) -> &'static str {
        match self {
            Self::Yes => "done, and the answer is yes",
            Self::No => {
                "done, and the answer is no: a step failed, a check is red, an objective was missed, a log is altered"
            }
            Self::Usage => "the command line is wrong",
            Self::Config => "the estate or a runbook is wrong: standard error says where, why, and what to do",
            Self::Refused => {
                "refused: read-only, a guard that does not hold, an approval that is missing, not in command"
            }
            Self::Unknown => "an outcome is unknown and needs a person",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// Why a command could not be carried out, for people. Nothing is said of an empty message.
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

impl Failure {
    /// For standard error. The system's number of an error says nothing to people: its words stand before it.
    #[must_use]
    pub fn said(&self) -> Option<String> {
        let mut said = self.message.clone();
        while let Some((at, length)) = numbered(&said) {
            said.replace_range(at..at + length, "");
        }
        (!said.is_empty()).then_some(said)
    }
}

/// Where ` (os error 2)` stands, and how long it is.
fn numbered(text: &str) -> Option<(usize, usize)> {
    let at = text.find(" (os error ")?;
    Some((at, text[at..].find(')')? + 1))
}

impl From<domain::engine::Refusal> for Failure {
    fn from(refusal: domain::engine::Refusal) -> Self {
        Self::new(Exit::Refused, refusal.message)
    }
}

/// Of what is written to: who reads it may have gone away, as `head` does, and that is nothing to speak of.
impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            ErrorKind::BrokenPipe => Self::new(Exit::No, ""),
            _ => Self::new(Exit::No, plain(&error)),
        }
    }
}

/// What the system said, with what can be done about it.
pub(super) fn plain(error: &std::io::Error) -> String {
    let remedy = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "the disk is full: make room, or name another place",
        ErrorKind::ReadOnlyFilesystem => "the disk can only be read: name another place",
        ErrorKind::PermissionDenied => {
            "this user may not do that: look at the owner and the rights, or name another place"
        }
        ErrorKind::NotFound => "it is not there: look at the path",
        ErrorKind::IsADirectory => "it is a folder, and a file is needed",
        ErrorKind::NotADirectory => "a part of the path is a file, and a folder is needed",
        _ => return error.to_string(),
    };
    remedy.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_says_is_told_without_its_number() {
        let said = |message: &str| Failure::new(Exit::No, message).said();
        let missing = std::io::Error::from_raw_os_error(2);
        assert_eq!(said(&format!("a: {missing}; b: {missing}")).unwrap().matches("os error").count(), 0);
        assert_eq!(said("x (os error 2) and more (os error").as_deref(), Some("x and more (os error"));
        assert_eq!(Failure::from(std::io::Error::from(ErrorKind::BrokenPipe)).said(), None);
        assert!(Failure::from(std::io::Error::from_raw_os_error(28)).said().unwrap().contains("make room"));
    }
}
