//! The facilitator's panel: how the exercise stands, the master scenario events list, and of the row under the cursor
//! what it says, what is expected of the players, and what was observed.

mod detail;
mod row;

use domain::drill::ends_at;
use domain::engine::Exercise;
use domain::time::{since, stopwatch};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::help::Own;
use crate::action::Acts;
use crate::model::{FacilitatorPanel, FacilitatorRow};
use crate::theme::Role;
use crate::view::context::{View, short, span};
use crate::view::hints::keys;
use crate::widget::{Frame, Item, List, Row, dialog, placed};

pub(super) use detail::{observed, sheet};

const WIDTH: u16 = 190;
const TALLEST: u16 = 40;
/// From so many columns inside on, the list and what is under the cursor stand side by side.
const BESIDE: u16 = 128;

/// The keys of the panel and of a row whole.
pub(super) const KEYS: &[Own] = &[
    Own {
        acts: Acts::Records,
        keys: "f",
        title: "fire an inject now",
        help: "The one under the cursor, held back or not; Enter in the form fires it.",
    },
    Own { acts: Acts::Records, keys: "s", title: "leave it out", help: "With a reason: it does not fire any more." },
    Own {
        acts: Acts::Records,
        keys: "y n",
        title: "it holds, it does not",
        help: "Answers the question under the cursor for the simulated world.",
    },
    Own {
        acts: Acts::Records,
        keys: "e",
        title: "evaluator's note",
        help: "About the inject under the cursor; players do not read it.",
    },
    Own {
        acts: Acts::Records,
        keys: "p P",
        title: "pause, or go on",
        help: "The scenario's clock stands still meanwhile.",
    },
    Own {
        acts: Acts::Records,
        keys: "+ -",
        title: "faster, slower",
        help: "From the pace of the wall clock to 60 times as fast.",
    },
    Own { acts: Acts::Records, keys: "X", title: "EndEx", help: "Ends the exercise; asks first." },
    Own { acts: Acts::Looks, keys: "enter", title: "whole", help: "All of what is under the cursor; closes it again." },
    Own { acts: Acts::Looks, keys: "S", title: "score", help: "As it stands; for players it opens at EndEx." },
    Own { acts: Acts::Looks, keys: "m", title: "messages", help: "As players have them." },
    Own { acts: Acts::Looks, keys: "↑↓ j k g G", title: "choose, or scroll", help: "The cursor stays on its row." },
    Own { acts: Acts::Looks, keys: "esc q E", title: "back", help: "To what lies below." },
];

pub(super) fn draw(view: &View<'_>, panel: &FacilitatorPanel, screen: Rect, buffer: &mut Buffer) {
    let Some(exercise) = view.model.exercise() else { return };
    // The header stays in sight where there is room.
    let height = if screen.height >= 30 { (screen.height - 2).min(TALLEST) } else { screen.height };
    let area = placed(screen, WIDTH, height);
    let inner = dialog(view.theme, area, "Facilitator: players look away", Role::Warning, buffer);
    if inner.height < 4 {
        return;
    }
    let rows = view.model.facilitated();
    let under = rows.get(panel.position(&rows));
    buffer.set_line(inner.x, inner.y, &standing(view, exercise, usize::from(inner.width)), inner.width);
    let body = Rect { y: inner.y + 2, height: inner.height.saturating_sub(3), ..inner };
    let (left, right) = parts(body, rows.len());
    let list = listed(view, exercise, &rows, under, usize::from(left.width));
    list.draw(view.theme, left, buffer);
    if let Some(under) = under {
        let title = match under {
            FacilitatorRow::Question(_) => "Question of the simulated world".to_owned(),
            FacilitatorRow::Inject(inject) => format!("Inject {inject}"),
        };
        let room = usize::from(right.width);
        let lines = List::of(detail::lines(view, exercise, under, room));
        let hidden = lines.hidden(view.theme, usize::from(right.height.saturating_sub(1)));
        let inside = Frame::new(title).corner(hidden).rule(view.theme, right, buffer);
        lines.draw(view.theme, inside, buffer);
    }
    let foot = keys(view, pairs(under, exercise.running()).into_iter(), usize::from(inner.width));
    buffer.set_line(inner.x.saturating_sub(1), inner.bottom() - 1, &foot, inner.width);
}

