//! A write proves a fence only when it is refused by an answer: silence and closed ports prove nothing.

use std::time::Duration;

use domain::estate::{WriteTest, WriteTestHow};
use domain::execution::WriteAnswer;
use switchback::runtime::postgres::try_write;

use crate::support::http::{Answer, HttpServer};
use crate::support::postgres::Server;

fn insert(dsn: String) -> WriteTest {
    let refused_states = ["25006", "28000", "42501", "55000"].map(str::to_owned).to_vec();
    let how = WriteTestHow::Sql { dsn, statement: "INSERT INTO orders VALUES (1)".into(), refused_states };
    WriteTest { how, timeout: Duration::from_secs(20) }
}

#[tokio::test]
async fn a_statement_is_refused_only_by_an_answer() {
    let mut server = Server::primary();
    server.sql("CREATE TABLE orders(id int)");
    let test = insert(server.dsn());
    assert_eq!(try_write(&test).await, WriteAnswer::Accepted);
    server.sql("ALTER SYSTEM SET default_transaction_read_only = on");
    server.reload();
    let WriteAnswer::Refused { error } = try_write(&test).await else { panic!("a read-only server refuses") };
    assert!(error.contains("25006"), "{error}");
    server.admit("local all all trust\nhost all all all reject");
    std::fs::write(server.data().join("postgresql.auto.conf"), "").unwrap();
    server.stop();
    server.start();
    assert!(matches!(try_write(&test).await, WriteAnswer::Refused { .. }));
    server.kill();
    assert!(matches!(try_write(&test).await, WriteAnswer::NoAnswer { .. }));
}

#[tokio::test]
async fn a_write_to_a_frozen_server_has_no_answer() {
    let server = Server::primary();
    server.freeze();
    let test = WriteTest { timeout: Duration::from_millis(300), ..insert(server.dsn()) };
    assert!(matches!(try_write(&test).await, WriteAnswer::NoAnswer { .. }));
}

fn post(server: &HttpServer) -> WriteTest {
    let how = WriteTestHow::Http {
        method: "POST".into(),
        url: server.url("/orders"),
        refused_status: vec![409, 503],
        refused_body: Some("read-only".into()),
    };
    WriteTest { how, timeout: Duration::from_secs(20) }
}

#[tokio::test]
async fn a_request_is_refused_only_with_the_words_that_mean_it() {
    let answering = |status: &'static str, body: &'static str| {
        HttpServer::new(move |request| {
            assert!(request.line.starts_with("POST /orders"));
            Answer::text(status, body)
        })
    };
    assert_eq!(try_write(&post(&answering("201 Created", ""))).await, WriteAnswer::Accepted);
    let fenced = answering("503 Service Unavailable", "this side is read-only");
    assert!(matches!(try_write(&post(&fenced)).await, WriteAnswer::Refused { .. }));
    for (status, body) in [
        ("503 Service Unavailable", "no upstream"),
        ("500 Internal Server Error", "read-only"),
        ("302 Found", "read-only"),
        ("401 Unauthorized", "read-only"),
    ] {
        assert!(matches!(try_write(&post(&answering(status, body))).await, WriteAnswer::NoAnswer { .. }), "{status}");
    }
    let gateway = answering("503 Service Unavailable", "no healthy upstream");
    let mut wordless = post(&gateway);
    if let WriteTestHow::Http { refused_body, .. } = &mut wordless.how {
        *refused_body = None;
    }
    assert!(matches!(try_write(&wordless).await, WriteAnswer::NoAnswer { .. }), "a gateway that reaches nobody");
    let hanging = HttpServer::always(Answer::Hang);
    let short = WriteTest { timeout: Duration::from_millis(300), ..post(&hanging) };
    assert!(matches!(try_write(&short).await, WriteAnswer::NoAnswer { .. }));
}
