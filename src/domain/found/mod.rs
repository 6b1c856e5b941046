//! What other tools' files tell of an estate: contexts, profiles, servers, endpoints. Pure readers, text in and facts
//! out; what a file holds of passwords and tokens is not even a field of what they give.

mod address;
mod aws;
mod blackbox;
mod condition;
mod facts;
mod gatus;
mod ini;
mod kind;
mod kubeconfig;
mod pg_service;
mod prometheus;
mod region;
#[cfg(test)]
mod tests;

use crate::yaml::{self, Node};

pub use self::facts::{Context, Dns, Endpoint, Found, Http, Look, Origin, PgService, Profile};
pub use self::kind::Kind;
pub use self::region::{Hint, hint, without_place};

/// A longer file is refused, in bytes.
pub const LONGEST: usize = 1024 * 1024;

/// Why a file told nothing, with its place; lines and columns count from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {why}")]
pub struct Trouble {
    pub file: String,
    pub line: usize,
    pub column: usize,
    pub why: String,
}

/// What a file of this kind tells; `file` is what people know it by.
///
/// # Errors
/// It is longer than [`LONGEST`], or not written as files of its kind are.
pub fn read(kind: Kind, file: &str, text: &str) -> Result<Found, Trouble> {
    let source = Source::new(file, text);
    if text.len() > LONGEST {
        return Err(source.trouble(0, format!("longer than {} KiB", LONGEST / 1024)));
    }
    match kind {
        Kind::Kubeconfig => kubeconfig::read(&source),
        Kind::Aws => aws::read(&source),
        Kind::PgService => pg_service::read(&source),
        Kind::Gatus => gatus::read(&source),
        Kind::Prometheus => prometheus::read(&source),
        Kind::Blackbox => blackbox::read(&source),
    }
}

/// What is wrong with a text that its name says is YAML, and that nobody's keys were found in.
#[must_use]
pub fn trouble(file: &str, text: &str) -> Option<Trouble> {
    let yaml = [".yaml", ".yml"].iter().any(|ending| file.ends_with(ending));
    yaml.then(|| Source::new(file, text).yaml().err()).flatten()
}

/// A file as it is read.
struct Source<'t> {
    file: &'t str,
    text: &'t str,
    /// Where its lines begin: a long file has thousands of facts.
    lines: Vec<usize>,
}

impl<'t> Source<'t> {
    fn new(file: &'t str, text: &'t str) -> Self {
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { file, text, lines }
    }

    fn origin(&self, line: usize) -> Origin {
        Origin { file: self.file.to_owned(), line }
    }

    /// Of what stands at this byte.
    fn at(&self, offset: usize) -> Origin {
        self.origin(self.lines.partition_point(|start| *start <= offset))
    }

    fn trouble(&self, offset: usize, why: impl Into<String>) -> Trouble {
        let (line, column) = crate::diagnostic::line_column(self.text, offset);
        Trouble { file: self.file.to_owned(), line, column, why: why.into() }
    }

    /// The document as a tree; what is broken is refused whole.
    fn yaml(&self) -> Result<Node, Trouble> {
        let read = yaml::read_within(self.text, 0, LONGEST);
        match (read.problem, read.root) {
            (Some((why, span)), _) => {
                Err(self.trouble(span.start, format!("this is not YAML that can be read: {why}")))
            }
            (None, Some(root)) => Ok(root),
            (None, None) => Err(self.trouble(0, "this file is empty")),
        }
    }
}
