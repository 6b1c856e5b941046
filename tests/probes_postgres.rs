//! What a database's probe makes of an answer, a refusal, and of a mistake that is our own.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::estate::{Check, CheckKind, Database, Estate, PostgresCheck};
use domain::ident::{CheckId, DatabaseId, RegionId};
use domain::reading::{Outcome, Payload, Sample};
use switchback::runtime::probe::{Capability, Probe};

use crate::support::postgres::Server;

async fn look(dsn: String, query: Option<&str>, timeout: Duration) -> Sample {
    let (database, region) = (DatabaseId::from("orders-db"), RegionId::from("east"));
    let estate = Estate {
        databases: vec![Database {
            id: database.clone(),
            servers: BTreeMap::from([(region.clone(), dsn)]),
            write_test: BTreeMap::new(),
            control_data: BTreeMap::new(),
            lag_warning: Duration::from_secs(60),
            lag_critical: Duration::from_secs(300),
        }],
        checks: vec![Check {
            id: CheckId::from("db@east"),
            region: Some(region),
            service: None,
            kind: CheckKind::Postgres(PostgresCheck { database, query: query.map(str::to_owned) }),
            interval: Duration::from_secs(10),
            timeout,
            fail_after: 3,
            recover_after: 2,
            fail_when: None,
            degraded_over: None,
            critical: true,
            paused: false,
            alert: domain::estate::CheckAlert::Usual,
        }],
        ..Estate::default()
    };
    Probe::all(&estate, Capability::NetworkOnly).remove(0).look().await
}

const PATIENT: Duration = Duration::from_secs(20);

#[tokio::test]
async fn the_question_of_the_check_decides_and_the_reading_is_kept() {
    let server = Server::primary();
    let good = look(server.dsn(), Some("SELECT true"), PATIENT).await;
    assert!(matches!(good.outcome, Outcome::Good { payload: Payload::Server { .. } }), "{good:?}");
    assert!(good.latency.is_some() && good.clock_skew_ms.is_some());
    for (query, why) in [("SELECT false", "not true"), ("SELECT 1/0", "22012")] {
        match look(server.dsn(), Some(query), PATIENT).await.outcome {
            Outcome::Bad { why: said, payload: Payload::Server { .. } } => assert!(said.contains(why), "{said}"),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_refusal_is_a_fact_about_the_server_and_our_own_mistake_is_not() {
    let server = Server::primary();
    let refused = look(format!("{} dbname=nowhere", server.dsn()), None, PATIENT).await;
    assert!(matches!(&refused.outcome, Outcome::Bad { why, .. } if why.contains("3D000")), "{refused:?}");
    server.admit("local all all trust\nhost all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256");
    server.sql("CREATE ROLE mara LOGIN PASSWORD 'x'");
    server.reload();
    for (mistake, why) in [
        (format!("{} user=mara passfile=/no/such/file", server.dsn()), "password"),
        ("service=nowhere".to_owned(), "nowhere"),
        (format!("{} sslmode=verify-full sslrootcert=/no/such/file", server.dsn()), "/no/such/file"),
    ] {
        let sample = look(mistake, None, PATIENT).await;
        assert!(matches!(&sample.outcome, Outcome::Unknown { why: said } if said.contains(why)), "{sample:?}");
    }
}

#[tokio::test]
async fn a_server_that_says_nothing_is_bad_once_its_time_is_over() {
    let server = Server::primary();
    server.freeze();
    let sample = look(server.dsn(), None, Duration::from_millis(300)).await;
    assert!(matches!(&sample.outcome, Outcome::Bad { why, .. } if why.contains("no answer within")), "{sample:?}");
}
