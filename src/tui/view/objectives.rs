//! Objectives: for each tier, component and scenario what is allowed, what it will be, and what is at risk.

use domain::objective::AtRisk;
use domain::reading::{ObjectiveStatus, Verdict};
use domain::time::{human, stopwatch};
use ratatui::style::Style;
use ratatui::text::Line;

use super::clocks::{Clocks, Standing, TierClock};
use super::context::{Content, View, or_dash, span};
use super::look;
use super::regions::waiting;
use crate::theme::Role;
use crate::widget::{Item, List, Row};

const RTO: usize = 5;
const ELAPSED: usize = 8;
const PROJECTED: usize = 14;
const RPO: usize = 5;

pub(super) fn objectives(view: &View<'_>, width: usize) -> Content {
    let mut content = Content::default();
    let Some(status) = &view.model.status else {
        content.list = List::of(vec![waiting(view)]);
        return content;
    };
    let clocks = Clocks::of(view);
    let fixed = RTO + RPO + 3 + 13 + if clocks.is_some() { ELAPSED + PROJECTED + 2 } else { 0 };
    let longest = status.objectives.iter().map(|row| row.name.len()).max().unwrap_or(4);
    let name_width = longest.min(width.saturating_sub(fixed)).max(6);
    content.list.items.push(headings(view, clocks.is_some(), name_width, width).into());
    for objective in &status.objectives {
        let clock = clocks
            .as_ref()
            .and_then(|clocks| clocks.tiers.iter().find(|clock| objective.tier.as_ref() == Some(&clock.tier.id)));
        let missed = clock.is_some_and(|clock| {
            matches!(clock.standing, Standing::Missed { .. } | Standing::Recovered { met: false, .. })
        });
        let line = line(view, objective, clock, clocks.is_some(), name_width, width);
        content.list.items.push(Item { line, red: missed || objective.rpo_verdict == Verdict::Missed });
    }
    if let Some(line) = availability(view, clocks.as_ref(), width) {
        content.list.items.push(line.into());
    }
    content
}

fn headings(view: &View<'_>, counting: bool, name_width: usize, width: usize) -> Line<'static> {
    let muted = view.style(Role::Muted);
    let row = Row::new().cell(name_width, "", muted).cell(RTO, "RTO", muted);
    let row = if counting { row.cell(ELAPSED, "elapsed", muted).cell(PROJECTED, "projected", muted) } else { row };
    row.cell(RPO, "RPO", muted).put("at risk", muted).fit(width)
}

fn line(
    view: &View<'_>,
    objective: &ObjectiveStatus,
    clock: Option<&TierClock<'_>>,
    counting: bool,
    name_width: usize,
    width: usize,
) -> Line<'static> {
    let mut row = Row::new().cell(name_width, &objective.name, view.style(Role::Text)).cell(
        RTO,
        &or_dash(objective.rto),
        view.style(Role::Text),
    );
    if counting {
        let missed = clock.is_some_and(|clock| matches!(clock.standing, Standing::Missed { .. }));
        let elapsed = clock.map(|clock| stopwatch(clock.elapsed)).unwrap_or_default();
        let looks = if missed { view.bold(Role::Down) } else { view.style(Role::Text) };
        let (projected, style) = clock.map_or_else(Default::default, |clock| projected(view, clock));
        row = row.cell(ELAPSED, &elapsed, looks).cell(PROJECTED, &projected, style);
    }
    let (at_risk, style) = at_risk(view, objective);
    row.cell(RPO, &or_dash(objective.rpo), view.style(Role::Text)).put(at_risk, style).fit(width)
}

