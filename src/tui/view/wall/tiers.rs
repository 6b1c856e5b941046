//! The tiers: what each has used of its time, what is left, when it will be back, what is lost.

use domain::estate::Objective;
use domain::objective::Row as Target;
use domain::reading::Verdict;
use domain::time::stopwatch;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::super::context::{View, short, span};
use super::super::look;
use super::super::objectives::{allowed, at_risk, outlook};
use crate::theme::Role;
use crate::widget::{Frame, Row, bar, largest};

/// Columns that a block wants, and rows with its frame.
const BLOCK: (u16, u16) = (24, 7);
/// From so many rows inside a block on its time left is written large.
const LARGE: u16 = 8;

/// Rows wanted of `height`.
pub(super) fn rows(view: &View<'_>, width: u16, height: u16) -> u16 {
    let count = u16::try_from(targets(view).len()).unwrap_or(u16::MAX);
    if count == 0 {
        return 0;
    }
    if fits(count, width, height) {
        return if height >= 14 { LARGE + 3 } else { BLOCK.1 };
    }
    (count + 1).min(height)
}

fn fits(count: u16, width: u16, height: u16) -> bool {
    count.saturating_mul(BLOCK.0) <= width && height >= BLOCK.1
}

fn targets(view: &View<'_>) -> Vec<Target> {
    let all = view.measured().map(|status| view.objectives(status)).unwrap_or_default();
    all.into_iter().filter(|target| target.tier.is_some()).collect()
}

pub(super) fn draw(view: &View<'_>, area: Rect, buffer: &mut Buffer) {
    let targets = targets(view);
    let count = u16::try_from(targets.len()).unwrap_or(u16::MAX);
    if count == 0 || area.height == 0 {
        return;
    }
    if !fits(count, area.width, area.height) {
        return list(view, &targets, area, buffer);
    }
    for (at, target) in (0..count).zip(&targets) {
        let (from, to) = (area.width * at / count, area.width * (at + 1) / count);
        block(view, target, Rect { x: area.x + from, width: to - from, ..area }, buffer);
    }
}

/// In a word, for people who do not know the signs.
fn word(target: &Target) -> &'static str {
    let Some(clock) = target.clock else {
        return if target.rto_verdict == Verdict::Ok { "NOT HIT" } else { "NOT KNOWN" };
    };
    let back = clock.stopped_at.is_some();
    match target.rto_verdict {
        Verdict::NotApplicable => "NO TARGET",
        _ if clock.unrecovered => "NOT SEEN BACK",
        Verdict::Ok if back => "BACK IN TIME",
        Verdict::Missed if back => "BACK TOO LATE",
        Verdict::Ok => "ON TIME",
        Verdict::AtRisk => "WILL BE LATE",
        Verdict::Missed => "MISSED",
        Verdict::Unknown => "NOT KNOWN",
    }
}

/// What is left of its time, or over it.
fn left(target: &Target) -> Option<String> {
    let (clock, Objective::Within(rto)) = (target.clock?, target.rto) else { return None };
    Some(if clock.elapsed > rto {
        format!("over by {}", span(clock.elapsed - rto))
    } else {
        format!("left {}", span(rto - clock.elapsed))
    })
}

fn block(view: &View<'_>, target: &Target, area: Rect, buffer: &mut Buffer) {
    let sign = look::verdict(view.symbols(), target.rto_verdict);
    let muted = view.style(Role::Muted);
    let title = format!("{} in {}", target.name, allowed(target.rto));
    let inner = Frame::new(title).title_role(Role::Strong).draw(view.theme, area, buffer);
    let width = usize::from(inner.width);
    let mut lines = vec![Row::new().put(format!("{} {}", sign.sign, word(target)), view.bold(sign.role)).fit(width)];
    if let (Some(clock), Objective::Within(rto)) = (target.clock, target.rto) {
        let share = if rto.is_zero() { 1.0 } else { clock.elapsed.as_secs_f64() / rto.as_secs_f64() };
        if inner.height >= LARGE {
            let left = clock.elapsed.abs_diff(rto);
            let figure = if clock.stopped_at.is_some() { clock.elapsed } else { left };
            let rows = largest(view.symbols(), &stopwatch(figure), width, 3);
            lines.extend(rows.into_iter().map(|row| Line::styled(row, view.bold(sign.role))));
        }
        lines.push(Line::from(bar(view.theme, share, width, sign.role)));
        let used = Row::new().put(stopwatch(clock.elapsed), view.style(Role::Strong));
        let used = left(target).map_or(used.clone(), |left| used.put(format!("  {left}"), view.style(sign.role)));
        lines.push(used.fit(width));
        if clock.stopped_at.is_none()
            && let Some(projected) = target.projected
        {
            let est = if target.estimated { " est" } else { "" };
            lines.push(
                Row::new()
                    .put("projected ", muted)
                    .put(format!("{}{est}", span(projected)), view.style(Role::Text))
                    .fit(width),
            );
        }
    }
    lines.push(loss(view, target, width));
    for (y, line) in (inner.top()..inner.bottom()).zip(&lines) {
        buffer.set_line(inner.x, y, line, inner.width);
    }
}

fn loss(view: &View<'_>, target: &Target, width: usize) -> Line<'static> {
    let muted = view.style(Role::Muted);
    let (text, style) = at_risk(view, target);
    // How old the figure is stands at the foot of the page.
    let text = text.split_once(", ").map_or(text.clone(), |(figure, _)| figure.to_owned());
    if text.is_empty() {
        return Row::new().put("no limit of loss", muted).fit(width);
    }
    let word = if target.frozen { "lost " } else { "at risk " };
    let limit = match target.rpo {
        Objective::Within(rpo) => format!(" of {}", short(rpo)),
        Objective::NotApplicable => String::new(),
    };
    Row::new().put(word, muted).put(text, style).put(limit, muted).fit(width)
}

/// A row each, where blocks have no room.
fn list(view: &View<'_>, targets: &[Target], area: Rect, buffer: &mut Buffer) {
    let inner = Frame::new("Tiers").rule(view.theme, area, buffer);
    let width = usize::from(inner.width);
    let room = usize::from(inner.height);
    let shown = if targets.len() > room { room.saturating_sub(1) } else { targets.len() };
    for (y, target) in (inner.top()..inner.bottom()).zip(targets.iter().take(shown)) {
        let (projected, style) = outlook(view, target);
        let (lost, lost_style) = at_risk(view, target);
        let elapsed = target.clock.map(|clock| stopwatch(clock.elapsed)).unwrap_or_default();
        let row = Row::new()
            .gap(1)
            .cell(8, &target.name, view.style(Role::Strong))
            .cell(5, &allowed(target.rto), view.style(Role::Text))
            .cell_right(8, &elapsed, view.style(Role::Text))
            .gap(1)
            .cell(17, &projected, style)
            .put(if target.frozen { "lost " } else { "at risk " }, view.style(Role::Muted))
            .put(lost, lost_style);
        buffer.set_line(inner.x, y, &row.fit(width), inner.width);
    }
    if shown < targets.len() {
        let red = targets[shown..].iter().filter(|target| target.rto_verdict == Verdict::Missed).count();
        let text = format!(" +{} tiers, {red} missed", targets.len() - shown);
        let role = if red > 0 { Role::Down } else { Role::Muted };
        buffer.set_line(inner.x, inner.bottom() - 1, &Line::styled(text, view.style(role)), inner.width);
    }
}
