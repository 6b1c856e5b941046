//! Why a run does not go on, for people and for the exit code.

use super::again::Amend;

/// Nothing of it is a failure of a step: that stands in the run itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// A guard, an approval, a reason or a person is missing.
    Refused(String),
    /// The command line lacks something, or has what does not hold any more: what goes on with it differs by that.
    Lacks(String, Vec<Amend>),
    /// The program was told to end, or its session has ended; a step that runs goes on under its supervisor.
    Interrupted(String),
}

impl Stop {
    pub(super) fn refused(why: impl Into<String>) -> Self {
        Self::Refused(why.into())
    }

    pub(super) fn lacks(why: impl Into<String>, amend: Amend) -> Self {
        Self::Lacks(why.into(), vec![amend])
    }

    pub(super) fn amends(&self) -> &[Amend] {
        match self {
            Self::Lacks(_, amends) => amends,
            Self::Refused(_) | Self::Interrupted(_) => &[],
        }
    }

    pub(super) fn why(&self) -> &str {
        match self {
            Self::Refused(why) | Self::Lacks(why, _) | Self::Interrupted(why) => why,
        }
    }
}
