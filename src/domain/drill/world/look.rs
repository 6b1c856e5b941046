//! What a probe would see at this moment: in the form that the real reading of its kind gives.

mod backup;
mod cache;
mod names;
mod patroni;
mod platform;
mod server;
mod web;

use std::time::Duration;

use super::World;
use super::capacity::strain;
use super::conditions::Trouble;
use super::schedule::{Happening, Subject};
use crate::drill::noise::Noise;
use crate::estate::{Check, CheckKind, Route53Check, Route53Of};
use crate::ident::{DatabaseId, RegionId, ServiceId};
use crate::reading::{Health, Outcome, Payload, Sample, Source};
use crate::time::human;

/// What comes back.
enum Seen {
    After(Duration, Outcome),
    Silence,
}

/// One look at one check.
#[derive(Clone, Copy)]
struct Sight<'w> {
    check: &'w Check,
    noise: Noise,
    trouble: Trouble,
}

/// A machine that does not listen says so at once.
const REFUSAL: Duration = Duration::from_millis(2);

/// What is slower than this is said to be slow, where the check itself has no mark.
const SLOW: Duration = Duration::from_secs(1);

impl World {
    /// Asks the probes that are due, and takes the answers that are there.
    pub(super) fn probe(&mut self, samples: &mut Vec<Sample>) {
        while let Some(happening) = self.schedule.take(self.at) {
            match happening {
                Happening::Answered(sample) => samples.push(sample),
                Happening::Asks(place, subject, noise) => {
                    self.catch_up(subject);
                    let (until, sample) = self.look(subject, noise);
                    self.schedule.wait(place, until, sample);
                }
            }
        }
    }

    /// What moves by itself is brought to this moment where it is looked at.
    fn catch_up(&mut self, subject: Subject) {
        let estate = std::sync::Arc::clone(&self.estate);
        match subject {
            Subject::Check(place) => match estate.checks.get(place).map(|check| &check.kind) {
                Some(CheckKind::Postgres(postgres)) => self.follow(&postgres.database),
                Some(CheckKind::Patroni(_) | CheckKind::CloudWatch(_)) => {
                    estate.databases.iter().for_each(|database| self.follow(&database.id));
                }
                _ => {}
            },
            Subject::Backup(_) => {
                let (now, conditions, clusters) = (self.at, &self.conditions, &self.clusters);
                self.backups.pass(now, |database| {
                    let cluster = database.and_then(|database| clusters.get(database));
                    cluster.is_none_or(|cluster| cluster.writable().any(|at| !conditions.region_is_down(at, now)))
                });
            }
            Subject::Connectivity => {}
        }
    }

    /// When the answer is there, and what it says.
    fn look(&self, subject: Subject, noise: Noise) -> (Duration, Sample) {
        let nothing = (Source::Connectivity, Seen::Silence, Duration::ZERO);
        let (source, seen, timeout) = match subject {
            Subject::Check(place) => self.estate.checks.get(place).map_or(nothing, |check| {
                (Source::Check(check.id.clone()), self.look_at_check(check, noise), check.timeout)
            }),
            Subject::Backup(place) => self.estate.backups.get(place).map_or(nothing, |backup| {
                (Source::Backup(backup.id.clone()), self.look_at_backup(backup), Duration::ZERO)
            }),
            Subject::Connectivity => {
                let good = Outcome::Good { payload: Payload::Nothing };
                (Source::Connectivity, Seen::After(Duration::from_millis(4), good), Duration::ZERO)
            }
        };
        let (took, latency, outcome) = match seen {
            Seen::After(took, outcome) if timeout.is_zero() || took < timeout => (took, Some(took), outcome),
            Seen::After(..) | Seen::Silence => (timeout, None, bad(format!("timeout {}", human(timeout)))),
        };
        // It was measured when it was asked: the answer tells of that moment. A silence is known when it is over.
        let measured = if latency.is_some() { self.at } else { self.at + took };
        let at = self.wall(measured);
        (self.at + took, Sample { source, at, boot: measured, latency, outcome, clock_skew_ms: None })
    }

