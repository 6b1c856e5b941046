//! Objectives: for each tier, component and scenario what is allowed, what it will be, and what is at risk.

use std::time::Duration;

use domain::estate::Objective;
use domain::objective::{AtRisk, Row as Target, availability as promised, phases as spent};
use domain::reading::{Status, Verdict};
use domain::time::{human, stopwatch};
use ratatui::style::Style;
use ratatui::text::Line;

use super::context::{Content, View, short, span};
use super::look;
use super::regions::waiting;
use crate::theme::Role;
use crate::widget::{Item, List, Row, width as text_width};

const ELAPSED: usize = 7;
/// What may be lost is last in its row; it is always in sight.
const AT_RISK: usize = 12;
/// Without an upper bound a figure older than this says how old it is.
const FRESH: Duration = Duration::from_secs(20);

/// From this width on, the elapsed time, which the header shows too, has a column.
const WITH_ELAPSED: usize = 54;

/// What there is to show, and room for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Columns {
    Targets,
    Projected,
    Elapsed,
}

/// As wide as what stands in them: figures are never cut, names give way.
#[derive(Clone, Copy)]
struct Widths {
    name: usize,
    rto: usize,
    projected: usize,
    rpo: usize,
}

impl Widths {
    fn of(view: &View<'_>, targets: &[Target], columns: Columns, width: usize) -> Self {
        let widest = |heading: &str, of: &dyn Fn(&Target) -> String| {
            targets.iter().map(|target| text_width(&of(target))).max().unwrap_or_default().max(heading.len())
        };
        let rto = widest("RTO", &|target| allowed(target.rto));
        let rpo = widest("RPO", &|target| allowed(target.rpo));
        let projected = widest("projected", &|target| outlook(view, target).0);
        let lost = widest("", &|target| at_risk(view, target).0).max(AT_RISK);
        let taken = rto
            + rpo
            + lost
            + 3
            + match columns {
                Columns::Targets => 0,
                Columns::Projected => projected + 1,
                Columns::Elapsed => ELAPSED + projected + 2,
            };
        let longest = widest("", &|target| target.name.clone());
        let air = (width.saturating_sub(longest + taken) / 4).min(2);
        let name = longest.min(width.saturating_sub(taken)).max(6);
        Self { name: name + air, rto: rto + air, projected: projected + air, rpo: rpo + air }
    }
}

pub(super) fn objectives(view: &View<'_>, width: usize) -> Content {
    let mut content = Content::default();
    let Some(status) = view.measured() else {
        content.list = List::of(vec![waiting(view)]);
        return content;
    };
    let targets = view.objectives(status);
    let columns = match view.incident() {
        None => Columns::Targets,
        Some(_) if width < WITH_ELAPSED => Columns::Projected,
        Some(_) => Columns::Elapsed,
    };
    let widths = Widths::of(view, &targets, columns, width);
    let lost = targets.iter().any(|target| target.frozen);
    content.list.items.push(headings(view, columns, lost, widths, width).into());
    for target in &targets {
        let red = target.rto_verdict == Verdict::Missed || target.rpo_verdict == Verdict::Missed;
        content.list.items.push(Item { line: line(view, target, columns, widths, width), red });
    }
    if let Some(line) = availability(view, status, width) {
        content.list.items.push(line.into());
    }
    content.list.items.extend(phases(view, status, width).into_iter().map(Item::from));
    content
}

