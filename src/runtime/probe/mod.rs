//! One file per kind of check, and the scheduler that asks each at its own pace.
//!
//! A probe makes one look at one thing and says what it met as a [`Sample`]; it judges no thresholds and keeps no
//! history.

mod backup;
mod cloudwatch;
mod command;
mod dns;
mod heartbeat;
mod http;
mod json;
mod kubernetes;
mod patroni;
mod postgres;
pub(in crate::runtime) mod process;
mod redis;
mod route53;
mod scheduler;
mod starttls;
mod tcp;
mod tls;

use std::fmt::Debug;
use std::pin::Pin;
use std::time::Duration;

use domain::estate::{Check, CheckKind, Estate, TcpCheck};
use domain::reading::{Outcome, Payload, Sample, Source};
use domain::redact::Redactor;
use domain::time::{Timestamp, human, since};
use tokio::time::timeout;

use self::cloudwatch::Batches;

pub use scheduler::Scheduler;

use crate::runtime::clock;
use crate::runtime::exec::environment;
use crate::runtime::postgres::Dsn;

/// What probes may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capability {
    /// Network and commands.
    Full,
    /// No command is started: `--read-only`.
    NetworkOnly,
}

/// How long a look at our own network may take, and how often it is taken.
const CONNECTIVITY_TIMEOUT: Duration = Duration::from_secs(3);
const CONNECTIVITY_INTERVAL: Duration = Duration::from_secs(5);

/// One thing to look at, again and again.
#[derive(Debug)]
pub struct Probe {
    pub source: Source,
    pub interval: Duration,
    timeout: Duration,
    /// `Err` says why it may not, or cannot, be asked.
    look: Result<Box<dyn Look>, String>,
    /// Knows the secrets of the whole estate: a message may repeat what was sent.
    redactor: Redactor,
}

/// A look under way.
type Looking<'a> = Pin<Box<dyn Future<Output = Seen> + Send + 'a>>;

/// One way of looking at something: a file of this folder each.
trait Look: Debug + Send + Sync {
    /// Looks once. It is dropped at the check's timeout.
    fn see(&self) -> Looking<'_>;

    /// What it connects to, for the limit of looks at one host at a time; empty for what connects to none.
    fn host(&self) -> &str {
        ""
    }

    /// No answer in time tells that what it looks at is down. Silence of a tool of ours tells nothing.
    fn silence_is_down(&self) -> bool {
        true
    }
}

/// What a look met, before it is dated.
#[derive(Debug)]
struct Seen {
    outcome: Outcome,
    clock_skew_ms: Option<i64>,
    /// What carries a time of its own was measured then; `None`: when it was looked at.
    measured_at: Option<Timestamp>,
}

impl Seen {
    const fn new(outcome: Outcome) -> Self {
        Self { outcome, clock_skew_ms: None, measured_at: None }
    }
    fn good(payload: Payload) -> Self {
        Self::new(Outcome::Good { payload })
    }
    fn bad(why: impl Into<String>) -> Self {
        Self::new(Outcome::Bad { why: why.into(), payload: Payload::Nothing })
    }
    fn unknown(why: impl Into<String>) -> Self {
        Self::new(Outcome::Unknown { why: why.into() })
    }
}

impl Probe {
    /// Every probe of the estate, those of paused checks left out; calculated ones have none.
    #[must_use]
    pub fn all(estate: &Estate, capability: Capability) -> Vec<Self> {
        let redactor = Redactor::new(secrets(estate));
        let probe =
            |source, interval, timeout, look| Self { source, interval, timeout, look, redactor: redactor.clone() };
        let batches = Batches::of(estate);
        let checks =
            estate.checks.iter().filter(|check| !check.paused && check.kind.made_of().is_empty()).map(|check| {
                let look = of_check(check, estate, capability, &batches);
                probe(Source::Check(check.id.clone()), check.interval, check.timeout, look)
            });
        let backups = estate.backups.iter().map(|backup| {
            let look = backup::BackupProbe::new(backup, estate, capability);
            let look = match capability {
                Capability::NetworkOnly if look.starts_a_command() => Err(NOT_STARTED.to_owned()),
                _ => ok(look),
            };
            probe(Source::Backup(backup.id.clone()), backup.interval, backup.timeout, look)
        });
        let connectivity = estate.console.connectivity.as_deref().map(|target| {
            probe(Source::Connectivity, CONNECTIVITY_INTERVAL, CONNECTIVITY_TIMEOUT, of_connectivity(target))
        });
        checks.chain(backups).chain(connectivity).collect()
    }

    /// Looks once. What takes longer than the check's timeout is cut, and its process group killed.
    pub async fn look(&self) -> Sample {
        let started = clock::now();
        let seen = timeout(self.timeout, self.see()).await.unwrap_or_else(|_| self.too_late());
        let took = clock::boottime().saturating_sub(started.boot);
        let measured = seen.measured_at.map_or(started.wall, |at| at.min(started.wall));
        let answered = !matches!(seen.outcome, Outcome::Unknown { .. });
        Sample {
            source: self.source.clone(),
            // The beginning, or its own time: what was read is at least as new as this.
            at: measured,
            boot: started.boot.saturating_sub(since(started.wall, measured)),
            latency: answered.then_some(took),
            outcome: redacted(seen.outcome, &self.redactor),
            clock_skew_ms: seen.clock_skew_ms,
        }
    }

