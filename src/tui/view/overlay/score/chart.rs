//! The run against its objectives: tiers with the time they had, steps as bars over time, and the instants that decide.

use std::time::Duration;

use domain::reading::Verdict;
use domain::report::{Allowance, Bar, Chart, Outcome, Point};
use domain::time::{Timestamp, human, since, stopwatch};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::theme::Role;
use crate::view::context::{View, short};
use crate::view::look;
use crate::widget::{ellipsis, width as columns};

/// Columns of the figures at the right.
const FIGURES: usize = 11;
/// Columns between two instants of the axis, at least.
const APART: usize = 10;

/// Where an instant stands.
struct Scale<'c> {
    chart: &'c Chart,
    label: usize,
    plot: usize,
}

impl Scale<'_> {
    fn at(&self, at: Timestamp) -> usize {
        let whole = since(self.chart.to, self.chart.from).as_millis().max(1);
        let part = since(at, self.chart.from).as_millis().min(whole);
        let last = self.plot.saturating_sub(1);
        usize::try_from(part * last as u128 / whole).unwrap_or(last).min(last)
    }
}

/// One row of the plot, a sign and its looks for each column.
struct Cells(Vec<(&'static str, Style)>);

impl Cells {
    fn put(&mut self, at: usize, sign: &'static str, style: Style) {
        if let Some(cell) = self.0.get_mut(at) {
            *cell = (sign, style);
        }
    }

    fn fill(&mut self, from: usize, to: usize, sign: &'static str, style: Style) {
        for at in from..=to {
            self.put(at, sign, style);
        }
    }

    fn spans(self) -> Vec<Span<'static>> {
        self.0.into_iter().map(|(sign, style)| Span::styled(sign, style)).collect()
    }
}

pub(super) fn lines(view: &View<'_>, chart: &Chart, width: usize) -> Vec<Line<'static>> {
    let bars = || chart.groups.iter().flat_map(|group| &group.bars);
    let longest = bars().map(|bar| columns(&bar.title)).max().unwrap_or(0).max(14);
    let label = longest.min(width / 4).max(8);
    let scale = Scale { chart, label, plot: width.saturating_sub(label + FIGURES + 2).max(8) };
    let mut lines = vec![axis(view, &scale)];
    lines.extend(chart.allowances.iter().map(|allowance| tier(view, &scale, allowance)));
    for group in &chart.groups {
        if chart.groups.len() > 1 {
            lines.push(Line::styled(ellipsis(&group.title, width, view.symbols().ellipsis), view.style(Role::Muted)));
        }
        lines.extend(group.bars.iter().map(|bar| step(view, &scale, bar)));
    }
    lines.extend(moments(view, &scale));
    if chart.left_out > 0 {
        lines.push(Line::styled(format!("{} later steps are not drawn", chart.left_out), view.style(Role::Muted)));
    }
    lines
}

/// Time since the impact, at round figures.
fn axis(view: &View<'_>, scale: &Scale<'_>) -> Line<'static> {
    const STEPS: [u64; 12] = [10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200];
    let whole = since(scale.chart.to, scale.chart.from).as_secs().max(1);
    let most = (scale.plot / APART).max(1) as u64;
    let apart = STEPS.into_iter().find(|step| whole / step < most).unwrap_or(86_400);
    let mut text = String::new();
    for at in (0..=whole).step_by(usize::try_from(apart).unwrap_or(1)) {
        let column = scale.at(domain::time::at_offset(scale.chart.from, Duration::from_secs(at)));
        let mark = format!("{}{}", view.symbols().border.vertical_left, stopwatch(Duration::from_secs(at)));
        let used = columns(&text);
        if column >= used && column + columns(&mark) <= scale.plot {
            text.push_str(&" ".repeat(column - used));
            text.push_str(&mark);
        }
    }
    row(view, scale, "since impact", Role::Muted, vec![Span::styled(text, view.style(Role::Muted))], "", Role::Muted)
}

fn row(
    view: &View<'_>,
    scale: &Scale<'_>,
    label: &str,
    role: Role,
    plot: Vec<Span<'static>>,
    figure: &str,
    figure_role: Role,
) -> Line<'static> {
    let label = ellipsis(label, scale.label, view.symbols().ellipsis);
    let fill = " ".repeat(scale.label.saturating_sub(columns(&label)) + 1);
    let mut spans = vec![Span::styled(label, view.style(role)), Span::raw(fill)];
    let used: usize = plot.iter().map(|span| columns(&span.content)).sum();
    spans.extend(plot);
    spans.push(Span::raw(" ".repeat(scale.plot.saturating_sub(used) + 1)));
    spans.push(Span::styled(ellipsis(figure, FIGURES, view.symbols().ellipsis), view.style(figure_role)));
    Line::from(spans)
}

