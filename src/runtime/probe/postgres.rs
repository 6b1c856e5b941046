//! A database's server in one region: its role and positions, and the check's own question.

use std::time::Duration;

use domain::estate::{Check, Estate, PostgresCheck};
use domain::reading::{Outcome, Payload};

use super::{Look, Looking, Seen};
use crate::runtime::postgres::{self, Dsn, Error, look};

#[derive(Debug)]
pub(super) struct PostgresProbe {
    dsn: String,
    query: Option<String>,
    timeout: Duration,
    host: String,
}

impl PostgresProbe {
    /// `Err` says why it can never be asked.
    pub(super) fn new(postgres: &PostgresCheck, check: &Check, estate: &Estate) -> Result<Self, String> {
        let database = &postgres.database;
        let server = check.region.as_ref().and_then(|region| estate.database(database)?.servers.get(region));
        let dsn = server.ok_or_else(|| format!("the estate names no server of {database} for this check"))?;
        let first = Dsn::resolve(dsn).ok().and_then(|dsn| dsn.targets.into_iter().next());
        let host = first.map(|target| target.host).unwrap_or_default();
        Ok(Self { dsn: dsn.clone(), query: postgres.query.clone(), timeout: check.timeout, host })
    }

    async fn ask(&self) -> Seen {
        // Resolved each time: a password or a service may have been changed since.
        let dsn = match Dsn::resolve(&self.dsn) {
            Ok(dsn) => dsn,
            Err(error) => return Seen::unknown(error.to_string()),
        };
        match look(&dsn, self.query.as_deref(), self.timeout).await {
            Ok(look) => {
                let clock_skew_ms = look.clock_skew_ms;
                Seen { clock_skew_ms, ..Seen::new(judge(look)) }
            }
            Err(error) if error.is_configuration() => Seen::unknown(error.to_string()),
            Err(error) => Seen::bad(explain(&error)),
        }
    }
}

impl Look for PostgresProbe {
    fn see(&self) -> Looking<'_> {
        Box::pin(self.ask())
    }
    fn host(&self) -> &str {
        &self.host
    }
}

fn judge(look: postgres::Look) -> Outcome {
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