/// Past the point of no return what was at risk is lost.
fn headings(view: &View<'_>, columns: Columns, lost: bool, widths: Widths, width: usize) -> Line<'static> {
    let muted = view.style(Role::Muted);
    let row = Row::new().cell(widths.name, "", muted).cell(widths.rto, "RTO", muted);
    let row = if columns == Columns::Elapsed { row.cell(ELAPSED, "elapsed", muted) } else { row };
    let row = if columns == Columns::Targets { row } else { row.cell(widths.projected, "projected", muted) };
    row.cell(widths.rpo, "RPO", muted).put(if lost { "lost" } else { "at risk" }, muted).fit(width)
}

fn line(view: &View<'_>, target: &Target, columns: Columns, widths: Widths, width: usize) -> Line<'static> {
    let text = view.style(Role::Text);
    let mut row = Row::new().cell(widths.name, &target.name, text).cell(widths.rto, &allowed(target.rto), text);
    if columns == Columns::Elapsed {
        let elapsed = target.clock.map(|clock| stopwatch(clock.elapsed)).unwrap_or_default();
        let looks = if target.rto_verdict == Verdict::Missed { view.bold(Role::Down) } else { text };
        row = row.cell(ELAPSED, &elapsed, looks);
    }
    if columns != Columns::Targets {
        let (projected, style) = outlook(view, target);
        row = row.cell(widths.projected, &projected, style);
    }
    let (at_risk, style) = at_risk(view, target);
    row.cell(widths.rpo, &allowed(target.rpo), text).put(at_risk, style).fit(width)
}

pub(super) fn allowed(objective: Objective) -> String {
    match objective {
        Objective::Within(span) => short(span),
        Objective::NotApplicable => "n/a".to_owned(),
    }
}

/// When it will be well again, or was: against what is allowed.
pub(super) fn outlook(view: &View<'_>, target: &Target) -> (String, Style) {
    let sign = look::verdict(view.symbols(), target.rto_verdict);
    let allowed = match target.rto {
        Objective::Within(rto) => rto,
        Objective::NotApplicable => return (sign.sign.to_owned(), view.style(Role::Muted)),
    };
    let Some(clock) = target.clock else { return (format!("{} not hit", sign.sign), view.style(Role::Muted)) };
    let style = if target.rto_verdict == Verdict::Ok { view.style(sign.role) } else { view.bold(sign.role) };
    if clock.unrecovered {
        return (format!("{} not recovered", sign.sign), style);
    }
    if clock.stopped_at.is_some() {
        return (format!("{} in {}", sign.sign, span(clock.elapsed)), style);
    }
    let expected = target.projected.unwrap_or(clock.elapsed).max(clock.elapsed);
    let text = match (target.rto_verdict, target.projected) {
        (Verdict::Missed, _) => format!("{} missed {}", sign.sign, span(expected.saturating_sub(allowed))),
        (Verdict::AtRisk, _) => format!("{} late by {}", sign.sign, span(expected.saturating_sub(allowed))),
        (_, None) => format!("{} not known", sign.sign),
        (_, Some(projected)) => {
            format!("{} {}{}", sign.sign, span(projected), if target.estimated { " est" } else { "" })
        }
    };
    (text, style)
}

pub(super) fn at_risk(view: &View<'_>, target: &Target) -> (String, Style) {
    let sign = look::verdict(view.symbols(), target.rpo_verdict);
    let style = view.style(sign.role);
    match (target.rpo_verdict, &target.at_risk) {
        (Verdict::NotApplicable, _) => (String::new(), style),
        (_, Some(at_risk)) => (format!("{} {}", sign.sign, interval(view, at_risk)), style),
        (Verdict::Ok, None) => (format!("{} none", sign.sign), style),
        (_, None) => (format!("{} unknown", sign.sign), style),
    }
}

fn interval(view: &View<'_>, at_risk: &AtRisk) -> String {
    match at_risk.at_most {
        None => {
            let age = view.since(at_risk.as_of);
            let ago = if age > FRESH { format!(", {} ago", view.quantised(age)) } else { String::new() };
            format!("{} {}{ago}", view.symbols().at_least, human(at_risk.at_least))
        }
        Some(most) if at_risk.at_least.is_zero() && !most.is_zero() => {
            format!("{} {}", view.symbols().at_most, human(most))
        }
        Some(_) => at_risk.interval().replace(" … ", view.symbols().ellipsis),
    }
}

/// How much of a month's allowance of downtime this incident has used.
fn availability(view: &View<'_>, status: &Status, width: usize) -> Option<Line<'static>> {
    let state = Some(&view.model.state);
    let promised = promised(view.estate(), state, status, view.model.now.wall)?;
    let muted = view.style(Role::Muted);
    let percent = format!("{:.4}", promised.target * 100.0);
    let percent = percent.trim_end_matches('0').trim_end_matches('.');
    let minutes = Duration::from_secs(promised.budget.as_secs() / 60 * 60);
    let mut row = Row::new()
        .put(format!("availability {percent}%"), muted)
        .gap(2)
        .put(format!("budget {}", human(minutes)), muted);
    if view.incident().is_some() {
        let over = promised.consumed > promised.budget;
        let (style, word) = if over { (view.bold(Role::Down), " OVER") } else { (view.style(Role::Warning), "") };
        let consumed = Duration::from_secs(promised.consumed.as_secs());
        row = row.put(", this incident ", muted).put(format!("{}{word}", human(consumed)), style);
    }
    Some(row.fit(width))
}

/// How the time was spent so far, phase by phase, beside what was meant for each; without a budget nothing is said.
fn phases(view: &View<'_>, status: &Status, width: usize) -> Vec<Line<'static>> {
    let spent = spent(view.estate(), &view.model.state, status, view.model.now.wall);
    let budgeted = spent.into_iter().filter_map(|spent| Some((spent, spent.clock?, spent.budget?)));
    budgeted
        .map(|(spent, clock, budget)| {
            let (mark, style) = if spent.over() {
                (view.symbols().warning, view.bold(Role::Warning))
            } else {
                (" ", view.style(Role::Text))
            };
            let row = Row::new().put(format!("{mark} {} ", spent.phase.word()), view.style(Role::Muted));
            row.put(stopwatch(clock.elapsed), style)
                .put(format!(" of {}", short(budget)), view.style(Role::Muted))
                .fit(width)
        })
        .collect()
}

/// One row of tiers for small screens.
pub(super) fn strip(view: &View<'_>, width: usize) -> Line<'static> {
    let Some(status) = view.measured() else { return waiting(view) };
    let targets = view.objectives(status);
    let mut row = Row::new();
    let (mut left_out, mut red) = (0, 0);
    for target in targets.iter().filter(|target| target.tier.is_some()) {
        let (text, style) = if view.incident().is_some() { outlook(view, target) } else { at_risk(view, target) };
        let text = text.trim_end_matches(" est");
        let name = target.tier.as_ref().map(|tier| format!("T{tier} ")).unwrap_or_default();
        if row.used() + name.len() + text.chars().count() + 12 > width {
            left_out += 1;
            red += usize::from(target.rto_verdict == Verdict::Missed);
            continue;
        }
        row = row.put(name, view.style(Role::Muted)).put(text.to_owned(), style).gap(2);
    }
    if left_out > 0 {
        row = row.put(format!("+{left_out}"), view.style(Role::Muted));
    }
    if red > 0 {
        row = row.put(format!(", {red} {} missed", view.symbols().down), view.style(Role::Down));
    }
    let loss = targets.iter().filter_map(|target| target.at_risk.as_ref()).max_by_key(|at_risk| at_risk.at_least);
    if let (Some(loss), true) = (loss, view.counting()) {
        let lost = targets.iter().any(|target| target.frozen);
        let word = if lost { "lost" } else { "at risk" };
        let text = format!("  {word} {}", interval(view, loss));
        if row.used() + text.len() <= width {
            row = row.right(text, view.bold(Role::Warning));
        }
    }
    row.fit(width)
}
