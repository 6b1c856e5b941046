//! The server that is not in recovery: it knows what was archived.

use std::time::Duration;

use domain::estate::Estate;
use domain::ident::DatabaseId;
use domain::replication::ServerReading;
use tokio::task::JoinSet;

use crate::runtime::postgres::{Dsn, look};

/// Every server of a database.
#[derive(Debug)]
pub(super) struct Archivers {
    servers: Vec<String>,
    timeout: Duration,
}

impl Archivers {
    pub(super) fn of(database: &DatabaseId, estate: &Estate, timeout: Duration) -> Self {
        let servers = estate.database(database).map(|it| it.servers.values().cloned().collect()).unwrap_or_default();
        Self { servers, timeout }
    }

    /// Asks every server, and believes the one that is not in recovery. Of two such none is believed.
    pub(super) async fn primary(&self) -> Result<ServerReading, String> {
        let mut asked = JoinSet::new();
        for dsn in &self.servers {
            let dsn = Dsn::resolve(dsn).map_err(|error| error.to_string())?;
            let timeout = self.timeout;
            asked.spawn(async move { look(&dsn, None, timeout).await });
        }
        let answers = asked.join_all().await;
        let failure = answers.iter().find_map(|answer| answer.as_ref().err().map(ToString::to_string));
        let mut primaries: Vec<ServerReading> = answers
            .into_iter()
            .filter_map(|answer| answer.ok().map(|look| look.server))
            .filter(|it| !it.in_recovery)
            .collect();
        match primaries.len() {
            0 => Err(failure.unwrap_or_else(|| "no server is a primary".into())),
            1 => Ok(primaries.remove(0)),
            _ => Err("two servers say they are the primary".into()),
        }
    }
}