    fn look_at_check(&self, check: &Check, noise: Noise) -> Seen {
        let Some(trouble) = self.trouble_of_check(check) else { return Seen::Silence };
        let sight = Sight { check, noise, trouble };
        let latency = self.latency(&sight);
        if trouble.errors > 0.0 && noise.of("errors").share(self.moment()) < trouble.errors {
            return Seen::After(latency, bad(failure(&check.kind).to_owned()));
        }
        let seen = match &check.kind {
            CheckKind::Postgres(postgres) => self.look_at_server(postgres, check.region.as_ref(), trouble.is_down()),
            CheckKind::Http(http) => self.look_at_page(&sight, http),
            CheckKind::Dns(dns) => Some(self.look_at_name(&sight, dns)),
            CheckKind::Route53(route53) => Some(self.look_at_route53(&sight, route53)),
            CheckKind::Kubernetes(kubernetes) => Some(self.look_at_workload(&sight, kubernetes)),
            CheckKind::CloudWatch(cloudwatch) => Some(self.look_at_cloudwatch(&sight, cloudwatch)),
            CheckKind::Heartbeat(heartbeat) => Some(self.look_at_heartbeat(&sight, heartbeat)),
            CheckKind::Command(command) => Some(self.look_at_command(&sight, command)),
            CheckKind::Calculated(_) => return Seen::Silence,
            CheckKind::Tcp(_) | CheckKind::Tls(_) | CheckKind::Redis(_) | CheckKind::Patroni(_)
                if trouble.is_down() =>
            {
                None
            }
            CheckKind::Tcp(tcp) => Some(web::look_at_port(tcp)),
            CheckKind::Tls(tls) => Some(self.look_at_certificate(&sight, tls)),
            CheckKind::Redis(redis) => Some(self.look_at_cache(check, redis)),
            CheckKind::Patroni(patroni) => Some(self.look_at_patroni(check, patroni)),
        };
        match seen {
            None => Seen::After(REFUSAL, bad("connection refused".to_owned())),
            Some(Outcome::Good { payload }) if is_slow(&sight, latency) => {
                Seen::After(latency, Outcome::Soft { why: format!("slow: {}", human(latency)), payload })
            }
            Some(outcome) => Seen::After(latency, outcome),
        }
    }

    /// What is wrong with what it looks at; `None`: nothing comes back from there.
    fn trouble_of_check(&self, check: &Check) -> Option<Trouble> {
        let region = check.region.as_ref();
        let mut trouble = self.conditions.of(check.id.as_str(), None, self.at);
        if let Some(region) = region {
            trouble = trouble.and(self.conditions.of(region.as_str(), None, self.at));
        }
        if trouble.is_down() {
            return None;
        }
        if asks_for_a_name(&check.kind) {
            return Some(trouble);
        }
        let Some(service) = &check.service else {
            return Some(match &check.kind {
                CheckKind::Postgres(postgres) => {
                    trouble.and(self.conditions.of(postgres.database.as_str(), region, self.at))
                }
                _ => trouble,
            });
        };
        if let Some(region) = region {
            return Some(trouble.and(self.own_trouble_of_service(service, region)));
        }
        // A check of no region looks at whatever serves.
        match self.routes.serving(service) {
            Some(at) if self.conditions.region_is_down(at, self.at) => None,
            Some(at) => Some(trouble.and(self.trouble_of_service(service, at))),
            None => Some(trouble.and(self.conditions.of(service.as_str(), None, self.at))),
        }
    }

    /// But for what is wrong with the whole region.
    fn own_trouble_of_service(&self, service: &ServiceId, region: &RegionId) -> Trouble {
        let demand = self.routes.demand(service, region, self.at);
        let strain = strain(demand, self.capacity.of(service, region, self.at));
        strain.and(self.conditions.of(service.as_str(), Some(region), self.at))
    }

    pub(super) fn trouble_of_service(&self, service: &ServiceId, region: &RegionId) -> Trouble {
        self.conditions.of(region.as_str(), None, self.at).and(self.own_trouble_of_service(service, region))
    }

