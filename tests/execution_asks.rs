//! Guards and verifies: an answer is yes, no, or nothing learned; and nothing of the asking is left behind.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::time::Duration;

use domain::execution::ResolvedBlock;
use domain::runbook::Lang;
use rustix::process::{Pid, test_kill_process};
use switchback::runtime::exec::{BlockAnswer, LiveExec, Secrets};
use tempfile::tempdir;

use crate::support::attempts::database;
use crate::support::postgres::Server;
use crate::support::wait::{until, until_async};

async fn ask(lang: Lang, text: &str, dsn: Option<&str>, timeout: Duration) -> BlockAnswer {
    let block = ResolvedBlock {
        lang,
        text: text.to_owned(),
        env: [("TO".to_owned(), "us-west-2".to_owned())].into(),
        secrets: BTreeMap::new(),
        pass_env: Vec::new(),
        target: dsn.map(|dsn| database(dsn.to_owned())),
        timeout,
    };
    let secrets = Secrets::of([("TOKEN".to_owned(), "correct-horse".to_owned())].into());
    LiveExec::new("/nonexistent").ask(&block, &secrets).await
}

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_shell_answers_by_its_exit_code() {
    for (text, passed, seen) in [
        ("echo \"fine in $TO\"", Some(true), "fine in us-west-2"),
        ("echo part; echo 'not yet' >&2; exit 1", Some(false), "not yet"),
        ("echo \"$TOKEN\"; false", Some(false), "[redacted]"),
        ("printf '\\033[2J\\033[31mred'", Some(true), "red"),
        ("kill -KILL $$", None, "signal: 9 (SIGKILL)"),
    ] {
        let answer = ask(Lang::Bash, text, None, MINUTE).await;
        assert_eq!((answer.passed, answer.seen.as_str()), (passed, seen), "{text}");
    }
    assert_eq!(ask(Lang::Sh, "no-such-program", None, MINUTE).await.passed, None);
}

#[tokio::test]
async fn a_shell_out_of_time_teaches_nothing() {
    let answer = ask(Lang::Bash, "trap '' TERM; sleep 1000", None, Duration::from_millis(200)).await;
    assert_eq!((answer.passed, answer.seen.as_str()), (None, "timed out"));
}

#[tokio::test]
async fn a_question_given_up_is_gone_with_all_it_started() {
    let folder = tempdir().unwrap();
    let mark = folder.path().join("pids");
    let text = format!(
        "trap '' TERM; echo $$ >>{0}; (trap '' TERM; echo $BASHPID >>{0}; sleep 1000) & setsid bash -c 'echo $$ >>{0}; sleep 1000' & wait",
        mark.display()
    );
    let asked = tokio::spawn(async move { ask(Lang::Bash, &text, None, MINUTE).await });
    let pids = || std::fs::read_to_string(&mark).unwrap_or_default();
    until_async("all three run", || async { pids().lines().count() == 3 }).await;
    asked.abort();
    assert!(asked.await.unwrap_err().is_cancelled());
    for pid in pids().lines().map(|pid| Pid::from_raw(pid.parse().unwrap()).unwrap()) {
        until("the process is gone", || test_kill_process(pid).is_err());
    }
}

#[tokio::test]
async fn what_a_shell_leaves_behind_neither_holds_the_answer_up_nor_lives_on() {
    let answer = ask(Lang::Bash, "sleep 1000 & echo $!", None, MINUTE).await;
    assert_eq!(answer.passed, Some(true));
    let left = Pid::from_raw(answer.seen.parse().unwrap()).unwrap();
    until("the process is gone", || test_kill_process(left).is_err());
}

#[tokio::test]
async fn a_database_answers_by_its_first_field() {
    let server = Server::primary();
    let dsn = format!("host=127.0.0.1 port={} user=postgres dbname=postgres sslmode=disable", server.port);
    for (text, passed) in [
        ("SELECT NOT pg_is_in_recovery()", Some(true)),
        ("SELECT pg_is_in_recovery()", Some(false)),
        ("SELECT 1 WHERE false", Some(false)),
        ("SELECT NULL", Some(false)),
        ("SELECT * FROM nowhere", None),
        ("SELECT pg_sleep(1000)", None),
        ("SELECT 'open", None),
    ] {
        let timeout = if text.contains("pg_sleep") { Duration::from_secs(1) } else { MINUTE };
        let answer = ask(Lang::Sql, text, Some(&dsn), timeout).await;
        assert_eq!(answer.passed, passed, "{text}: {answer:?}");
    }
}

#[tokio::test]
async fn a_refused_connection_is_no_answer() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let http = ask(Lang::Http, &format!("GET http://{closed}/"), None, MINUTE).await;
    let sql =
        ask(Lang::Sql, "SELECT true", Some(&format!("host=127.0.0.1 port={} user=x", closed.port())), MINUTE).await;
    assert_eq!((http.passed, sql.passed), (None, None), "{http:?} {sql:?}");
}
