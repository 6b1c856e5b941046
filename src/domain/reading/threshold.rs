//! A number against its marks.

use super::{Outcome, Payload};
use crate::estate::Thresholds;

impl Thresholds {
    /// What `number` is, with `said` as the value that people read. What is no number tells nothing.
    #[must_use]
    pub fn judge(&self, number: f64, said: &str) -> Outcome {
        if !number.is_finite() {
            return Outcome::Unknown { why: format!("`{said}` is no number that could be compared") };
        }
        let payload = Payload::Text { text: said.to_owned() };
        let above =
            |mark: Option<f64>| mark.filter(|mark| number > *mark).map(|mark| format!("{said} is above {mark}"));
        let below =
            |mark: Option<f64>| mark.filter(|mark| number < *mark).map(|mark| format!("{said} is below {mark}"));
        if let Some(why) = above(self.down_above).or_else(|| below(self.down_below)) {
            return Outcome::Bad { why, payload };
        }
        match above(self.degraded_above).or_else(|| below(self.degraded_below)) {
            Some(why) => Outcome::Soft { why, payload },
            None => Outcome::Good { payload },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_as_good_as_the_worst_mark_it_passed() {
        let marks = Thresholds {
            degraded_above: Some(80.0),
            down_above: Some(95.5),
            degraded_below: Some(10.0),
            down_below: Some(-1.0),
        };
        let why = |number: f64| match marks.judge(number, &number.to_string()) {
            Outcome::Good { .. } => "good".to_owned(),
            Outcome::Soft { why, .. } => format!("soft: {why}"),
            Outcome::Bad { why, .. } => format!("bad: {why}"),
            Outcome::Unknown { why } => why,
        };
        assert_eq!([why(80.0), why(10.0)], ["good", "good"]);
        assert_eq!(why(80.5), "soft: 80.5 is above 80");
        assert_eq!(why(96.0), "bad: 96 is above 95.5");
        assert_eq!(why(9.0), "soft: 9 is below 10");
        assert_eq!(why(-2.0), "bad: -2 is below -1");
        assert!(why(f64::NAN).contains("no number"));
    }
}
