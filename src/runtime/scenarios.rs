//! Where scenarios of exercises come from: the estate's folders, then those that ship with the program.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::estate::Estate;

use crate::runtime::estate_file::ReadError;
use crate::runtime::shelf::Shelf;

/// Those that ship with the program, by name.
pub const SHIPPED: &[(&str, &str)] = &[
    ("regional-outage", include_str!("../../scenarios/regional-outage.toml")),
    ("primary-database-down", include_str!("../../scenarios/primary-database-down.toml")),
    ("data-corruption", include_str!("../../scenarios/data-corruption.toml")),
    ("application-crash", include_str!("../../scenarios/application-crash.toml")),
    ("network-outage", include_str!("../../scenarios/network-outage.toml")),
    ("complete-data-loss", include_str!("../../scenarios/complete-data-loss.toml")),
    ("cache-failure", include_str!("../../scenarios/cache-failure.toml")),
    ("api-degradation", include_str!("../../scenarios/api-degradation.toml")),
    ("false-alarm", include_str!("../../scenarios/false-alarm.toml")),
    ("grey-failure", include_str!("../../scenarios/grey-failure.toml")),
    ("split-brain", include_str!("../../scenarios/split-brain.toml")),
    ("self-dependency", include_str!("../../scenarios/self-dependency.toml")),
    ("region-down", include_str!("../../scenarios/region-down.toml")),
];

/// Scenarios by name: the file's name without its ending.
#[derive(Clone, Debug)]
pub struct Scenarios(Shelf);

impl Default for Scenarios {
    /// What ships, in no estate.
    fn default() -> Self {
        Self(Shelf::shipped(".toml", SHIPPED))
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    #[error("there is no scenario `{name}`{help}")]
    NoSuchScenario { name: String, help: String },
    #[error(transparent)]
    Read(#[from] ReadError),
}

impl Scenarios {
    /// With the estate's folders, relative to the folder of its file.
    #[must_use]
    pub fn new(estate: &Estate, beside: Option<&Path>) -> Self {
        Self(Self::default().0.and_in(&estate.scenarios, beside))
    }

    /// The estate's own in order of name, then those that ship and are not hidden by one of the same name.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.0.names()
    }

    /// The file of a scenario of the estate's folders.
    #[must_use]
    pub fn place(&self, name: &str) -> Option<PathBuf> {
        self.0.place(name)
    }

    /// The text of a scenario: a name of the library, or the path of a file.
    ///
    /// # Errors
    /// When there is none of that name, or its file could have been changed by others.
    pub fn read(&self, name: &str) -> Result<Arc<str>, ScenarioError> {
        self.0.read(name)?.ok_or_else(|| self.unknown(name))
    }

    fn unknown(&self, name: &str) -> ScenarioError {
        let names = self.names();
        let near = domain::diagnostic::did_you_mean(name, names.iter().map(String::as_str));
        let help = near.unwrap_or_else(|| "`switchback drill --list` names those there are".to_owned());
        ScenarioError::NoSuchScenario { name: name.to_owned(), help: format!(": {help}") }
    }
}

/// What the log calls it: the name, or that of the file without its ending.
#[must_use]
pub fn name_of(given: &str) -> String {
    let path = Scenarios::default().0.is_path(given);
    let stem = path.then(|| Path::new(given).file_stem()?.to_str()).flatten();
    stem.unwrap_or(given).to_owned()
}

#[cfg(test)]
mod tests;
