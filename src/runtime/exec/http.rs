//! HTTP blocks: one request, and whether its answer was among the expected.

use std::collections::BTreeMap;
use std::pin::pin;
use std::time::Duration;

use domain::execution::End;
use domain::runbook::{HttpRequest, http_with_values};
use reqwest::redirect::Policy;
use reqwest::{Method, RequestBuilder};

use super::answer::{Answer, Stop};
use crate::runtime::http::explain;
use crate::runtime::supervisor::Channel;
use crate::runtime::tls;

/// A connection that takes longer is as good as none; and given up before the whole time is over, it is certain that
/// nothing was sent.
const CONNECT: Duration = Duration::from_secs(10);
/// Of a body, for `out=` and for a guard's line.
const LARGEST_VALUE: usize = 64 * 1024;

/// Sends the request in `text`. `stop` resolves when `timeout` is over or a person cancels; the answer's head is printed
/// as an aside, its body as the output.
pub(crate) async fn perform(
    text: &str,
    secrets: &BTreeMap<String, String>,
    timeout: Duration,
    stop: impl Future<Output = Stop>,
    print: &mut (dyn FnMut(Channel, &[u8]) + Send),
) -> Answer {
    let request = match read(text, secrets) {
        Ok(request) => request,
        Err(why) => return Answer::not_started(&why),
    };
    let sending = match prepare(&request, CONNECT.min(timeout / 2)) {
        Ok(sending) => sending,
        Err(why) => return Answer::not_started(&why),
    };
    let mut stop = pin!(stop);
    let response = tokio::select! {
        stopped = &mut stop => return Answer::of(stopped.end()),
        response = sending.send() => match response {
            Ok(response) => response,
            Err(error) => return unanswered(error),
        },
    };
    let status = response.status();
    let mut head = format!("{:?} {status}\n", response.version());
    for (name, value) in response.headers() {
        head.push_str(&format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes())));
    }
    print(Channel::Stderr, head.as_bytes());
    print(Channel::Stderr, b"\n");

    let end = if request.expect.iter().any(|(low, high)| (*low..=*high).contains(&status.as_u16())) {
        End::Succeeded { exit: None }
    } else {
        End::Failed { exit: None, why: format!("answered {status}") }
    };
    let mut body = Vec::new();
    // The answer is known by its head; a body that is late or breaks off does not change it.
    tokio::select! {
        _ = &mut stop => print(Channel::Stderr, b"\nthe rest of the body was not waited for"),
        () = receive(response, &mut body, print) => {}
    }
    print(Channel::Stdout, b"\n");
    Answer { end, value: Some(String::from_utf8_lossy(&body).trim().to_owned()) }
}

/// What is left open in the text are secrets.
fn read(text: &str, secrets: &BTreeMap<String, String>) -> Result<HttpRequest, String> {
    if secrets.is_empty() {
        HttpRequest::parse(text)
    } else {
        HttpRequest::parse(&http_with_values(text, secrets, &[])?)
    }
}

async fn receive(mut response: reqwest::Response, body: &mut Vec<u8>, print: &mut (dyn FnMut(Channel, &[u8]) + Send)) {
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => {
                let room = LARGEST_VALUE.saturating_sub(body.len());
                body.extend_from_slice(&chunk[..chunk.len().min(room)]);
                print(Channel::Stdout, &chunk);
            }
            Ok(None) => return,
            Err(error) => {
                return print(Channel::Stderr, format!("\nthe body broke off: {}", explain(error)).as_bytes());
            }
        }
    }
}

fn unanswered(error: reqwest::Error) -> Answer {
    if error.is_builder() {
        Answer::not_started(&explain(error))
    } else if error.is_connect() {
        Answer::failed(&format!("cannot connect: {}; nothing was sent", explain(error)))
    } else if error.is_redirect() {
        Answer::failed(&explain(error))
    } else {
        Answer::unknown(&format!("no answer after the request was sent: {}", explain(error)))
    }
}

/// Only what reads follows redirects: a change is made where it says, or not at all.
fn prepare(request: &HttpRequest, connect: Duration) -> Result<RequestBuilder, String> {
    let method: Method = request.method.parse().map_err(|_| format!("`{}` is not a method", request.method))?;
    let reads = method.is_safe() && request.body.is_none();
    let client = reqwest::Client::builder()
        .tls_backend_preconfigured(tls::client_config().map_err(|error| error.to_string())?)
        .connect_timeout(connect)
        .pool_max_idle_per_host(0)
        .redirect(if reads { Policy::limited(10) } else { Policy::none() })
        .user_agent(concat!("switchback/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(explain)?;
    let mut sending = client.request(method, &request.url);
    for (name, value) in &request.headers {
        sending = sending.header(name, value);
    }
    Ok(match &request.body {
        Some(body) => sending.body(body.clone()),
        None => sending,
    })
}
