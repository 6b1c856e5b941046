//! A cache is told as it is: what it is, whether it is fed, and never a lag of zero from an offset that stands still.

use std::io::{Read, Write};
use std::sync::Arc;
use std::time::Duration;

use domain::estate::{Check, CheckKind, Estate, RedisAddress, RedisCheck, RedisRole, SecretSource};
use domain::log::Kind;
use domain::reading::{Board, Context, Outcome, Payload, ReplicationStatus, Sample, Stream};
use domain::replication::CopiesReading;
use switchback::runtime::clock;
use switchback::runtime::probe::{Capability, Probe};

use crate::probes::{check, estate};
use crate::support::redis::Redis;
use crate::support::wait::until_async;

const PATIENT: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(300);

fn at(port: u16) -> RedisCheck {
    RedisCheck::of(RedisAddress { tls: false, host: "127.0.0.1".to_owned(), port })
}

async fn look_within(redis: RedisCheck, timeout: Duration) -> Sample {
    let estate = estate(vec![check("cache@us-east-1", CheckKind::Redis(redis), timeout)]);
    Probe::all(&estate, Capability::Full).remove(0).look().await
}

async fn look(redis: RedisCheck) -> Sample {
    look_within(redis, PATIENT).await
}

fn copies(sample: &Sample) -> &CopiesReading {
    match sample.outcome.payload() {
        Some(Payload::Copies { copies }) => copies,
        other => panic!("{other:?}"),
    }
}

fn said(sample: &Sample) -> String {
    let word = match &sample.outcome {
        Outcome::Good { .. } => "good",
        Outcome::Soft { .. } => "soft",
        Outcome::Bad { .. } => "bad",
        Outcome::Unknown { .. } => "unknown",
    };
    format!("{word}: {}", sample.outcome.why().unwrap_or_default())
}

#[tokio::test]
async fn a_master_and_its_replica_are_what_they_are() {
    let master = Redis::with(&[]);
    let replica = Redis::replica_of(master.port, &[]);
    replica.wait_for_link(&master);
    master.say("SET a 1");
    let seen = look(RedisCheck { role: Some(RedisRole::Master), ..at(master.port) }).await;
    assert_eq!((said(&seen).as_str(), copies(&seen).text.as_str()), ("good: ", "master, 1 of 1 replicas online"));
    assert!(copies(&seen).copies[1].second_hand && copies(&seen).copies[1].lag_bytes.is_some());
    let seen = look(RedisCheck { role: Some(RedisRole::Replica), ..at(replica.port) }).await;
    assert_eq!((said(&seen).as_str(), copies(&seen).text.as_str()), ("good: ", "replica, link up"));
    let wrong = look(RedisCheck { role: Some(RedisRole::Master), ..at(replica.port) }).await;
    assert_eq!(said(&wrong), "bad: it is a replica, and a master is expected");
}

fn two_regions(master: u16, replica: u16) -> Estate {
    let of = |name: &str, redis: RedisCheck| {
        let region = name.rsplit_once('@').map(|(_, region)| region.into());
        Check { region, ..check(name, CheckKind::Redis(redis), Duration::from_secs(5)) }
    };
    estate(vec![of("cache@us-east-1", at(master)), of("cache@us-west-2", at(replica))])
}

async fn observe(board: &mut Board, estate: &Estate) {
    for probe in Probe::all(estate, Capability::Full) {
        board.observe(&probe.look().await);
    }
}

fn standby(board: &Board) -> ReplicationStatus {
    let rows = board.status(&Context::calm(Kind::Live), clock::now()).replication;
    let mut standbys = rows.into_iter().filter(|row| row.region.as_str() == "us-west-2");
    let standby = standbys.next().unwrap();
    assert!(standbys.next().is_none(), "told once");
    standby
}

#[tokio::test]
async fn a_replica_whose_master_was_killed_is_frozen_and_not_at_zero() {
    let mut master = Redis::with(&[]);
    let replica = Redis::replica_of(master.port, &[]);
    replica.wait_for_link(&master);
    let estate = two_regions(master.port, replica.port);
    let mut board = Board::new(Arc::new(estate.clone()));
    until_async("the replica holds everything", || {
        let (estate, mut looking) = (&estate, board.clone());
        async move {
            observe(&mut looking, estate).await;
            standby(&looking).lag == Some(Duration::ZERO)
        }
    })
    .await;
    observe(&mut board, &estate).await;
    assert_eq!(standby(&board).state, Stream::Streaming);
    master.kill();
    until_async("the link is down", || async { said(&look(at(replica.port)).await).starts_with("soft: link down") })
        .await;
    for _ in 0..3 {
        observe(&mut board, &estate).await;
    }
    let west = standby(&board);
    assert_eq!((west.state, west.lag), (Stream::Frozen, None), "{west:?}");
    assert!(west.notes[0].starts_with("link down"), "{west:?}");
    assert!(said(&look(at(master.port)).await).starts_with("bad: cannot connect"));
}

#[tokio::test]
async fn a_master_that_hangs_is_down_and_its_replica_finds_out() {
    let master = Redis::with(&[]);
    let replica = Redis::replica_of(master.port, &["--repl-timeout", "2"]);
    replica.wait_for_link(&master);
    master.freeze();
    assert_eq!(said(&look_within(at(master.port), SHORT).await), "bad: no answer within 300ms");
    until_async("the replica gave it up", || async {
        said(&look(at(replica.port)).await).starts_with("soft: link down")
    })
    .await;
}

