//! SQL and HTTP blocks: what was certainly not done, what certainly was, and what nobody can know.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use domain::execution::{AttemptOutcome, End, Resolved};
use domain::runbook::Lang;
use switchback::runtime::exec::{AttemptId, Secrets};
use tempfile::tempdir;

use crate::support::attempts::{block, database, live, perform, start};
use crate::support::postgres::Server;
use crate::support::wait::until;

const SUCCEEDED: End = End::Succeeded { exit: None };

fn sql(port: u16, text: &str) -> Resolved {
    let dsn = format!("host=127.0.0.1 port={port} user=postgres dbname=postgres sslmode=disable");
    Resolved { lang: Lang::Sql, target: Some(database(dsn)), ..block(text) }
}

fn output(incident: &std::path::Path, outcome: &AttemptOutcome) -> String {
    std::fs::read_to_string(incident.join(&outcome.output.as_ref().unwrap().path)).unwrap()
}

#[test]
fn statements_run_one_after_the_other_and_stop_at_the_first_error() {
    let (incident, server) = (tempdir().unwrap(), Server::primary());
    let text = "CREATE TABLE marks (n int);\nINSERT INTO marks VALUES (1), (2);\nSELECT n, 'x;y' AS text FROM marks;";
    let done = Resolved { out: Some("N".to_owned()), ..sql(server.port, text) };
    let outcome = perform(incident.path(), &done);
    assert_eq!((&outcome.end, outcome.values["N"].as_str()), (&SUCCEEDED, "1"));
    let shown = output(incident.path(), &outcome);
    assert!(shown.ends_with(" n | text\n---+------\n 1 | x;y\n 2 | x;y\n(2 rows)\n"), "{shown}");

    let text = "INSERT INTO marks VALUES (3); INSERT INTO nowhere VALUES (1); INSERT INTO marks VALUES (4)";
    let outcome = perform(incident.path(), &Resolved { attempt: 2, ..sql(server.port, text) });
    assert!(
        matches!(&outcome.end, End::Failed { why, .. } if why.contains("nowhere") && why.contains("42P01")),
        "{outcome:?}"
    );
    let count = Resolved { attempt: 3, out: Some("N".to_owned()), ..sql(server.port, "SELECT count(*) FROM marks") };
    assert_eq!(perform(incident.path(), &count).values["N"], "3");
}

#[test]
fn a_secret_of_a_statement_is_bound_and_not_shown() {
    let (incident, server) = (tempdir().unwrap(), Server::primary());
    let resolved =
        Resolved { out: Some("SAME".to_owned()), ..sql(server.port, "SELECT :'PW' = 'it''s \\ secret', :'PW'") };
    let secrets = Secrets::of([("PW".to_owned(), "it's \\ secret".to_owned())].into());
    let running = live(incident.path()).start(&AttemptId::of(&resolved), &resolved, &secrets).unwrap();
    let outcome = running.wait();
    assert_eq!((&outcome.end, outcome.values["SAME"].as_str()), (&SUCCEEDED, "t"));
    assert!(!output(incident.path(), &outcome).contains("secret"));
}

#[test]
fn a_server_that_is_not_there_was_certainly_sent_nothing() {
    let incident = tempdir().unwrap();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let request = format!("POST http://127.0.0.1:{closed}/\n\nx");
    let blocks = [sql(closed, "SELECT pg_promote()"), Resolved { attempt: 2, lang: Lang::Http, ..block(&request) }];
    for resolved in blocks {
        let end = perform(incident.path(), &resolved).end;
        assert!(matches!(&end, End::Failed { why, .. } if why.contains("nothing was sent")), "{end:?}");
    }
    // It accepts connections and never says a word.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let resolved = Resolved { attempt: 3, timeout: Duration::from_millis(200), ..sql(port, "SELECT pg_promote()") };
    let end = perform(incident.path(), &resolved).end;
    assert!(matches!(&end, End::Failed { why, .. } if why.contains("nothing was sent")), "{end:?}");
}

#[test]
fn a_server_lost_in_the_middle_of_a_statement_leaves_an_unknown_outcome() {
    let (incident, mut server) = (tempdir().unwrap(), Server::primary());
    let running = start(incident.path(), &sql(server.port, "SELECT 'begun'; SELECT pg_sleep(1000)"));
    let mut tail = running.tail();
    until("the second statement runs", || tail.more().is_some_and(|text| text.contains("pg_sleep")));
    server.kill();
    assert!(matches!(running.wait().end, End::Unknown { .. }));
}

