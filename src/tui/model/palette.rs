//! The palette: every action found by some of its letters, what can be given to it, and what was taken lately.

use std::fmt;

use super::Field;
use crate::action::Id;

/// Lines that are remembered.
const KEPT: usize = 50;

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Palette {
    pub query: Field,
    /// Best first.
    pub offers: Vec<Offer>,
    pub cursor: usize,
    /// The action whose argument is being typed.
    pub of: Option<Id>,
    /// How far back in what was taken lately its query comes from.
    pub(crate) recalled: Option<usize>,
}

impl Palette {
    /// What Enter would take.
    #[must_use]
    pub fn chosen(&self) -> Option<&Offer> {
        self.offers.get(self.cursor)
    }
}

/// A row of the palette.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub action: Id,
    pub given: Option<Given>,
    /// Why it cannot be taken now.
    pub why_not: Option<String>,
    /// Which characters of its name were typed.
    pub lit: Vec<usize>,
    /// It stands here because it was taken lately.
    pub lately: bool,
}

/// What an action is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// One of the things it knows, and what is to be said of that.
    Choice { value: String, words: String },
    /// As it was typed.
    Words(String),
}

impl Given {
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Choice { value, .. } => value,
            Self::Words(text) => text,
        }
    }
}

/// A line that was taken: an action by name, and the choice it was given. Words that somebody wrote are not kept: they may
/// be anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenLine {
    pub action: Id,
    pub choice: Option<String>,
}

impl TakenLine {
    #[must_use]
    pub fn of(offer: &Offer) -> Self {
        let choice = match &offer.given {
            Some(Given::Choice { value, .. }) => Some(value.clone()),
            Some(Given::Words(_)) | None => None,
        };
        Self { action: offer.action, choice }
    }
}

impl fmt::Display for TakenLine {
    /// As it is typed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.action.name())?;
        self.choice.as_ref().map_or(Ok(()), |choice| write!(f, " {choice}"))
    }
}

/// What was taken from the palette of this console, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken(Vec<TakenLine>);

impl Taken {
    #[must_use]
    pub fn lines(&self) -> &[TakenLine] {
        &self.0
    }

    /// What is taken again moves to the front.
    pub(crate) fn remember(&mut self, line: TakenLine) {
        self.0.retain(|other| *other != line);
        self.0.insert(0, line);
        self.0.truncate(KEPT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(action: Id, choice: &str) -> TakenLine {
        TakenLine { action, choice: (!choice.is_empty()).then(|| choice.to_owned()) }
    }

    #[test]
    fn what_is_taken_again_is_remembered_once_and_stands_first() {
        let mut taken = Taken::default();
        for line in [line(Id::Theme, "light"), line(Id::Brief, ""), line(Id::Theme, "light")] {
            taken.remember(line);
        }
        let lines: Vec<String> = taken.lines().iter().map(ToString::to_string).collect();
        assert_eq!(lines, ["theme light", "brief"]);
    }

    #[test]
    fn words_are_never_kept() {
        let offer = Offer {
            action: Id::Note,
            given: Some(Given::Words("the password is hunter2".to_owned())),
            why_not: None,
            lit: Vec::new(),
            lately: false,
        };
        assert_eq!(TakenLine::of(&offer).to_string(), "note");
    }
}
