//! A server is read for what it is: primary or standby, idle or cut off, with and without privileges.

use std::time::Duration;

use switchback::runtime::postgres::{Dsn, Error, connect, look};

use crate::support::postgres::Server;
use crate::support::wait::{until, until_async};

const DEADLINE: Duration = Duration::from_secs(20);

fn dsn(server: &Server) -> Dsn {
    Dsn::resolve(&server.dsn()).unwrap()
}

#[tokio::test]
async fn a_primary_and_its_idle_standby_are_one_cluster_without_lag() {
    let primary = Server::primary();
    let standby = Server::standby(&primary, "west");
    primary.sql("CREATE TABLE orders(id int)");
    primary.wait_for_standby("west");

    let first = look(&dsn(&primary), Some("SELECT count(*) = 0 FROM orders"), DEADLINE).await.unwrap();
    let second = look(&dsn(&standby), None, DEADLINE).await.unwrap();

    assert!(!first.server.in_recovery && second.server.in_recovery);
    assert!(first.server.system_id.is_some());
    assert_eq!(first.server.system_id, second.server.system_id);
    assert_eq!(first.server.timeline, Some(1));
    assert_eq!(first.server.query_true, Some(true));
    let senders = first.server.senders.unwrap();
    assert_eq!(senders.iter().map(|sender| sender.name.as_str()).collect::<Vec<_>>(), ["west"]);
    assert_eq!(second.server.have, first.server.current);
    assert_eq!(second.server.replayed, second.server.have);
    assert_eq!(second.server.receiver.unwrap().status.as_deref(), Some("streaming"));
    assert!(first.clock_skew_ms.unwrap().abs() < 2_000);
}

#[tokio::test]
async fn a_standby_whose_receiver_is_cut_has_no_receiver_and_a_known_end() {
    let mut primary = Server::primary();
    let standby = Server::standby(&primary, "west");
    primary.sql("CREATE TABLE orders(id int); INSERT INTO orders SELECT generate_series(1, 1000)");
    primary.wait_for_standby("west");
    let before = look(&dsn(&standby), None, DEADLINE).await.unwrap().server;
    primary.kill();
    let wanted = dsn(&standby);
    until_async("the standby noticed", || async {
        look(&wanted, None, DEADLINE).await.unwrap().server.receiver.is_none()
    })
    .await;
    let after = look(&wanted, None, DEADLINE).await.unwrap().server;
    assert!(after.in_recovery);
    assert!(after.have >= before.have);
    assert_eq!(after.last_commit_replayed, before.last_commit_replayed);
    assert!(matches!(look(&dsn(&primary), None, DEADLINE).await, Err(Error::Unreachable { .. })));
}

#[tokio::test]
async fn replay_that_is_paused_is_received_and_not_replayed() {
    let primary = Server::primary();
    let standby = Server::standby(&primary, "west");
    primary.wait_for_standby("west");
    standby.sql("SELECT pg_wal_replay_pause()");
    until("replay is paused", || standby.sql("SELECT pg_get_wal_replay_pause_state()") == "paused");
    primary.sql("CREATE TABLE orders AS SELECT generate_series(1, 10000) AS id");
    let wanted = dsn(&standby);
    until_async("the standby received it", || async {
        let server = look(&wanted, None, DEADLINE).await.unwrap().server;
        server.have > server.replayed
    })
    .await;
    assert_eq!(look(&wanted, None, DEADLINE).await.unwrap().server.replay_paused, Some(true));
}

#[tokio::test]
async fn a_role_without_privileges_reads_unknown_and_never_zero() {
    let primary = Server::primary();
    let _standby = Server::standby(&primary, "west");
    primary.wait_for_standby("west");
    primary.sql("CREATE ROLE plain LOGIN; REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC");
    let plain = Dsn::resolve(&format!("{} user=plain", primary.dsn())).unwrap();
    let seen = look(&plain, None, DEADLINE).await.unwrap().server;
    assert_eq!(seen.senders, None);
    assert_eq!(seen.system_id, None);
    assert!(seen.current.is_some());
}

#[tokio::test]
async fn a_query_of_the_check_can_change_nothing() {
    let primary = Server::primary();
    primary.sql("CREATE TABLE orders(id int)");
    let seen = look(&dsn(&primary), Some("INSERT INTO orders VALUES (1)"), DEADLINE).await.unwrap();
    assert!(seen.query_error.unwrap().contains("25006"));
    assert_eq!(seen.server.query_true, None);
    assert_eq!(primary.sql("SELECT count(*) FROM orders"), "0");
}

#[tokio::test]
async fn a_postmaster_that_accepts_and_says_nothing_is_cut_by_the_timer() {
    let primary = Server::primary();
    primary.freeze();
    let answer = look(&dsn(&primary), None, Duration::from_millis(300)).await;
    primary.thaw();
    assert!(matches!(answer, Err(Error::TimedOut { .. })), "{answer:?}");
}

#[tokio::test]
async fn a_refusal_is_told_from_a_failure_to_connect() {
    let primary = Server::primary();
    let missing = Dsn::resolve(&format!("{} dbname=nowhere", primary.dsn())).unwrap();
    assert_eq!(connect(&missing, DEADLINE).await.unwrap_err().state(), Some("3D000"));
    let nobody = Dsn::resolve("host=127.0.0.1 port=1").unwrap();
    assert!(matches!(connect(&nobody, DEADLINE).await, Err(Error::Unreachable { .. })));
    let socket = format!("host={} port={} user=postgres", primary.socket_folder().display(), primary.port);
    let client = connect(&Dsn::resolve(&socket).unwrap(), DEADLINE).await.unwrap();
    assert_eq!(client.value("SELECT 1").await.unwrap().as_deref(), Some("1"));
    client.query("DO $$ BEGIN RAISE WARNING 'slow'; END $$").await.unwrap();
    assert_eq!(client.take_notices(), ["WARNING: slow"]);
}

#[tokio::test]
async fn the_list_of_servers_is_walked_to_the_one_asked_for() {
    let primary = Server::primary();
    let standby = Server::standby(&primary, "west");
    let list = format!("host=127.0.0.1,127.0.0.1 port={},{} user=postgres", standby.port, primary.port);
    let writable = Dsn::resolve(&format!("{list} target_session_attrs=read-write")).unwrap();
    assert_eq!(connect(&writable, DEADLINE).await.unwrap().server, format!("127.0.0.1:{}", primary.port));
}
