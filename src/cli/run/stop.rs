//! Why a run does not go on, for people and for the exit code.

/// Nothing of it is a failure of a step: that stands in the run itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// A guard, an approval, a reason or a person is missing.
    Refused(String),
    /// The program was told to end, or its session has ended; a step that runs goes on under its supervisor.
    Interrupted(String),
}

impl Stop {
    pub(super) fn refused(why: impl Into<String>) -> Self {
        Self::Refused(why.into())
    }

    pub(super) fn why(&self) -> &str {
        match self {
            Self::Refused(why) | Self::Interrupted(why) => why,
        }
    }
}
