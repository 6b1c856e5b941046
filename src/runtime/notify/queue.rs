//! What a channel still has to say: one notice per alert, the newest.

use domain::alert::Notice;
use domain::ident::AlertKey;
use tokio::time::Instant;

/// Alerts that may wait; what is least severe and oldest makes room.
const MOST: usize = 256;

#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) notice: Notice,
    /// Tells a notice from a newer one of the same alert.
    pub(super) number: u64,
    pub(super) tries: u32,
    /// Its failure was told.
    pub(super) told: bool,
    pub(super) since: Instant,
    pub(super) due: Instant,
}

/// In the order they came.
#[derive(Debug, Default)]
pub(super) struct Queue {
    waiting: Vec<Waiting>,
    numbers: u64,
    /// The receiver asked for nothing before then.
    held: Option<Instant>,
}

impl Queue {
    /// Takes the place of an older notice of the alert; gives what had to make room.
    pub(super) fn put(&mut self, notice: Notice, now: Instant) -> Option<Notice> {
        self.waiting.retain(|waiting| waiting.notice.key != notice.key);
        self.numbers += 1;
        self.waiting.push(Waiting { notice, number: self.numbers, tries: 0, told: false, since: now, due: now });
        if self.waiting.len() <= MOST {
            return None;
        }
        let (at, _) = self.waiting.iter().enumerate().min_by_key(|(_, waiting)| waiting.notice.severity)?;
        Some(self.waiting.remove(at).notice)
    }

    /// The next to be sent: what is due, worst first, then what came first.
    pub(super) fn due(&self, now: Instant) -> Option<&Waiting> {
        if self.held.is_some_and(|held| held > now) {
            return None;
        }
        let due = self.waiting.iter().filter(|waiting| waiting.due <= now);
        due.min_by_key(|waiting| (std::cmp::Reverse(waiting.notice.severity), waiting.number))
    }

    pub(super) fn next_due(&self) -> Option<Instant> {
        let next = self.waiting.iter().map(|waiting| waiting.due).min();
        next.map(|next| self.held.map_or(next, |held| held.max(next)))
    }

    /// Something waits that no attempt was made of yet.
    pub(super) fn untried(&self) -> bool {
        self.waiting.iter().any(|waiting| waiting.tries == 0)
    }

    /// Unless something newer has taken its place.
    pub(super) fn find(&mut self, key: &AlertKey, number: u64) -> Option<&mut Waiting> {
        self.waiting.iter_mut().find(|waiting| waiting.number == number && waiting.notice.key == *key)
    }

    /// Nobody is to be told of it any more; gives what waited.
    pub(super) fn forget(&mut self, key: &AlertKey) -> Option<Waiting> {
        let at = self.waiting.iter().position(|waiting| waiting.notice.key == *key)?;
        Some(self.waiting.remove(at))
    }

    pub(super) fn remove(&mut self, number: u64) {
        self.waiting.retain(|waiting| waiting.number != number);
    }

    /// Nothing is sent before then, not even what comes meanwhile.
    pub(super) fn hold(&mut self, until: Instant) {
        self.held = Some(until);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::alert::NoticeState;
    use domain::log::Kind;
    use domain::reading::AlertSeverity;

    use super::*;

    fn notice(key: &str, severity: AlertSeverity) -> Notice {
        Notice {
            key: key.into(),
            rule: "x".into(),
            severity,
            state: NoticeState::Firing,
            text: String::new(),
            estate: "orders".into(),
            kind: Kind::Live,
            since: domain::time::Timestamp::UNIX_EPOCH,
            at: domain::time::Timestamp::UNIX_EPOCH,
            incident: None,
            by: None,
        }
    }

    #[tokio::test]
    async fn the_newest_of_an_alert_wins_and_the_worst_goes_first() {
        let now = Instant::now();
        let mut queue = Queue::default();
        assert!(queue.due(now).is_none());
        queue.put(notice("a", AlertSeverity::Warning), now);
        queue.put(notice("b", AlertSeverity::Critical), now);
        queue.put(Notice { state: NoticeState::Resolved, ..notice("a", AlertSeverity::Warning) }, now);
        let first = queue.due(now).unwrap();
        assert_eq!(first.notice.key.as_str(), "b");
        let number = first.number;
        queue.remove(number);
        let second = queue.due(now).unwrap();
        assert_eq!((second.notice.key.as_str(), second.notice.state), ("a", NoticeState::Resolved));
        let (key, older) = (second.notice.key.clone(), second.number);
        queue.put(notice("a", AlertSeverity::Warning), now);
        assert!(queue.find(&key, older).is_none(), "what failed meanwhile is not tried again");
    }

    #[tokio::test]
    async fn what_is_over_is_not_told_late() {
        let now = Instant::now();
        let mut queue = Queue::default();
        queue.put(notice("a", AlertSeverity::Critical), now);
        assert!(queue.forget(&"b".into()).is_none());
        assert!(queue.forget(&"a".into()).is_some_and(|waiting| !waiting.told));
        assert!(queue.due(now).is_none());
    }

    #[tokio::test]
    async fn what_is_worth_least_makes_room() {
        let now = Instant::now();
        let mut queue = Queue::default();
        for number in 0..MOST {
            let severity = if number == 7 { AlertSeverity::Info } else { AlertSeverity::Critical };
            assert!(queue.put(notice(&number.to_string(), severity), now).is_none());
        }
        let out = queue.put(notice("one more", AlertSeverity::Critical), now).unwrap();
        assert_eq!(out.key.as_str(), "7");
    }

    #[tokio::test]
    async fn a_receiver_that_asks_for_patience_gets_it() {
        let now = Instant::now();
        let mut queue = Queue::default();
        queue.put(notice("a", AlertSeverity::Critical), now);
        let later = now + Duration::from_secs(30);
        queue.hold(later);
        assert!(queue.due(now).is_none());
        assert_eq!(queue.next_due(), Some(later));
        queue.put(notice("b", AlertSeverity::Critical), now);
        assert!(queue.due(now).is_none());
        assert_eq!(queue.due(later).unwrap().notice.key.as_str(), "a");
    }
}