/// Empty, but for what goes through every row: limits, and the point of no return.
fn empty(view: &View<'_>, scale: &Scale<'_>) -> Cells {
    let mut cells = Cells(vec![(" ", view.style(Role::Muted)); scale.plot]);
    let symbols = view.symbols();
    for allowance in scale.chart.allowances.iter().filter(|allowance| allowance.limit <= scale.chart.to) {
        cells.put(scale.at(allowance.limit), symbols.border.vertical_left, view.style(Role::Track));
    }
    let crossed = scale.chart.moments.iter().find(|moment| moment.point == Point::NoReturn);
    if let Some(crossed) = crossed {
        cells.put(scale.at(crossed.at), symbols.border_strong.vertical_left, view.style(Role::NoReturn));
    }
    cells
}

/// What a tier took of the time it had.
fn tier(view: &View<'_>, scale: &Scale<'_>, allowance: &Allowance) -> Line<'static> {
    let symbols = view.symbols();
    let look = look::verdict(symbols, allowance.verdict);
    let mut cells = empty(view, scale);
    let from = scale.at(allowance.from);
    let until = allowance.recovered.unwrap_or(scale.chart.to).min(scale.chart.to);
    cells.fill(from, scale.at(until), symbols.rule, view.style(look.role));
    let limit = scale.at(allowance.limit.min(scale.chart.to));
    if allowance.limit <= scale.chart.to {
        cells.put(limit, symbols.border_strong.vertical_left, view.bold(Role::Text));
    }
    let took = allowance.recovered.map(|recovered| human(since(recovered, allowance.from)));
    let figure = match (took, allowance.verdict) {
        (Some(took), _) => format!("{} {took}", look.sign),
        (None, Verdict::Missed) => format!("{} missed", look.sign),
        (None, _) => format!("{} open", look.sign),
    };
    let label = format!("Tier {}  RTO {}", allowance.tier, short(since(allowance.limit, allowance.from)));
    row(view, scale, &label, Role::Text, cells.spans(), &figure, look.role)
}

/// The attempts of a step.
fn step(view: &View<'_>, scale: &Scale<'_>, bar: &Bar) -> Line<'static> {
    let symbols = view.symbols();
    let mut cells = empty(view, scale);
    for stretch in &bar.stretches {
        let (sign, role) = outcome(view, stretch.outcome);
        let (from, to) = (scale.at(stretch.from), scale.at(stretch.to));
        let sign = if stretch.from == stretch.to { sign } else { symbols.bar_full };
        cells.fill(from, to, sign, view.style(role));
    }
    let last = bar.stretches.last();
    let spent: Duration = bar.stretches.iter().map(|stretch| since(stretch.to, stretch.from)).sum();
    let (figure, role) = match last.map(|last| last.outcome) {
        Some(Outcome::Succeeded) => (human(round(spent)), Role::Muted),
        Some(Outcome::ByHand) if !spent.is_zero() => (format!("{} hand", human(round(spent))), Role::Muted),
        Some(Outcome::ByHand) => ("by hand".to_owned(), Role::Muted),
        Some(ended) => (ended.word().to_owned(), outcome(view, ended).1),
        None => (String::new(), Role::Muted),
    };
    let label = if bar.line { Role::NoReturn } else { Role::Text };
    row(view, scale, &bar.title, label, cells.spans(), &figure, role)
}

/// To the second, where there are seconds.
fn round(span: Duration) -> Duration {
    if span.as_secs() == 0 { span } else { Duration::from_secs(span.as_secs()) }
}

const fn outcome(view: &View<'_>, outcome: Outcome) -> (&'static str, Role) {
    let symbols = view.theme.symbols();
    match outcome {
        Outcome::Succeeded => (symbols.ok, Role::Ok),
        Outcome::ByHand => (symbols.ok, Role::Accent),
        Outcome::Failed => (symbols.down, Role::Down),
        Outcome::Unknown => (symbols.unknown, Role::Unknown),
        Outcome::Skipped => (symbols.skipped, Role::Warning),
        Outcome::Undone => (symbols.undone, Role::Warning),
        Outcome::Open => (symbols.running, Role::Warning),
    }
}

/// What happened when, below the bars; where words would meet, in the next row.
fn moments(view: &View<'_>, scale: &Scale<'_>) -> Vec<Line<'static>> {
    let mut rows: Vec<(usize, Vec<Span<'static>>)> = Vec::new();
    for moment in &scale.chart.moments {
        let (word, role) = match moment.point {
            Point::Impact => ("impact", Role::Text),
            Point::Detected => ("detected", Role::Text),
            Point::Declared => ("declared", Role::Text),
            Point::Decided => ("decided", Role::Text),
            Point::NoReturn => ("no return", Role::NoReturn),
            Point::Recovered => ("recovered", Role::Ok),
            _ => continue,
        };
        let text = format!("↑{word}");
        // What would run over the edge ends there.
        let column = scale.at(moment.at).min(scale.plot.saturating_sub(columns(&text)));
        let free = rows.iter().position(|(used, _)| *used < column || (*used == 0 && column == 0));
        let at = free.unwrap_or_else(|| {
            rows.push((0, Vec::new()));
            rows.len() - 1
        });
        let (used, spans) = &mut rows[at];
        spans.push(Span::raw(" ".repeat(column - *used)));
        *used = column + columns(&text);
        spans.push(Span::styled(text, view.style(role)));
    }
    rows.into_iter().map(|(_, plot)| row(view, scale, "", Role::Muted, plot, "", Role::Muted)).collect()
}