fn projected(view: &View<'_>, clock: &TierClock<'_>) -> (String, Style) {
    let symbols = view.symbols();
    match clock.standing {
        Standing::NotApplicable => (symbols.not_applicable.to_owned(), view.style(Role::Muted)),
        Standing::Missed { by } => (format!("{} missed {}", symbols.down, span(by)), view.bold(Role::Down)),
        Standing::Recovered { after, met: true } => {
            (format!("{} in {}", symbols.ok, span(after)), view.style(Role::Ok))
        }
        Standing::Recovered { after, met: false } => {
            (format!("{} in {}", symbols.down, span(after)), view.style(Role::Down))
        }
        Standing::Open { .. } => clock.projected.map_or_else(
            || (format!("{} not known", symbols.unknown), view.style(Role::Unknown)),
            |projected| (format!("{} {} est", symbols.ok, span(projected)), view.style(Role::Ok)),
        ),
    }
}

fn at_risk(view: &View<'_>, objective: &ObjectiveStatus) -> (String, Style) {
    let sign = look::verdict(view.symbols(), objective.rpo_verdict);
    let style = view.style(sign.role);
    match (objective.rpo_verdict, &objective.at_risk) {
        (Verdict::NotApplicable, _) => ("n/a".to_owned(), view.style(Role::Muted)),
        (_, Some(at_risk)) => (format!("{} {}", sign.sign, interval(view, at_risk)), style),
        (Verdict::Ok, None) => (format!("{} none", sign.sign), style),
        (_, None) => (format!("{} unknown", sign.sign), style),
    }
}

fn interval(view: &View<'_>, at_risk: &AtRisk) -> String {
    match at_risk.at_most {
        None => format!("{} {}", view.symbols().at_least, human(at_risk.at_least)),
        Some(_) => at_risk.interval().replace(" … ", "…"),
    }
}

/// How much of a month's allowance of downtime this incident has used.
fn availability(view: &View<'_>, clocks: Option<&Clocks<'_>>, width: usize) -> Option<Line<'static>> {
    let target = view.estate().availability?;
    let budget = std::time::Duration::from_secs(30 * 86_400).mul_f64((1.0 - target).clamp(0.0, 1.0));
    let muted = view.style(Role::Muted);
    let percent = format!("{:.4}", target * 100.0);
    let percent = percent.trim_end_matches('0').trim_end_matches('.');
    let mut row = Row::new()
        .put(format!("availability {percent}%"), muted)
        .gap(2)
        .put(format!("budget {}", human(std::time::Duration::from_secs(budget.as_secs() / 60 * 60))), muted);
    if let Some(clocks) = clocks {
        let over = clocks.total > budget;
        let style = if over { view.bold(Role::Down) } else { view.style(Role::Warning) };
        let word = if over { " OVER" } else { "" };
        row = row.put(", this incident ", muted).put(format!("{}{word}", human(clocks.total)), style);
    }
    Some(row.fit(width))
}

/// One row of tiers for small screens.
pub(super) fn strip(view: &View<'_>, width: usize) -> Line<'static> {
    let Some(status) = &view.model.status else { return waiting(view) };
    let clocks = Clocks::of(view);
    let mut row = Row::new();
    let mut left_out = 0;
    for objective in status.objectives.iter().filter(|objective| objective.tier.is_some()) {
        let clock = clocks
            .as_ref()
            .and_then(|clocks| clocks.tiers.iter().find(|clock| objective.tier.as_ref() == Some(&clock.tier.id)));
        let (text, style) = clock.map_or_else(|| at_risk(view, objective), |clock| projected(view, clock));
        let name = objective.tier.as_ref().map(|tier| format!("T{tier} ")).unwrap_or_default();
        if row.used() + name.len() + text.chars().count() + 2 > width {
            left_out += 1;
            continue;
        }
        row = row.put(name, view.style(Role::Muted)).put(text, style).gap(2);
    }
    if left_out > 0 {
        row = row.put(format!("+{left_out}"), view.style(Role::Muted));
    }
    let loss = status.objectives.iter().filter_map(|row| row.at_risk.as_ref()).max_by_key(|at_risk| at_risk.at_least);
    if let (Some(loss), true) = (loss, view.counting()) {
        let text = format!(" at risk {}", interval(view, loss));
        if row.used() + text.len() <= width {
            row = row.right(text, view.bold(Role::Warning));
        }
    }
    row.fit(width)
}
