//! What needs a person's eye: the rules, what they see at an instant, and the life of an alert.
//!
//! The readings say what is so now ([`Sight`]). The [`Book`] makes alerts of it that stay the same alert while their
//! text changes: pending, firing, gone. [`Answers`] are what people said to them. What people are told is a [`Notice`].

mod answers;
mod book;
#[cfg(test)]
mod book_tests;
mod delivery;
mod notice;
mod record;
mod rule;
mod settings;
mod sight;
mod words;

pub use answers::{Acknowledged, Answers, Silence, Which};
pub use book::{Alert, Book, Life};
pub use delivery::{Delivered, Delivery};
pub use notice::{Audience, Notice, NoticeState};
pub use record::{AlertTurn, Recorded, RecordedAlert, to_record};
pub use rule::Rule;
pub use settings::{AlertSettings, RuleSettings};
pub use sight::{Finding, Sight};

#[cfg(test)]
pub(crate) mod testing {
    use super::{Notice, NoticeState};
    use crate::ident::AlertKey;
    use crate::log::Kind;
    use crate::reading::AlertSeverity;

    /// A live, critical one: its rule is what the key says before the colon.
    pub(crate) fn notice(key: &str, state: NoticeState) -> Notice {
        Notice {
            key: AlertKey::from(key),
            rule: key.split(':').next().unwrap_or_default().to_owned(),
            severity: AlertSeverity::Critical,
            state,
            text: "us-east-1 is down".to_owned(),
            estate: "orders".to_owned(),
            kind: Kind::Live,
            since: "2026-11-20T02:14:37Z".parse().unwrap_or_default(),
            at: "2026-11-20T02:14:38Z".parse().unwrap_or_default(),
            incident: None,
            by: None,
        }
    }
}
