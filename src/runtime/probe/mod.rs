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
use domain::time::human;
use tokio::time::timeout;

pub use scheduler::Scheduler;

use crate::runtime::clock;

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
        let checks =
            estate.checks.iter().filter(|check| !check.paused).map(|check| Self::of(check, estate, capability));
        let backups = estate.backups.iter().map(|backup| Self {
            source: Source::Backup(backup.id.clone()),
            interval: backup.interval,
            timeout: backup.timeout,
            kind: match backup::BackupProbe::new(backup, estate) {
                probe if probe.starts_a_command() && capability == Capability::NetworkOnly => not_asked(),
                probe => Kind::Backup(probe),
            },
        });
        let connectivity = estate.console.connectivity.as_deref().map(|target| Self {
            source: Source::Connectivity,
            interval: CONNECTIVITY_INTERVAL,
            timeout: CONNECTIVITY_TIMEOUT,
            kind: connectivity(target),
        });
        checks.chain(backups).chain(connectivity).collect()
    }

    fn of(check: &Check, estate: &Estate, capability: Capability) -> Self {
        let kind = match &check.kind {
            CheckKind::Http(http) => Kind::Http(Box::new(http::HttpProbe::new(http.clone(), estate))),
            CheckKind::Tcp { host, port } => Kind::Tcp(tcp::TcpProbe::new(host, *port)),
            CheckKind::Postgres { database, query } => {
                let server = check.region.as_ref().and_then(|region| estate.database(database)?.servers.get(region));
                server.map_or_else(
                    || Kind::Never(format!("the estate names no server of {database} for this check")),
                    |dsn| Kind::Postgres(postgres::PostgresProbe::new(dsn, query.as_deref(), check.timeout)),
                )
            }
            CheckKind::Command(_) if capability == Capability::NetworkOnly => not_asked(),
            CheckKind::Command(command) => match command::CommandProbe::new(command) {
                Ok(probe) => Kind::Command(probe),
                Err(why) => Kind::Never(why),
            },
        };
        Self { source: Source::Check(check.id.clone()), interval: check.interval, timeout: check.timeout, kind }
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
            outcome: seen.outcome,
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

fn not_asked() -> Kind {
    Kind::Never("not asked: this console is read-only and starts no command".into())
}

/// A URL that answers with anything at all, or a port that takes a connection.
fn connectivity(target: &str) -> Kind {
    if target.contains("://") {
        return Kind::Http(Box::new(http::HttpProbe::any_answer(target)));
    }
    match target.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse().ok()?))) {
        Some((host, port)) => Kind::Tcp(tcp::TcpProbe::new(host.trim_matches(['[', ']']), port)),
        None => Kind::Never(format!("`{target}` is neither a URL nor host:port")),
    }
}
