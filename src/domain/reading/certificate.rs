//! How long a certificate still holds.

use super::{Outcome, Payload};
use crate::time::{Timestamp, human, since};

const DAY: u64 = 24 * 60 * 60;

/// When a certificate is valid, the two ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    pub from: Timestamp,
    pub until: Timestamp,
}

impl Validity {
    /// Down outside its time, degraded with fewer than `days` left; the value is what is left of it.
    #[must_use]
    pub fn judge(self, days: u32, now: Timestamp) -> Outcome {
        if now > self.until {
            let ago = human(since(now, self.until));
            return Outcome::Bad {
                why: format!("its certificate expired {ago} ago"),
                payload: text("expired".to_owned()),
            };
        }
        if now < self.from {
            let wait = human(since(self.from, now));
            let why = format!("its certificate is not valid for another {wait}: or a clock is wrong");
            return Outcome::Bad { why, payload: text("not valid yet".to_owned()) };
        }
        let left = since(self.until, now);
        let said = match left.as_secs() / DAY {
            0 => human(left),
            1 => "1 day".to_owned(),
            days => format!("{days} days"),
        };
        if left.as_secs() < u64::from(days) * DAY {
            let why = format!("its certificate expires in {said}, fewer than {days} days");
            return Outcome::Soft { why, payload: text(said) };
        }
        Outcome::Good { payload: text(said) }
    }
}

const fn text(text: String) -> Payload {
    Payload::Text { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: f64) -> Timestamp {
        #[allow(clippy::cast_possible_truncation)]
        Timestamp::from_second(1_700_000_000 + (day * 86_400.0) as i64).unwrap()
    }

    #[test]
    fn what_is_left_decides() {
        let validity = Validity { from: at(0.0), until: at(90.0) };
        let told = |day: f64| match validity.judge(14, at(day)) {
            Outcome::Good { payload: Payload::Text { text } } => text,
            other => other.why().unwrap_or_default().to_owned(),
        };
        assert_eq!(told(18.0), "72 days");
        assert_eq!(told(76.0), "14 days");
        assert_eq!(told(76.5), "its certificate expires in 13 days, fewer than 14 days");
        assert_eq!(told(89.5), "its certificate expires in 12h, fewer than 14 days");
        assert_eq!(told(92.0), "its certificate expired 2d ago");
        assert!(told(-1.0).starts_with("its certificate is not valid for another 1d"));
    }
}
