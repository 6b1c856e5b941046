//! What is about to be sent: every text whole, to whom, and by which ways.

use domain::comms::{WayState, timeout};
use domain::ident::AudienceId;
use domain::log::Way;
use domain::time::clock;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{Sheet, inside};
use crate::model::{Letter, Outbox};
use crate::theme::Role;
use crate::view::context::View;
use crate::widget::{List, Row, wrap};

const WIDTH: u16 = 92;

pub(super) fn sheet(view: &View<'_>, outbox: &Outbox, screen: Rect) -> Sheet {
    let width = inside(screen, WIDTH);
    let lines = outbox.letters.iter().enumerate().flat_map(|(at, letter)| whole(view, at, letter, width));
    let mut list = List::of(lines.collect());
    list.offset = outbox.scroll;
    let title = match outbox.letters.as_slice() {
        [one] => format!("Update for {}", one.audience),
        all => format!("{} updates", all.len()),
    };
    let edit = if outbox.letters.len() == 1 { "e" } else { "1…" };
    let keys = vec![("x", "sends"), (edit, "write"), ("C", "copy"), ("↑↓", "scroll"), ("esc", "back, kept")];
    Sheet { title, edge: Role::BorderFocus, width: WIDTH, list, foot: vec![Line::default()], keys }
}

fn whole(view: &View<'_>, at: usize, letter: &Letter, width: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    if at > 0 {
        lines.push(Line::default());
    }
    lines.push(
        Row::new()
            .put(format!("{} ", at + 1), view.style(Role::Key))
            .put(letter.audience.to_string(), view.bold(Role::Strong))
            .put(format!("  {}", letter.ready.status.word()), view.style(Role::Accent))
            .right(format!("  {}", by(view, letter)), view.style(Role::Muted))
            .fit(width),
    );
    if let Some(update) = view.model.told_meanwhile(&letter.audience, letter.kept.after) {
        let said = format!(
            "{} {} told them at {}: this was begun before",
            view.symbols().warning,
            update.by,
            clock(update.at)
        );
        lines.push(Line::styled(said, view.bold(Role::Warning)));
    }
    lines.push(Row::new().gap(2).put(letter.ready.subject.clone(), view.bold(Role::Text)).fit(width));
    for line in letter.ready.body.lines() {
        let parts = if line.trim().is_empty() { vec![String::new()] } else { wrap(line, width.saturating_sub(2)) };
        lines.extend(parts.into_iter().map(|part| Row::new().gap(2).put(part, view.style(Role::Text)).fit(width)));
    }
    lines
}

/// By which ways; in an exercise by none.
pub(super) fn by(view: &View<'_>, letter: &Letter) -> String {
    let ways: Vec<String> = letter.ways.iter().map(Way::to_string).collect();
    let verb = if view.kind().executes() { "by" } else { "would be sent by" };
    format!("{verb} {}", ways.join(", "))
}

/// In the box: to whom, by what, and the subject.
pub(super) fn confirm_lines(view: &View<'_>, letters: &[Letter], width: usize) -> (String, Vec<Line<'static>>) {
    let mut lines = Vec::new();
    for letter in letters {
        lines.push(
            Row::new()
                .cell(16, letter.audience.as_str(), view.bold(Role::Strong))
                .put(letter.ready.status.word(), view.style(Role::Accent))
                .right(format!("  {}", by(view, letter)), view.style(Role::Text))
                .fit(width),
        );
        lines.push(Row::new().gap(2).put(letter.ready.subject.clone(), view.style(Role::Muted)).fit(width));
    }
    lines.push(Line::default());
    lines.extend(super::confirm::said(view, leaves(view), width));
    let title = match letters {
        [one] => format!("Tell {}", one.audience),
        all => format!("Tell {} audiences", all.len()),
    };
    (title, lines)
}

/// The same text once more, one way; where it may have arrived, that it would stand there twice.
pub(super) fn retry_lines(
    view: &View<'_>,
    audience: &AudienceId,
    update: u64,
    way: &Way,
    width: usize,
) -> (String, Vec<Line<'static>>) {
    let mut lines = Vec::new();
    let state = &view.model.state;
    if let (Some(issued), Some(incident)) = (state.updates.issued.get(&update), state.incident.as_ref()) {
        lines.push(
            Row::new()
                .put(format!("{}  ", issued.status.word()), view.style(Role::Accent))
                .put(issued.subject.clone(), view.style(Role::Text))
                .right(format!("  by {way}"), view.style(Role::Text))
                .fit(width),
        );
        lines.push(Line::default());
        let unknown = |state: &WayState| state.unknown(timeout(&incident.estate, way), view.model.now.wall);
        if issued.ways.get(way).is_some_and(unknown) {
            let said = "Nobody knows whether it arrived: look there first, or it may be told twice.";
            lines.extend(super::confirm::said(view, said, width));
        }
    }
    lines.extend(super::confirm::said(view, leaves(view), width));
    (format!("Tell {audience} again"), lines)
}

fn leaves(view: &View<'_>) -> &'static str {
    if view.kind().executes() {
        "It leaves this machine, and cannot be taken back."
    } else {
        "Nothing leaves this machine: it is shown as what would be sent."
    }
}