#[tokio::test]
async fn a_replica_that_never_synchronised_has_no_position() {
    let replica = Redis::replica_of(1, &[]);
    let seen = look(at(replica.port)).await;
    assert!(said(&seen).starts_with("soft: never synchronised with its master"), "{seen:?}");
    assert_eq!((copies(&seen).copies[0].state, copies(&seen).copies[0].position.clone()), (Stream::Absent, None));
}

#[tokio::test]
async fn each_refusal_is_told_for_what_it_is() {
    // A variable that cargo sets for every test.
    let secret = std::env::var("CARGO_PKG_NAME").unwrap();
    let of = |variable: &str| Some(SecretSource::Env(variable.to_owned()));
    let known = of("CARGO_PKG_NAME");
    let server = Redis::with(&["--requirepass", &secret]);
    assert!(said(&look(at(server.port)).await).starts_with("unknown: NOAUTH: it asks for a password"));
    let with = |user: Option<&str>, password: Option<SecretSource>| RedisCheck {
        user: user.map(str::to_owned),
        password,
        ..at(server.port)
    };
    assert_eq!(said(&look(with(None, known.clone())).await), "good: ");
    let wrong = look(with(None, of("CARGO_PKG_VERSION"))).await;
    assert!(said(&wrong).starts_with("bad: WRONGPASS"), "{wrong:?}");
    let missing = look(with(None, of("SWITCHBACK_NO_SUCH_VARIABLE"))).await;
    assert!(said(&missing).contains("SWITCHBACK_NO_SUCH_VARIABLE is not set"), "{missing:?}");

    let open = Redis::with(&["--user", "mon", "on", &format!(">{secret}"), "+ping"]);
    let poor = RedisCheck { user: Some("mon".to_owned()), password: known, ..at(open.port) };
    assert!(said(&look(poor).await).starts_with("unknown: NOPERM: its user needs"));

    let orphan = Redis::replica_of(1, &["--replica-serve-stale-data", "no"]);
    let seen = look(at(orphan.port)).await;
    assert!(said(&seen).starts_with("bad: MASTERDOWN"), "{seen:?}");
    assert_eq!(copies(&seen).copies[0].state, Stream::Absent, "what it tells of itself is kept");
}

#[tokio::test]
async fn what_is_no_redis_is_down_with_its_cause() {
    let web = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = web.local_addr().unwrap().port();
    let answering = std::thread::spawn(move || {
        let (mut stream, _) = web.accept().unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
        // Until the client goes.
        let _ = stream.read_to_end(&mut Vec::new());
    });
    let seen = look(at(port)).await;
    answering.join().unwrap();
    assert!(said(&seen).starts_with("bad: this is no answer of Redis"), "{seen:?}");
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    assert_eq!(said(&look_within(at(port), SHORT).await), "bad: no answer within 300ms");
    let plain = Redis::with(&[]);
    let tls = RedisAddress { tls: true, host: "127.0.0.1".to_owned(), port: plain.port };
    // It may take the greeting for the beginning of a command, and wait for its end.
    let seen = look_within(RedisCheck::of(tls), SHORT).await;
    assert!(said(&seen).starts_with("bad: TLS failed") || said(&seen) == "bad: no answer within 300ms", "{seen:?}");
}

#[tokio::test]
async fn tls_is_spoken_and_certificates_are_checked() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    std::fs::write(folder.path().join("cert.pem"), made.cert.pem()).unwrap();
    std::fs::write(folder.path().join("key.pem"), made.signing_key.serialize_pem()).unwrap();
    let server = Redis::with_tls(folder.path());
    let check = RedisCheck::of(RedisAddress { tls: true, host: "127.0.0.1".to_owned(), port: server.port });
    assert!(said(&look(check.clone()).await).starts_with("bad: TLS failed"));
    assert_eq!(said(&look(RedisCheck { tls_verify: false, ..check }).await), "good: ");
}

#[tokio::test]
async fn a_sentinel_tells_who_is_master_before_and_after() {
    let mut master = Redis::with(&[]);
    let replica = Redis::replica_of(master.port, &[]);
    replica.wait_for_link(&master);
    let sentinel = Redis::sentinel(master.port);
    let group = |name: &str| RedisCheck { sentinel: Some(name.to_owned()), ..at(sentinel.port) };
    let leader = async || {
        let seen = look(group("cache")).await;
        match seen.outcome.payload() {
            Some(Payload::Copies { copies }) => copies.leader.clone(),
            _ => None,
        }
    };
    assert_eq!(leader().await, Some(format!("127.0.0.1:{}", master.port)));
    until_async("the Sentinel knows the replica", || async {
        copies(&look(group("cache")).await)
            .copies
            .iter()
            .any(|copy| copy.state == Stream::Streaming && copy.second_hand)
    })
    .await;
    assert!(said(&look(group("cash")).await).starts_with("unknown: this Sentinel knows no group `cash`"));
    master.kill();
    let expected = Some(format!("127.0.0.1:{}", replica.port));
    until_async("the replica was made master", || async { leader().await == expected }).await;
}
