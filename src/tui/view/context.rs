//! What every part of the picture reads: the model, the theme, and how time and bytes are written.

use std::ops::Range;
use std::sync::LazyLock;
use std::time::Duration;

use domain::engine::Incident;
use domain::estate::Estate;
use domain::identity::{Keyring, Standing, standing};
use domain::log::{Entry, Kind};
use domain::objective::{Clocks, Row, clocks, rows};
use domain::reading::Status;
use domain::time::{Timestamp, human, since};
use ratatui::style::Style;

use crate::model::{Hit, Model};
use crate::theme::{Role, Symbols, Theme};
use crate::widget::{Frame, List};

/// Nothing was read.
static NOTHING: LazyLock<Status> = LazyLock::new(Status::default);

#[derive(Clone, Copy, Debug)]
pub(super) struct View<'a> {
    pub model: &'a Model,
    pub theme: &'a Theme,
}

/// What stands in a panel: its frame, its lines, and which of them can be clicked.
#[derive(Debug, Default)]
pub(super) struct Content {
    pub frame: Frame,
    pub list: List,
    pub spots: Vec<Spot>,
}

/// A place in a panel's list that can be clicked.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    pub line: usize,
    pub columns: Range<usize>,
    pub hit: Hit,
}

impl Spot {
    /// The whole line.
    pub(super) const fn row(line: usize, hit: Hit) -> Self {
        Self { line, columns: 0..usize::MAX, hit }
    }
}

impl<'a> View<'a> {
    pub(super) fn style(&self, role: Role) -> Style {
        self.theme.style(role)
    }

    pub(super) fn bold(&self, role: Role) -> Style {
        self.theme.bold(role)
    }

    pub(super) fn symbols(&self) -> &'static Symbols {
        self.theme.symbols()
    }

    pub(super) fn incident(&self) -> Option<&'a Incident> {
        self.model.state.incident.as_ref()
    }

    pub(super) fn estate(&self) -> &'a Estate {
        let exercised = || self.model.exercise().map(|exercise| &exercise.estate);
        let incident = self.incident().map(|incident| &incident.estate);
        incident.or_else(exercised).unwrap_or(&self.model.scene.estate)
    }

    /// By the keys of this console's own estate, else by those that the log holds.
    pub(super) fn standing(&self, entry: &Entry) -> Standing {
        let estate = Some(self.model.scene.estate.as_ref());
        let keys = Keyring { estate, ..Keyring::pinned(&self.model.state) };
        standing(&self.model.state, &keys, entry)
    }

    pub(super) fn kind(&self) -> Kind {
        self.model.kind()
    }

    /// An incident is open, or an exercise goes on: clocks run, and ages are exact to the second.
    pub(super) fn counting(&self) -> bool {
        self.model.counts()
    }

    /// Every target and how it stands in this frame.
    pub(super) fn objectives(&self, status: &Status) -> Vec<Row> {
        rows(self.estate(), Some(&self.model.state), status, &self.model.learned, self.model.now.wall)
    }

    /// What targets are held against: `None` until the first reading; on paper, where none ever comes, the clocks alone.
    pub(super) fn measured(&self) -> Option<&'a Status> {
        let paper = self.kind() == Kind::Paper;
        self.model.status.as_deref().or_else(|| paper.then_some(&*NOTHING))
    }

    /// The two clocks, and the next tier that can still be met; `None` without an incident.
    pub(super) fn clocks(&self) -> Option<Clocks> {
        let status = self.model.status.as_deref().unwrap_or(&NOTHING);
        clocks(self.estate(), &self.model.state, status, &self.model.learned, self.model.now.wall)
    }

    /// How long ago, by the clock of this frame.
    pub(super) fn since(&self, at: Timestamp) -> Duration {
        since(self.model.now.wall, at)
    }

    /// The same; while nothing counts, in steps of ten seconds below a minute and of a minute below an hour.
    pub(super) fn quantised(&self, age: Duration) -> String {
        match age.as_secs() {
            _ if self.counting() => human(Duration::from_secs(age.as_secs())),
            0..10 => "<10s".to_owned(),
            seconds @ 10..60 => format!("{}s", seconds / 10 * 10),
            seconds @ 60..3600 => format!("{}m", seconds / 60),
            seconds => human(Duration::from_secs(seconds / 60 * 60)),
        }
    }

    /// Age of something measured `age` before the status was made.
    pub(super) fn age_now(&self, age: Duration) -> Duration {
        let made = self.model.status.as_ref().map_or(self.model.now.wall, |status| status.at);
        age + self.since(made)
    }
}

/// `0:42`, `11:20`, `1h07m`: how long a step took or will take.
pub(super) fn span(span: Duration) -> String {
    let seconds = span.as_secs();
    match seconds {
        0..3600 => format!("{}:{:02}", seconds / 60, seconds % 60),
        _ => human(Duration::from_secs(seconds)),
    }
}

/// One unit where one is exact: `0`, `90s`, `5m`, `24h`, `7d`.
pub(super) fn short(span: Duration) -> String {
    match span.as_secs() {
        0 => "0".to_owned(),
        seconds if seconds.is_multiple_of(86_400) && seconds > 86_400 => format!("{}d", seconds / 86_400),
        seconds if seconds.is_multiple_of(3600) => format!("{}h", seconds / 3600),
        _ => human(span),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_written_in_one_unit_where_one_is_exact() {
        for (seconds, text) in [(0, "0"), (300, "5m"), (86_400, "24h"), (604_800, "7d"), (5400, "1h30m")] {
            assert_eq!(short(Duration::from_secs(seconds)), text);
        }
    }
}
