//! The snapshot of a real Redis: never saved, saved, being saved, failed.

use std::time::Duration;

use domain::backup::BackupReading;
use domain::estate::{Backup, BackupSource, Estate, RedisAddress, RedisSource};
use domain::ident::BackupId;
use domain::reading::{Outcome, Payload};
use domain::time::Timestamp;
use switchback::runtime::probe::{Capability, Probe};

use crate::support::redis::Redis;
use crate::support::wait::until;

async fn look(server: &Redis, every: Duration) -> Outcome {
    let address = RedisAddress { tls: false, host: "127.0.0.1".to_owned(), port: server.port };
    let source = RedisSource { address, user: None, password: None, tls_verify: true };
    let backup = Backup::new(BackupId::from("cache"), BackupSource::Redis(source), every);
    let estate = Estate { backups: vec![backup], ..Estate::default() };
    // It is asked over the network: a read-only console knows it too.
    Probe::all(&estate, Capability::NetworkOnly).remove(0).look().await.outcome
}

async fn read(server: &Redis) -> BackupReading {
    let outcome = look(server, Duration::from_millis(1)).await;
    match outcome.payload() {
        Some(Payload::Backup { backup }) => (**backup).clone(),
        _ => panic!("it should tell of a backup: {outcome:?}"),
    }
}

#[tokio::test]
async fn only_a_snapshot_that_was_saved_is_a_backup() {
    let server = Redis::with(&[]);
    assert!(server.say("INFO persistence").contains("rdb_last_bgsave_status:ok"), "the trap: it says that all is well");
    until("the server is older than what is expected", || !server.say("INFO server").contains("uptime_in_seconds:0\r"));
    let never = read(&server).await;
    assert_eq!(never.newest_usable, None);
    assert!(never.newer_failure.unwrap().contains("nothing was saved since the server started"));
    let young = look(&server, Duration::from_secs(3600)).await;
    assert!(matches!(young, Outcome::Unknown { .. }), "an hour has not passed yet: {young:?}");

    assert!(server.say("SET order 1").starts_with("+OK"));
    assert!(server.say("SAVE").starts_with("+OK"));
    let saved = read(&server).await;
    let at = saved.newest_usable.unwrap();
    assert!(at <= Timestamp::now() && saved.newer_failure.is_none() && saved.vouched, "{saved:?}");

    assert!(server.say("BGSAVE").starts_with("+Background"));
    until("the snapshot is written", || server.say("INFO persistence").contains("rdb_bgsave_in_progress:0"));
    assert!(read(&server).await.newest_usable.unwrap() >= at);
}

#[tokio::test]
async fn a_snapshot_that_fails_neither_counts_nor_hides_the_last() {
    let server = Redis::with(&[]);
    assert!(server.say("SAVE").starts_with("+OK"));
    let good = read(&server).await;
    let folder = server.say("CONFIG GET dir");
    let file = std::path::Path::new(folder.lines().last().unwrap().trim()).join("dump.rdb");
    // What is written cannot be put in the place of a folder.
    std::fs::remove_file(&file).unwrap();
    std::fs::create_dir(&file).unwrap();
    assert!(server.say("SET order 2").starts_with("+OK"));
    assert!(server.say("BGSAVE").starts_with("+Background"));
    until("the snapshot failed", || server.say("INFO persistence").contains("rdb_last_bgsave_status:err"));
    let failed = read(&server).await;
    // What the failed attempt took is subtracted, to the second: earlier than the truth, never later.
    assert!(failed.newest_usable.is_some() && failed.newest_usable <= good.newest_usable, "{failed:?} {good:?}");
    assert!(failed.newer_failure.unwrap().starts_with("the last snapshot failed; 1 changes"));
}

#[tokio::test]
async fn a_server_that_is_gone_makes_the_age_unknown() {
    let mut server = Redis::with(&[]);
    server.kill();
    let outcome = look(&server, Duration::from_secs(3600)).await;
    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
}
