//! What the desktop is to be told of: seldom, whatever happens.

use std::time::Duration;

use domain::estate::DesktopSequence;

/// Between two notifications.
const SELDOM: Duration = Duration::from_secs(5);

/// Waits its turn; what comes meanwhile is counted.
#[derive(Clone, Debug, Default)]
pub struct Desktop {
    waiting: Option<(DesktopSequence, String)>,
    more: usize,
    last: Option<Duration>,
}

impl Desktop {
    pub(crate) fn tell(&mut self, sequence: DesktopSequence, text: String) {
        match &self.waiting {
            Some(_) => self.more += 1,
            None => self.waiting = Some((sequence, text)),
        }
    }

    /// Since boot; `None` while there is nothing to tell.
    pub(crate) fn due(&self) -> Option<Duration> {
        self.waiting.as_ref().map(|_| self.last.map_or(Duration::ZERO, |last| last + SELDOM))
    }

    /// What is to be told now.
    pub(crate) fn take(&mut self, now: Duration) -> Option<(DesktopSequence, String)> {
        if self.due()? > now {
            return None;
        }
        self.last = Some(now);
        let (sequence, text) = self.waiting.take()?;
        match std::mem::take(&mut self.more) {
            0 => Some((sequence, text)),
            more => Some((sequence, format!("{text}, and {more} more"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_desktop_is_told_seldom_and_of_everything() {
        let at = Duration::from_secs;
        let mut desktop = Desktop::default();
        assert_eq!((desktop.due(), desktop.take(at(100))), (None, None));
        desktop.tell(DesktopSequence::Osc9, "a".to_owned());
        assert_eq!(desktop.take(at(100)).unwrap().1, "a");
        for text in ["b", "c", "d"] {
            desktop.tell(DesktopSequence::Osc9, text.to_owned());
        }
        assert_eq!((desktop.take(at(104)), desktop.due()), (None, Some(at(105))));
        assert_eq!(desktop.take(at(105)).unwrap().1, "b, and 2 more");
        assert_eq!(desktop.due(), None);
    }
}
