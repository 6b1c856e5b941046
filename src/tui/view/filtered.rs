//! A filter as it is seen: what it says, how much it leaves, and what is red among what it leaves out.

use ratatui::text::{Line, Span};

use super::context::View;
use crate::model::{Filter, Narrowed};
use crate::theme::Role;
use crate::widget::Row;

/// `Log / actor:mara`, with a cursor while it is typed.
pub(super) fn title(view: &View<'_>, name: &str, filter: &Filter) -> String {
    match (filter.editing(), filter.text()) {
        (Some(field), _) => {
            let (before, after) = field.split();
            format!("{name}  / {before}{}{after}", view.symbols().cursor)
        }
        (None, "") => name.to_owned(),
        (None, text) => format!("{name}  / {text}"),
    }
}

/// `12 of 340`, and `2 ✗ left out`: nothing red goes out of sight uncounted.
pub(super) fn counts<T>(view: &View<'_>, shown: &Narrowed<T>) -> Vec<Span<'static>> {
    let mut spans = vec![Span::styled(format!("{} of {}", shown.rows.len(), shown.of), view.style(Role::Muted))];
    if shown.red_left_out > 0 {
        let text = format!(", {} {} left out", shown.red_left_out, view.symbols().down);
        spans.push(Span::styled(text, view.style(Role::Down)));
    }
    spans
}

/// The same as a line at the foot of a list over the bridge; `None` where nothing is filtered.
pub(super) fn line<T>(view: &View<'_>, filter: &Filter, shown: &Narrowed<T>, width: usize) -> Option<Line<'static>> {
    if !filter.shows() {
        return None;
    }
    let (before, after) = filter.editing().map_or((filter.text(), ""), crate::model::Field::split);
    let cursor = if filter.editing().is_some() { view.symbols().cursor } else { "" };
    let mut row = Row::new()
        .put("/ ", view.style(Role::Key))
        .put(format!("{before}{cursor}{after}"), view.style(Role::Strong))
        .right("  ", view.style(Role::Text));
    for count in counts(view, shown) {
        row = row.right(count.content.into_owned(), count.style);
    }
    Some(row.fit(width))
}
