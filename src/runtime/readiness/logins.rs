//! Logins of the estate's servers: whether they are let in, and what they may do when it counts.

use std::time::Duration;

use domain::estate::Estate;
use domain::ident::{DatabaseId, RegionId};
use domain::readiness::{Login, LoginFact, Seen};
use domain::time::Timestamp;
use futures_util::future::join_all;
use tokio::time::timeout;

use super::PATIENCE;
use crate::runtime::clock;
use crate::runtime::postgres::{Dsn, Error, connect};

/// Reads only. `pg_promote` is as old as version 12: of an older server the right to it does not exist.
const RIGHTS: &str = "SELECT current_user, \
    COALESCE((SELECT rolsuper FROM pg_roles WHERE rolname = current_user), false), \
    COALESCE(has_function_privilege(to_regprocedure('pg_promote(boolean,integer)')::oid, 'EXECUTE'), false), \
    pg_has_role('pg_monitor', 'USAGE'), pg_is_in_recovery(), \
    floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

pub(super) async fn logins(estate: &Estate) -> Vec<LoginFact> {
    let servers = estate.databases.iter().flat_map(|database| {
        database.servers.iter().map(move |(region, dsn)| fact(database.id.clone(), region.clone(), dsn))
    });
    join_all(servers).await
}

async fn fact(database: DatabaseId, region: RegionId, dsn: &str) -> LoginFact {
    let asked = timeout(PATIENCE, login(dsn)).await;
    let seen = match asked.unwrap_or(Err(Error::TimedOut { after: PATIENCE })) {
        Ok(login) => Seen::Answer(login),
        Err(error @ Error::Refused { .. }) => Seen::Refused(error.to_string()),
        Err(error) if error.is_configuration() => Seen::Refused(error.to_string()),
        Err(error) => Seen::Silent(error.to_string()),
    };
    LoginFact { database, region, seen }
}

async fn login(dsn: &str) -> Result<Login, Error> {
    let dsn = Dsn::resolve(dsn)?;
    let client = connect(&dsn, PATIENCE).await?;
    let before = clock::now();
    let rows = client.query(RIGHTS).await?;
    let round = clock::boottime().saturating_sub(before.boot);
    let row = rows.into_iter().next().unwrap_or_default();
    let field = |at: usize| row.get(at).cloned().flatten().unwrap_or_default();
    let yes = |at: usize| field(at) == "t";
    Ok(Login {
        user: field(0),
        superuser: yes(1),
        may_promote: yes(2),
        may_monitor: yes(3),
        standby: yes(4),
        clock_skew_ms: field(5).parse().ok().map(|theirs| skew(theirs, before.wall, round)),
    })
}

/// Theirs less ours, at the middle of the question.
fn skew(theirs: i64, asked: Timestamp, round: Duration) -> i64 {
    let half = i64::try_from(round.as_millis() / 2).unwrap_or(i64::MAX);
    theirs.saturating_sub(asked.as_millisecond()).saturating_sub(half)
}
