//! Texts that scroll: a step, whole, and messages.

use domain::ident::{RunId, StepId};
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{Sheet, inside};
use crate::model::Message;
use crate::theme::Role;
use crate::view::context::View;
use crate::view::step::lines;
use crate::widget::{List, wrap};

const WIDTH: u16 = 96;

pub(super) fn step(view: &View<'_>, (run, step): &(RunId, StepId), scroll: usize, screen: Rect) -> Sheet {
    let width = inside(screen, WIDTH);
    let found = view.model.state.run(*run).and_then(|run| Some((run, run.step(step)?)));
    let (title, lines) = found.map_or_else(
        || (step.to_string(), Vec::new()),
        |(run, step)| (step.title.clone(), lines(view, run, step, usize::MAX, width)),
    );
    scrolled(title, lines, scroll)
}

pub(super) fn message(view: &View<'_>, message: &Message, scroll: usize, screen: Rect) -> Sheet {
    let width = inside(screen, WIDTH);
    let lines = message.lines.iter().flat_map(|line| match line.trim() {
        "" => vec![String::new()],
        _ => wrap(line, width),
    });
    let lines = lines.map(|line| Line::styled(line, view.style(Role::Text))).collect();
    scrolled(message.title.clone(), lines, scroll)
}

fn scrolled(title: String, lines: Vec<Line<'static>>, scroll: usize) -> Sheet {
    let mut list = List::of(lines);
    list.offset = scroll;
    Sheet {
        title,
        edge: Role::BorderFocus,
        width: WIDTH,
        list,
        foot: Vec::new(),
        keys: vec![("↑↓", "scroll"), ("esc", "back")],
    }
}
