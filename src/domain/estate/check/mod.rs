//! What a check looks at: one file per kind, with its keys, its model and how the one becomes the other.

mod calculated;
mod cloudwatch;
mod command;
mod dns;
mod heartbeat;
mod http;
mod kubernetes;
mod lag;
mod patroni;
mod postgres;
mod redis;
mod route53;
mod tcp;
#[cfg(test)]
mod tests;
mod threshold;
mod tls;

pub use calculated::CalculatedCheck;
pub(super) use calculated::Quorum;
pub use cloudwatch::{CloudWatchCheck, CloudWatchOf, MetricCheck};
pub use command::{CommandCheck, ValueAt};
pub use dns::{DnsCheck, plain_record};
pub use heartbeat::HeartbeatCheck;
pub use http::{Family, HttpCheck, Login};
pub use kubernetes::{KubernetesCheck, Ready, Workload};
pub use lag::LagMarks;
pub use patroni::PatroniCheck;
pub use postgres::PostgresCheck;
pub use redis::{RedisAddress, RedisCheck, RedisRole};
pub use route53::{NameRecords, Route53Check, Route53Of};
pub use tcp::{TcpCheck, TcpTls};
pub use threshold::Thresholds;
pub use tls::{StartTls, TlsCheck};

use std::time::Duration;

use super::fields::Fields;
use super::model::Estate;
use super::schema::Variant;
use crate::diagnostic::Diagnostic;
use crate::ident::{CheckId, DatabaseId, RegionId};

#[derive(Clone, Debug, PartialEq)]
pub enum CheckKind {
    Http(HttpCheck),
    Tcp(TcpCheck),
    Postgres(PostgresCheck),
    Patroni(PatroniCheck),
    Redis(RedisCheck),
    Kubernetes(KubernetesCheck),
    Command(CommandCheck),
    Tls(TlsCheck),
    Dns(DnsCheck),
    Heartbeat(HeartbeatCheck),
    Calculated(CalculatedCheck),
    Route53(Route53Check),
    CloudWatch(CloudWatchCheck),
}

/// The words of `type`, in the order of the documents.
pub(super) const KINDS: &[Variant] = &[
    http::KIND,
    tcp::KIND,
    tls::KIND,
    dns::KIND,
    postgres::KIND,
    patroni::KIND,
    redis::KIND,
    kubernetes::KIND,
    command::KIND,
    heartbeat::KIND,
    calculated::KIND,
    route53::KIND,
    cloudwatch::KIND,
];

/// What a check is built from, beside its own fields.
#[derive(Debug)]
pub(super) struct Around<'a> {
    /// What its name says before the `@`.
    pub subject: &'a str,
    pub region: Option<&'a RegionId>,
    /// Without its checks.
    pub estate: &'a Estate,
}

impl CheckKind {
    /// The word used in files and documents.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Http(_) => http::KIND.word,
            Self::Tcp(_) => tcp::KIND.word,
            Self::Postgres(_) => postgres::KIND.word,
            Self::Patroni(_) => patroni::KIND.word,
            Self::Redis(_) => redis::KIND.word,
            Self::Kubernetes(_) => kubernetes::KIND.word,
            Self::Command(_) => command::KIND.word,
            Self::Tls(_) => tls::KIND.word,
            Self::Dns(_) => dns::KIND.word,
            Self::Heartbeat(_) => heartbeat::KIND.word,
            Self::Calculated(_) => calculated::KIND.word,
            Self::Route53(_) => route53::KIND.word,
            Self::CloudWatch(_) => cloudwatch::KIND.word,
        }
    }

    /// The database whose server it reads.
    #[must_use]
    pub const fn database(&self) -> Option<&DatabaseId> {
        match self {
            Self::Postgres(postgres) => Some(&postgres.database),
            Self::Http(_)
            | Self::Tcp(_)
            | Self::Patroni(_)
            | Self::Redis(_)
            | Self::Kubernetes(_)
            | Self::Command(_)
            | Self::Tls(_)
            | Self::Dns(_)
            | Self::Heartbeat(_)
            | Self::Calculated(_)
            | Self::Route53(_)
            | Self::CloudWatch(_) => None,
        }
    }

    /// Marks of the copies it tells of.
    #[must_use]
    pub fn lag_marks(&self) -> LagMarks {
        match self {
            Self::Patroni(patroni) => patroni.marks,
            Self::Redis(redis) => redis.marks,
            _ => LagMarks::default(),
        }
    }

    /// Without a region of its own it may tell which side serves a service. What is looked at beside the path of a
    /// request tells nothing of that.
    #[must_use]
    pub const fn may_point(&self) -> bool {
        match self {
            Self::Dns(dns) => !dns.regions.is_empty(),
            Self::Route53(Route53Check { of: Route53Of::Records(records), .. }) => !records.regions.is_empty(),
            Self::Tls(_) | Self::Heartbeat(_) | Self::Calculated(_) | Self::Route53(_) | Self::CloudWatch(_) => false,
            _ => true,
        }
    }

    /// It is not asked more often than this unless its own `interval` says so: each question costs, or is one of few.
    #[must_use]
    pub(super) fn unhurried(&self) -> Duration {
        match self {
            Self::CloudWatch(check) => check.unhurried(),
            Self::Route53(_) => route53::UNHURRIED,
            _ => Duration::ZERO,
        }
    }

    /// The checks that it is made of, instead of looking at anything itself.
    #[must_use]
    pub fn made_of(&self) -> &[CheckId] {
        match self {
            Self::Calculated(calculated) => &calculated.of,
            _ => &[],
        }
    }

    /// What `fields` describe; `None` where something is missing or wrong, which was reported.
    pub(super) fn read(fields: &Fields<'_, '_>, around: &Around<'_>, report: &mut Vec<Diagnostic>) -> Option<Self> {
        Some(match fields.variant("type", KINDS)?.word {
            "http" => Self::Http(HttpCheck::read(fields, report)?),
            "tcp" => Self::Tcp(TcpCheck::read(fields)?),
            "postgres" => Self::Postgres(PostgresCheck::read(fields, around, report)?),
            "patroni" => Self::Patroni(PatroniCheck::read(fields, around)?),
            "redis" => Self::Redis(RedisCheck::read(fields, around.estate)?),
            "kubernetes" => Self::Kubernetes(KubernetesCheck::read(fields, report)?),
            "tls" => Self::Tls(TlsCheck::read(fields)?),
            "dns" => Self::Dns(DnsCheck::read(fields, report)?),
            "heartbeat" => Self::Heartbeat(HeartbeatCheck::read(fields)?),
            "route53" => Self::Route53(Route53Check::read(fields, report)?),
            "cloudwatch" => Self::CloudWatch(CloudWatchCheck::read(fields, around, report)?),
            "calculated" => Self::Calculated(CalculatedCheck::read(fields, report)?),
            "command" => Self::Command(CommandCheck::read(fields, report)?),
            _ => return None,
        })
    }
}