/// Every inject and how it stood in the end, for the score.
pub(super) fn injects(view: &View<'_>, width: usize) -> List {
    let Some(exercise) = view.model.exercise() else { return List::default() };
    let rows: Vec<FacilitatorRow> =
        exercise.scenario.injects.iter().map(|inject| FacilitatorRow::Inject(inject.id.clone())).collect();
    listed(view, exercise, &rows, None, width)
}

/// The list and what is under the cursor: side by side, or one above the other.
fn parts(body: Rect, rows: usize) -> (Rect, Rect) {
    if body.width >= BESIDE {
        let left = body.width * 11 / 20;
        let right = Rect { x: body.x + left + 2, width: body.width.saturating_sub(left + 2), ..body };
        return (Rect { width: left, ..body }, right);
    }
    let wanted = u16::try_from(rows + 1).unwrap_or(u16::MAX);
    let above = wanted.min(body.height * 11 / 20);
    let below = Rect { y: body.y + above, height: body.height - above, ..body };
    (Rect { height: above, ..body }, below)
}

fn listed(
    view: &View<'_>,
    exercise: &Exercise,
    rows: &[FacilitatorRow],
    under: Option<&FacilitatorRow>,
    width: usize,
) -> List {
    let mut list = List::default();
    let columns = row::Columns::of(exercise, width);
    let mut titled = false;
    for row in rows {
        if matches!(row, FacilitatorRow::Inject(_)) && !titled {
            list.items.push(row::title(view, exercise, width).into());
            titled = true;
        }
        if Some(row) == under {
            (list.selected, list.lit) = (Some(list.items.len()), true);
        }
        let red = matches!(row, FacilitatorRow::Question(_));
        list.items.push(Item { line: row::line(view, exercise, row, &columns, width), red });
    }
    list
}

/// How far it has come, how fast it goes, what fires next, when it ends by itself.
fn standing(view: &View<'_>, exercise: &Exercise, width: usize) -> Line<'static> {
    let muted = view.style(Role::Muted);
    let now = view.model.now.wall;
    let elapsed = format!("T+{}", stopwatch(exercise.elapsed(now)));
    let mut row = Row::new()
        .put(elapsed, view.style(Role::Strong))
        .put(format!(" of {}", short(exercise.scenario.lasts)), muted)
        .gap(3);
    row = match (&exercise.ended, exercise.paused) {
        (Some(ended), _) => row.put(format!("ENDED: {}", ended.why.words()), view.bold(Role::Warning)),
        (None, true) => row.put(format!("{} PAUSED", view.symbols().awaiting), view.bold(Role::Warning)),
        (None, false) => row.put("at ", muted).put(format!("{}×", exercise.speed), view.style(Role::Strong)),
    };
    if let Some((inject, at)) = view.model.next_inject() {
        row = row
            .put("   next ", muted)
            .put(inject.id.to_string(), view.style(Role::Text))
            .put(" in ", muted)
            .put(span(since(at, now)), view.bold(Role::Accent));
    }
    if exercise.running() {
        // Where there is little room, when the next inject fires is what must not be cut.
        row = row.right(if width < 100 { "EndEx in " } else { "EndEx at the latest in " }, muted);
        row = row.right(span(since(ends_at(exercise), now)), view.style(Role::Text));
    }
    row.fit(width)
}

/// After EndEx only what looks back is offered.
fn pairs(under: Option<&FacilitatorRow>, running: bool) -> Vec<(String, &'static str, bool)> {
    let own: &[(&str, &'static str)] = match under {
        _ if !running => &[("e", "note")],
        Some(FacilitatorRow::Question(_)) => {
            &[("y", "it holds"), ("n", "it does not"), ("p", "pause"), ("+ -", "speed")]
        }
        _ => &[("f", "fire"), ("s", "leave out"), ("e", "note"), ("p", "pause"), ("+ -", "speed")],
    };
    let end: &[(&str, &'static str)] = if running { &[("S", "score"), ("X", "EndEx")] } else { &[("S", "score")] };
    let always = [("enter", "whole"), ("esc", "back"), ("?", "help")];
    own.iter().chain(end).copied().chain(always).map(|(key, word)| (key.to_owned(), word, true)).collect()
}
