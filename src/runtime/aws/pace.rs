//! Route 53 takes five calls a second from an account, whoever makes them: this process never makes more.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

const BETWEEN: Duration = Duration::from_millis(200);

/// Waits until the profile may make its next call.
pub(super) async fn keep(profile: Option<&str>) {
    static NEXT: OnceLock<Mutex<HashMap<String, Instant>>> = OnceLock::new();
    let mine = {
        let mut next = NEXT.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        take(next.entry(profile.unwrap_or_default().to_owned()).or_insert(now), now)
    };
    sleep_until(mine).await;
}

/// The next free moment, which is then taken.
fn take(next: &mut Instant, now: Instant) -> Instant {
    let mine = (*next).max(now);
    *next = mine + BETWEEN;
    mine
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_spread_over_the_second() {
        let now = Instant::now();
        let mut next = now;
        let taken: Vec<Duration> = (0..6).map(|_| take(&mut next, now) - now).collect();
        assert_eq!(taken, (0..6).map(|n| n * BETWEEN).collect::<Vec<_>>());
        let later = now + Duration::from_secs(60);
        assert_eq!(take(&mut next, later), later, "a pause is not saved up");
    }
}
