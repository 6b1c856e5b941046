//! The age of a backup comes from what its source really says; a source that says nothing makes it unknown.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::backup::BackupReading;
use domain::estate::{
    Backup, BackupSource, CommandSource, Database, Destination, DestinationRole, Estate, FilesSource, PgBackRestSource,
    RestoreTests,
};
use domain::ident::{BackupId, DatabaseId, RegionId};
use domain::reading::{Outcome, Payload};
use switchback::runtime::probe::{Capability, Probe};

use crate::support::postgres::Server;
use crate::support::wait::until;

fn backup(source: BackupSource) -> Backup {
    Backup {
        timeout: Duration::from_secs(20),
        ..Backup::new(BackupId::from("orders"), source, Duration::from_secs(3600))
    }
}

async fn look(estate: Estate, capability: Capability) -> Outcome {
    Probe::all(&estate, capability).remove(0).look().await.outcome
}

async fn read(source: BackupSource) -> BackupReading {
    let outcome = look(Estate { backups: vec![backup(source)], ..Estate::default() }, Capability::Full).await;
    match outcome.payload() {
        Some(Payload::Backup { backup }) => (**backup).clone(),
        _ => panic!("it should tell of a backup: {outcome:?}"),
    }
}

async fn trouble(source: BackupSource, capability: Capability) -> String {
    let outcome = look(Estate { backups: vec![backup(source)], ..Estate::default() }, capability).await;
    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    outcome.why().unwrap().to_owned()
}

fn argv(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn command(script: &str) -> BackupSource {
    BackupSource::Command(CommandSource {
        argv: argv(&["/bin/sh", "-c", script]),
        newest_json: "newest_usable".into(),
        items: None,
    })
}

#[tokio::test]
async fn the_newest_file_that_is_large_enough_counts() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("orders-1.dump"), vec![b'x'; 2000]).unwrap();
    std::fs::write(folder.path().join("orders-2.dump"), b"").unwrap();
    std::fs::write(folder.path().join("orders.log"), vec![b'x'; 9000]).unwrap();
    let glob = folder.path().join("*.dump").display().to_string();
    let found = read(BackupSource::Files(FilesSource { glob: glob.clone(), min_bytes: 1000 })).await;
    assert_eq!(found.detail.as_deref(), Some("orders-1.dump"));
    assert!(found.newest_usable.is_some());
    let none = read(BackupSource::Files(FilesSource { glob, min_bytes: 1_000_000 })).await;
    assert_eq!(none.newest_usable, None);
    let wrong = BackupSource::Files(FilesSource { glob: "/a/***".into(), min_bytes: 1 });
    assert!(trouble(wrong, Capability::Full).await.contains("not a pattern"));
}

#[tokio::test]
async fn the_archiver_of_the_primary_is_believed() {
    let mut primary = Server::primary();
    primary.configure("archive_mode = on\narchive_command = '/bin/true'");
    primary.stop();
    primary.start();
    let standby = Server::standby(&primary, "west");
    primary.sql("CREATE TABLE orders(id int); SELECT pg_switch_wal()");
    until("a segment was archived", || primary.sql("SELECT archived_count > 0 FROM pg_stat_archiver") == "t");
    let database = DatabaseId::from("orders-db");
    let servers = [("east", primary.dsn()), ("west", standby.dsn())];
    let servers: BTreeMap<RegionId, String> =
        servers.into_iter().map(|(region, dsn)| (RegionId::from(region), dsn)).collect();
    let estate = |servers| Estate {
        databases: vec![Database {
            id: database.clone(),
            servers,
            write_test: BTreeMap::new(),
            control_data: BTreeMap::new(),
            lag_warning: Duration::from_secs(60),
            lag_critical: Duration::from_secs(300),
        }],
        backups: vec![backup(BackupSource::Archiver { database: database.clone() })],
        ..Estate::default()
    };
    let outcome = look(estate(servers.clone()), Capability::NetworkOnly).await;
    let Some(Payload::Backup { backup }) = outcome.payload() else { panic!("{outcome:?}") };
    assert!(backup.newest_usable.is_some(), "{backup:?}");
    primary.kill();
    let outcome = look(estate(servers), Capability::Full).await;
    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
}

