//! One file per kind of check, and the scheduler that asks each at its own pace.
//!
//! A probe makes one look at one thing and says what it met as a [`Sample`]; it judges no thresholds and keeps no
//! history.

mod backup;
mod command;
mod http;
mod json;
mod postgres;
mod process;
mod scheduler;
mod tcp;

use std::time::Duration;

use domain::estate::{Check, CheckKind, Estate};
use domain::reading::{Outcome, Payload, Sample, Source};
use domain::redact::Redactor;
use domain::time::human;
use tokio::time::timeout;

pub use scheduler::Scheduler;

use crate::runtime::clock;
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
    kind: Kind,
    /// Knows the secrets of the whole estate: a message may repeat what was sent.
    redactor: Redactor,
}

#[derive(Debug)]
enum Kind {
    Http(Box<http::HttpProbe>),
    Tcp(tcp::TcpProbe),
    Postgres(postgres::PostgresProbe),
    Command(command::CommandProbe),
    Backup(backup::BackupProbe),
    /// It may not be asked, or cannot be: why.
    Never(String),
}

/// What a look met, before it is dated.
#[derive(Debug)]
struct Seen {
    outcome: Outcome,
    clock_skew_ms: Option<i64>,
}

impl Seen {
    const fn new(outcome: Outcome) -> Self {
        Self { outcome, clock_skew_ms: None }
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
    /// Every probe of the estate, those of paused checks left out.
    #[must_use]
    pub fn all(estate: &Estate, capability: Capability) -> Vec<Self> {
        let redactor = Redactor::new(secrets(estate));
        let probe =
            |source, interval, timeout, kind| Self { source, interval, timeout, kind, redactor: redactor.clone() };
        let checks = estate.checks.iter().filter(|check| !check.paused).map(|check| {
            let kind = Kind::of_check(check, estate, capability);
            probe(Source::Check(check.id.clone()), check.interval, check.timeout, kind)
        });
        let backups = estate.backups.iter().map(|backup| {
            let kind = match backup::BackupProbe::new(backup, estate) {
                asks if asks.starts_a_command() && capability == Capability::NetworkOnly => Kind::not_asked(),
                asks => Kind::Backup(asks),
            };
            probe(Source::Backup(backup.id.clone()), backup.interval, backup.timeout, kind)
        });
        let connectivity = estate.console.connectivity.as_deref().map(|target| {
            probe(Source::Connectivity, CONNECTIVITY_INTERVAL, CONNECTIVITY_TIMEOUT, Kind::of_connectivity(target))
        });
        checks.chain(backups).chain(connectivity).collect()
    }

    /// Looks once. What takes longer than the check's timeout is cut, and its process group killed.
    pub async fn look(&self) -> Sample {
        let started = clock::now();
        let seen = timeout(self.timeout, self.see()).await.unwrap_or_else(|_| self.too_late());
        let took = clock::boottime().saturating_sub(started.boot);
        let answered = !matches!(seen.outcome, Outcome::Unknown { .. });
        Sample {
            source: self.source.clone(),
            // The beginning: what was read is at least as new as this.
            at: started.wall,
            boot: started.boot,
            latency: answered.then_some(took),
            outcome: redacted(seen.outcome, &self.redactor),
            clock_skew_ms: seen.clock_skew_ms,
        }
    }

    async fn see(&self) -> Seen {
        match &self.kind {
            Kind::Http(probe) => probe.see().await,
            Kind::Tcp(probe) => probe.see().await,
            Kind::Postgres(probe) => probe.see().await,
            Kind::Command(probe) => probe.see().await,
            Kind::Backup(probe) => probe.see().await,
            Kind::Never(why) => Seen::unknown(why.clone()),
        }
    }

    /// Silence of a server is a fact about it; silence of a tool of ours is not.
    fn too_late(&self) -> Seen {
        let why = format!("no answer within {}", human(self.timeout));
        match self.kind {
            Kind::Backup(_) => Seen::unknown(why),
            _ => Seen::bad(why),
        }
    }

    /// What it connects to, for the limit of looks at one host at a time.
    fn host(&self) -> &str {
        match &self.kind {
            Kind::Http(probe) => probe.host(),
            Kind::Tcp(probe) => probe.host(),
            Kind::Postgres(probe) => probe.host(),
            Kind::Command(_) | Kind::Backup(_) | Kind::Never(_) => "",
        }
    }
}

impl Kind {
    fn of_check(check: &Check, estate: &Estate, capability: Capability) -> Self {
        match &check.kind {
            CheckKind::Http(http) => Self::Http(Box::new(http::HttpProbe::new(http.clone(), estate))),
            CheckKind::Tcp { host, port } => Self::Tcp(tcp::TcpProbe::new(host, *port)),
            CheckKind::Postgres { database, query } => {
                let server = check.region.as_ref().and_then(|region| estate.database(database)?.servers.get(region));
                server.map_or_else(
                    || Self::Never(format!("the estate names no server of {database} for this check")),
                    |dsn| Self::Postgres(postgres::PostgresProbe::new(dsn, query.as_deref(), check.timeout)),
                )
            }
            CheckKind::Command(_) if capability == Capability::NetworkOnly => Self::not_asked(),
            CheckKind::Command(command) => command::CommandProbe::new(command).map_or_else(Self::Never, Self::Command),
        }
    }

    /// A URL that answers with anything at all, or a port that takes a connection.
    fn of_connectivity(target: &str) -> Self {
        if target.contains("://") {
            return Self::Http(Box::new(http::HttpProbe::any_answer(target)));
        }
        match target.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse().ok()?))) {
            Some((host, port)) => Self::Tcp(tcp::TcpProbe::new(host.trim_matches(['[', ']']), port)),
            None => Self::Never(format!("`{target}` is neither a URL nor host:port")),
        }
    }

    fn not_asked() -> Self {
        Self::Never("not asked: this console is read-only and starts no command".into())
    }
}

/// What probes send to prove who they are.
fn secrets(estate: &Estate) -> Vec<String> {
    let headers = estate.checks.iter().flat_map(|check| match &check.kind {
        CheckKind::Http(http) => http::HttpProbe::secrets(http).collect(),
        CheckKind::Tcp { .. } | CheckKind::Postgres { .. } | CheckKind::Command(_) => Vec::new(),
    });
    let servers = estate.databases.iter().flat_map(|database| database.servers.values());
    let passwords = servers.filter_map(|dsn| Dsn::resolve(dsn).ok()).flat_map(|dsn| {
        let passwords = dsn.targets.into_iter().filter_map(|target| target.password);
        passwords.map(|password| password.expose().to_owned()).collect::<Vec<_>>()
    });
    headers.chain(passwords).collect()
}

fn redacted(outcome: Outcome, redactor: &Redactor) -> Outcome {
    let payload = |payload| match payload {
        Payload::Text { text } => Payload::Text { text: redactor.redact(&text) },
        other => other,
    };
    match outcome {
        Outcome::Good { payload: it } => Outcome::Good { payload: payload(it) },
        Outcome::Soft { why, payload: it } => Outcome::Soft { why: redactor.redact(&why), payload: payload(it) },
        Outcome::Bad { why, payload: it } => Outcome::Bad { why: redactor.redact(&why), payload: payload(it) },
        Outcome::Unknown { why } => Outcome::Unknown { why: redactor.redact(&why) },
    }
}
