//! What the languages without a process say: how it ended, and the one value it gave.

use std::fmt::Display;

use domain::execution::End;

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) end: End,
    /// For `out=`, and for the truth of a guard: the first field, the body.
    pub(crate) value: Option<String>,
}

impl Answer {
    pub(crate) const fn of(end: End) -> Self {
        Self { end, value: None }
    }

    /// The block itself is wrong.
    pub(crate) fn not_started(why: &dyn Display) -> Self {
        Self::of(End::NotStarted { why: why.to_string() })
    }

    pub(crate) fn failed(why: &dyn Display) -> Self {
        Self::of(End::Failed { exit: None, why: why.to_string() })
    }

    pub(crate) fn unknown(why: &dyn Display) -> Self {
        Self::of(End::Unknown { why: why.to_string() })
    }
}

/// Why a block is not let go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    TimedOut,
    Cancelled,
}

impl Stop {
    pub(crate) const fn end(self) -> End {
        match self {
            Self::TimedOut => End::TimedOut,
            Self::Cancelled => End::Cancelled,
        }
    }

    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::TimedOut => "its time was over",
            Self::Cancelled => "cancelled",
        }
    }

    pub(crate) const fn before_sending(self) -> &'static str {
        match self {
            Self::TimedOut => "no connection in time",
            Self::Cancelled => "cancelled",
        }
    }
}
