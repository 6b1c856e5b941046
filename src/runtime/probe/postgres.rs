//! A database's server in one region: its role and positions, and the check's own question.

use std::time::Duration;

use domain::reading::{Outcome, Payload};

use super::Seen;
use crate::runtime::postgres::{Dsn, Error, Look, look};

#[derive(Debug)]
pub(super) struct PostgresProbe {
    dsn: String,
    query: Option<String>,
    timeout: Duration,
    host: String,
}

impl PostgresProbe {
    pub(super) fn new(dsn: &str, query: Option<&str>, timeout: Duration) -> Self {
        let first = Dsn::resolve(dsn).ok().and_then(|dsn| dsn.targets.into_iter().next());
        let host = first.map(|target| target.host).unwrap_or_default();
        Self { dsn: dsn.to_owned(), query: query.map(str::to_owned), timeout, host }
    }

    pub(super) fn host(&self) -> &str {
        &self.host
    }

    pub(super) async fn see(&self) -> Seen {
        // Resolved each time: a password or a service may have been changed since.
        let dsn = match Dsn::resolve(&self.dsn) {
            Ok(dsn) => dsn,
            Err(error) => return Seen::unknown(error.to_string()),
        };
        match look(&dsn, self.query.as_deref(), self.timeout).await {
            Ok(look) => {
                let clock_skew_ms = look.clock_skew_ms;
                Seen { outcome: judge(look), clock_skew_ms }
            }
            Err(error) if error.is_configuration() => Seen::unknown(error.to_string()),
            Err(error) => Seen::bad(explain(&error)),
        }
    }
}

fn judge(look: Look) -> Outcome {
    let answer = look.server.query_true;
    let payload = Payload::Server { server: Box::new(look.server) };
    match (look.query_error, answer) {
        (Some(error), _) => Outcome::Bad { why: format!("its query failed: {error}"), payload },
        (None, Some(false)) => Outcome::Bad { why: "its query is not true".into(), payload },
        (None, _) => Outcome::Good { payload },
    }
}

fn explain(error: &Error) -> String {
    match error {
        Error::Refused { .. } => format!("refused: {error}"),
        _ => error.to_string(),
    }
}
