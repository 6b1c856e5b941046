//! What every part of the picture reads: the model, the theme, and how time and bytes are written.

use std::ops::Range;
use std::time::Duration;

use domain::engine::Incident;
use domain::estate::Estate;
use domain::log::Kind;
use domain::time::{Timestamp, human, since};
use ratatui::style::Style;

use crate::model::{Hit, Model};
use crate::theme::{Role, Symbols, Theme};
use crate::widget::{Frame, List};

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
        self.incident().map_or(&self.model.scene.estate, |incident| &incident.estate)
    }

    pub(super) fn kind(&self) -> Kind {
        self.incident().map_or(self.model.scene.kind, |incident| incident.kind)
    }

    /// An incident is open: clocks run, and ages are exact to the second.
    pub(super) fn counting(&self) -> bool {
        self.model.state.open().is_some()
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

/// `16 kB`, `1.4 GB`: two digits are enough to decide by.
#[allow(clippy::cast_precision_loss)]
pub(super) fn bytes(count: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if count < 1000 {
        return format!("{count} B");
    }
    let mut value = count as f64 / 1000.0;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    let digits = usize::from(value < 9.95 && value.fract() >= 0.05);
    format!("{value:.digits$} {}", UNITS[unit])
}

/// `0:42`, `11:20`, `1:07:41`: how long a step took or will take.
pub(super) fn span(span: Duration) -> String {
    let seconds = span.as_secs();
    match seconds {
        0..3600 => format!("{}:{:02}", seconds / 60, seconds % 60),
        _ => format!("{}:{:02}:{:02}", seconds / 3600, seconds % 3600 / 60, seconds % 60),
    }
}

/// `5m`, `4h`, or what stands for *not known*.
pub(super) fn or_dash(span: Option<Duration>) -> String {
    span.map_or_else(|| "–".to_owned(), short)
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
    fn bytes_are_written_in_two_digits() {
        for (count, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (16_000, "16 kB"),
            (1_440_000, "1.4 MB"),
            (9_999_999, "10 MB"),
            (2_000_000_000, "2 GB"),
        ] {
            assert_eq!(bytes(count), text);
        }
    }

    #[test]
    fn targets_are_written_in_one_unit_where_one_is_exact() {
        for (seconds, text) in [(0, "0"), (300, "5m"), (86_400, "24h"), (604_800, "7d"), (5400, "1h30m")] {
            assert_eq!(short(Duration::from_secs(seconds)), text);
        }
    }
}
