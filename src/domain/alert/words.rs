//! A notice in words: one line for pagers and chats, a page for mail.

use super::{Notice, NoticeState};
use crate::estate::TEST_RULE;
use crate::log::Kind;
use crate::time::rfc3339;

impl Notice {
    /// `FIRING critical orders: us-east-1 is down`, and what is not real says so first.
    #[must_use]
    pub fn headline(&self) -> String {
        let practice = match self.kind {
            Kind::Live => String::new(),
            other => format!("[{}] ", other.word().to_uppercase()),
        };
        if self.rule == TEST_RULE {
            return format!("{practice}TEST {} {}: {}", self.state.word(), self.estate, self.text);
        }
        let by = self.by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
        let (said, severity) = (self.state.said(), self.severity.word());
        format!("{practice}{said}{by} {severity} {}: {}", self.estate, self.text)
    }

    /// The headline and everything else that is known, a line each.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![self.headline(), String::new()];
        let mut fact = |name: &str, value: &str| lines.push(format!("{name:<10}{value}"));
        fact("estate", &self.estate);
        fact("rule", &self.rule);
        fact("severity", self.severity.word());
        fact("state", self.state.word());
        fact("since", &rfc3339(self.since));
        fact("at", &rfc3339(self.at));
        fact("alert", self.key.as_str());
        if let Some(incident) = &self.incident {
            fact("incident", incident);
        }
        lines
    }

    /// What receivers deduplicate by: the alert's key, told apart from that of other estates.
    #[must_use]
    pub fn alias(&self) -> String {
        format!("switchback/{}/{}", self.estate, self.key)
    }
}

impl NoticeState {
    const fn said(self) -> &'static str {
        match self {
            Self::Firing => "FIRING",
            Self::Resolved => "RESOLVED",
            Self::Reminder => "STILL FIRING",
            Self::Acknowledged => "ACKNOWLEDGED",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::testing::notice;
    use crate::ident::PersonId;

    #[test]
    fn what_is_practice_says_so_first() {
        let live = notice("region-down:us-east-1", NoticeState::Firing);
        assert_eq!(live.headline(), "FIRING critical orders: us-east-1 is down");
        let taken = Notice { state: NoticeState::Acknowledged, by: Some(PersonId::from("ana")), ..live.clone() };
        assert_eq!(taken.headline(), "ACKNOWLEDGED by ana critical orders: us-east-1 is down");
        let lab = Notice { kind: Kind::Lab, state: NoticeState::Resolved, ..live };
        assert_eq!(lab.headline(), "[LAB] RESOLVED critical orders: us-east-1 is down");
    }

    #[test]
    fn a_mail_says_everything_that_is_known() {
        let notice = Notice {
            incident: Some("INC-2026-0007".to_owned()),
            ..notice("region-down:us-east-1", NoticeState::Reminder)
        };
        let lines = notice.lines();
        assert_eq!(lines[0], "STILL FIRING critical orders: us-east-1 is down");
        for line in ["rule      region-down", "since     2026-11-20T02:14:37.000Z", "incident  INC-2026-0007"] {
            assert!(lines.iter().any(|found| found == line), "{line} in {lines:?}");
        }
        assert_eq!(notice.alias(), "switchback/orders/region-down:us-east-1");
    }
}
