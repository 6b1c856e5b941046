//! What a backup source says: files, the archiver, or a tool's own list. What the answer means is for
//! [`domain::backup`] to say.

mod archiver;
mod files;
mod tool;

use std::time::Duration;

use domain::backup::{self, BackupReading};
use domain::estate::{Backup, BackupSource, Estate};
use domain::reading::Payload;

use self::archiver::Archivers;
use self::files::Files;
use self::tool::{Asked, Tool};
use super::{Look, Looking, Seen};

#[derive(Debug)]
pub(super) struct BackupProbe {
    source: Reader,
}

/// One way of reading how old backups are.
#[derive(Debug)]
enum Reader {
    Files { files: Files, min_bytes: u64 },
    Archiver(Archivers),
    Tool(Asked),
}

impl BackupProbe {
    pub(super) fn new(backup: &Backup, estate: &Estate) -> Self {
        Self { source: Reader::new(&backup.source, &backup.env, backup.timeout, estate) }
    }

    pub(super) const fn starts_a_command(&self) -> bool {
        matches!(self.source, Reader::Tool(_))
    }

    async fn read(&self) -> Seen {
        match self.source.read().await {
            Ok(backup) => Seen::good(Payload::Backup { backup: Box::new(backup) }),
            Err(why) => Seen::unknown(why),
        }
    }
}

impl Look for BackupProbe {
    fn see(&self) -> Looking<'_> {
        Box::pin(self.read())
    }
    fn silence_is_down(&self) -> bool {
        false
    }
}

impl Reader {
    fn new(source: &BackupSource, env: &[String], timeout: Duration, estate: &Estate) -> Self {
        let tool = |tool| Self::Tool(Asked { tool, env: env.to_vec() });
        match source {
            BackupSource::Files(source) => {
                Self::Files { files: Files::new(source.glob.clone()), min_bytes: source.min_bytes }
            }
            BackupSource::Archiver { database } => Self::Archiver(Archivers::of(database, estate, timeout)),
            BackupSource::PgBackRest(source) => tool(Tool::PgBackRest {
                // The tool needs what is left of the time.
                primary: source.wal_of.as_ref().map(|database| Archivers::of(database, estate, timeout.mul_f64(0.4))),
                source: source.clone(),
            }),
            BackupSource::WalG(source) => tool(Tool::WalG(source.clone())),
            BackupSource::Barman(source) => tool(Tool::Barman(source.clone())),
            BackupSource::Velero(source) => tool(Tool::Velero(source.clone())),
            BackupSource::Rds(source) => tool(Tool::Rds(source.clone())),
            BackupSource::S3(source) => tool(Tool::S3(source.clone())),
            BackupSource::Command(source) => tool(Tool::Command(source.clone())),
        }
    }

    async fn read(&self) -> Result<BackupReading, String> {
        match self {
            Self::Files { files, min_bytes } => files.found().await.map(|found| backup::files(found, *min_bytes)),
            Self::Archiver(primary) => {
                let server = primary.primary().await?;
                let archiver = server.archiver.as_ref().ok_or("the primary does not tell what it archived")?;
                Ok(backup::archiver(archiver))
            }
            Self::Tool(tool) => tool.read().await,
        }
    }
}
