//! The theme a person looks at: one that is kept, and maybe another that is only tried.

use std::sync::Arc;

use super::{Shelf, Theme, ThemeError};

#[derive(Clone, Debug, Default)]
pub struct Looks {
    shelf: Arc<Shelf>,
    kept: Theme,
    tried: Option<Theme>,
}

impl Looks {
    /// Begins with `name` of the shelf.
    ///
    /// # Errors
    /// There is no such theme, or what is wrong with its file.
    pub fn new(shelf: Shelf, name: &str) -> Result<Self, ThemeError> {
        let kept = shelf.theme(name)?;
        Ok(Self { shelf: Arc::new(shelf), kept, tried: None })
    }

    /// What the screen is drawn in.
    #[must_use]
    pub fn current(&self) -> &Theme {
        self.tried.as_ref().unwrap_or(&self.kept)
    }

    /// The one that [`Self::revert`] goes back to.
    #[must_use]
    pub fn kept(&self) -> &str {
        &self.kept.name
    }

    /// What can be chosen: the shipped ones, then a person's own.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        self.shelf.names()
    }

    /// A person's own themes that cannot be chosen, and why.
    pub fn unusable(&self) -> impl Iterator<Item = (&str, &ThemeError)> {
        self.shelf.unusable()
    }

    /// Shows another one for now.
    ///
    /// # Errors
    /// There is no such theme, or what is wrong with its file; what was shown stays.
    pub fn preview(&mut self, name: &str) -> Result<(), ThemeError> {
        self.tried = Some(self.shelf.theme(name)?);
        Ok(())
    }

    /// What is shown now stays.
    pub fn keep(&mut self) {
        if let Some(theme) = self.tried.take() {
            self.kept = theme;
        }
    }

    /// Back to what was kept.
    pub fn revert(&mut self) {
        self.tried = None;
    }
}

impl From<Theme> for Looks {
    /// A theme beside the shipped ones, as it is.
    fn from(kept: Theme) -> Self {
        Self { kept, ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_tried_is_shown_until_it_is_kept_or_given_up() {
        let mut looks = Looks::default();
        assert_eq!((looks.current().name.as_str(), looks.kept()), ("terminal", "terminal"));
        looks.preview("light").unwrap();
        assert_eq!((looks.current().name.as_str(), looks.kept()), ("light", "terminal"));
        looks.revert();
        assert_eq!(looks.current().name, "terminal");
        looks.preview("dark").unwrap();
        looks.keep();
        looks.revert();
        assert_eq!((looks.current().name.as_str(), looks.kept()), ("dark", "dark"));
    }

    #[test]
    fn what_cannot_be_tried_changes_nothing() {
        let mut looks = Looks::default();
        looks.preview("dark").unwrap();
        let why = looks.preview("drak").unwrap_err().to_string();
        assert_eq!(why, "there is no theme `drak`: did you mean `dark`?");
        assert_eq!(looks.current().name, "dark");
    }
}
