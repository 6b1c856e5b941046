//! After a key that begins a chord: what may follow, at the foot of the screen, and what each comes to.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::context::View;
use crate::action::{Acts, PREFIXES, enabled, row};
use crate::theme::Role;
use crate::widget::{List, Row, dialog, width as columns};

const WIDTH: u16 = 84;
const TITLE: usize = 34;

/// Nothing while no chord is begun.
pub(super) fn draw(view: &View<'_>, screen: Rect, buffer: &mut Buffer) {
    let Some(begun) = begun(view) else { return };
    let width = WIDTH.min(screen.width);
    let lines = lines(view, usize::from(width.saturating_sub(4)));
    let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2).min(screen.height.saturating_sub(1));
    let area = Rect {
        x: screen.x + (screen.width - width) / 2,
        y: screen.bottom().saturating_sub(1 + rows),
        width,
        height: rows,
    };
    let named = PREFIXES.iter().find(|(key, _)| *key == begun).map(|(_, what)| format!(": {what}"));
    let title = format!("{begun}{} {}", named.unwrap_or_default(), view.symbols().ellipsis);
    let inner = dialog(view.theme, area, &title, Role::BorderFocus, buffer);
    List::of(lines).draw(view.theme, inner, buffer);
}

/// The keys that were pressed, as the person reads them.
pub(super) fn begun(view: &View<'_>) -> Option<String> {
    let prefix = view.model.ui.prefix.as_ref()?;
    Some(prefix.keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
}

fn lines(view: &View<'_>, width: usize) -> Vec<Line<'static>> {
    let ui = &view.model.ui;
    let begun = ui.prefix.as_ref().map(|prefix| prefix.keys.as_slice()).unwrap_or_default();
    let following = ui.keymap.following(ui.focus, begun);
    let keys = following.iter().map(|(rest, _)| columns(&rest.to_string())).max().unwrap_or(0) + 2;
    let line = |(rest, id): &(crate::keys::Chord, crate::action::Id)| {
        let action = row(*id);
        let why_not = enabled(view.model, *id).err();
        let (key, title) = if why_not.is_none() { (Role::Key, Role::Text) } else { (Role::Muted, Role::Muted) };
        let opens = if action.acts == Acts::Looks || why_not.is_some() { "" } else { "goes into the log" };
        let line =
            Row::new().cell(keys, &rest.to_string(), view.style(key)).cell(TITLE, action.title, view.style(title));
        line.put(why_not.unwrap_or_else(|| opens.to_owned()), view.style(Role::Muted)).fit(width)
    };
    following.iter().map(line).collect()
}
