//! Where a secret is found; it never stands in the file itself.

use toml::de::DeValue;

use super::super::schema::Kind;
use super::super::source::{Endpoint, SecretSource, SourceProblem};
use super::address::url;
use super::{Problem, Read, text, wrong};

/// Where a secret is found. What is written there is never repeated.
pub(in crate::estate) fn secret(value: &DeValue<'_>) -> Read<SecretSource> {
    SecretSource::parse(text(&Kind::Secret, value)?).or_else(|problem| match problem {
        SourceProblem::Literal => Err(Problem {
            code: "estate::secret",
            message: "a secret is written here".to_owned(),
            help: Some(
                "write \"env:NAME\" or \"file:/path\": its value is taken from there when it is needed".to_owned(),
            ),
        }),
        SourceProblem::Variable => wrong("this is not the name of a variable", Some("write \"env:NAME\"".to_owned())),
        SourceProblem::Path => wrong("this is not a path from the root", Some("write \"file:/path\"".to_owned())),
    })
}

pub(in crate::estate) fn endpoint(value: &DeValue<'_>) -> Read<Endpoint> {
    let text = text(&Kind::UrlOrSecret, value)?;
    if text.starts_with("env:") || text.starts_with("file:") {
        secret(value).map(Endpoint::Secret)
    } else if text.starts_with("https://") || text.starts_with("http://") {
        url(value).map(Endpoint::Url)
    } else {
        // Not repeated: it may be a secret.
        wrong("this is not a URL", Some(format!("write {}", Kind::UrlOrSecret.expectation())))
    }
}

pub(in crate::estate) fn dsn(value: &DeValue<'_>) -> Read<String> {
    let text = text(&Kind::Dsn, value)?;
    let url = text.starts_with("postgres://") || text.starts_with("postgresql://");
    if url || text.contains('=') {
        Ok(text.to_owned())
    } else {
        wrong(
            format!("`{text}` is not a connection string"),
            Some("write \"service=NAME\", \"postgresql://host:5432/database\" or \"host=… dbname=…\"".to_owned()),
        )
    }
}
