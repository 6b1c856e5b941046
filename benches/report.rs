//! The table: what was measured, its peer, and whether the aim is met.

use std::time::Duration;

/// What the figures of a row are.
#[derive(Clone, Copy)]
pub(crate) enum Unit {
    Millis,
    /// Of one core.
    Percent,
    BytesPerSecond,
    MiB,
}

/// One figure, taken many times.
#[derive(Clone)]
pub(crate) struct Row {
    pub(crate) what: String,
    pub(crate) unit: Unit,
    pub(crate) figures: Vec<f64>,
    /// What the same costs where it costs little, and what that is.
    pub(crate) peer: Option<(String, Vec<f64>)>,
    pub(crate) aim: Aim,
}

#[derive(Clone)]
pub(crate) enum Aim {
    AtMost(f64),
    /// So many times the peer's median.
    TimesPeer(f64),
    /// Shown beside a row that has one.
    None,
}

impl Row {
    pub(crate) fn times(what: impl Into<String>, times: &[Duration]) -> Self {
        Self { what: what.into(), unit: Unit::Millis, figures: millis(times), peer: None, aim: Aim::None }
    }

    pub(crate) fn one(what: impl Into<String>, unit: Unit, figure: f64) -> Self {
        Self { what: what.into(), unit, figures: vec![figure], peer: None, aim: Aim::None }
    }

    pub(crate) fn beside(mut self, peer: &str, times: &[Duration]) -> Self {
        self.peer = (!times.is_empty()).then(|| (peer.to_owned(), millis(times)));
        self
    }

    pub(crate) fn beside_figure(mut self, peer: &str, figure: Option<f64>) -> Self {
        self.peer = figure.map(|figure| (peer.to_owned(), vec![figure]));
        self
    }

    pub(crate) const fn aiming_at(mut self, aim: Aim) -> Self {
        self.aim = aim;
        self
    }

    fn verdict(&self) -> String {
        let median = median(&self.figures);
        let peer = self.peer.as_ref().map(|(_, figures)| self::median(figures));
        match (&self.aim, peer) {
            (Aim::AtMost(most), _) => {
                format!("≤ {}  {}", shown(self.unit, *most), met(median <= *most))
            }
            (Aim::TimesPeer(most), Some(peer)) => {
                let times = median / peer;
                format!("≤ {most}× it  {} ({times:.2}×)", met(times <= *most))
            }
            (Aim::TimesPeer(_) | Aim::None, _) => String::new(),
        }
    }
}

const fn met(met: bool) -> &'static str {
    if met { "met" } else { "MISSED" }
}

pub(crate) fn head() {
    println!("{:<62}{:>11}{:>11}{:>5}   {:<40}aim", "", "median", "p99", "n", "beside it (median)");
}

pub(crate) fn line(row: &Row) {
    let count = row.figures.len();
    let p99 = if count > 1 { shown(row.unit, quantile(&row.figures, 0.99)) } else { "—".to_owned() };
    let peer = row.peer.as_ref().map(|(name, figures)| format!("{} {name}", shown(row.unit, median(figures))));
    println!(
        "{:<62}{:>11}{p99:>11}{count:>5}   {:<40}{}",
        row.what,
        shown(row.unit, median(&row.figures)),
        peer.as_deref().unwrap_or("—"),
        row.verdict()
    );
}

fn shown(unit: Unit, figure: f64) -> String {
    match unit {
        Unit::Millis => format!("{figure:.2} ms"),
        Unit::Percent => format!("{figure:.2} %"),
        Unit::BytesPerSecond => format!("{figure:.0} B/s"),
        Unit::MiB => format!("{figure:.1} MiB"),
    }
}

fn millis(times: &[Duration]) -> Vec<f64> {
    times.iter().map(|time| time.as_secs_f64() * 1e3).collect()
}

fn median(figures: &[f64]) -> f64 {
    quantile(figures, 0.5)
}

/// Of no figures it is no number.
fn quantile(figures: &[f64], share: f64) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1);
    sorted.get((last as f64 * share).round() as usize).copied().unwrap_or(f64::NAN)
}
