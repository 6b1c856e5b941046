//! What a probe would see at this moment.

use std::time::Duration;

use super::World;
use super::cluster::{Role, Server, Stopped};
use crate::drill::noise::Noise;
use crate::estate::{Check, CheckKind, HttpCheck};
use crate::ident::{BackupId, DatabaseId, RegionId, ServiceId};
use crate::reading::{Health, Outcome, Payload, Sample, Source};
use crate::replication::{Archiver, Lsn, Receiver, Sender, ServerReading};
use crate::time::human;

/// What comes back.
enum Seen {
    After(Duration, Outcome),
    Silence,
}

/// A machine that does not listen says so at once.
const REFUSAL: Duration = Duration::from_millis(2);

impl World {
    /// Asks the probes that are due, and takes the answers that are there.
    pub(super) fn probe(&mut self, samples: &mut Vec<Sample>) {
        for place in self.schedule.asking(self.at) {
            let Some(source) = self.schedule.probe(place).map(|probe| probe.source.clone()) else { continue };
            let waiting = self.look(&source);
            if let Some(probe) = self.schedule.probe(place) {
                probe.waiting = Some(waiting);
            }
        }
        samples.extend(self.schedule.answered(self.at));
    }

    /// When the answer is there, and what it says.
    fn look(&self, source: &Source) -> (Duration, Sample) {
        let (seen, timeout) = match source {
            Source::Check(id) => match self.estate.check(id) {
                Some(check) => (self.look_at_check(check), check.timeout),
                None => (Seen::Silence, Duration::ZERO),
            },
            Source::Backup(id) => (self.look_at_backup(id), Duration::ZERO),
            Source::Connectivity => (after(4, Outcome::Good { payload: Payload::Nothing }), Duration::ZERO),
        };
        let (took, latency, outcome) = match seen {
            Seen::After(took, outcome) if timeout.is_zero() || took < timeout => (took, Some(took), outcome),
            Seen::After(..) | Seen::Silence => {
                let why = format!("timeout {}", human(timeout));
                (timeout, None, Outcome::Bad { why, payload: Payload::Nothing })
            }
        };
        // It was measured when it was asked: the answer tells of that moment. A silence is known when it is over.
        let measured = if latency.is_some() { self.at } else { self.at + took };
        let sample = Sample {
            source: source.clone(),
            at: self.wall(measured),
            boot: measured,
            latency,
            outcome,
            clock_skew_ms: None,
        };
        (self.at + took, sample)
    }

    fn look_at_check(&self, check: &Check) -> Seen {
        let region = check.region.as_ref();
        let own = self.conditions.of(check.id.as_str(), None);
        let health = own.max(region.map_or(Health::Ok, |region| self.conditions.region(region)));
        if health == Health::Down {
            return Seen::Silence;
        }
        let health = match (&check.service, &check.kind) {
            (Some(service), _) => health.max(self.conditions.of(service.as_str(), region)),
            (None, CheckKind::Postgres(postgres)) => health.max(self.conditions.of(postgres.database.as_str(), region)),
            (None, _) => health,
        };
        let latency = self.latency(check, region, health);
        match &check.kind {
            CheckKind::Postgres(postgres) => {
                self.look_at_server(&postgres.database, region, health, latency, postgres.query.is_some())
            }
            CheckKind::Http(http) => self.look_at_service(check, http, health, latency),
            CheckKind::Calculated(_) => Seen::Silence,
            CheckKind::Dns(dns) if !dns.regions.is_empty() => self.look_at_name(check, health, latency),
            CheckKind::Tcp(_)
            | CheckKind::Tls(_)
            | CheckKind::Dns(_)
            | CheckKind::Patroni(_)
            | CheckKind::Redis(_)
            | CheckKind::Kubernetes(_)
                if health == Health::Down =>
            {
                refused()
            }
            CheckKind::Redis(_) if health != Health::Degraded => Seen::After(latency, self.cache(check)),
            CheckKind::Kubernetes(_) if self.pods_are_lost() => {
                Seen::After(latency, bad("0 of 3 ready; orders-7d9f CrashLoopBackOff"))
            }
            CheckKind::Kubernetes(_) => Seen::After(latency, good_or_slow(health, latency, text("3 of 3 ready"))),
            CheckKind::Tcp(_) | CheckKind::Patroni(_) | CheckKind::Redis(_) => {
                Seen::After(latency, good_or_slow(health, latency, Payload::Nothing))
            }
            CheckKind::Route53(_) | CheckKind::CloudWatch(_) if health == Health::Down => {
                Seen::After(latency, bad("Route 53 or CloudWatch says that it is down"))
            }
            CheckKind::Route53(_) | CheckKind::CloudWatch(_) => {
                Seen::After(latency, good_or_slow(health, latency, text("OK")))
            }
            CheckKind::Tls(_) => Seen::After(latency, good_or_slow(health, latency, text("72 days"))),
            CheckKind::Dns(_) => Seen::After(latency, good_or_slow(health, latency, text("192.0.2.1, ttl 1m"))),
            CheckKind::Heartbeat(_) if health == Health::Down => {
                Seen::After(latency, bad("nothing was heard for 26h, more than 25h"))
            }
            CheckKind::Heartbeat(_) => Seen::After(latency, good_or_slow(health, latency, text("3h12m ago"))),
            CheckKind::Command(_) if health == Health::Down => {
                Seen::After(latency, Outcome::Bad { why: "exit 1".to_owned(), payload: Payload::Nothing })
            }
            CheckKind::Command(_) => Seen::After(latency, good_or_slow(health, latency, text("exit 0"))),
        }
    }

