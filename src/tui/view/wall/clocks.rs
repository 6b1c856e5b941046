//! The two clocks, as large as there is room: how long it has lasted, and how much time is left.

use std::time::Duration;

use domain::objective::{Clocks, Deadline, Row as Target};
use domain::time::{clock, stopwatch};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::super::context::{View, short, span};
use super::super::header::{outcome, share, tier_elapsed};
use crate::theme::Role;
use crate::widget::{Frame, bar, largest, width as columns};

/// Fewer columns hold one clock.
const TWO: u16 = 60;
/// From so many on the first has more room than the second.
const WIDE: u16 = 110;

/// One clock: what it is, its figure, and a line below.
struct Face {
    title: String,
    figure: String,
    style: Style,
    below: Vec<Span<'static>>,
}

pub(super) fn draw(view: &View<'_>, area: Rect, buffer: &mut Buffer) {
    let Some(clocks) = view.clocks() else { return no_incident(view, area, buffer) };
    let left = match area.width {
        narrow if narrow < TWO => narrow,
        middling if middling < WIDE => middling / 2,
        wide => wide * 3 / 5,
    };
    let wide = usize::from(left.saturating_sub(4));
    face(view, &total(view, &clocks, wide), Rect { width: left, ..area }, buffer);
    if area.width >= TWO {
        face(view, &time_left(view, &clocks), Rect { x: area.x + left, width: area.width - left, ..area }, buffer);
    }
}

/// An exercise in which nothing is declared yet.
fn no_incident(view: &View<'_>, area: Rect, buffer: &mut Buffer) {
    let Some(exercise) = view.model.exercise() else { return };
    let of = Face {
        title: "since StartEx".to_owned(),
        figure: stopwatch(exercise.elapsed(view.model.now.wall)),
        style: view.bold(Role::Strong),
        below: vec![Span::styled("nothing is declared yet", view.style(Role::Muted))],
    };
    face(view, &of, area, buffer);
}

fn face(view: &View<'_>, face: &Face, area: Rect, buffer: &mut Buffer) {
    let inner = Frame::new(face.title.clone()).draw(view.theme, area, buffer);
    let caption = u16::from(inner.height > 1);
    let room = inner.height.saturating_sub(caption);
    let rows = largest(view.symbols(), &face.figure, usize::from(inner.width), usize::from(room));
    let tall = u16::try_from(rows.len()).unwrap_or(room).min(room);
    let top = inner.y + (room - tall) / 2;
    for (y, row) in (top..inner.y + room).zip(&rows) {
        middle(&Line::styled(row.clone(), face.style), Rect { y, height: 1, ..inner }, buffer);
    }
    if caption > 0 {
        let y = (top + tall + u16::from(room > tall + 1)).min(inner.bottom() - 1);
        middle(&Line::from(face.below.clone()), Rect { y, height: 1, ..inner }, buffer);
    }
}

pub(super) fn middle(line: &Line<'static>, row: Rect, buffer: &mut Buffer) {
    let wide: usize = line.spans.iter().map(|span| columns(&span.content)).sum();
    let indent = row.width.saturating_sub(u16::try_from(wide).unwrap_or(row.width)) / 2;
    buffer.set_line(row.x + indent, row.y, line, row.width.saturating_sub(indent));
}

fn total(view: &View<'_>, clocks: &Clocks, wide: usize) -> Face {
    let targets = view.measured().map(|status| view.objectives(status)).unwrap_or_default();
    let against = clocks.deadline.as_ref().map(|deadline| (deadline, tier_elapsed(&targets, deadline)));
    let used = against.map(|(deadline, elapsed)| share(elapsed, deadline.rto));
    let role = match used {
        _ if clocks.total.unrecovered => Role::Unknown,
        _ if clocks.total.stopped_at.is_some() => Role::Ok,
        Some(used) if used <= 0.8 => Role::Warning,
        _ => Role::Down,
    };
    let muted = view.style(Role::Muted);
    let below = match against.zip(used) {
        Some(((deadline, _), used)) => {
            let text = format!("  of {}, tier {}", short(deadline.rto), deadline.tier);
            let room = wide.saturating_sub(columns(&text)).min(60);
            let mut below = bar(view.theme, used, room, role);
            below.push(Span::styled(text, muted));
            below
        }
        None if clocks.total.stopped_at.is_some() && !clocks.total.unrecovered => {
            vec![Span::styled("until it was back", view.style(Role::Ok))]
        }
        None => outcome(view, &targets),
    };
    let title = format!("since impact {}", clock(clocks.total.started_at));
    Face { title, figure: stopwatch(clocks.total.elapsed), style: view.bold(role), below }
}

fn time_left(view: &View<'_>, clocks: &Clocks) -> Face {
    let muted = view.style(Role::Muted);
    let targets = view.measured().map(|status| view.objectives(status)).unwrap_or_default();
    if let Some(deadline) = &clocks.deadline {
        return running(view, clocks, deadline);
    }
    let word = |title: &str, figure: &str, role, below| Face {
        title: title.to_owned(),
        figure: figure.to_owned(),
        style: view.bold(role),
        below,
    };
    if clocks.total.unrecovered {
        return word("closed", "CLOSED", Role::Unknown, outcome(view, &targets));
    }
    if clocks.total.stopped_at.is_some() {
        return word("service", "BACK", Role::Ok, outcome(view, &targets));
    }
    if clocks.remaining.is_none() {
        let text = if clocks.execution.is_some() { "no runbook is under way" } else { "no runbook is started" };
        return word("time left", "--:--", Role::Unknown, vec![Span::styled(text, muted)]);
    }
    let hit = |target: &&Target| target.tier.is_some() && target.clock.is_some_and(|clock| clock.stopped_at.is_none());
    if targets.iter().find(hit).is_none() {
        return word("objectives", "--:--", Role::Unknown, vec![Span::styled("no tier is known to be hit", muted)]);
    }
    let finish = clocks.projected_finish.map(|finish| format!("back about {}", clock(finish)));
    let below = vec![Span::styled(finish.unwrap_or_default(), muted)];
    if clocks.execution.is_none() {
        return word("decide by: passed", "TOO LATE", Role::Down, below);
    }
    word("objectives", "MISSED", Role::Down, below)
}

fn running(view: &View<'_>, clocks: &Clocks, deadline: &Deadline) -> Face {
    let close = deadline.spare < Duration::from_secs(60);
    let muted = view.style(Role::Muted);
    let est = if clocks.remaining.is_some_and(|left| left.estimated) { " est" } else { "" };
    let projected = clocks.projected_finish.map(|finish| {
        let whole = domain::time::since(finish, clocks.total.started_at);
        format!("projected {}{est}, tier {}", span(whole), deadline.tier)
    });
    let below = vec![Span::styled(projected.unwrap_or_default(), muted)];
    let (title, role) = match (deadline.decided, close) {
        (true, true) => ("slack".to_owned(), Role::Down),
        (true, false) => ("slack".to_owned(), Role::Ok),
        (false, true) => (format!("left to decide, by {}", clock(deadline.decide_by)), Role::Down),
        (false, false) => (format!("left to decide, by {}", clock(deadline.decide_by)), Role::Warning),
    };
    Face { title, figure: stopwatch(deadline.spare), style: view.bold(role), below }
}
