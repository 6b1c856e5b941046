//! One write through the application's own path, over HTTP or SQL.

use std::time::Duration;

use domain::estate::{WriteTest, WriteTestHow};
use domain::execution::WriteAnswer;
use domain::time::human;
use domain::untrusted::sanitise_line;
use tokio::time::timeout;

use super::connect::connect;
use super::dsn::Dsn;
use super::error::Error;
use crate::runtime::http;

/// How much of an answer is searched for the words that mean "refused".
const BODY: usize = 64 * 1024;

/// Tries the write once, within the test's own timeout.
pub async fn try_write(test: &WriteTest) -> WriteAnswer {
    let tried = async {
        match &test.how {
            WriteTestHow::Http { method, url, refused_status, refused_body } => {
                over_http(method, url, refused_status, refused_body.as_deref()).await
            }
            WriteTestHow::Sql { dsn, statement, refused_states } => {
                over_sql(dsn, statement, refused_states, test.timeout).await
            }
        }
    };
    timeout(test.timeout, tried)
        .await
        .unwrap_or_else(|_| WriteAnswer::NoAnswer { why: format!("no answer within {}", human(test.timeout)) })
}

async fn over_sql(dsn: &str, statement: &str, refused_states: &[String], deadline: Duration) -> WriteAnswer {
    let written = async {
        let client = connect(&Dsn::resolve(dsn)?, deadline).await?;
        client.query(statement).await
    };
    match written.await {
        Ok(_) => WriteAnswer::Accepted,
        Err(Error::Refused { state, message }) if refused_states.contains(&state) => {
            WriteAnswer::Refused { error: format!("{message} ({state})") }
        }
        Err(other) => WriteAnswer::NoAnswer { why: other.to_string() },
    }
}

async fn over_http(method: &str, url: &str, refused_status: &[u16], refused_body: Option<&str>) -> WriteAnswer {
    let no_answer = |why: String| WriteAnswer::NoAnswer { why };
    // A redirect leads away from the side that is asked.
    let client = match http::client(&http::Options { redirects: http::Redirects::Stop, ..http::Options::default() }) {
        Ok(client) => client,
        Err(error) => return no_answer(error.to_string()),
    };
    let Ok(method) = reqwest::Method::from_bytes(method.as_bytes()) else {
        return no_answer("the method of the write test is not one of HTTP".into());
    };
    let response = match client.request(method, url).send().await {
        Ok(response) => response,
        Err(error) => return no_answer(http::explain(error)),
    };
    let status = response.status();
    if status.is_success() {
        return WriteAnswer::Accepted;
    }
    if !refused_status.contains(&status.as_u16()) {
        return no_answer(format!("{status} is neither an acceptance nor a known refusal"));
    }
    let Some(wanted) = refused_body else {
        // What stands before the side says the same when it cannot reach it: no more than a failure to connect.
        return match status.as_u16() {
            502..=504 => no_answer(format!("{status} may be a gateway's word: `refused_body` names the side's own")),
            _ => WriteAnswer::Refused { error: status.to_string() },
        };
    };
    match http::body(response, BODY).await {
        Ok(body) if String::from_utf8_lossy(&body.bytes).contains(wanted) => {
            WriteAnswer::Refused { error: sanitise_line(&format!("{status}: {wanted}")) }
        }
        Ok(_) => no_answer(format!("{status} without the words that mean a refusal")),
        Err(error) => no_answer(http::explain(error)),
    }
}
