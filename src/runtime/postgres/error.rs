//! What went wrong between us and a server, kept apart by what it proves.

use std::error::Error as _;
use std::io::{self, ErrorKind};
use std::time::Duration;

use domain::time::human;
use domain::untrusted::sanitise_line;

use super::dsn::DsnError;
use crate::runtime::http::explain_connect;

/// What the library says where an answer begins as no message of PostgreSQL does; it has no other sign of it.
const CUT_OFF: &str = "bytes remaining on stream";

/// Only [`Error::Refused`] is an answer of the server. Everything else says nothing about whether it accepts writes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Our own configuration.
    #[error("{0}")]
    Dsn(#[from] DsnError),
    /// The server answered with an error of its own.
    #[error("{message} ({state})")]
    Refused {
        /// SQLSTATE, five characters.
        state: String,
        message: String,
    },
    /// Files of our own that the connection needs: certificates, keys.
    #[error("{why}")]
    Files { why: String },
    /// No conversation came about: refused by the system, no route, an unknown name.
    #[error("cannot connect: {why}")]
    Unreachable { why: String },
    #[error("no answer within {}", human(*after))]
    TimedOut { after: Duration },
    #[error("TLS: {why}")]
    Tls { why: String },
    /// It wants a proof of identity that we do not have, or could not prove its own. A password it *refused* is
    /// [`Error::Refused`].
    #[error("cannot log in: {why}")]
    Authentication { why: String },
    /// The conversation broke off.
    #[error("the connection was lost: {why}")]
    Lost { why: String },
}

impl Error {
    /// SQLSTATE, when the server answered.
    #[must_use]
    pub fn state(&self) -> Option<&str> {
        match self {
            Self::Refused { state, .. } => Some(state),
            _ => None,
        }
    }

    /// Our own files are wrong; nothing was learned about the server.
    #[must_use]
    pub const fn is_configuration(&self) -> bool {
        matches!(self, Self::Dsn(_) | Self::Files { .. } | Self::Authentication { .. })
    }

    /// From what the driver says while it connects.
    pub(super) fn connecting(error: &tokio_postgres::Error) -> Self {
        if let Some(refused) = Self::answered(error) {
            return refused;
        }
        let text = chain(error);
        if find::<rustls::Error>(error).is_some() || text.starts_with("error performing TLS handshake") {
            return Self::Tls { why: without(&text, "error performing TLS handshake: ") };
        }
        if text.starts_with("authentication error") || text.starts_with("invalid configuration") {
            let why = without(&without(&text, "authentication error: "), "invalid configuration: ");
            return Self::Authentication { why };
        }
        let why = match find::<io::Error>(error) {
            Some(wrong) if wrong.kind() == ErrorKind::InvalidData || wrong.to_string() == CUT_OFF => {
                "what answers there does not speak PostgreSQL: look at the port".to_owned()
            }
            Some(wrong) => explain_connect(wrong),
            None => without(&text, "error connecting to server: "),
        };
        Self::Unreachable { why }
    }

    /// From what the driver says once a conversation stands.
    pub(super) fn talking(error: &tokio_postgres::Error) -> Self {
        Self::answered(error).unwrap_or_else(|| Self::Lost { why: chain(error) })
    }

    fn answered(error: &tokio_postgres::Error) -> Option<Self> {
        let answer = error.as_db_error()?;
        Some(Self::Refused { state: answer.code().code().to_owned(), message: sanitise_line(answer.message()) })
    }
}

/// The message with its causes, each once.
fn chain(error: &tokio_postgres::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let said = inner.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        cause = inner.source();
    }
    sanitise_line(&text)
}

fn find<E: std::error::Error + 'static>(error: &tokio_postgres::Error) -> Option<&E> {
    let mut cause = error.source();
    while let Some(inner) = cause {
        let wrapped = inner.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if let Some(found) = inner.downcast_ref().or_else(|| wrapped?.downcast_ref()) {
            return Some(found);
        }
        cause = inner.source();
    }
    None
}

fn without(text: &str, prefix: &str) -> String {
    text.strip_prefix(prefix).unwrap_or(text).to_owned()
}
