//! The result in lines, as reports of exercises write it: `✓ RTO: 2 min 15 s (target: 60 min)`.

use std::time::Duration;

use super::{Measure, Observed, Score};
use crate::objective::AtRisk;
use crate::reading::Verdict;

impl Score {
    /// `PASSED, 100 points, P (performed without challenges)`.
    #[must_use]
    pub fn headline(&self) -> String {
        let (outcome, points) = (self.outcome.word().to_uppercase(), self.points);
        format!("{outcome}, {points} points, {} ({})", self.rating.letter(), self.rating.words())
    }

    /// A line for each measure, one for the expected actions, and one for each wrong action that was taken.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let measures = self.measures.iter().map(Measure::line);
        let wrong = self.wrong.iter().map(|wrong| format!("✗ Wrong: {}", wrong.text));
        measures.chain(self.expected_actions()).chain(wrong).collect()
    }

    fn expected_actions(&self) -> Option<String> {
        let count = |wanted| self.actions.iter().filter(|action| action.observed == wanted).count();
        let all = self.actions.len() - count(Observed::NotExpected);
        let (in_time, late, missed) = (count(Observed::InTime), count(Observed::Late), count(Observed::Missed));
        let sign = match (late + missed, in_time == all) {
            (0, true) => '✓',
            (0, false) => '?',
            _ => '✗',
        };
        let mut line = format!("{sign} Expected actions: {in_time} of {all} in time");
        for (count, word) in [(late, "late"), (missed, "missed")] {
            if count > 0 {
                line.push_str(&format!(", {count} {word}"));
            }
        }
        (all > 0).then_some(line)
    }
}

impl Measure {
    /// `✗ Detection: 3 min 10 s (target: 2 min)`.
    #[must_use]
    pub fn line(&self) -> String {
        let sign = match self.verdict {
            Verdict::Ok => '✓',
            Verdict::Missed => '✗',
            Verdict::AtRisk | Verdict::Unknown => '?',
            Verdict::NotApplicable => '·',
        };
        let measured = match (&self.lost, self.span) {
            (Some(lost), _) => interval(lost),
            (None, Some(span)) => spelled(span),
            (None, None) if self.verdict == Verdict::NotApplicable => "not applicable".to_owned(),
            (None, None) if self.verdict == Verdict::Missed => "not reached".to_owned(),
            (None, None) => "unknown".to_owned(),
        };
        let target = self.target.map(|target| format!(" (target: {})", spelled(target)));
        format!("{sign} {}: {measured}{}", self.name, target.unwrap_or_default())
    }
}

fn interval(lost: &AtRisk) -> String {
    match lost.at_most {
        Some(most) if most == lost.at_least => spelled(most),
        Some(most) => format!("{} … {}", spelled(lost.at_least), spelled(most)),
        None => format!("≥ {}", spelled(lost.at_least)),
    }
}

/// With spaces between figures and units, minutes up to two hours.
fn spelled(span: Duration) -> String {
    let (seconds, ms) = (span.as_secs(), span.as_millis());
    let two = |whole: u64, unit: &str, rest: u64, small: &str| match rest {
        0 => format!("{whole} {unit}"),
        rest => format!("{whole} {unit} {rest} {small}"),
    };
    match seconds {
        0 if ms > 0 => format!("{ms} ms"),
        1..10 if ms % 1000 >= 50 => format!("{:.1} s", span.as_secs_f64()),
        0..60 => format!("{seconds} s"),
        60..7200 => two(seconds / 60, "min", seconds % 60, "s"),
        7200..172_800 => two(seconds / 3600, "h", seconds % 3600 / 60, "min"),
        _ => two(seconds / 86_400, "d", seconds % 86_400 / 3600, "h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_spelled_as_reports_write_them() {
        for (ms, text) in [
            (0, "0 s"),
            (230, "230 ms"),
            (1200, "1.2 s"),
            (41_000, "41 s"),
            (135_000, "2 min 15 s"),
            (3_600_000, "60 min"),
            (9_000_000, "2 h 30 min"),
            (187_200_000, "2 d 4 h"),
        ] {
            assert_eq!(spelled(Duration::from_millis(ms)), text);
        }
    }
}
