//! The machine's clocks, and the one that a session goes by.

mod session;

use std::time::Duration;

use domain::time::{Now, Timestamp};
use rustix::time::{ClockId, clock_gettime};

pub use session::Clock;

/// The wall clock and the clock that goes on in suspend.
#[must_use]
pub fn now() -> Now {
    Now { wall: Timestamp::now(), boot: boottime() }
}

/// Time since boot, suspend included: `Instant` stops in suspend and is never used for ages.
#[must_use]
pub fn boottime() -> Duration {
    let time = clock_gettime(ClockId::Boottime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default())
}

/// Identity of this boot; entries carry it, because times since boot of two boots cannot be compared.
#[must_use]
pub fn boot_id() -> String {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id")
        .map_or_else(|_| "unknown".to_owned(), |id| id.trim().to_owned())
}
