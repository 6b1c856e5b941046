//! The written rule that makes a region's or a service's status from those of its checks.

use super::Health;
use crate::estate::DownWhen;

/// What a set of checks says together.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RolledUp {
    pub(crate) health: Health,
    /// `2 of 3 checks down, 1 stale`.
    pub(crate) because: String,
}

/// All that are known are down: down. Some down, or any degraded: degraded. None known: unknown. Else ok.
/// `when` makes it down earlier. No checks at all is a case of its own: unknown.
pub(crate) fn roll_up(checks: &[Health], when: DownWhen) -> RolledUp {
    let count = |health: Health| checks.iter().filter(|check| **check == health).count();
    let (down, degraded, ok) = (count(Health::Down), count(Health::Degraded), count(Health::Ok));
    let known = down + degraded + ok;
    let enough = match when {
        DownWhen::All => known,
        DownWhen::Any => 1,
        DownWhen::AtLeast(many) => many.max(1) as usize,
    };
    let health = match () {
        () if known == 0 => Health::Unknown,
        () if down > 0 && down >= enough => Health::Down,
        () if down > 0 || degraded > 0 => Health::Degraded,
        () => Health::Ok,
    };
    RolledUp { health, because: describe(checks, down, degraded, ok) }
}

fn describe(checks: &[Health], down: usize, degraded: usize, ok: usize) -> String {
    let total = checks.len();
    if total == 0 {
        return "no critical checks".to_owned();
    }
    let stale = checks.iter().filter(|check| **check == Health::Stale).count();
    let unknown = total - down - degraded - ok - stale;
    let mut parts = Vec::new();
    for (many, word) in [(down, "down"), (degraded, "degraded"), (stale, "stale"), (unknown, "unknown")] {
        if many > 0 {
            parts.push(format!("{many} {word}"));
        }
    }
    if parts.is_empty() {
        return format!("{ok} of {total} checks ok");
    }
    format!("{} of {total} checks", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::Health::{Degraded, Down, Ok, Stale, Unknown};
    use super::*;

    #[test]
    fn a_region_is_down_when_all_its_known_checks_are() {
        let all = |checks: &[Health]| roll_up(checks, DownWhen::All).health;
        assert_eq!(all(&[Down, Down, Down]), Down);
        assert_eq!(all(&[Down, Unknown, Stale]), Down, "what is not known does not vote");
        assert_eq!(all(&[Down, Ok]), Degraded);
        assert_eq!(all(&[Ok, Degraded]), Degraded);
        assert_eq!(all(&[Ok, Stale]), Ok);
        assert_eq!(all(&[Stale, Unknown]), Unknown);
    }

    #[test]
    fn no_checks_at_all_are_unknown_and_never_ok() {
        let nothing = roll_up(&[], DownWhen::All);
        assert_eq!(nothing.health, Unknown);
        assert_eq!(nothing.because, "no critical checks");
        assert_eq!(roll_up(&[], DownWhen::Any).health, Unknown);
    }

    #[test]
    fn an_estate_may_say_that_one_or_some_are_enough() {
        assert_eq!(roll_up(&[Down, Ok, Ok], DownWhen::Any).health, Down);
        assert_eq!(roll_up(&[Down, Ok, Ok], DownWhen::AtLeast(2)).health, Degraded);
        assert_eq!(roll_up(&[Down, Down, Ok], DownWhen::AtLeast(2)).health, Down);
        assert_eq!(roll_up(&[Down, Down, Stale], DownWhen::AtLeast(2)).because, "2 down, 1 stale of 3 checks");
    }
}
