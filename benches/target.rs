//! The server that every prober asks: it notes when each request arrives, and lets those hang that it is told to.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

pub(crate) const CHECKS: usize = 500;
/// Those from here on hang when it is asked for.
pub(crate) const HANGING_FROM: usize = 400;

/// Arrivals by path.
type Arrivals = Mutex<BTreeMap<String, Vec<Instant>>>;

pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    seen: Arc<Seen>,
}

#[derive(Default)]
struct Seen {
    hanging: AtomicBool,
    arrivals: Arrivals,
}

impl Target {
    /// Serves until this process ends. Requests are `/PROBER/NUMBER`.
    pub(crate) fn start() -> Self {
        let seen = Arc::new(Seen::default());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let serving = Arc::clone(&seen);
        thread::spawn(move || runtime.block_on(serve(listener, serving)));
        Self { address, seen }
    }

    pub(crate) fn url(&self, prober: &str, number: usize) -> String {
        format!("http://{}/{prober}/{number}", self.address)
    }

    pub(crate) fn hang(&self) {
        self.seen.hanging.store(true, Ordering::SeqCst);
    }

    /// Of each gap between two requests of one check: how much longer than `interval` it is. Only of gaps that end
    /// after `since`; one that has not ended yet counts as far as it has come.
    pub(crate) fn lateness(&self, prober: &str, interval: Duration, since: Instant) -> Vec<Duration> {
        let now = Instant::now();
        let arrivals = self.seen.arrivals.lock().unwrap();
        let mut late = Vec::new();
        for number in 0..CHECKS {
            let times = arrivals.get(&format!("/{prober}/{number}")).map_or(&[][..], Vec::as_slice);
            assert!(!times.is_empty(), "{prober} never asked for {number}");
            let ends = times.iter().skip(1).copied();
            for (from, to) in times.iter().zip(ends).filter(|(_, to)| *to >= since) {
                late.push(to.duration_since(*from).saturating_sub(interval));
            }
            let open = times.last().map_or(Duration::ZERO, |last| now.duration_since(*last)).saturating_sub(interval);
            if !open.is_zero() {
                late.push(open);
            }
        }
        late
    }
}

async fn serve(listener: TcpListener, seen: Arc<Seen>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let seen = Arc::clone(&seen);
        tokio::spawn(async move {
            let answer = service_fn(|request| answer(request, Arc::clone(&seen)));
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await;
        });
    }
}

async fn answer(request: Request<hyper::body::Incoming>, seen: Arc<Seen>) -> Result<Response<Full<Bytes>>, Infallible> {
    let path = request.uri().path().to_owned();
    let number = path.rsplit('/').next().and_then(|number| number.parse::<usize>().ok());
    seen.arrivals.lock().unwrap().entry(path).or_default().push(Instant::now());
    if number >= Some(HANGING_FROM) && seen.hanging.load(Ordering::SeqCst) {
        std::future::pending::<()>().await;
    }
    Ok(Response::new(Full::new(Bytes::from_static(b"ok"))))
}
