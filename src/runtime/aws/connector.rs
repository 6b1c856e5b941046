//! The SDK's requests over the HTTP client and the TLS configuration that everything here shares.

use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use reqwest::Method;
use tokio::time::timeout;

use crate::runtime::http;

/// No answer that we ask for comes near it.
const LARGEST_ANSWER: usize = 8 << 20;
/// Where the SDK names no time of its own.
const USUAL: Duration = Duration::from_secs(10);

/// Hands out connectors over the shared client.
#[derive(Clone, Debug, Default)]
pub(super) struct Shared;

impl HttpClient for Shared {
    fn http_connector(&self, settings: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        let connect = settings.connect_timeout().unwrap_or_default();
        let within = settings.read_timeout().map_or(USUAL, |read| read + connect);
        SharedHttpConnector::new(Connector { within })
    }
}

#[derive(Debug)]
struct Connector {
    within: Duration,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let within = self.within;
        HttpConnectorFuture::new(async move {
            timeout(within, ask(request)).await.unwrap_or_else(|late| Err(ConnectorError::timeout(late.into())))
        })
    }
}

async fn ask(request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
    let client = http::shared_client().map_err(|error| ConnectorError::user(error.into()))?;
    let method = Method::from_bytes(request.method().as_bytes()).map_err(|error| ConnectorError::user(error.into()))?;
    let mut sending = client.request(method, request.uri());
    for (name, value) in request.headers() {
        sending = sending.header(name, value);
    }
    let body = request.body().bytes().map(<[u8]>::to_vec);
    let response = sending.body(body.unwrap_or_default()).send().await.map_err(unanswered)?;
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let body = http::body(response, LARGEST_ANSWER).await.map_err(unanswered)?;
    if body.cut {
        return Err(ConnectorError::other("its answer is longer than 8 MiB".into(), None));
    }
    let status = status.try_into().map_err(|error| ConnectorError::other(Box::new(error), None))?;
    let mut answer = HttpResponse::new(status, SdkBody::from(body.bytes));
    for (name, value) in &headers {
        if let Ok(value) = value.to_str() {
            // What cannot be a header is none that the SDK reads.
            let _ = answer.headers_mut().try_append(name.as_str().to_owned(), value.to_owned());
        }
    }
    Ok(answer)
}

fn unanswered(error: reqwest::Error) -> ConnectorError {
    let (never, late) = (error.is_connect() || error.is_builder(), error.is_timeout());
    let why = http::explain(error).into();
    match (never, late) {
        (true, _) => ConnectorError::io(why).never_connected(),
        (_, true) => ConnectorError::timeout(why),
        _ => ConnectorError::io(why),
    }
}