#[test]
fn a_statement_out_of_time_is_cancelled_on_the_server() {
    let (incident, server) = (tempdir().unwrap(), Server::primary());
    let resolved = Resolved { timeout: Duration::from_secs(3), ..sql(server.port, "SELECT pg_sleep(1000)") };
    assert_eq!(perform(incident.path(), &resolved).end, End::TimedOut);
    let count = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(1000)%' AND pid <> pg_backend_pid()";
    let left = Resolved { attempt: 2, out: Some("N".to_owned()), ..sql(server.port, count) };
    assert_eq!(perform(incident.path(), &left).values["N"], "0");

    let cancelled = Resolved { attempt: 3, ..sql(server.port, "SELECT pg_sleep(1000)") };
    let running = start(incident.path(), &cancelled);
    let mut tail = running.tail();
    until("the statement runs", || tail.more().is_some());
    running.canceller().cancel();
    assert_eq!(running.wait().end, End::Cancelled);
}

/// Reads one request, gives it with the connection.
fn request(listener: &TcpListener) -> (String, TcpStream) {
    let (connection, _) = listener.accept().unwrap();
    let mut reader = BufReader::new(connection.try_clone().unwrap());
    let mut head = String::new();
    while reader.read_line(&mut head).unwrap() > 2 {}
    let length = head
        .lines()
        .filter_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.trim().parse::<u64>().ok())
        .next();
    reader.take(length.unwrap_or(0)).read_to_string(&mut head).unwrap();
    (head, connection)
}

fn serving(answer: &'static str) -> (u16, thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = thread::spawn(move || {
        let (request, mut connection) = request(&listener);
        connection.write_all(answer.as_bytes()).unwrap();
        request
    });
    (port, server)
}

#[test]
fn a_request_is_sent_as_written_and_its_status_decides() {
    let incident = tempdir().unwrap();
    let (port, server) = serving("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nus-west-2\n");
    let text = format!("PUT http://127.0.0.1:{port}/active\nX-Token: $TOKEN\n\n{{\"region\": \"us-west-2\"}}\n");
    let resolved = Resolved { lang: Lang::Http, out: Some("SIDE".to_owned()), ..block(&text) };
    let secrets = Secrets::of([("TOKEN".to_owned(), "correct-horse".to_owned())].into());
    let outcome = live(incident.path()).start(&AttemptId::of(&resolved), &resolved, &secrets).unwrap().wait();
    assert_eq!((&outcome.end, outcome.values["SIDE"].as_str()), (&SUCCEEDED, "us-west-2"));
    let sent = server.join().unwrap();
    assert!(sent.starts_with("PUT /active HTTP/1.1\r\n") && sent.contains("x-token: correct-horse"), "{sent}");
    assert!(sent.ends_with("\r\n\r\n{\"region\": \"us-west-2\"}"), "{sent}");
    assert!(output(incident.path(), &outcome).contains("HTTP/1.1 200 OK"));

    let (port, server) = serving("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 5\r\n\r\nbusy\n");
    let text = format!("GET http://127.0.0.1:{port}/");
    let outcome = perform(incident.path(), &Resolved { attempt: 2, lang: Lang::Http, ..block(&text) });
    assert_eq!(outcome.end, End::Failed { exit: None, why: "answered 503 Service Unavailable".to_owned() });
    server.join().unwrap();
}

#[test]
fn a_request_without_an_answer_is_unknown_and_a_change_follows_no_redirect() {
    let incident = tempdir().unwrap();
    let (port, server) = serving("");
    let text = format!("POST http://127.0.0.1:{port}/promote\n\nx");
    let outcome = perform(incident.path(), &Resolved { lang: Lang::Http, ..block(&text) });
    assert!(matches!(outcome.end, End::Unknown { .. }), "{outcome:?}");
    server.join().unwrap();

    let (port, server) =
        serving("HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
    let text = format!("POST http://127.0.0.1:{port}/promote\n\nx");
    let outcome = perform(incident.path(), &Resolved { attempt: 2, lang: Lang::Http, ..block(&text) });
    assert!(matches!(&outcome.end, End::Failed { why, .. } if why.contains("307")), "{outcome:?}");
    server.join().unwrap();
}
