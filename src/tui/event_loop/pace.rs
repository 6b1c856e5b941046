//! When a frame may be drawn: evenly while things change by themselves, at once after a person's key. A flood of keys
//! has no more frames than an even pace gives, but for a few in advance.

use std::time::{Duration, Instant};

/// What comes this soon after a key is its answer: a held key's deed, the session's word on it.
const ANSWERS: Duration = Duration::from_millis(100);
/// How many frames a person may have in advance of their pace.
const AHEAD: u32 = 8;

#[derive(Debug)]
pub(super) struct Pace {
    /// Between two frames that nobody waits for.
    frame: Duration,
    drawn: Option<Instant>,
    /// When a person's frames would all have been drawn at that pace.
    even: Option<Instant>,
    acted: Option<Instant>,
}

impl Pace {
    pub(super) const fn new(frame: Duration) -> Self {
        Self { frame, drawn: None, even: None, acted: None }
    }

    /// A person did something.
    pub(super) const fn acted(&mut self, now: Instant) {
        self.acted = Some(now);
    }

    /// How long what has changed waits for its frame.
    pub(super) fn wait(&self, now: Instant) -> Duration {
        let evenly = self.drawn.map_or(now, |drawn| drawn + self.frame);
        let ahead = self.even.and_then(|even| even.checked_sub(self.frame * AHEAD)).unwrap_or(now);
        let next = if self.awaited(now) { evenly.min(ahead) } else { evenly };
        next.saturating_duration_since(now)
    }

    /// A frame was drawn.
    pub(super) fn drawn(&mut self, now: Instant) {
        if self.awaited(now) {
            self.even = Some(self.even.map_or(now, |even| even.max(now)) + self.frame);
        }
        self.drawn = Some(now);
    }

    fn awaited(&self, now: Instant) -> bool {
        self.acted.is_some_and(|acted| now.saturating_duration_since(acted) < ANSWERS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Duration = Duration::from_millis(33);

    /// How many frames are drawn in a second in which something changes every millisecond, and a person acts every
    /// `acts` milliseconds.
    fn frames(acts: Option<u64>) -> usize {
        let (mut pace, began) = (Pace::new(FRAME), Instant::now());
        let mut frames = 0;
        for millis in 0..1000 {
            let now = began + Duration::from_millis(millis);
            if acts.is_some_and(|every| millis % every == 0) {
                pace.acted(now);
            }
            if pace.wait(now).is_zero() {
                pace.drawn(now);
                frames += 1;
            }
        }
        frames
    }

    #[test]
    fn what_changes_by_itself_has_its_even_pace() {
        assert_eq!(frames(None), 31);
    }

    #[test]
    fn a_key_right_after_a_frame_has_its_own_at_once() {
        let (mut pace, now) = (Pace::new(FRAME), Instant::now());
        pace.drawn(now);
        let soon = now + Duration::from_millis(1);
        assert_eq!(pace.wait(soon), Duration::from_millis(32));
        pace.acted(soon);
        assert_eq!(pace.wait(soon), Duration::ZERO);
        let later = soon + ANSWERS;
        pace.drawn(later);
        assert_eq!(pace.wait(later), FRAME, "a key that was answered long ago hurries nothing");
    }

    #[test]
    fn every_key_that_a_hand_can_repeat_has_its_own_frame() {
        let (mut pace, began) = (Pace::new(FRAME), Instant::now());
        for press in 0..500 {
            let now = began + FRAME * press;
            pace.acted(now);
            assert_eq!(pace.wait(now), Duration::ZERO, "press {press}");
            pace.drawn(now);
        }
    }

    #[test]
    fn a_flood_of_keys_is_bounded() {
        assert!((31..=2 * 31 + 8).contains(&frames(Some(1))), "{}", frames(Some(1)));
    }
}