    /// Farther regions answer later; now and then one takes a while.
    fn latency(&self, sight: &Sight<'_>) -> Duration {
        let region = sight.check.region.as_ref();
        let place = region.and_then(|region| self.estate.regions.iter().position(|known| known.id == *region));
        #[allow(clippy::cast_precision_loss)]
        let distance = 14.0 + 27.0 * place.unwrap_or(0) as f64;
        let kind = match sight.check.kind {
            CheckKind::Tcp(_) | CheckKind::Redis(_) => 0.6,
            CheckKind::Tls(_) => 1.4,
            CheckKind::Dns(_) => 0.8,
            CheckKind::Heartbeat(_) | CheckKind::Calculated(_) => 0.1,
            CheckKind::Postgres(_) => 1.1,
            CheckKind::Http(_) | CheckKind::Patroni(_) => 1.5,
            CheckKind::Command(_) | CheckKind::Kubernetes(_) | CheckKind::Route53(_) | CheckKind::CloudWatch(_) => 3.0,
        };
        let wobble = sight.noise.share(self.at.as_secs());
        let spike = if wobble > 0.97 { 2.5 } else { 1.0 };
        let slow = if sight.trouble.health == Health::Degraded { 45.0 } else { 1.0 };
        let late = match sight.trouble.slow {
            Duration::ZERO => Duration::ZERO,
            slow => slow.mul_f64(0.8 + 0.4 * sight.noise.of("slow").share(self.at.as_secs())),
        };
        Duration::from_secs_f64(distance * kind * (0.85 + 0.4 * wobble) * spike * slow / 1000.0) + late
    }

    /// What noise of this moment is asked for.
    pub(super) fn moment(&self) -> u64 {
        u64::try_from(self.at.as_millis()).unwrap_or(u64::MAX)
    }

    pub(super) fn server_is_reachable(&self, database: &DatabaseId, region: &RegionId) -> bool {
        !self.conditions.region_is_down(region, self.at)
            && !self.conditions.is_down(database.as_str(), Some(region), self.at)
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

    /// The same for who is served from `region`: where another side takes writes, they go there.
    pub(super) fn can_write_from(&self, service: &ServiceId, region: &RegionId) -> bool {
        !self.conditions.region_is_down(region, self.at) && self.can_write(service)
    }
}

/// A name points where its service is routed to, whether anything answers there or not.
const fn asks_for_a_name(kind: &CheckKind) -> bool {
    matches!(kind, CheckKind::Dns(_) | CheckKind::Route53(Route53Check { of: Route53Of::Records(_), .. }))
}

fn is_slow(sight: &Sight<'_>, latency: Duration) -> bool {
    let mark = sight.check.degraded_over.unwrap_or(SLOW);
    sight.trouble.health == Health::Degraded || !sight.trouble.slow.is_zero() && latency > mark
}

/// What a request meets that happens to fail.
fn failure(kind: &CheckKind) -> &'static str {
    match kind {
        CheckKind::Http(_) => "502 Bad Gateway",
        CheckKind::Postgres(_) => "refused: sorry, too many clients already (53300)",
        CheckKind::Dns(_) => "it answers SERVFAIL, not NOERROR",
        CheckKind::Kubernetes(_) => "the cluster does not answer: TLS handshake timeout",
        CheckKind::Route53(_) | CheckKind::CloudWatch(_) => "ServiceUnavailable (503)",
        CheckKind::Command(_) => "exit 1",
        CheckKind::Heartbeat(_) => "nothing was heard for longer than allowed",
        CheckKind::Tls(_) => "the handshake fails: connection reset by peer",
        CheckKind::Tcp(_) | CheckKind::Redis(_) | CheckKind::Patroni(_) | CheckKind::Calculated(_) => {
            "connection reset by peer"
        }
    }
}

fn bad(why: String) -> Outcome {
    Outcome::Bad { why, payload: Payload::Nothing }
}

fn good(text: impl Into<String>) -> Outcome {
    Outcome::Good { payload: Payload::Text { text: text.into() } }
}
