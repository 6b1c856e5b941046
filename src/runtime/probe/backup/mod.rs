//! What a backup source says: files, the archiver, or a tool's own list. What the answer means is for
//! [`domain::backup`] to say.

mod archiver;
mod files;
mod ledger;
mod redis;
mod tool;

use std::time::Duration;

use domain::backup::{self, BackupReading, DestinationReading};
use domain::estate::{Backup, BackupSource, Estate, RedisSource, RestoreTests};
use domain::reading::Payload;
use domain::time::human;
use futures_util::future::join_all;
use tokio::time::timeout;

use self::archiver::Archivers;
use self::files::Files;
use self::tool::{Asked, Tool};
use super::{Capability, Look, Looking, NOT_STARTED, Seen};

#[derive(Debug)]
pub(super) struct BackupProbe {
    name: String,
    source: Reader,
    places: Vec<Place>,
    tests: Option<RestoreTests>,
    env: Vec<String>,
    /// What only a command tells is asked.
    commands: bool,
}

/// A destination with a source of its own.
#[derive(Debug)]
struct Place {
    name: String,
    source: Reader,
    timeout: Duration,
}

/// One way of reading how old backups are.
#[derive(Debug)]
enum Reader {
    Files { files: Files, min_bytes: u64 },
    Archiver(Archivers),
    Redis { source: RedisSource, every: Duration },
    Tool(Asked),
}

/// A destination has to answer in this share of the set's time: one that hangs keeps the others from nothing.
const SHARE: f64 = 0.8;

impl BackupProbe {
    pub(super) fn new(backup: &Backup, estate: &Estate, capability: Capability) -> Self {
        let reader = |source, timeout| Reader::new(source, backup, timeout, estate);
        let places = backup.destinations.iter().filter_map(|place| {
            let timeout = place.timeout.unwrap_or(backup.timeout).min(backup.timeout.mul_f64(SHARE));
            let source = reader(place.source.as_ref()?, timeout);
            Some(Place { name: place.name.clone(), source, timeout })
        });
        Self {
            name: backup.id.to_string(),
            source: reader(&backup.source, backup.timeout),
            places: places.collect(),
            tests: backup.restore_tests.clone(),
            env: backup.env.clone(),
            commands: capability == Capability::Full,
        }
    }

    /// The set's own source is one: nothing can be known of it without.
    pub(super) const fn starts_a_command(&self) -> bool {
        matches!(self.source, Reader::Tool(_))
    }

    async fn read(&self) -> Seen {
        let places = join_all(self.places.iter().map(|place| self.read_place(place)));
        let (own, places) = tokio::join!(self.source.read(), places);
        let mut reading = match own {
            Ok(reading) => reading,
            Err(why) if places.iter().all(|place| place.unread.is_some()) => return Seen::unknown(why),
            Err(why) => BackupReading { unread: Some(why), ..BackupReading::default() },
        };
        reading.destinations.extend(places);
        if let Some(tests) = &self.tests {
            ledger::add(tests, &self.name, &self.env, self.commands, &mut reading).await;
        }
        Seen::good(Payload::Backup { backup: Box::new(reading) })
    }

    async fn read_place(&self, place: &Place) -> DestinationReading {
        let read = match &place.source {
            Reader::Tool(_) if !self.commands => Err(NOT_STARTED.to_owned()),
            source => timeout(place.timeout, source.read())
                .await
                .unwrap_or_else(|_| Err(format!("no answer within {}", human(place.timeout)))),
        };
        DestinationReading::of(place.name.clone(), read)
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
    fn new(source: &BackupSource, of: &Backup, timeout: Duration, estate: &Estate) -> Self {
        let every = of.every;
        let tool = |tool| Self::Tool(Asked { tool, env: of.env.clone() });
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
            BackupSource::Redis(source) => Self::Redis { source: source.clone(), every },
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
            Self::Redis { source, every } => redis::read(source, *every).await,
            Self::Tool(tool) => tool.read().await,
        }
    }
}