    /// By distance, kind and condition, with a little of everything.
    fn latency(&self, check: &Check, region: Option<&RegionId>, health: Health) -> Duration {
        let place = region.and_then(|region| self.estate.regions.iter().position(|known| known.id == *region));
        #[allow(clippy::cast_precision_loss)]
        let distance = 14.0 + 27.0 * place.unwrap_or(0) as f64;
        let kind = match check.kind {
            CheckKind::Tcp(_) | CheckKind::Redis(_) => 0.6,
            CheckKind::Tls(_) => 1.4,
            CheckKind::Dns(_) => 0.8,
            CheckKind::Heartbeat(_) | CheckKind::Calculated(_) => 0.1,
            CheckKind::Postgres(_) => 1.1,
            CheckKind::Http(_) | CheckKind::Patroni(_) => 1.5,
            CheckKind::Command(_) | CheckKind::Kubernetes(_) | CheckKind::Route53(_) | CheckKind::CloudWatch(_) => 3.0,
        };
        let noise = Noise::new(0).of(check.id.as_str());
        let wobble = noise.share(self.at.as_secs());
        let spike = if wobble > 0.97 { 2.5 } else { 1.0 };
        let slow = if health == Health::Degraded { 45.0 } else { 1.0 };
        Duration::from_secs_f64(distance * kind * (0.85 + 0.4 * wobble) * spike * slow / 1000.0)
    }

    fn look_at_service(&self, check: &Check, http: &HttpCheck, health: Health, latency: Duration) -> Seen {
        let Some(service) = &check.service else {
            return match health {
                Health::Down => refused(),
                _ => Seen::After(latency, good_or_slow(health, latency, text("200"))),
            };
        };
        let serving = self.routes.serving(service);
        let behind = check.region.as_ref().or(serving);
        if behind.is_some_and(|region| self.conditions.region(region) == Health::Down) {
            return Seen::Silence;
        }
        let health = health.max(self.conditions.of(service.as_str(), behind));
        if health == Health::Down {
            return Seen::After(latency, bad("503 Service Unavailable"));
        }
        if behind == serving && !self.can_write(service) {
            return Seen::After(latency, bad("503 Service Unavailable: the database is read-only"));
        }
        let payload = match (&http.region_json, behind) {
            (Some(_), Some(region)) => Payload::Serving { region: region.clone() },
            _ => text("200"),
        };
        Seen::After(latency, good_or_slow(health, latency, payload))
    }

    /// A name points where its service is routed to, whether anything answers there or not.
    fn look_at_name(&self, check: &Check, health: Health, latency: Duration) -> Seen {
        let region = check.service.as_ref().and_then(|service| self.routes.serving(service));
        let payload = region.map_or_else(|| text("no region"), |region| Payload::Serving { region: region.clone() });
        Seen::After(latency, good_or_slow(health, latency, payload))
    }

    /// Each database of the service has a primary that can be reached.
    pub(super) fn can_write(&self, service: &ServiceId) -> bool {
        let Some(service) = self.estate.service(service) else { return true };
        service
            .databases
            .iter()
            .filter_map(|database| Some((database, self.clusters.get(database)?)))
            .all(|(database, cluster)| cluster.writable().any(|region| self.server_is_reachable(database, region)))
    }

