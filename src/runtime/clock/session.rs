//! The clock that a session goes by: the machine's; in an exercise the scenario's, which may be faster, and stands still
//! while it is paused.

use std::sync::Arc;
use std::time::Duration;

use domain::scenario::Pace;
use domain::time::Now;
use tokio::sync::watch;

/// Clones go by the same pace.
#[derive(Clone, Debug, Default)]
pub struct Clock(Option<Arc<watch::Sender<Pace>>>);

impl Clock {
    /// The machine's own.
    #[must_use]
    pub const fn machine() -> Self {
        Self(None)
    }

    /// That of an exercise which begins now.
    #[must_use]
    pub fn of_exercise(speed: u32) -> Self {
        let now = super::now();
        Self(Some(Arc::new(watch::Sender::new(Pace::start(now, now, speed)))))
    }

    #[must_use]
    pub fn now(&self) -> Now {
        let now = super::now();
        self.0.as_ref().map_or(now, |pace| pace.borrow().at(now))
    }

    /// Time since boot, as [`super::boottime`]: ages and durations of the scenario are measured by it.
    #[must_use]
    pub fn boottime(&self) -> Duration {
        self.now().boot
    }

    /// `None`: it is the machine's.
    #[must_use]
    pub fn pace(&self) -> Option<Pace> {
        self.0.as_ref().map(|pace| *pace.borrow())
    }

    /// From now on it goes otherwise; everybody who sleeps by it goes by that. The machine's cannot be changed.
    pub fn change(&self, change: impl FnOnce(Pace, Now) -> Pace) {
        if let Some(pace) = &self.0 {
            pace.send_modify(|pace| *pace = change(*pace, super::now()));
        }
    }

    /// Until so much has passed on this clock.
    pub async fn sleep(&self, span: Duration) {
        let Some(pace) = &self.0 else { return tokio::time::sleep(span).await };
        let mut changed = pace.subscribe();
        let until = self.boottime() + span;
        loop {
            let pace = *changed.borrow_and_update();
            let left = until.saturating_sub(pace.at(super::now()).boot);
            if left.is_zero() {
                return;
            }
            let passed = async {
                match pace.real(left) {
                    // A timer goes by whole milliseconds: a little late is on time, a little early is asked again.
                    Some(real) => tokio::time::sleep(real).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = passed => {}
                _ = changed.changed() => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn a_minute_of_a_fast_exercise_is_over_soon_and_never_before() {
        let clock = Clock::of_exercise(3600);
        let before = clock.boottime();
        clock.sleep(Duration::from_secs(60)).await;
        assert!(clock.boottime() - before >= Duration::from_secs(60));
    }

    #[tokio::test]
    async fn who_sleeps_while_it_is_paused_goes_on_with_it() {
        let clock = Clock::of_exercise(1);
        clock.change(Pace::pause);
        let stood = clock.now();
        let mut sleeper = Box::pin(clock.sleep(Duration::from_secs(3600)));
        assert!((&mut sleeper).now_or_never().is_none());
        assert_eq!(clock.now(), stood);
        clock.change(|pace, now| pace.resume(now).at_speed(3_600_000, now));
        sleeper.await;
        assert!(clock.now().boot >= stood.boot + Duration::from_secs(3600));
    }

    #[test]
    fn the_machines_own_cannot_be_changed() {
        let clock = Clock::machine();
        clock.change(Pace::pause);
        assert_eq!(clock.pace(), None);
    }
}
