//! Checks that are calculated from others: as one of those is heard of, so are they.

use super::{Board, Change, Health, Outcome, Payload, Sample, Source};
use crate::estate::{CalculatedCheck, Check, CheckKind};
use crate::time::Now;

impl Board {
    /// What is made of the check at `place` takes the news of `sample` over, and what is made of that.
    pub(super) fn recalculate(&mut self, place: usize, sample: &Sample) -> Vec<Change> {
        let index = std::sync::Arc::clone(&self.index);
        let mut changes = Vec::new();
        for parent in index.made_of(place) {
            changes.extend(self.calculate(*parent, sample));
        }
        changes
    }

    fn calculate(&mut self, place: usize, because_of: &Sample) -> Vec<Change> {
        let estate = std::sync::Arc::clone(&self.estate);
        let Some(check) = estate.checks.get(place).filter(|check| !check.paused) else { return Vec::new() };
        let CheckKind::Calculated(calculated) = &check.kind else { return Vec::new() };
        // Looks of different length end in another order than they began: it is as new as the newest of them.
        let measured = |id| self.tracks.get(id).and_then(|track| track.measured());
        let seen = calculated.of.iter().chain([&check.id]).filter_map(measured);
        let at = seen.chain([because_of.moment()]).max_by_key(|moment| moment.wall).unwrap_or(because_of.moment());
        let outcome = self.decide(calculated, at);
        let source = Source::Check(check.id.clone());
        self.observe(&Sample { source, at: at.wall, boot: at.boot, latency: None, outcome, clock_skew_ms: None })
    }

    /// Some of what it is made of is no longer known, and the rest does not decide: nothing was heard that says so, it
    /// only grew old.
    pub(super) fn undecided(&self, check: &Check, now: Now) -> bool {
        matches!(&check.kind, CheckKind::Calculated(of) if matches!(self.decide(of, now), Outcome::Unknown { .. }))
    }

