//! A distribution in words, and as bars for a terminal.

use std::time::Duration;

use super::{CostOf, MeetsTarget, Spread};
use crate::time::human;

/// Of the longest bar.
const WIDE: usize = 40;
/// What is named in a sentence, at most.
const NAMED: usize = 6;

impl Spread {
    /// `P(RTO ≤ 15m) = 0.83 (0.77 … 0.88), and DNS TTL is what costs most: 2m10s, 14 %`.
    #[must_use]
    pub fn sentence(&self) -> String {
        let chances: Vec<String> = self.targets.iter().map(MeetsTarget::sentence).collect();
        let most = self.costs.first().map(|cost| {
            format!("{} is what costs most: {}, {}", cost.name, human(rounded(cost.mean)), percent(cost.share))
        });
        if self.hit == 0 {
            return "no service went down in any of them: this scenario has no recovery time, play it with --auto alone".to_owned();
        }
        match (chances.is_empty(), most) {
            (true, None) => "nothing was recovered in any of them".to_owned(),
            (true, Some(most)) => format!("no target; {most}"),
            (false, None) => chances.join(", "),
            (false, Some(most)) => format!("{}, and {most}", chances.join(", ")),
        }
    }

    /// Lines for a terminal: quantiles, bars, and what the time is spent on.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if self.recovered < self.hit {
            lines.push(format!("{} of {} did not recover before EndEx", self.hit - self.recovered, self.runs));
        }
        if let Some(rto) = &self.rto {
            let of = |span: Duration| human(rounded(span));
            lines.push(format!(
                "RTO: {} in the middle, nine of ten within {}, {} … {} in all",
                of(rto.p50),
                of(rto.p90),
                of(rto.least),
                of(rto.most)
            ));
        }
        let most = self.histogram.iter().map(|bin| bin.count).max().unwrap_or_default().max(1);
        for bin in &self.histogram {
            let bar = "█".repeat((bin.count * WIDE).div_ceil(most));
            lines.push(format!("{:>8} {bar:<WIDE$} {}", human(bin.from), bin.count));
        }
        if !self.costs.is_empty() {
            lines.push("What the time is spent on, in the mean:".to_owned());
        }
        for cost in self.costs.iter().take(NAMED) {
            let by = if cost.on == CostOf::Step { cost.runbook.as_deref().unwrap_or_default() } else { "" };
            let by = if by.is_empty() { String::new() } else { format!(" ({by})") };
            lines.push(format!("{:>8} {:>5}  {}{by}", human(rounded(cost.mean)), percent(cost.share), cost.name));
        }
        lines
    }
}

impl MeetsTarget {
    /// `P(RTO ≤ 15m) = 0.83 (0.77 … 0.88)`.
    #[must_use]
    pub fn sentence(&self) -> String {
        format!("P({} ≤ {}) = {:.2} ({:.2} … {:.2})", self.name, human(self.target), self.chance, self.low, self.high)
    }
}

/// Whole seconds are enough of a mean.
fn rounded(span: Duration) -> Duration {
    if span < Duration::from_secs(1) { span } else { Duration::from_secs((span.as_secs_f64()).round() as u64) }
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}
