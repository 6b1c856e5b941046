//! The rows above everything else in an exercise: that it is one, how its clock stands beside the wall's, what waits to
//! be read. Above them, whatever is red in the real world.

use domain::engine::Exercise;
use domain::time::stopwatch;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};
use ratatui::text::{Line, Span};

use super::context::View;
use super::pieces::Pieces;
use crate::action::Id;
use crate::theme::Role;
use crate::widget::{Row, ellipsis, width as columns};

/// From so many columns on it is said three times, as on every page of an exercise.
const WIDE: usize = 100;

/// Draws the rows; what is left of `area` is for everything else. Nothing is drawn without an exercise.
pub(super) fn draw(view: &View<'_>, area: Rect, buffer: &mut Buffer) -> Rect {
    let Some(exercise) = view.model.exercise() else { return area };
    let width = usize::from(area.width);
    let mut lines = real_world(view, exercise, width);
    lines.push(strip(view, exercise, width));
    for (y, line) in (area.y..).zip(&lines) {
        buffer.set_line(area.x, y, line, area.width);
    }
    let rows = u16::try_from(lines.len()).unwrap_or(1);
    Rect { y: area.y + rows, height: area.height.saturating_sub(rows), ..area }
}

fn strip(view: &View<'_>, exercise: &Exercise, width: usize) -> Line<'static> {
    let banner = view.style(Role::BannerExercise);
    let said = match (exercise.start.paper, width >= WIDE) {
        (true, true) => " PAPER EXERCISE  PAPER EXERCISE  PAPER EXERCISE ",
        (true, false) => " PAPER EXERCISE ",
        (false, true) => " EXERCISE  EXERCISE  EXERCISE ",
        (false, false) => " EXERCISE ",
    };
    let mut pieces = Pieces::default();
    pieces.text(0, said, banner);
    pieces.text(0, format!("T+{}", stopwatch(exercise.elapsed(view.model.now.wall))), banner);
    if let Some(ended) = &exercise.ended {
        pieces.put(0, cut_out(view, Role::Strong, &format!("ENDED: {}", ended.why.words())));
    } else if exercise.paused {
        pieces.put(0, cut_out(view, Role::Strong, &format!("PAUSED  {} goes on", view.model.key(Id::PauseExercise))));
    } else if exercise.speed > 1 {
        pieces.text(0, format!("{}×", exercise.speed), banner);
    }
    pieces.put(1, counted(view, view.model.unread(), "message", Id::Messages));
    if exercise.running() {
        pieces.put(2, counted(view, view.model.questions().count(), "question", Id::Facilitator));
    }
    // Where no second is counted, none is shown.
    let seconds = if view.counting() { "%H:%M:%SZ" } else { "%H:%MZ" };
    let wall = format!("wall {} ", view.model.real.wall.strftime(seconds));
    pieces.second(&exercise.scenario.title, banner, 2, width.saturating_sub(columns(&wall) + 2));
    pieces.fit(2, vec![Span::styled(wall, banner)], width).style(banner)
}

/// What waits for somebody, with the key that goes there.
fn counted(view: &View<'_>, count: usize, what: &str, opens: Id) -> Vec<Span<'static>> {
    let key = view.model.key(opens);
    match count {
        0 => Vec::new(),
        1 => cut_out(view, Role::Warning, &format!("{} 1 {what} {key}", view.symbols().warning)),
        many => cut_out(view, Role::Warning, &format!("{} {many} {what}s {key}", view.symbols().warning)),
    }
}

/// On the ground of the screen, so that it stands out of the banner.
fn cut_out(view: &View<'_>, role: Role, text: &str) -> Vec<Span<'static>> {
    // A theme without colours of its own leaves the terminal's, which have to be named lest the banner's shine through.
    let style = view.style(Role::Background).patch(view.bold(role));
    let style = style.fg(style.fg.unwrap_or(Color::Reset)).bg(style.bg.unwrap_or(Color::Reset));
    vec![Span::styled(format!(" {text} "), style.remove_modifier(Modifier::REVERSED))]
}

/// Two rows that nobody overlooks, while something real is red.
fn real_world(view: &View<'_>, exercise: &Exercise, width: usize) -> Vec<Line<'static>> {
    let Some(red) = view.model.conduct.real_world.as_ref().filter(|_| exercise.running()) else { return Vec::new() };
    let style = view.style(Role::BannerLive);
    let said = " REAL WORLD  REAL WORLD ";
    let room = width.saturating_sub(columns(said) + 2);
    let red = ellipsis(red, room, view.symbols().ellipsis);
    let key = view.model.key(Id::RealWorld);
    let offer = format!(" Not the exercise: the live estate is red.   {key} ends the exercise, y confirms");
    [format!("{said} {red}"), offer]
        .into_iter()
        .map(|text| Row::new().put(text, style).fit(width).style(style))
        .collect()
}
