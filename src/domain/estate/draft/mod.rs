//! An estate as it is proposed to a person: made from what was found, corrected by answers, written as a commented file.

mod block;
mod checks;
mod databases;
mod place;
pub mod said;
mod services;
#[cfg(test)]
mod tests;
mod write;

use std::fmt;

use crate::found::{Endpoint, Found, Origin};

use self::place::Places;
pub use self::place::{EXAMPLE, regions};

/// What is known, and who told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told<T> {
    pub value: T,
    pub by: By,
}

impl<T> Told<T> {
    pub const fn new(value: T, by: By) -> Self {
        Self { value, by }
    }

    pub const fn answered(value: T) -> Self {
        Self { value, by: By::Answer }
    }
}

/// Who told it: the comment beside it in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    Answer,
    /// A file, and what it calls the thing.
    File {
        origin: Origin,
        called: String,
    },
    /// Nobody: why it is so nevertheless, and what is to be done about it.
    Guess(&'static str),
}

impl By {
    fn file(origin: &Origin, called: &str) -> Self {
        Self::File { origin: origin.clone(), called: called.to_owned() }
    }
}

/// `{:#}` leaves out what the file calls it.
impl fmt::Display for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answer => f.write_str("answered"),
            Self::File { origin, called } if called.is_empty() || f.alternate() => write!(f, "from {origin}"),
            Self::File { origin, called } => write!(f, "from {origin}: {called}"),
            Self::Guess(why) => f.write_str(why),
        }
    }
}

/// The name of a region, and something told of it.
pub type InRegion = (String, Told<String>);

/// Everything the file will say.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub name: Told<String>,
    /// The first serves today; the others by preference.
    pub regions: Vec<Told<String>>,
    pub targets: Targets,
    pub services: Vec<Service>,
    pub databases: Vec<Database>,
    /// Contexts of kubectl.
    pub clusters: Vec<InRegion>,
    pub person: Option<Person>,
    /// A profile of AWS that changes DNS.
    pub profile: Option<Told<String>>,
    checks: Vec<Check>,
    /// What was found and stands in no table: contexts and profiles by name, endpoints that no check can look at.
    apart: Vec<String>,
}

/// What was promised of every service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Targets {
    pub rto: Told<String>,
    pub rpo: Told<String>,
}

impl Default for Targets {
    fn default() -> Self {
        let guess = By::Guess("an example: write what was promised");
        Self { rto: Told::new("1h".to_owned(), guess.clone()), rpo: Told::new("5m".to_owned(), guess) }
    }
}

/// What users notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    pub name: String,
    /// Health addresses.
    pub health: Vec<InRegion>,
}

/// A database and its servers, as connection strings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Database {
    pub name: String,
    pub servers: Vec<InRegion>,
    /// Servers of which it is not known where they are.
    pub elsewhere: Vec<Told<String>>,
}

/// Whoever answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    pub phone: Option<String>,
}

/// An endpoint that becomes a check of its own.
#[derive(Clone, Debug, PartialEq)]
struct Check {
    name: String,
    region: Option<String>,
    service: Option<String>,
    endpoint: Endpoint,
}

impl Draft {
    /// What the facts suggest for an estate of this name in these regions, the one that serves first.
    #[must_use]
    pub fn of(found: &Found, name: Told<String>, regions: Vec<Told<String>>) -> Self {
        let places = Places::new(regions.iter().map(|region| region.value.as_str()));
        let databases = databases::of(&found.services, &places);
        let (services, checks) = services::of(&found.endpoints(), &databases, &places);
        let clusters = checks::clusters(&found.contexts, &places);
        Self {
            apart: checks::apart(found, &clusters),
            databases,
            clusters,
            name,
            regions,
            targets: Targets::default(),
            services,
            checks,
            person: None,
            profile: None,
        }
    }

    /// After services were left out: a check that spoke for one of them speaks for itself.
    pub fn keep_checks_of_services(&mut self) {
        let services: Vec<&str> = self.services.iter().map(|service| service.name.as_str()).collect();
        for check in &mut self.checks {
            let gone = |service: &mut String| !services.contains(&service.as_str());
            check.service.take_if(gone);
        }
    }

    /// The file: every value with the word of who told it; what is not known is there too, commented out. It passes its own
    /// check whatever was found: what would not is commented out, with the reason.
    #[must_use]
    pub fn write(&self) -> String {
        block::assemble(write::blocks(self))
    }
}

/// A word that can be a name in the estate's file: letters, digits and hyphens.
#[must_use]
pub fn plain_name(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let name: String = words.join("-").chars().take(48).collect();
    let name = name.trim_end_matches('-').to_owned();
    (!name.is_empty()).then_some(name)
}
