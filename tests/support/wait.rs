//! Waiting for a named condition, never for a time.

use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long anything may take on the slowest machine before the test is called broken.
const PATIENCE: Duration = Duration::from_secs(60);

/// Returns when `holds` does; panics naming `condition` if it never does.
pub(crate) fn until(condition: &str, mut holds: impl FnMut() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < PATIENCE, "never came true: {condition}");
        sleep(Duration::from_millis(10));
    }
}

/// The same for an asynchronous question.
pub(crate) async fn until_async<F: Future<Output = bool>>(condition: &str, mut holds: impl FnMut() -> F) {
    let started = Instant::now();
    while !holds().await {
        assert!(started.elapsed() < PATIENCE, "never came true: {condition}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
