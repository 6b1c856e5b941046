//! Why a key of a keymap cannot be had, and what to write instead.

use domain::diagnostic::did_you_mean;

use super::NAMED;

/// What is wrong with one key as it was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    #[error("there is no key in it")]
    Empty,
    #[error("more than {most} keys one after the other")]
    TooLong { most: usize },
    #[error("`{written}` is no key")]
    Unknown { written: String },
    #[error("`{written}` cannot be told from `{sends}`: terminals send the same for both")]
    SentAs { written: String, sends: String },
    #[error("`{written}` does not reach a program in a terminal: {why}")]
    NotSent { written: String, why: &'static str },
    #[error("`{written}` {stays}")]
    Reserved { written: String, stays: &'static str },
}

impl BadKey {
    /// Its stable code among findings.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty | Self::TooLong { .. } | Self::Unknown { .. } => "console::unknown-key",
            Self::SentAs { .. } | Self::NotSent { .. } => "console::not-sent",
            Self::Reserved { .. } => "console::reserved",
        }
    }

    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::Empty => "write the key: \"x\", \"ctrl-p\", \"g r\"".to_owned(),
            Self::TooLong { .. } => "two keys are enough for what is not needed at once".to_owned(),
            Self::Unknown { written } => {
                let names = NAMED.iter().map(|(name, _)| *name);
                did_you_mean(written, names.chain(["ctrl-x", "alt-x"])).unwrap_or_else(|| {
                    "a key is one character, or enter, space, tab, up …; before it ctrl- or alt-; a blank between keys \
                     that are pressed one after the other"
                        .to_owned()
                })
            }
            Self::SentAs { sends, .. } => format!("write \"{sends}\" if that is what you want, or take another key"),
            Self::NotSent { .. } => "take a letter, ctrl- or alt- with a small letter, or two keys: \"g x\"".to_owned(),
            Self::Reserved { .. } => "take another key".to_owned(),
        }
    }
}
