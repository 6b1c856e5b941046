//! What a backup source says: files, the archiver, pgBackRest, or a command that prints JSON. What the answer means is
//! for [`domain::backup`] to say.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use domain::backup::{self, BackupReading, FoundFile};
use domain::estate::{Backup, BackupSource, CommandSource, Estate, PgBackRestSource};
use domain::reading::Payload;
use domain::replication::ServerReading;
use domain::time::Timestamp;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::process::run;
use super::{Look, Looking, Seen};
use crate::runtime::postgres::{Dsn, look};

/// How much a backup tool may print: pgBackRest describes every backup it holds.
const OUTPUT: usize = 8 << 20;
/// A folder with more files than this is not looked through.
const MOST_FILES: usize = 100_000;

#[derive(Debug)]
pub(super) enum BackupProbe {
    Files {
        pattern: String,
        min_bytes: u64,
        /// One walk at a time: a network file system that hangs must not collect threads.
        walking: Arc<Semaphore>,
    },
    /// The server that is not in recovery knows what was archived.
    Archiver {
        servers: Vec<String>,
        timeout: Duration,
    },
    PgBackRest(PgBackRestSource),
    Command(CommandSource),
}

impl BackupProbe {
    pub(super) fn new(backup: &Backup, estate: &Estate) -> Self {
        match &backup.source {
            BackupSource::Files(files) => Self::Files {
                pattern: files.glob.clone(),
                min_bytes: files.min_bytes,
                walking: Arc::new(Semaphore::new(1)),
            },
            BackupSource::Archiver { database } => Self::Archiver {
                servers: estate.database(database).map(|it| it.servers.values().cloned().collect()).unwrap_or_default(),
                timeout: backup.timeout,
            },
            BackupSource::PgBackRest(source) => Self::PgBackRest(source.clone()),
            BackupSource::Command(source) => Self::Command(source.clone()),
        }
    }

    pub(super) const fn starts_a_command(&self) -> bool {
        matches!(self, Self::PgBackRest(_) | Self::Command(_))
    }

    async fn read(&self) -> Seen {
        let read = match self {
            Self::Files { pattern, min_bytes, walking } => {
                files(pattern, walking).await.map(|found| backup::files(found, *min_bytes))
            }
            Self::Archiver { servers, timeout } => archiver(servers, *timeout).await,
            Self::PgBackRest(of) => output(&of.argv, &[]).await.and_then(|json| backup::pgbackrest(&json, &of.stanza)),
            Self::Command(of) => {
                output(&of.argv, &of.env).await.and_then(|json| backup::command_json(&json, &of.newest_json))
            }
        };
        match read {
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

/// What a tool printed. Its exit code is told, with its own words, when it is not 0.
async fn output(argv: &[String], env: &[String]) -> Result<String, String> {
    let finished = run(argv, env, OUTPUT).await?;
    if !finished.status.success() {
        let said = finished.first_line().map_or_else(String::new, |said| format!(": {said}"));
        return Err(format!("{}{said}", finished.ending()));
    }
    if finished.stdout.len() == OUTPUT {
        return Err("it printed more than 8 MiB".into());
    }
    String::from_utf8(finished.stdout).map_err(|_| "what it printed is not UTF-8 text".into())
}

async fn files(pattern: &str, walking: &Arc<Semaphore>) -> Result<Vec<FoundFile>, String> {
    let permit = Arc::clone(walking)
        .try_acquire_owned()
        .map_err(|_| "the folder has not answered since an earlier look".to_owned())?;
    let pattern = pattern.to_owned();
    let walk = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        walk(&pattern)
    });
    walk.await.map_err(|error| error.to_string())?
}

fn walk(pattern: &str) -> Result<Vec<FoundFile>, String> {
    let paths = glob::glob(pattern).map_err(|error| format!("`{pattern}` is not a pattern: {error}"))?;
    let mut found = Vec::new();
    for path in paths {
        let path: PathBuf = path.map_err(|error| format!("{}: {}", error.path().display(), error.error()))?;
        if found.len() == MOST_FILES {
            return Err(format!("more than {MOST_FILES} files match"));
        }
        found.extend(describe(&path));
    }
    Ok(found)
}

/// `None` for what is no file, or is gone by now.
fn describe(path: &Path) -> Option<FoundFile> {
    let metadata = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
    let modified = Timestamp::try_from(metadata.modified().ok()?).ok()?;
    let name = domain::untrusted::sanitise_line(path.file_name()?.as_encoded_bytes());
    Some(FoundFile { name, bytes: metadata.len(), modified })
}

/// Asks every server, and believes the one that is not in recovery. Of two such none is believed.
async fn archiver(servers: &[String], timeout: Duration) -> Result<BackupReading, String> {
    let mut asked = JoinSet::new();
    for dsn in servers {
        let dsn = Dsn::resolve(dsn).map_err(|error| error.to_string())?;
        asked.spawn(async move { look(&dsn, None, timeout).await });
    }
    let answers = asked.join_all().await;
    let failure = answers.iter().find_map(|answer| answer.as_ref().err().map(ToString::to_string));
    let primaries: Vec<ServerReading> = answers
        .into_iter()
        .filter_map(|answer| answer.ok().map(|look| look.server))
        .filter(|it| !it.in_recovery)
        .collect();
    match &primaries[..] {
        [] => Err(failure.unwrap_or_else(|| "no server is a primary".into())),
        [primary] => primary
            .archiver
            .as_ref()
            .map(backup::archiver)
            .ok_or_else(|| "the primary does not tell what it archived".into()),
        _ => Err("two servers say they are the primary".into()),
    }
}
