//! The facts themselves, each with the place where it stands.

use std::fmt;
use std::time::Duration;

use super::blackbox::Module;
use super::prometheus::{self, Target};
use super::region::Hint;

/// The file and line that told something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    pub file: String,
    /// From 1.
    pub line: usize,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// Everything that was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    pub contexts: Vec<Context>,
    pub profiles: Vec<Profile>,
    pub services: Vec<PgService>,
    pub(super) endpoints: Vec<Endpoint>,
    pub(super) targets: Vec<Target>,
    pub(super) modules: Vec<Module>,
}

impl Found {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Something is probed by modules of the blackbox exporter.
    #[must_use]
    pub fn has_targets(&self) -> bool {
        !self.targets.is_empty()
    }

    /// Takes what another file told.
    pub fn add(&mut self, other: Self) {
        self.contexts.extend(other.contexts);
        self.profiles.extend(other.profiles);
        self.services.extend(other.services);
        self.endpoints.extend(other.endpoints);
        self.targets.extend(other.targets);
        self.modules.extend(other.modules);
    }

    /// How many of what there are, without those that there are none of.
    #[must_use]
    pub fn count(&self) -> Vec<(usize, &'static str)> {
        let all = [
            (self.contexts.len(), "context"),
            (self.profiles.len(), "profile"),
            (self.services.len(), "service"),
            (self.endpoints.len(), "endpoint"),
            (self.targets.len(), "target"),
            (self.modules.len(), "module"),
        ];
        all.into_iter().filter(|(count, _)| *count > 0).collect()
    }

    /// What is watched today: endpoints as they are written, and targets by the modules that look at them.
    #[must_use]
    pub fn endpoints(&self) -> Vec<Endpoint> {
        let probed = self.targets.iter().map(|target| prometheus::endpoint(target, &self.modules));
        self.endpoints.iter().cloned().chain(probed).collect()
    }
}

/// A context of kubectl.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context {
    pub name: String,
    pub place: Option<Hint>,
    pub origin: Origin,
}

/// A profile of the `aws` command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    pub name: String,
    pub region: Option<String>,
    pub origin: Origin,
}

/// An entry of a libpq service file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PgService {
    pub name: String,
    pub host: Option<String>,
    pub database: Option<String>,
    pub place: Option<Hint>,
    /// By its name or its host it is the one that takes writes.
    pub primary: bool,
    pub origin: Origin,
}

/// Something that is watched today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    pub name: String,
    pub place: Option<Hint>,
    pub look: Look,
    pub every: Option<Duration>,
    /// An answer slower than this is not good.
    pub slow: Option<Duration>,
    /// What was not taken over, in words that repeat nothing of it.
    pub left: Vec<String>,
    pub origin: Origin,
}

/// How it is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    Http(Http),
    Tcp {
        address: String,
        tls: bool,
    },
    Tls {
        address: String,
        starttls: bool,
        days: Option<u64>,
    },
    Dns(Dns),
    /// No kind of check does; why, for people.
    None(String),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Http {
    /// Without user, password, query and fragment.
    pub url: String,
    pub method: Option<String>,
    /// As the estate's file writes them: `200`, `200-299`.
    pub status: Vec<String>,
    pub contains: Option<String>,
    pub matches: Option<String>,
    /// Path and value.
    pub json: Option<(String, String)>,
    pub cert_days: Option<u64>,
    pub any_certificate: bool,
}

impl Http {
    /// Nothing is asked for beyond what every health address is asked for.
    #[must_use]
    pub fn plain(&self) -> bool {
        *self == Self { url: self.url.clone(), ..Self::default() }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dns {
    pub query: String,
    pub record: Option<String>,
    pub resolver: Option<String>,
    pub rcode: Option<String>,
}
