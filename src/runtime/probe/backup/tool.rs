//! Backup tools that print what they hold.

use domain::backup::{self, BackupReading, OBJECTS_QUERY};
use domain::estate::{BarmanSource, CommandSource, PgBackRestSource, RdsSource, S3Source, VeleroSource, WalGSource};

use super::archiver::Archivers;
use crate::runtime::clock;
use crate::runtime::probe::process::run;

/// How much a backup tool may print: pgBackRest describes every backup it holds.
const OUTPUT: usize = 8 << 20;

/// A tool, and the variables that its commands are given beside the usual ones.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) tool: Tool,
    pub(super) env: Vec<String>,
}

#[derive(Debug)]
pub(super) enum Tool {
    PgBackRest {
        source: PgBackRestSource,
        /// Asked what it archived.
        primary: Option<Archivers>,
    },
    WalG(WalGSource),
    Barman(BarmanSource),
    Velero(VeleroSource),
    Rds(RdsSource),
    S3(S3Source),
    Command(CommandSource),
}

impl Asked {
    pub(super) async fn read(&self) -> Result<BackupReading, String> {
        match &self.tool {
            Tool::PgBackRest { source, primary } => self.pgbackrest(source, primary.as_ref()).await,
            Tool::WalG(source) => {
                let reading = backup::wal_g(&self.output(&source.argv).await?)?;
                Ok(self.also(reading, source.verify_argv.as_deref(), backup::wal_g_verify).await)
            }
            Tool::Barman(source) => {
                let reading = backup::barman(&self.printed(&source.argv).await?, &source.server)?;
                let check = |json: &str| backup::barman_check(json, &source.server);
                Ok(self.also(reading, source.check_argv.as_deref(), check).await)
            }
            Tool::Velero(source) => {
                let printed = self.output(&source.argv()).await?;
                backup::velero(&printed, source.schedule.as_deref(), clock::now().wall)
            }
            Tool::Rds(source) => backup::rds(&self.output(&source.argv()).await?, &source.id),
            Tool::S3(source) => self.s3(source).await,
            Tool::Command(source) => backup::command_json(&self.output(&source.argv).await?, source),
        }
    }

    /// Adds what a second command finds wrong. What it cannot tell is said, and changes nothing else.
    async fn also(
        &self,
        mut reading: BackupReading,
        argv: Option<&[String]>,
        judge: impl Fn(&str) -> Result<Option<String>, String>,
    ) -> BackupReading {
        let Some(argv) = argv else { return reading };
        match self.printed(argv).await.and_then(|json| judge(&json)) {
            Ok(None) => {}
            Ok(Some(wrong)) => reading.newer_failure = both(reading.newer_failure, Some(wrong)),
            Err(why) => reading.warnings.push(format!("not verified: {why}")),
        }
        reading
    }

    /// The primary is asked first: what it has archived by then must be in the repository.
    async fn pgbackrest(
        &self,
        source: &PgBackRestSource,
        primary: Option<&Archivers>,
    ) -> Result<BackupReading, String> {
        let server = match primary {
            Some(primary) => Some(primary.primary().await),
            None => None,
        };
        let info = backup::pgbackrest(&self.output(&source.argv).await?, &source.stanza)?;
        let mut reading = info.reading;
        match server {
            None => {}
            Some(Err(why)) => reading.warnings.push(format!("the archive was not compared with the primary: {why}")),
            Some(Ok(server)) => {
                let Some(archiver) = &server.archiver else {
                    let why = "the archive was not compared with the primary: it does not tell what it archived";
                    reading.warnings.push(why.to_owned());
                    return Ok(reading);
                };
                let gap = backup::wal_gap(info.archived_to.as_deref(), archiver, server.segment.as_deref());
                reading.newer_failure = both(reading.newer_failure, gap);
            }
        }
        Ok(reading)
    }

    async fn s3(&self, source: &S3Source) -> Result<BackupReading, String> {
        let listed = self.output(&source.list_argv(OBJECTS_QUERY)).await?;
        let (mut reading, newest) = backup::objects(&listed, source.min_bytes)?;
        let Some(key) = newest.filter(|_| source.head) else { return Ok(reading) };
        let head = self.output(&source.head_argv(&key)).await;
        match head.and_then(|json| backup::object_head(&json, reading.clone())) {
            Ok(told) => Ok(told),
            Err(why) => {
                reading.warnings.push(format!("encryption and replication are not known: {why}"));
                Ok(reading)
            }
        }
    }

    /// What a tool printed. Its exit code is told, with its own words, when it is not 0.
    async fn output(&self, argv: &[String]) -> Result<String, String> {
        self.ended(argv, false).await
    }

    /// The same of a tool that says what is wrong as JSON, and exits with 1.
    async fn printed(&self, argv: &[String]) -> Result<String, String> {
        self.ended(argv, true).await
    }

    async fn ended(&self, argv: &[String], json_is_enough: bool) -> Result<String, String> {
        let finished = run(argv, &self.env, OUTPUT).await?;
        let told = json_is_enough && finished.stdout.trim_ascii_start().starts_with(b"{");
        if !finished.status.success() && !told {
            let said = finished.first_line().map_or_else(String::new, |said| format!(": {said}"));
            return Err(format!("{}{said}", finished.ending()));
        }
        if finished.stdout.len() == OUTPUT {
            return Err("it printed more than 8 MiB".into());
        }
        String::from_utf8(finished.stdout).map_err(|_| "what it printed is not UTF-8 text".into())
    }
}

fn both(one: Option<String>, other: Option<String>) -> Option<String> {
    match (one, other) {
        (Some(one), Some(other)) => Some(format!("{one}; {other}")),
        (one, other) => one.or(other),
    }
}