#[tokio::test]
async fn a_command_tells_of_its_backups_in_json() {
    let found = read(command(r#"echo '{"newest_usable": "2026-11-20T02:00:00Z", "detail": "full"}'"#)).await;
    assert_eq!(found.newest_usable, Some("2026-11-20T02:00:00Z".parse().unwrap()));
    assert_eq!(found.detail.as_deref(), Some("full"));
}

#[tokio::test]
async fn a_tool_that_fails_makes_the_age_unknown_and_says_why() {
    let failed = trouble(command("echo 'repository is locked' >&2; exit 55"), Capability::Full).await;
    assert_eq!(failed, "exit 55: repository is locked");
    let missing = BackupSource::PgBackRest(PgBackRestSource {
        stanza: "main".into(),
        argv: argv(&["/no/such/pgbackrest"]),
        wal_of: None,
    });
    assert!(trouble(missing, Capability::Full).await.contains("cannot be started"));
    let garbled = BackupSource::PgBackRest(PgBackRestSource {
        stanza: "main".into(),
        argv: argv(&["/bin/echo", "stanza: main"]),
        wal_of: None,
    });
    trouble(garbled, Capability::Full).await;
    let read_only = trouble(command("exit 0"), Capability::NetworkOnly).await;
    assert!(read_only.contains("read-only"));
}

#[tokio::test]
async fn each_destination_is_read_on_its_own_and_restore_tests_come_from_the_ledger() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("orders.tar"), vec![b'x'; 2000]).unwrap();
    let ledger = folder.path().join("restore-tests.jsonl");
    let file = |name: &str| {
        BackupSource::Files(FilesSource { glob: folder.path().join(name).display().to_string(), min_bytes: 1 })
    };
    let place = |name: &str, source| Destination {
        name: name.to_owned(),
        role: DestinationRole::Secondary,
        source: Some(source),
        told_as: name.to_owned(),
        every: None,
        timeout: None,
    };
    let wanted = |source| Backup {
        destinations: vec![
            place("nas", file("*.tar")),
            place("tape", command("echo 'drive is empty' >&2; exit 3")),
            place("vault", command("sleep 600")),
        ],
        restore_tests: Some(RestoreTests::Path(ledger.display().to_string())),
        timeout: Duration::from_secs(6),
        ..backup(source)
    };
    let read = async |source| {
        let outcome = look(Estate { backups: vec![wanted(source)], ..Estate::default() }, Capability::Full).await;
        match outcome.payload() {
            Some(Payload::Backup { backup }) => (**backup).clone(),
            _ => panic!("it should tell of a backup: {outcome:?}"),
        }
    };
    let first = read(command(r#"echo '{"newest_usable": "2026-11-20T02:00:00Z"}'"#)).await;
    assert_eq!(first.restore_test, None, "there is no ledger yet, and that is no trouble: {:?}", first.warnings);
    let [nas, tape, vault] = &first.destinations[..] else { panic!("{first:?}") };
    assert!(nas.newest_usable.is_some() && nas.unread.is_none());
    assert_eq!(tape.unread.as_deref(), Some("exit 3: drive is empty"));
    assert!(vault.unread.as_deref().unwrap().starts_with("no answer within"), "it hangs, and hides none of the others");

    let line = r#"{"backup":"orders","at":"2026-11-01T03:00:00Z","passed":true,"by":"runbook backup-verification"}"#;
    std::fs::write(&ledger, format!("{line}\n")).unwrap();
    let dark = read(command("exit 9")).await;
    assert_eq!(dark.unread.as_deref(), Some("exit 9"), "the set's own source is dark, and a destination is not");
    assert!(dark.destinations[0].newest_usable.is_some());
    assert_eq!(dark.restore_test.unwrap().by.as_deref(), Some("runbook backup-verification"));
}
