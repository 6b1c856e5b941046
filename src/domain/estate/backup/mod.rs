//! Where the age of a backup set is read: one file per tool, with its keys, its model and how the one becomes the other.

mod archiver;
mod command;
mod files;
mod pgbackrest;

pub use command::CommandSource;
pub use files::FilesSource;
pub use pgbackrest::PgBackRestSource;

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
    /// A command that prints JSON.
    Command(CommandSource),
}

/// The words of `type`, in the order of the documents.
pub(super) const KINDS: &[Variant] = &[pgbackrest::KIND, archiver::KIND, files::KIND, command::KIND];

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
            Self::Command(_) => command::KIND.word,
        }
    }

    /// What `fields` describe; `None` where something is missing or wrong, which was reported.
    pub(super) fn read(fields: &Fields<'_, '_>, around: &Around<'_>, report: &mut Vec<Diagnostic>) -> Option<Self> {
        Some(match fields.variant("type", KINDS)?.word {
            "files" => Self::Files(FilesSource::read(fields)?),
            "archiver" => Self::Archiver { database: archiver::read(fields, around, report)? },
            "pgbackrest" => Self::PgBackRest(PgBackRestSource::read(fields)?),
            "command" => Self::Command(CommandSource::read(fields)?),
            _ => return None,
        })
    }
}
