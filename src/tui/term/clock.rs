//! The machine's clocks, read once per input.

use std::time::Duration;

use domain::time::{Now, Timestamp};
use rustix::time::{ClockId, clock_gettime};

/// The wall clock, and the clock that goes on in suspend.
pub(crate) fn now() -> Now {
    let time = clock_gettime(ClockId::Boottime);
    let boot = Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or_default());
    Now { wall: Timestamp::now(), boot }
}
