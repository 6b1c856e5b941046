//! The box before an exercise is ended.

use domain::log::EndEx;
use ratatui::text::Line;

use super::confirm::said;
use crate::theme::Role;
use crate::view::context::View;
use crate::widget::wrap;

/// Its title, what it means, and why it is now.
pub(super) fn lines(view: &View<'_>, why: EndEx, because: &str, width: usize) -> (String, Vec<Line<'static>>) {
    let mut lines = Vec::new();
    let real = why == EndEx::RealWorld;
    if !because.is_empty() {
        let text = format!("{} In the live estate: {because}", view.symbols().down);
        lines.extend(wrap(&text, width).into_iter().map(|line| Line::styled(line, view.bold(Role::Down))));
        lines.push(Line::default());
    }
    lines.extend(said(
        view,
        "The exercise ends for everybody: its clock stops, and nothing more is executed in it.",
        width,
    ));
    lines.push(Line::default());
    let then = if real {
        "Then leave it with q, and open the console of the live estate: `switchback`."
    } else {
        "The score is shown then, and the hotwash follows: ratings, strengths, improvements, action items."
    };
    lines.extend(said(view, then, width));
    let title = if real { "REAL WORLD: end the exercise" } else { "EndEx: end the exercise" };
    (title.to_owned(), lines)
}
