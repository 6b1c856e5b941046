//! What needs a person's eye: the rules, what they see at an instant, and the life of an alert.
//!
//! The readings say what is so now ([`Sight`]). The [`Book`] makes alerts of it that stay the same alert while their
//! text changes: pending, firing, gone. [`Answers`] are what people said to them. What people are told is a [`Notice`].

mod answers;
mod book;
#[cfg(test)]
mod book_tests;
mod notice;
mod record;
mod rule;
mod settings;
mod sight;

pub use answers::{Acknowledged, Answers, Silence, Which};
pub use book::{Alert, Book, Life};
pub use notice::{Audience, Notice, NoticeState};
pub use record::{AlertTurn, Recorded, RecordedAlert, to_record};
pub use rule::Rule;
pub use settings::{AlertSettings, RuleSettings};
pub use sight::{Finding, Sight};