    pub(super) fn server_is_reachable(&self, database: &DatabaseId, region: &RegionId) -> bool {
        self.conditions.region(region) != Health::Down
            && self.conditions.of(database.as_str(), Some(region)) != Health::Down
    }

    fn look_at_server(
        &self,
        database: &DatabaseId,
        region: Option<&RegionId>,
        health: Health,
        latency: Duration,
        asks: bool,
    ) -> Seen {
        let cluster = self.clusters.get(database);
        let Some((region, server)) = region.and_then(|region| Some((region, cluster?.servers.get(region)?))) else {
            return refused();
        };
        if health == Health::Down || server.stopped == Some(Stopped::Crashed) || server.stopped == Some(Stopped::Fenced)
        {
            return refused();
        }
        let reading = ServerReading { query_true: asks.then_some(true), ..self.reading(database, region, server) };
        let payload = Payload::Server { server: Box::new(reading) };
        Seen::After(latency, good_or_slow(health, latency, payload))
    }

    fn reading(&self, database: &DatabaseId, region: &RegionId, server: &Server) -> ServerReading {
        let now = self.wall(self.at);
        let ago = |span: Duration| now.checked_sub(span).ok();
        let cluster = self.clusters.get(database);
        let upstream = self.feeder(database, server);
        let standby = server.role == Role::Standby;
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
            receiver: upstream.filter(|_| standby).map(|(from, primary)| Receiver {
                status: Some("streaming".to_owned()),
                flushed: Some(Lsn(server.end)),
                latest_end: Some(Lsn(server.end)),
                last_message_at: ago(Duration::from_millis(80)),
                timeline: Some(primary.timeline),
                sender_host: Some(format!("{database}.{from}.internal")),
                sender_port: Some(5432),
            }),
            senders: (!standby).then(|| self.senders(database, region)),
            archiver: (!standby).then(|| Archiver {
                last_archived_at: ago(Duration::from_secs(self.at.as_secs() % 60)),
                last_archived_wal: Some(format!(
                    "{:08X}{:08X}{:08X}",
                    server.timeline,
                    server.end >> 32,
                    (server.end >> 24) & 0xFF
                )),
                last_failed_at: None,
                failed_count: Some(0),
            }),
            query_true: None,
        }
    }

    /// The primary that feeds a standby now, and where it is.
    fn feeder<'w>(&'w self, database: &DatabaseId, standby: &'w Server) -> Option<(&'w RegionId, &'w Server)> {
        let from = standby.streaming(self.at)?;
        let primary = self.clusters.get(database)?.servers.get(from)?;
        (primary.accepts_writes() && self.server_is_reachable(database, from)).then_some((from, primary))
    }

    pub(super) fn is_fed(&self, database: &DatabaseId, standby: &Server) -> bool {
        self.feeder(database, standby).is_some()
    }

    /// The rows of `pg_stat_replication` on the primary in `region`.
    fn senders(&self, database: &DatabaseId, region: &RegionId) -> Vec<Sender> {
        let Some(cluster) = self.clusters.get(database) else { return Vec::new() };
        let fed = cluster.servers.iter().filter(|(place, standby)| {
            standby.streaming(self.at) == Some(region)
                && standby.stopped.is_none()
                && self.server_is_reachable(database, place)
        });
        let now = self.wall(self.at);
        fed.map(|(place, standby)| Sender {
            name: place.to_string(),
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

    fn look_at_backup(&self, id: &BackupId) -> Seen {
        let Some(set) = self.backups.get(id) else { return Seen::Silence };
        let reading = set.reading(self.at, self.wall(self.at));
        after(120, Outcome::Good { payload: Payload::Backup { backup: Box::new(reading) } })
    }
}

fn after(millis: u64, outcome: Outcome) -> Seen {
    Seen::After(Duration::from_millis(millis), outcome)
}

fn refused() -> Seen {
    Seen::After(REFUSAL, bad("connection refused"))
}

fn bad(why: &str) -> Outcome {
    Outcome::Bad { why: why.to_owned(), payload: Payload::Nothing }
}

fn text(text: &str) -> Payload {
    Payload::Text { text: text.to_owned() }
}

fn good_or_slow(health: Health, latency: Duration, payload: Payload) -> Outcome {
    match health {
        Health::Degraded => Outcome::Soft { why: format!("slow: {}", human(latency)), payload },
        _ => Outcome::Good { payload },
    }
}
