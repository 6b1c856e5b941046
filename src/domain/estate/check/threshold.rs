//! Marks on a number, the same four keys wherever a check reads one.

use super::super::fields::Fields;
use super::super::schema::{Key, Kind, key};
use super::super::value;
use crate::diagnostic::Diagnostic;

pub(super) const DEGRADED_ABOVE: Key = key("degraded_above", Kind::Number, "none", "A number above this is degraded.");
pub(super) const DEGRADED_BELOW: Key = key("degraded_below", Kind::Number, "none", "A number below this is degraded.");
pub(super) const DOWN_ABOVE: Key = key("down_above", Kind::Number, "none", "A number above this is down.");
pub(super) const DOWN_BELOW: Key = key("down_below", Kind::Number, "none", "A number below this is down.");

/// Marks on a number, in its own unit. On the mark is still good.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Thresholds {
    pub degraded_above: Option<f64>,
    pub degraded_below: Option<f64>,
    pub down_above: Option<f64>,
    pub down_below: Option<f64>,
}

impl Thresholds {
    /// There is no mark.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Marks that can never be reached, or leave nothing that is good, are reported.
    pub(super) fn read(fields: &Fields<'_, '_>, report: &mut Vec<Diagnostic>) -> Self {
        let mark = |name| fields.take(name, value::number);
        let marks = Self {
            degraded_above: mark(DEGRADED_ABOVE.name),
            degraded_below: mark(DEGRADED_BELOW.name),
            down_above: mark(DOWN_ABOVE.name),
            down_below: mark(DOWN_BELOW.name),
        };
        let mut wrong = |at: &Key, message: &str, help: &str| {
            report.push(Diagnostic::error("estate::threshold", fields.span_of(at.name), message).help(help));
        };
        let pairs = [
            (marks.degraded_above, marks.down_above, &DEGRADED_ABOVE, "`degraded_above` lies beyond `down_above`"),
            (marks.down_below, marks.degraded_below, &DEGRADED_BELOW, "`degraded_below` lies beyond `down_below`"),
        ];
        for (lower, higher, at, message) in pairs {
            if lower.zip(higher).is_some_and(|(lower, higher)| lower >= higher) {
                wrong(at, message, "a number is down before it is ever degraded: exchange the two");
            }
        }
        let lowest = marks.degraded_above.into_iter().chain(marks.down_above).reduce(f64::min);
        let highest = marks.degraded_below.into_iter().chain(marks.down_below).reduce(f64::max);
        if lowest.zip(highest).is_some_and(|(above, below)| above < below) {
            let at = if marks.degraded_above.is_some() { &DEGRADED_ABOVE } else { &DOWN_ABOVE };
            wrong(at, "no number is good: every one is above this or below another mark", "move the marks apart");
        }
        marks
    }
}
