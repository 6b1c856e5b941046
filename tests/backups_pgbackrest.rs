//! A real pgBackRest with two repositories: what it says is well is not always well.

use std::collections::BTreeMap;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Duration;

use domain::backup::{BackupReading, Checksum, DestinationReading};
use domain::estate::{Backup, BackupSource, Database, Estate, PgBackRestSource};
use domain::ident::{BackupId, DatabaseId, RegionId};
use domain::reading::Payload;
use switchback::runtime::probe::{Capability, Probe};

use crate::support::pgbackrest::two_repositories;
use crate::support::postgres::{Server, as_unprivileged, binary};
use crate::support::wait::until;

struct Repository {
    server: Server,
    config: String,
}

impl Repository {
    /// A server with page checksums that archives into both repositories; nothing is backed up yet.
    fn new() -> Self {
        let mut server = Server::primary();
        server.stop();
        let checksums = as_unprivileged(&binary("pg_checksums")).arg("--enable").arg("-D").arg(server.data()).output();
        assert!(checksums.unwrap().status.success());
        let config = two_repositories(&server);
        let push = format!("pgbackrest --config={config} --stanza=orders archive-push %p");
        server.configure(&format!("archive_mode = on\narchive_command = '{push}'"));
        server.start();
        let repository = Self { server, config };
        repository.tool(&["stanza-create"]);
        repository
    }

    fn tool(&self, arguments: &[&str]) {
        let mut command = as_unprivileged(Path::new("pgbackrest"));
        let done = command.args(["--config", &self.config, "--stanza", "orders"]).args(arguments).output().unwrap();
        let said = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "pgbackrest {arguments:?}: {said}");
    }

    async fn read(&self) -> BackupReading {
        let database = DatabaseId::from("orders-db");
        let argv = ["pgbackrest", "info", "--output=json", "--stanza=orders", "--config", &self.config];
        let source = PgBackRestSource {
            stanza: "orders".to_owned(),
            argv: argv.map(str::to_owned).to_vec(),
            wal_of: Some(database.clone()),
        };
        let estate = Estate {
            databases: vec![Database {
                id: database.clone(),
                servers: BTreeMap::from([(RegionId::from("east"), self.server.dsn())]),
                write_test: BTreeMap::new(),
                control_data: BTreeMap::new(),
                lag_warning: Duration::from_secs(60),
                lag_critical: Duration::from_secs(300),
            }],
            backups: vec![Backup {
                database: Some(database),
                timeout: Duration::from_secs(60),
                ..Backup::new(BackupId::from("orders-db"), BackupSource::PgBackRest(source), Duration::from_secs(3600))
            }],
            ..Estate::default()
        };
        let outcome = Probe::all(&estate, Capability::Full).remove(0).look().await.outcome;
        match outcome.payload() {
            Some(Payload::Backup { backup }) => (**backup).clone(),
            _ => panic!("it should tell of a backup: {outcome:?}"),
        }
    }

    /// Damages a page of the table on disk: its checksum no longer fits.
    fn damage(&mut self, table: &str) {
        let file = self.server.sql(&format!("SELECT pg_relation_filepath('{table}')"));
        self.server.stop();
        let path = self.server.data().join(file);
        let mut pages = std::fs::OpenOptions::new().write(true).open(path).unwrap();
        // Behind the page's header, which would say that it is newer than the backup.
        pages.seek(SeekFrom::Start(4000)).unwrap();
        pages.write_all(&[0xAB; 200]).unwrap();
        drop(pages);
        self.server.start();
    }
}

fn place<'a>(reading: &'a BackupReading, name: &str) -> &'a DestinationReading {
    reading.destinations.iter().find(|place| place.name == name).unwrap()
}

#[tokio::test]
async fn only_what_can_be_restored_counts_whatever_the_status_says() {
    let mut repository = Repository::new();
    repository.server.sql("CREATE TABLE orders AS SELECT generate_series(1, 10000) AS id; CHECKPOINT");
    let none = repository.read().await;
    assert_eq!(none.newest_usable, None);
    assert!(none.newer_failure.is_some(), "the tool says so, and exits with 0");

    repository.tool(&["--repo=1", "--type=full", "backup"]);
    let full = repository.read().await;
    assert_eq!((full.detail.as_deref(), full.newer_failure.as_deref()), (Some("full"), None), "{full:?}");
    assert!(full.vouched && full.encrypted == Some(false));
    assert_eq!(place(&full, "repo2").newest_usable, None, "nothing is in the second yet");

    repository.tool(&["--repo=2", "--type=full", "backup"]);
    repository.tool(&["--repo=1", "--type=incr", "backup"]);
    let incremental = repository.read().await;
    assert_eq!((incremental.detail.as_deref(), incremental.kept), (Some("incr"), Some(3)));
    let (one, two) = (place(&incremental, "repo1"), place(&incremental, "repo2"));
    assert!(one.newest_usable > two.newest_usable && two.newest_usable.is_some());
    assert_eq!((one.encrypted, two.encrypted), (Some(false), Some(true)));
    assert_eq!(incremental.newest_usable, one.newest_usable);

    // With a newer full one the first expires, and the incremental one with it.
    repository.tool(&["--repo=1", "--repo1-retention-full=1", "--type=full", "backup"]);
    let expired = repository.read().await;
    assert_eq!((expired.detail.as_deref(), expired.kept), (Some("full"), Some(2)));
    assert_eq!(expired.oldest_kept, place(&expired, "repo2").newest_usable);

    repository.damage("orders");
    repository.tool(&["--repo=1", "--type=full", "backup"]);
    let damaged = repository.read().await;
    assert_eq!(damaged.newest_usable, expired.newest_usable, "the damaged one is not restorable");
    assert!(damaged.newer_failure.as_deref().unwrap().contains("page checksums failed"), "{damaged:?}");
    assert_eq!(damaged.checksum, Checksum::Failed);
}

#[tokio::test]
async fn an_archive_that_no_longer_grows_is_a_failure_though_the_status_is_ok() {
    let repository = Repository::new();
    repository.tool(&["--repo=1", "--type=full", "backup"]);
    assert_eq!(repository.read().await.newer_failure, None);
    repository.server.configure("archive_command = '/bin/true'");
    repository.server.reload();
    let archived = || repository.server.sql("SELECT last_archived_wal FROM pg_stat_archiver");
    let before = archived();
    repository.server.sql("CREATE TABLE lost AS SELECT 1 AS id; SELECT pg_switch_wal()");
    until("the server believes that it archived", || archived() > before);
    let dead = repository.read().await;
    let why = dead.newer_failure.unwrap();
    assert!(why.contains("the repository has not got it: it ends at"), "{why}");
    assert!(dead.newest_usable.is_some(), "what was backed up before is there");
}
