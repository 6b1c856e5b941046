//! A small HTTP server for the lab's own parts: one handler, JSON in and out, loopback only.

use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpListener;

/// Longest body that is read.
const BODY: usize = 64 * 1024;

/// A request as a handler sees it.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) body: Value,
}

/// What a handler answers.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: Value,
}

impl Answer {
    pub(super) fn new(status: u16, body: Value) -> Self {
        Self { status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), body }
    }

    pub(super) fn not_found() -> Self {
        Self::new(404, serde_json::json!({ "error": "there is nothing here" }))
    }
}

/// Serves until the process ends.
pub(super) async fn serve<S, H, F>(port: u16, state: Arc<S>, handler: H) -> std::io::Result<()>
where
    S: Send + Sync + 'static,
    H: Fn(Arc<S>, Call) -> F + Copy + Send + Sync + 'static,
    F: Future<Output = Answer> + Send + 'static,
{
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        let state = Arc::clone(&state);
        tokio::spawn(async move {
            let service = service_fn(move |request: Request<Incoming>| {
                let state = Arc::clone(&state);
                async move { Ok::<_, Infallible>(answer(request, |call| handler(state, call)).await) }
            });
            // A client that goes away is no fault of the server's.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn answer<F>(request: Request<Incoming>, handler: impl FnOnce(Call) -> F) -> Response<Full<Bytes>>
where
    F: Future<Output = Answer>,
{
    let (parts, body) = request.into_parts();
    let answer = match Limited::new(body, BODY).collect().await {
        Ok(body) => {
            let body = serde_json::from_slice(&body.to_bytes()).unwrap_or(Value::Null);
            handler(Call { method: parts.method, path: parts.uri.path().to_owned(), body }).await
        }
        Err(_) => Answer::new(413, serde_json::json!({ "error": "the body is too long" })),
    };
    let mut response = Response::new(Full::new(Bytes::from(format!("{}\n", answer.body))));
    *response.status_mut() = answer.status;
    response.headers_mut().insert("content-type", hyper::header::HeaderValue::from_static("application/json"));
    response
}
