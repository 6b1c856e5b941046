//! Where the age of a backup set is read: one file per tool, with its keys, its model and how the one becomes the other.

mod archiver;
mod aws;
mod barman;
mod command;
mod destination;
mod files;
mod pgbackrest;
mod rds;
mod redis;
mod s3;
mod velero;
mod wal_g;

pub use aws::AwsCommand;
pub use barman::BarmanSource;
pub use command::{COMMAND_RECIPES, CommandSource, ItemPaths};
pub use destination::{Destination, DestinationRole};
pub use files::FilesSource;
pub use pgbackrest::PgBackRestSource;
pub use rds::{RdsRead, RdsSource};
pub use redis::RedisSource;
pub use s3::S3Source;
pub use velero::VeleroSource;
pub use wal_g::WalGSource;

pub(super) use destination::SECTION as DESTINATION;

use super::fields::Fields;
use super::schema::Variant;
use crate::diagnostic::Diagnostic;
use crate::ident::DatabaseId;

#[derive(Clone, Debug, PartialEq)]
pub enum BackupSource {
    /// Newest file that matches.
    Files(FilesSource),
    /// `pg_stat_archiver` of the database's serving side.
    Archiver { database: DatabaseId },
    /// `pgbackrest info --output=json`.
    PgBackRest(PgBackRestSource),
    /// `wal-g backup-list --detail --json`.
    WalG(WalGSource),
    /// `barman -f json list-backup`.
    Barman(BarmanSource),
    /// Backup objects in a Kubernetes cluster.
    Velero(VeleroSource),
    /// `INFO` of a Redis server.
    Redis(RedisSource),
    /// `aws rds describe-…`.
    Rds(RdsSource),
    /// `aws s3api list-objects-v2`.
    S3(S3Source),
    /// A command that prints JSON.
    Command(CommandSource),
}

/// The words of `type`, in the order of the documents.
pub(super) const KINDS: &[Variant] = &[
    pgbackrest::KIND,
    wal_g::KIND,
    barman::KIND,
    archiver::KIND,
    velero::KIND,
    redis::KIND,
    rds::KIND,
    s3::KIND,
    files::KIND,
    command::KIND,
];

/// What a source is built from, beside its own fields.
#[derive(Debug)]
pub(super) struct Around<'a> {
    pub name: &'a str,
    pub database: Option<&'a DatabaseId>,
}

impl BackupSource {
    /// The word used in files and documents.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Files(_) => files::KIND.word,
            Self::Archiver { .. } => archiver::KIND.word,
            Self::PgBackRest(_) => pgbackrest::KIND.word,
            Self::WalG(_) => wal_g::KIND.word,
            Self::Barman(_) => barman::KIND.word,
            Self::Velero(_) => velero::KIND.word,
            Self::Redis(_) => redis::KIND.word,
            Self::Rds(_) => rds::KIND.word,
            Self::S3(_) => s3::KIND.word,
            Self::Command(_) => command::KIND.word,
        }
    }

    /// What `fields` describe; `None` where something is missing or wrong, which was reported.
    pub(super) fn read(fields: &Fields<'_, '_>, around: &Around<'_>, report: &mut Vec<Diagnostic>) -> Option<Self> {
        Some(match fields.variant("type", KINDS)?.word {
            "files" => Self::Files(FilesSource::read(fields)?),
            "archiver" => Self::Archiver { database: archiver::read(fields, around, report)? },
            "pgbackrest" => Self::PgBackRest(PgBackRestSource::read(fields, around)?),
            "wal-g" => Self::WalG(WalGSource::read(fields)),
            "barman" => Self::Barman(BarmanSource::read(fields)?),
            "velero" => Self::Velero(VeleroSource::read(fields)),
            "redis" => Self::Redis(RedisSource::read(fields)?),
            "rds" => Self::Rds(RdsSource::read(fields, around, report)?),
            "s3" => Self::S3(S3Source::read(fields)?),
            "command" => Self::Command(CommandSource::read(fields)?),
            _ => return None,
        })
    }
}
