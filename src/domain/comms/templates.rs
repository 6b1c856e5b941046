//! Templates of updates: those that are shipped, and the estate's own in their place. They see nothing but the facts
//! they are given, and end however they are written.

use std::collections::BTreeMap;
use std::io::{self, Write};

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, Value};

use super::Audience;
use super::facts::variable_like;
use crate::log::IncidentStatus;

/// Instructions that one text may take.
const FUEL: u64 = 50_000;

/// Longest text, in bytes: what is longer is cut by whoever receives it.
pub const LONGEST: usize = 16 * 1024;

/// Templates within templates.
const DEPTH: usize = 16;

/// By name: what stands in place of another has its name.
const SHIPPED: [(&str, &str); 9] = [
    ("investigating", include_str!("templates/investigating.txt")),
    ("identified", include_str!("templates/identified.txt")),
    ("failing-over", include_str!("templates/failing-over.txt")),
    ("monitoring", include_str!("templates/monitoring.txt")),
    ("resolved", include_str!("templates/resolved.txt")),
    ("customers", include_str!("templates/customers.txt")),
    ("executives", include_str!("templates/executives.txt")),
    ("_recovery", include_str!("templates/_recovery.txt")),
    ("_closing", include_str!("templates/_closing.txt")),
];

/// Every template there is, by its name: the file's without its ending `.txt`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Templates {
    texts: BTreeMap<String, String>,
}

impl Default for Templates {
    /// Those that are shipped.
    fn default() -> Self {
        Self { texts: SHIPPED.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect() }
    }
}

/// Why a template gives no text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("template {name}, line {line}: {why}")]
pub struct TemplateError {
    /// The template in which it went wrong, which may be one that was included.
    pub name: String,
    /// From 1.
    pub line: usize,
    pub why: String,
    pub remedy: String,
}

impl Templates {
    /// With one of the estate's own, in the place of the one of that name.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.texts.insert(name.into(), text.into());
        self
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.texts.keys().map(String::as_str)
    }

    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.texts.get(name).map(String::as_str)
    }

    /// The template for this audience and status: `customers-resolved`, else `customers`, else `resolved`.
    #[must_use]
    pub fn name_for(&self, audience: &Audience, status: IncidentStatus) -> String {
        let status = status.word().replace(' ', "-");
        let own = [format!("{}-{status}", audience.template), audience.template.clone()];
        own.into_iter().find(|name| self.texts.contains_key(name)).unwrap_or(status)
    }

    /// The text that a template gives.
    ///
    /// # Errors
    /// Where and why it gives none.
    pub(super) fn render(&self, name: &str, facts: &BTreeMap<&'static str, Value>) -> Result<String, TemplateError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
            environment.set_syntax(syntax);
        }
        environment.set_fuel(Some(FUEL));
        environment.set_recursion_limit(DEPTH);
        for (known, text) in &self.texts {
            // One that is broken harms only those that use it.
            if let Err(error) = environment.add_template(known, text)
                && known == name
            {
                return Err(self.explain(name, &error));
            }
        }
        let template = environment.get_template(name).map_err(|error| self.explain(name, &error))?;
        let mut text = Bounded::default();
        template.render_captured_to(facts.clone(), &mut text).map_err(|error| self.explain(name, &error))?;
        let text = String::from_utf8_lossy(&text.0);
        Ok(tidy(&crate::untrusted::sanitise(text.as_ref())))
    }

    fn explain(&self, name: &str, error: &Error) -> TemplateError {
        // Of an included template the inner error says where.
        let mut inner = error;
        let mut next = std::error::Error::source(error);
        while let Some(cause) = next {
            if let Some(cause) = cause.downcast_ref::<Error>() {
                inner = cause;
            }
            next = cause.source();
        }
        let place = inner.name().unwrap_or(name).to_owned();
        let (why, remedy) = match inner.kind() {
            ErrorKind::UndefinedError => self.undefined(&place, inner),
            ErrorKind::OutOfFuel => ("it does not come to an end".into(), "loop over less".into()),
            ErrorKind::WriteFailure => {
                (format!("its text is longer than {} kB", LONGEST / 1024), "write less into it".to_owned())
            }
            ErrorKind::TemplateNotFound => {
                let known: Vec<_> = self.names().collect();
                (
                    inner.detail().unwrap_or("there is no such template").to_owned(),
                    format!("there is {}", known.join(", ")),
                )
            }
            _ => {
                let why = inner.detail().map_or_else(|| inner.kind().to_string(), str::to_owned);
                (why, "see docs/communication.md: the syntax is MiniJinja's".to_owned())
            }
        };
        let clean = |text: String| crate::untrusted::sanitise_line(&text);
        TemplateError { name: place, line: inner.line().unwrap_or(1), why: clean(why), remedy: clean(remedy) }
    }

    /// The word at which it went wrong, if the error tells.
    fn undefined(&self, place: &str, error: &Error) -> (String, String) {
        let source = self.text(place).unwrap_or_default();
        let word = error.range().and_then(|range| source.get(range)).unwrap_or_default();
        let word: String = word.chars().take_while(|c| c.is_ascii_alphanumeric() || "_.".contains(*c)).collect();
        if word.is_empty() {
            return ("something in it is not known".to_owned(), variable_like(""));
        }
        (format!("`{word}` is not known"), variable_like(&word))
    }
}

/// No more than one empty line after another, none at either end, no white space at the end of a line.
fn tidy(text: &str) -> String {
    let mut tidy = String::new();
    let mut empty = 0;
    for line in text.lines().map(str::trim_end) {
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty < 2 {
            tidy.push_str(line);
            tidy.push('\n');
        }
    }
    tidy.trim().to_owned()
}

/// Takes so much and no more.
#[derive(Default)]
struct Bounded(Vec<u8>);

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > LONGEST {
            return Err(io::Error::other("too long"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
