//! The chart in words, for whoever does not see it.

use super::{Chart, Outcome};
use crate::report::{Point, verdict_word};
use crate::time::{human, since};

impl Chart {
    /// One sentence for each tier, each marked instant and each step.
    #[must_use]
    pub fn told(&self) -> Vec<String> {
        let mut told = Vec::new();
        for allowance in &self.allowances {
            let used = allowance.recovered.map(|at| human(since(at, allowance.from)));
            let used = used.unwrap_or_else(|| "not known to be back".to_owned());
            let (given, verdict) = (human(since(allowance.limit, allowance.from)), verdict_word(allowance.verdict));
            told.push(format!("Tier {}: {used} of {given}, {verdict}.", allowance.tier));
        }
        for moment in self.moments.iter().filter(|moment| moment.point != Point::Impact) {
            told.push(format!("{} after {}.", capital(moment.point.name()), human(since(moment.at, self.from))));
        }
        for bar in self.bars() {
            let begun = bar.stretches.first().map(|stretch| human(since(stretch.from, self.from)));
            let ends: Vec<_> = bar
                .stretches
                .iter()
                .map(|stretch| {
                    let took = since(stretch.to, stretch.from);
                    let took = if took.is_zero() || stretch.outcome == Outcome::Skipped {
                        String::new()
                    } else {
                        format!(" in {}", human(took))
                    };
                    format!("{}{took}", stretch.outcome.word())
                })
                .collect();
            let (begun, ends) = (begun.unwrap_or_default(), ends.join(", then "));
            told.push(format!("Step {}, {}, begun after {begun}: {ends}.", bar.number, bar.title));
        }
        told
    }
}

fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
