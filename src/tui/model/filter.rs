//! What a person narrows a list down to: one way of matching for the log, the checklist and every list over the bridge.

use super::Field;

/// The filter of one list: what it is narrowed to, and what is being typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    kept: String,
    editing: Option<Field>,
}

impl Filter {
    #[must_use]
    pub const fn none() -> Self {
        Self { kept: String::new(), editing: None }
    }

    #[must_use]
    pub fn of(text: impl Into<String>) -> Self {
        Self { kept: text.into(), editing: None }
    }

    /// What the list is narrowed to now, kept or not.
    #[must_use]
    pub fn text(&self) -> &str {
        self.editing.as_ref().map_or(self.kept.as_str(), Field::text)
    }

    /// What is being typed, with its cursor.
    #[must_use]
    pub const fn editing(&self) -> Option<&Field> {
        self.editing.as_ref()
    }

    /// It shows: it narrows something, or is being typed.
    #[must_use]
    pub fn shows(&self) -> bool {
        self.editing.is_some() || !self.kept.is_empty()
    }

    #[must_use]
    pub(crate) const fn typed(&mut self) -> Option<&mut Field> {
        self.editing.as_mut()
    }

    pub(crate) fn begin(&mut self) {
        self.editing = Some(Field::new(self.kept.clone()));
    }

    pub(crate) fn keep(&mut self) {
        if let Some(field) = self.editing.take() {
            field.text().trim().clone_into(&mut self.kept);
        }
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::none();
    }

    /// What it asks of a row that has these fields.
    #[must_use]
    pub fn terms(&self, fields: &[&str]) -> Terms {
        Terms::read(self.text(), fields)
    }
}

/// What a filter asks of a row: every word of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms(Vec<Term>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    word: String,
    /// It looks at this field only.
    field: Option<String>,
    /// It must not be there.
    unwanted: bool,
    /// A capital letter asks for exactly this; without one, either will do.
    exact: bool,
}

impl Terms {
    /// Words, each of which must be there; `!word` must not be. `field:word` looks at one of the `fields`; any other word
    /// with a colon is a word.
    #[must_use]
    pub fn read(text: &str, fields: &[&str]) -> Self {
        Self(text.split_whitespace().filter_map(|typed| Term::read(typed, fields)).collect())
    }

    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a row passes that says this. A field that it does not have matches nothing.
    pub fn pass(&self, says: &str, field: impl Fn(&str) -> Option<String>) -> bool {
        self.0.iter().all(|term| {
            let found = match &term.field {
                Some(name) => field(name).is_some_and(|value| term.is_in(&value)),
                None => term.is_in(says),
            };
            found != term.unwanted
        })
    }

    /// The same of a row without fields.
    #[must_use]
    pub fn pass_text(&self, says: &str) -> bool {
        self.pass(says, |_| None)
    }
}

impl Term {
    /// `None` while there is nothing to look for yet: `!`, `actor:`.
    fn read(typed: &str, fields: &[&str]) -> Option<Self> {
        let (unwanted, rest) = typed.strip_prefix('!').map_or((false, typed), |rest| (true, rest));
        let named = rest.split_once(':').filter(|(name, _)| fields.contains(&name.to_lowercase().as_str()));
        let (field, word) = named.map_or((None, rest), |(name, word)| (Some(name.to_lowercase()), word));
        let exact = word.chars().any(char::is_uppercase);
        (!word.is_empty()).then(|| Self { word: word.to_owned(), field, unwanted, exact })
    }

    fn is_in(&self, text: &str) -> bool {
        if self.exact { text.contains(&self.word) } else { text.to_lowercase().contains(&self.word) }
    }
}

/// What a filter leaves of a list.
#[derive(Clone, Debug)]
pub struct Narrowed<T> {
    pub rows: Vec<T>,
    /// How many there are without the filter.
    pub of: usize,
    /// Of those that are left out, how many are red: they are counted where they are not seen.
    pub red_left_out: usize,
}

impl<T> Narrowed<T> {
    /// `passes` says whether a row is left, `red` whether it must be counted when it is not.
    pub fn new(all: impl IntoIterator<Item = T>, passes: impl Fn(&T) -> bool, red: impl Fn(&T) -> bool) -> Self {
        let (rows, left_out): (Vec<T>, Vec<T>) = all.into_iter().partition(passes);
        let red_left_out = left_out.iter().filter(|row| red(row)).count();
        Self { of: rows.len() + left_out.len(), rows, red_left_out }
    }

    /// Something is left out.
    #[must_use]
    pub fn narrower(&self) -> bool {
        self.rows.len() < self.of
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAYS: &str = "Promote DR database in us-west-2";

    fn pass(filter: &str) -> bool {
        let actor = |field: &str| (field == "actor").then(|| "Mara".to_owned());
        Filter::of(filter).terms(&["actor", "step"]).pass(SAYS, actor)
    }

    #[test]
    fn every_word_must_be_there_in_any_order() {
        assert!(pass("") && pass("west promote") && !pass("west redirect"));
    }

    #[test]
    fn a_capital_letter_asks_for_exactly_that() {
        assert!(pass("promote dr") && pass("DR") && !pass("DATABASE") && !pass("dR"));
    }

    #[test]
    fn a_word_behind_an_exclamation_mark_must_not_be_there() {
        assert!(pass("!redirect") && !pass("!promote") && pass("promote !redirect") && !pass("!actor:mara"));
    }

    #[test]
    fn a_field_is_looked_at_alone_and_one_that_is_missing_matches_nothing() {
        assert!(pass("actor:mara") && pass("actor:Mara") && !pass("actor:MARA") && !pass("mara"));
        assert!(!pass("step:promote") && pass("!step:promote"));
    }

    #[test]
    fn what_is_no_field_is_a_word_with_a_colon() {
        let terms = Terms::read("02:14 type:note", &["actor"]);
        assert!(terms.pass_text("02:14:50Z type:note") && !terms.pass_text("02:15:50Z type:note"));
    }

    #[test]
    fn what_is_only_begun_leaves_everything() {
        assert!(pass("!") && pass("actor:") && pass("!actor:"));
    }

    #[test]
    fn what_is_typed_counts_at_once_and_is_kept_or_cleared() {
        let mut filter = Filter::of("dns");
        filter.begin();
        filter.typed().unwrap().insert('!');
        assert_eq!((filter.text(), filter.shows()), ("dns!", true));
        filter.keep();
        assert_eq!((filter.text(), filter.editing()), ("dns!", None));
        filter.clear();
        assert!(!filter.shows());
    }

    #[test]
    fn red_rows_that_are_left_out_are_counted() {
        let narrowed = Narrowed::new(1..=10, |row| *row > 6, |row| row % 2 == 0);
        assert_eq!((narrowed.rows.len(), narrowed.of, narrowed.red_left_out), (4, 10, 3));
        assert!(narrowed.narrower());
    }
}
