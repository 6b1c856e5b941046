//! The score of an exercise as it is looked at.

use domain::drill::score::Score;
use domain::report::Chart;

/// What the log came to so far, or in the end.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    pub score: Score,
    /// The run against its objectives; `None` where nothing was declared.
    pub chart: Option<Chart>,
    /// How many entries it was made of.
    pub(crate) entries: usize,
}

/// A part of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ScorePage {
    #[default]
    Result,
    Actions,
    Injects,
    Hotwash,
}

impl ScorePage {
    pub const ALL: [Self; 4] = [Self::Result, Self::Actions, Self::Injects, Self::Hotwash];

    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Result => "Result",
            Self::Actions => "Actions",
            Self::Injects => "Injects",
            Self::Hotwash => "Hotwash",
        }
    }

    /// The one after it, or before it, round and round.
    #[must_use]
    pub fn turned(self, forward: bool) -> Self {
        let by = if forward { 1 } else { Self::ALL.len() - 1 };
        Self::ALL[(self as usize + by) % Self::ALL.len()]
    }
}

/// Where the person stands in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScoreView {
    pub page: ScorePage,
    /// The expected action under the cursor, as the scenario counts.
    pub action: usize,
    /// First line shown of the other pages.
    pub scroll: usize,
}