    async fn see(&self) -> Seen {
        match &self.look {
            Ok(look) => look.see().await,
            Err(why) => Seen::unknown(why.clone()),
        }
    }

    fn too_late(&self) -> Seen {
        let why = format!("no answer within {}", human(self.timeout));
        match &self.look {
            Ok(look) if look.silence_is_down() => Seen::bad(why),
            _ => Seen::unknown(why),
        }
    }

    fn host(&self) -> &str {
        self.look.as_ref().map_or("", |look| look.host())
    }

    /// It is never asked: nothing about it can change while this estate is loaded.
    const fn never_looks(&self) -> bool {
        self.look.is_err()
    }
}

/// Why a read-only console knows nothing of what a command would tell.
const NOT_STARTED: &str = "not asked: this console is read-only and starts no command";

#[allow(clippy::unnecessary_wraps)]
fn ok(look: impl Look + 'static) -> Result<Box<dyn Look>, String> {
    Ok(Box::new(look))
}

fn of_check(
    check: &Check,
    estate: &Estate,
    capability: Capability,
    batches: &Batches,
) -> Result<Box<dyn Look>, String> {
    match &check.kind {
        CheckKind::Http(http) => ok(http::HttpProbe::new(http.clone(), estate)),
        CheckKind::Tcp(tcp) => ok(tcp::TcpProbe::new(tcp)?),
        CheckKind::Dns(dns) => ok(dns::DnsProbe::new(dns, check, estate)?),
        CheckKind::Heartbeat(heartbeat) => ok(heartbeat::HeartbeatProbe::new(heartbeat)?),
        CheckKind::Route53(check) => ok(route53::Route53Probe::new(check)),
        CheckKind::CloudWatch(check) => ok(cloudwatch::CloudWatchProbe::new(check, batches)),
        CheckKind::Calculated(_) => Err("calculated from others".to_owned()),
        CheckKind::Tls(tls) => ok(tls::TlsProbe::new(tls)?),
        CheckKind::Postgres(postgres) => ok(postgres::PostgresProbe::new(postgres, check, estate)?),
        CheckKind::Patroni(patroni) => ok(patroni::PatroniProbe::new(patroni, check.timeout)),
        CheckKind::Redis(redis) => ok(redis::RedisProbe::new(redis)),
        CheckKind::Command(_) | CheckKind::Kubernetes(_) if capability == Capability::NetworkOnly => {
            Err(NOT_STARTED.to_owned())
        }
        CheckKind::Kubernetes(kubernetes) => ok(kubernetes::KubernetesProbe::new(kubernetes, check.timeout)),
        CheckKind::Command(command) => ok(command::CommandProbe::new(command)?),
    }
}

/// A URL that answers with anything at all, or a port that takes a connection.
fn of_connectivity(target: &str) -> Result<Box<dyn Look>, String> {
    if target.contains("://") {
        return ok(http::HttpProbe::any_answer(target));
    }
    let (host, port) = target
        .rsplit_once(':')
        .and_then(|(host, port)| Some((host.trim_matches(['[', ']']), port.parse().ok()?)))
        .ok_or_else(|| format!("`{target}` is neither a URL nor host:port"))?;
    ok(tcp::TcpProbe::new(&TcpCheck::open(host, port))?)
}

/// What probes send to prove who they are.
fn secrets(estate: &Estate) -> Vec<String> {
    let headers = estate.checks.iter().flat_map(|check| match &check.kind {
        CheckKind::Http(http) => http::HttpProbe::secrets(http).collect(),
        CheckKind::Patroni(patroni) => crate::runtime::http::secrets(&patroni.headers).collect(),
        _ => Vec::new(),
    });
    let servers = estate.databases.iter().flat_map(|database| database.servers.values());
    let passwords = servers.filter_map(|dsn| Dsn::resolve(dsn).ok()).flat_map(|dsn| {
        let passwords = dsn.targets.into_iter().filter_map(|target| target.password);
        passwords.map(|password| password.expose().to_owned()).collect::<Vec<_>>()
    });
    headers.chain(passwords).chain(environment::secret_values()).collect()
}

/// How much of what was said is kept, in characters.
const SAID: usize = 400;

/// Free of secrets first, then cut: half of one would not be known again.
fn redacted(outcome: Outcome, redactor: &Redactor) -> Outcome {
    let clean = |text: &str| process::shorten(&redactor.redact(text), SAID);
    let payload = |payload| match payload {
        Payload::Text { text } => Payload::Text { text: clean(&text) },
        other => other,
    };
    match outcome {
        Outcome::Good { payload: it } => Outcome::Good { payload: payload(it) },
        Outcome::Soft { why, payload: it } => Outcome::Soft { why: clean(&why), payload: payload(it) },
        Outcome::Bad { why, payload: it } => Outcome::Bad { why: clean(&why), payload: payload(it) },
        Outcome::Unknown { why } => Outcome::Unknown { why: clean(&why) },
    }
}
