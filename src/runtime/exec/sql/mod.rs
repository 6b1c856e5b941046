//! SQL blocks: statements one after the other on the target database, stopping at the first error.

mod lex;
mod statements;
mod table;

use std::collections::BTreeMap;
use std::pin::{Pin, pin};
use std::time::Duration;

use domain::execution::End;
use domain::runbook::sql_with_values;
use futures_util::{FutureExt, StreamExt};
use tokio::time::{sleep, timeout};
use tokio_postgres::SimpleQueryMessage;

use super::answer::{Answer, Stop};
use crate::runtime::postgres::{Client, Dsn, connect};
use statements::split;
use table::Table;

/// After a cancel request, for the server's own word on what became of the statement.
const LAST_WORD: Duration = Duration::from_secs(5);
/// A cancel request may overtake the statement it is about; then it does nothing.
const CANCEL_AGAIN: Duration = Duration::from_millis(500);
/// States that say the server went away in the middle, not that it refused.
const INTERRUPTED: [&str; 2] = ["57P", "08"];

/// Runs `sql` on `dsn`. `stop` resolves when the time is over or a person cancels; `print` takes what psql would show.
pub(crate) async fn perform(
    dsn: &str,
    sql: &str,
    secrets: &BTreeMap<String, String>,
    stop: impl Future<Output = Stop>,
    print: &mut (dyn FnMut(&str) + Send),
) -> Answer {
    // What is left open in the text are secrets.
    let bound = match sql_with_values(sql, secrets, &[]) {
        Ok(bound) => bound,
        Err(why) => return Answer::not_started(&why),
    };
    let statements = match split(&bound) {
        Ok(statements) => statements,
        Err(error) => return Answer::not_started(&error),
    };
    let dsn = match Dsn::resolve(dsn) {
        Ok(dsn) => dsn,
        Err(error) => return Answer::not_started(&error),
    };
    let mut stop = pin!(stop);
    let client = tokio::select! {
        stopped = &mut stop => return Answer::failed(&format!("{}; nothing was sent", stopped.before_sending())),
        client = connect(&dsn, Duration::MAX) => match client {
            Ok(client) => client,
            Err(error) => return Answer::failed(&format!("{error}; nothing was sent")),
        },
    };
    let mut answer = Answer::of(End::Succeeded { exit: None });
    for (at, statement) in statements.iter().enumerate() {
        if let Some(stopped) = stop.as_mut().now_or_never() {
            answer.end = match at {
                0 => End::Failed { exit: None, why: format!("{}; nothing was sent", stopped.before_sending()) },
                _ => stopped.end(),
            };
            break;
        }
        print(&format!("{}\n", first_line(statement)));
        let done = one(&client, statement, stop.as_mut(), print).await;
        client.take_notices().iter().for_each(|notice| print(&format!("{notice}\n")));
        match done {
            Done::Rows(value) => answer.value = value.or(answer.value),
            // Stopped too late for this statement: if it was the last, everything was done.
            Done::DespiteStop(value, stopped) => {
                answer.value = value.or(answer.value);
                if at + 1 < statements.len() {
                    answer.end = stopped.end();
                }
                break;
            }
            Done::Ended(end) => {
                answer = Answer::of(end);
                break;
            }
        }
    }
    answer
}

enum Done {
    /// With the first field of its first row.
    Rows(Option<String>),
    DespiteStop(Option<String>, Stop),
    Ended(End),
}

async fn one(
    client: &Client,
    statement: &str,
    mut stop: Pin<&mut impl Future<Output = Stop>>,
    print: &mut (dyn FnMut(&str) + Send),
) -> Done {
    let mut stopped = None;
    let result = {
        let mut running = pin!(rows(client, statement, print));
        tokio::select! {
            result = &mut running => Some(result),
            reason = &mut stop => {
                stopped = Some(reason);
                // Not reaching the server changes nothing: its word is waited for either way.
                let asking = async {
                    loop {
                        let _ = client.cancel(LAST_WORD).await;
                        sleep(CANCEL_AGAIN).await;
                    }
                };
                let last_word = async {
                    tokio::select! {
                        result = &mut running => result,
                        never = asking => never,
                    }
                };
                timeout(LAST_WORD, last_word).await.ok()
            }
        }
    };
    match (result, stopped) {
        (Some(Ok(value)), None) => Done::Rows(value),
        (Some(Ok(value)), Some(stopped)) => Done::DespiteStop(value, stopped),
        (_, Some(stopped)) => Done::Ended(stopped.end()),
        (Some(Err(end)), None) => {
            if let End::Failed { why, .. } | End::Unknown { why } = &end {
                print(&format!("{why}\n"));
            }
            Done::Ended(end)
        }
        (None, None) => Done::Ended(End::Unknown { why: "its answer was not waited for".to_owned() }),
    }
}

async fn rows(client: &Client, statement: &str, print: &mut (dyn FnMut(&str) + Send)) -> Result<Option<String>, End> {
    let stream = client.driver().simple_query_raw(statement).await.map_err(|error| broken(&error))?;
    let mut stream = pin!(stream);
    let mut table = Table::default();
    let mut first = None;
    while let Some(message) = stream.next().await {
        match message.map_err(|error| broken(&error))? {
            SimpleQueryMessage::RowDescription(columns) => {
                table.columns(columns.iter().map(|column| column.name().to_owned()).collect());
            }
            SimpleQueryMessage::Row(row) => {
                let fields: Vec<String> =
                    (0..row.len()).map(|at| row.get(at).unwrap_or_default().replace('\n', " ")).collect();
                if first.is_none() {
                    first = row.get(0).map(str::to_owned);
                }
                print(&table.row(fields));
            }
            SimpleQueryMessage::CommandComplete(count) => print(&table.end(count)),
            _ => {}
        }
    }
    Ok(first)
}

fn broken(error: &tokio_postgres::Error) -> End {
    match error.as_db_error() {
        Some(refused) if INTERRUPTED.iter().any(|class| refused.code().code().starts_with(class)) => {
            End::Unknown { why: format!("the server ended the connection: {}", refused.message()) }
        }
        Some(refused) => {
            let detail = refused.detail().map(|detail| format!("; {detail}")).unwrap_or_default();
            End::Failed { exit: None, why: format!("{} ({}){detail}", refused.message(), refused.code().code()) }
        }
        None => End::Unknown { why: format!("the connection was lost: {error}") },
    }
}

fn first_line(statement: &str) -> String {
    let line = statement.lines().next().unwrap_or_default();
    let more = if statement.lines().nth(1).is_some() { " …" } else { "" };
    format!("=> {line}{more}")
}