    fn decide(&self, calculated: &CalculatedCheck, now: Now) -> Outcome {
        let of: Vec<_> = calculated
            .of
            .iter()
            .map(|id| {
                let check = self.index.check(id).map(|at| &self.estate.checks[at]).filter(|check| !check.paused);
                (id, check.map_or(Health::Unknown, |check| self.check_health(check, now)))
            })
            .collect();
        let count = |wanted: &[Health]| of.iter().filter(|(_, health)| wanted.contains(health)).count();
        let (well, down) = (count(&[Health::Ok, Health::Degraded]), count(&[Health::Down]));
        let needed = calculated.at_least as usize;
        let named = |wanted: &[Health]| {
            let names = of.iter().filter(|(_, health)| wanted.contains(health));
            let names: Vec<String> = names.take(4).map(|(id, health)| format!("{id} {}", health.word())).collect();
            names.join(", ")
        };
        let ids = |wanted: &[Health]| {
            let names = of.iter().filter(|(_, health)| wanted.contains(health));
            names.take(4).map(|(id, _)| id.to_string()).collect::<Vec<_>>().join(", ")
        };
        let payload = Payload::Text { text: format!("{well} of {}", of.len()) };
        let enough = || format!("{well} of {} are well, {needed} are needed", of.len());
        if of.len() - down < needed {
            return Outcome::Bad { why: format!("{}: {}", enough(), named(&[Health::Down])), payload };
        }
        if well < needed {
            return Outcome::Unknown { why: format!("{}: {}", enough(), named(&[Health::Unknown, Health::Stale])) };
        }
        if count(&[Health::Ok]) < needed {
            return Outcome::Soft { why: format!("needs what is degraded: {}", ids(&[Health::Degraded])), payload };
        }
        Outcome::Good { payload }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::estate::Estate;
    use crate::ident::{CheckId, RegionId};
    use crate::reading::testing::*;

    fn calculated(name: &str, of: &[&str], at_least: u32) -> Check {
        let of = of.iter().map(|name| CheckId::from(*name)).collect();
        let kind = CheckKind::Calculated(CalculatedCheck { of, at_least });
        Check { id: CheckId::from(name), kind, fail_after: 1, recover_after: 1, critical: false, ..check(name, EAST) }
    }

    /// Three checks that turn at once, `two` of them needed, and `all` made of `two` and one more.
    fn board_of_three() -> Board {
        let plain = |name: &str| Check { fail_after: 1, recover_after: 1, critical: false, ..check(name, EAST) };
        let mut checks: Vec<Check> = ["a", "b", "c"].map(plain).to_vec();
        checks.push(Check { critical: true, ..calculated("all", &["two", "a@us-east-1"], 2) });
        checks.push(calculated("two", &["a@us-east-1", "b@us-east-1", "c@us-east-1"], 2));
        Board::new(Arc::new(Estate { checks, ..estate() }))
    }

    fn health(board: &Board, name: &str, second: f64) -> Health {
        let check = board.estate.check(&CheckId::from(name)).unwrap().clone();
        board.check_health(&check, now(second))
    }

    fn tell(board: &mut Board, name: &str, second: f64, outcome: Outcome) -> Vec<Change> {
        board.observe(&sample(&format!("{name}@us-east-1"), second, outcome))
    }

    #[test]
    fn enough_that_are_well_make_it_well_and_too_few_make_it_down() {
        let mut board = board_of_three();
        tell(&mut board, "a", 0.0, good());
        assert_eq!(health(&board, "two", 0.0), Health::Unknown);
        tell(&mut board, "b", 1.0, soft());
        assert_eq!((health(&board, "two", 1.0), health(&board, "all", 1.0)), (Health::Degraded, Health::Degraded));
        tell(&mut board, "c", 2.0, good());
        assert_eq!((health(&board, "two", 2.0), health(&board, "all", 2.0)), (Health::Ok, Health::Ok));
        tell(&mut board, "b", 3.0, bad());
        assert_eq!(health(&board, "two", 3.0), Health::Ok);
        let changes = tell(&mut board, "c", 4.0, bad());
        assert_eq!((health(&board, "two", 4.0), health(&board, "all", 4.0)), (Health::Down, Health::Down));
        let of = |wanted: &str| {
            changes.iter().find_map(|change| match change {
                Change::Check { check, because, .. } if check.as_str() == wanted => Some(because.clone()),
                _ => None,
            })
        };
        let why = "1 of 3 are well, 2 are needed: b@us-east-1 down, c@us-east-1 down";
        assert_eq!(of("two").as_deref(), Some(why));
        let region = changes.iter().any(|change| matches!(change, Change::Region { region, to: Health::Down, .. } if *region == RegionId::from(EAST)));
        assert!(region, "{changes:?}");
    }

    #[test]
    fn what_the_known_ones_do_not_decide_is_unknown() {
        let mut board = board_of_three();
        tell(&mut board, "a", 0.0, bad());
        assert_eq!((health(&board, "two", 0.0), health(&board, "all", 0.0)), (Health::Unknown, Health::Down));
        tell(&mut board, "b", 1.0, good());
        assert_eq!(health(&board, "two", 1.0), Health::Unknown);
        tell(&mut board, "c", 2.0, good());
        assert_eq!(health(&board, "two", 2.0), Health::Ok);
        // Only one is still heard of: what is made of three is believed no longer than they are.
        for second in [10.0, 20.0, 30.0] {
            tell(&mut board, "b", second, good());
            assert_eq!(health(&board, "two", second), Health::Ok);
        }
        assert_eq!(health(&board, "two", 33.0), Health::Stale);
        tell(&mut board, "b", 40.0, good());
        let shown = board.status(&crate::reading::Context::calm(crate::log::Kind::Live), now(40.0));
        let two = shown.regions[0].checks.iter().find(|check| check.name.as_str() == "two").unwrap();
        assert_eq!((two.status, two.since), (Health::Stale, None));
        assert!(two.error.as_deref().unwrap().contains("a@us-east-1 stale, c@us-east-1 stale"), "{two:?}");
    }

    #[test]
    fn news_that_began_earlier_count_as_well() {
        let mut board = board_of_three();
        tell(&mut board, "a", 5.0, good());
        tell(&mut board, "b", 1.0, good());
        assert_eq!(health(&board, "two", 5.0), Health::Ok);
        let spent = board.tracks[&CheckId::from("two")].measured().unwrap();
        assert_eq!(spent.boot, now(5.0).boot);
        assert!(board.next_interval(&CheckId::from("two")) <= Duration::from_secs(10));
    }
}
