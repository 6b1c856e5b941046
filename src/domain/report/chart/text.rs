//! The chart in characters: for Markdown, and wherever there is nothing but text.

use super::{Allowance, Bar, Chart, Outcome};
use crate::report::{Point, verdict_word};
use crate::time::{Timestamp, human, since};

/// What the names of steps are cut to.
const NAMES: usize = 26;

impl Outcome {
    /// What its bars are drawn with where there is no colour.
    #[must_use]
    pub const fn sign(self) -> char {
        match self {
            Self::Succeeded => '█',
            Self::ByHand => '◆',
            Self::Failed => '╳',
            Self::Unknown => '▒',
            Self::Skipped => '◇',
            Self::Undone => '◁',
            Self::Open => '░',
        }
    }
}

impl Chart {
    /// Lines of which the bars take `width` columns; what stands beside them comes after.
    #[must_use]
    pub fn lines(&self, width: usize) -> Vec<String> {
        let width = width.max(10);
        let mut lines: Vec<_> = self.allowances.iter().map(|allowance| self.allowed(allowance, width)).collect();
        for group in &self.groups {
            if self.groups.len() > 1 {
                lines.push(group.title.clone());
            }
            lines.extend(group.bars.iter().map(|bar| self.drawn(bar, width)));
        }
        let mut row = vec![' '; width];
        let mut letters = Vec::new();
        for moment in &self.moments {
            let letter = letter(moment.point);
            row[self.column(moment.at, width)] = letter;
            letters.push(format!("{letter} {} +{}", moment.point.name(), human(since(moment.at, self.from))));
        }
        lines.push(line("", &row, &human(since(self.to, self.from))));
        lines.push(format!("{:NAMES$}  {}", "", letters.join(", ")));
        lines
    }

    fn column(&self, at: Timestamp, width: usize) -> usize {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let column = (self.share(at) * (width - 1) as f64).round() as usize;
        column.min(width - 1)
    }

    fn allowed(&self, allowance: &Allowance, width: usize) -> String {
        let mut row = vec![' '; width];
        let (from, limit) = (self.column(allowance.from, width), self.column(allowance.limit, width));
        row[from..=limit].fill('─');
        let used = allowance.recovered.map(|at| self.column(at, width));
        if let Some(used) = used {
            row[from..=used.max(from)].fill('━');
        }
        row[limit] = if allowance.limit > self.to { '▸' } else { '┤' };
        let used = allowance.recovered.map(|at| human(since(at, allowance.from)));
        let used = used.unwrap_or_else(|| "not known to be back".to_owned());
        let given = human(since(allowance.limit, allowance.from));
        line(
            &format!("Tier {}", allowance.tier),
            &row,
            &format!("{used} of {given}: {}", verdict_word(allowance.verdict)),
        )
    }

    fn drawn(&self, bar: &Bar, width: usize) -> String {
        let mut row = vec![' '; width];
        for stretch in &bar.stretches {
            let (from, to) = (self.column(stretch.from, width), self.column(stretch.to, width));
            row[from..=to.max(from)].fill(stretch.outcome.sign());
        }
        let words: Vec<_> = bar.stretches.iter().map(|stretch| stretch.outcome.word()).collect();
        let sign = if bar.line { "▲ " } else { "" };
        line(&format!("{}. {sign}{}", bar.number, bar.title), &row, &words.join(", then "))
    }
}

const fn letter(point: Point) -> char {
    match point {
        Point::Impact => 'I',
        Point::Detected => 'D',
        Point::Declared => 'C',
        Point::Decided => 'F',
        Point::ExecutionStarted => 'E',
        Point::NoReturn => 'N',
        Point::TrafficMoved => 'T',
        Point::Verified => 'V',
        Point::Recovered => 'R',
        Point::Resolved => 'Z',
    }
}

fn line(name: &str, row: &[char], beside: &str) -> String {
    let name: String = if name.chars().count() > NAMES {
        name.chars().take(NAMES - 1).chain(['…']).collect()
    } else {
        name.to_owned()
    };
    let row: String = row.iter().collect();
    format!("{name:NAMES$}  {row}  {beside}").trim_end().to_owned()
}
