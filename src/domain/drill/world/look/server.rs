//! A PostgreSQL server, as its own SQL tells.

use std::time::Duration;

use super::World;
use crate::drill::world::cluster::{Role, Server};
use crate::estate::PostgresCheck;
use crate::ident::{DatabaseId, RegionId};
use crate::reading::{Outcome, Payload};
use crate::replication::{Archiver, Lsn, Receiver, Sender, ServerReading};

impl World {
    /// `None`: nothing listens there.
    pub(super) fn look_at_server(
        &self,
        check: &PostgresCheck,
        region: Option<&RegionId>,
        down: bool,
    ) -> Option<Outcome> {
        let cluster = self.clusters.get(&check.database)?;
        let server = cluster.server(region?).filter(|server| !down && server.stopped.is_none())?;
        let right = cluster.corrupt.is_none();
        let query_true = check.query.as_ref().map(|_| right);
        let reading = ServerReading { query_true, ..self.reading(&check.database, server) };
        let payload = Payload::Server { server: Box::new(reading) };
        Some(match query_true {
            Some(false) => Outcome::Bad { why: "its query is not true".to_owned(), payload },
            _ => Outcome::Good { payload },
        })
    }

    fn reading(&self, database: &DatabaseId, server: &Server) -> ServerReading {
        let now = self.wall(self.at);
        let ago = |span: Duration| now.checked_sub(span).ok();
        let cluster = self.clusters.get(database);
        let upstream = self.feeder(database, server);
        let standby = server.role == Role::Standby;
        let segment = format!("{:08X}{:08X}{:08X}", server.timeline, server.end >> 32, (server.end >> 24) & 0xFF);
        ServerReading {
            version: 160_004,
            in_recovery: standby,
            system_id: cluster.map(|cluster| cluster.system_id.clone()),
            server_now: Some(now),
            started_at: ago(Duration::from_secs(40 * 86_400)),
            timeline: (!standby).then_some(server.timeline),
            segment: None,
            current: (!standby).then_some(Lsn(server.end)),
            received: standby.then_some(Lsn(server.end)),
            replayed: standby.then_some(Lsn(server.replayed)),
            have: standby.then_some(Lsn(server.end.max(server.replayed))),
            last_commit_replayed: standby.then(|| self.wall(server.replayed_of)),
            replay_paused: standby.then_some(false),
            apply_delay_ms: Some(0),
            synchronous_standbys: Some(String::new()),
            receiver: upstream.filter(|_| standby).map(|primary| Receiver {
                status: Some("streaming".to_owned()),
                flushed: Some(Lsn(server.end)),
                latest_end: Some(Lsn(server.end)),
                last_message_at: ago(Duration::from_millis(80)),
                timeline: Some(primary.timeline),
                sender_host: Some(format!("{database}.{}.internal", primary.region)),
                sender_port: Some(5432),
            }),
            senders: (!standby).then(|| self.senders(database, &server.region)),
            archiver: (!standby).then(|| Archiver {
                last_archived_at: ago(Duration::from_secs(self.at.as_secs() % 60)),
                last_archived_wal: Some(segment),
                last_failed_at: None,
                failed_count: Some(0),
            }),
            query_true: None,
        }
    }

    /// The primary that feeds a standby now.
    fn feeder<'w>(&'w self, database: &DatabaseId, standby: &Server) -> Option<&'w Server> {
        let from = standby.streaming(self.at)?;
        let primary = self.clusters.get(database)?.server(from)?;
        (primary.accepts_writes() && self.server_is_reachable(database, from)).then_some(primary)
    }

    pub(in crate::drill::world) fn is_fed(&self, database: &DatabaseId, standby: &Server) -> bool {
        self.feeder(database, standby).is_some()
    }

    /// The rows of `pg_stat_replication` on the primary in `region`.
    fn senders(&self, database: &DatabaseId, region: &RegionId) -> Vec<Sender> {
        let Some(cluster) = self.clusters.get(database) else { return Vec::new() };
        let fed = cluster.servers.iter().filter(|standby| {
            standby.streaming(self.at) == Some(region)
                && standby.stopped.is_none()
                && self.server_is_reachable(database, &standby.region)
        });
        let now = self.wall(self.at);
        fed.map(|standby| Sender {
            name: standby.region.to_string(),
            state: Some("streaming".to_owned()),
            sync_state: Some("async".to_owned()),
            backend_start: standby.upstream.as_ref().map(|(_, since)| self.wall(*since)),
            sent: Some(Lsn(standby.end)),
            flushed: Some(Lsn(standby.end)),
            replayed: Some(Lsn(standby.replayed)),
            reply_at: now.checked_sub(Duration::from_millis(100)).ok(),
        })
        .collect()
    }
}
