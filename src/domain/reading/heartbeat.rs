//! When something was last heard of, against how long it may be silent.

use std::time::Duration;

use super::{Outcome, Payload};
use crate::estate::HeartbeatCheck;
use crate::time::{Timestamp, human, since};

/// Clocks of two machines, and times cut to seconds, differ by so much without anything being wrong.
const TOLERATED: Duration = Duration::from_secs(5);

impl HeartbeatCheck {
    /// What a last beat means at `now`; `None` when there never was one.
    #[must_use]
    pub fn judge(&self, last: Option<Timestamp>, now: Timestamp) -> Outcome {
        let Some(last) = last else {
            return Outcome::Bad { why: "it was never heard of".to_owned(), payload: Payload::Nothing };
        };
        let ahead = since(last, now);
        if ahead > TOLERATED {
            return Outcome::Unknown {
                why: format!("its last beat lies {} in the future: a clock is wrong", human(ahead)),
            };
        }
        let silent = since(now, last);
        let payload = Payload::Text { text: format!("{} ago", human(silent)) };
        if silent > self.within {
            let why = format!("nothing was heard for {}, more than {}", human(silent), human(self.within));
            return Outcome::Bad { why, payload };
        }
        Outcome::Good { payload }
    }
}

/// A time as a file tells it: RFC 3339, or seconds since 1970, on the first line.
///
/// # Errors
/// What is wrong with the text: a sentence.
pub fn beat_time(text: &str) -> Result<Timestamp, String> {
    let line = text.lines().next().unwrap_or_default().trim();
    let seconds = || line.parse::<f64>().ok().filter(|seconds| seconds.is_finite());
    #[allow(clippy::cast_possible_truncation)]
    let of_seconds = |seconds: f64| Timestamp::from_millisecond((seconds * 1000.0) as i64).ok();
    line.parse::<Timestamp>().ok().or_else(|| seconds().and_then(of_seconds)).ok_or_else(|| {
        let shown: String = line.chars().take(40).collect();
        let shown = crate::untrusted::sanitise_line(&shown);
        format!("`{shown}` is no time: RFC 3339 or seconds since 1970 are")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + second).unwrap()
    }

    #[test]
    fn silence_longer_than_allowed_is_down() {
        let check = HeartbeatCheck { file: None, within: Duration::from_secs(3600), content: false };
        let told = |last: Option<i64>| match check.judge(last.map(at), at(0)) {
            Outcome::Good { payload: Payload::Text { text } } => text,
            other => format!(
                "{}{}",
                if matches!(other, Outcome::Bad { .. }) { "down: " } else { "unknown: " },
                other.why().unwrap()
            ),
        };
        assert_eq!(told(Some(-3600)), "1h ago");
        assert_eq!(told(Some(3)), "0s ago");
        assert_eq!(told(Some(-3661)), "down: nothing was heard for 1h01m, more than 1h");
        assert_eq!(told(None), "down: it was never heard of");
        assert_eq!(told(Some(60)), "unknown: its last beat lies 1m in the future: a clock is wrong");
    }

    #[test]
    fn times_are_read_in_two_forms() {
        assert_eq!(beat_time("1700000000\n"), Ok(at(0)));
        assert_eq!(beat_time("1700000000.5"), Ok(Timestamp::from_millisecond(1_700_000_000_500).unwrap()));
        assert_eq!(beat_time("2023-11-14T23:13:20+01:00\nmore"), Ok(at(0)));
        for wrong in ["", "yesterday", "nan", "\u{1b}[31m", "1e300", "2023-11-14"] {
            assert!(beat_time(wrong).is_err(), "{wrong}");
        }
    }
}
