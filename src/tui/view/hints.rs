//! The last row: what was just said, else the keys that work here, from the table of actions.

use ratatui::text::{Line, Span};

use super::context::View;
use super::{crumbs, which};
use crate::action::hints;
use crate::theme::Role;
use crate::widget::{Row, ellipsis, width as columns};

pub(super) fn line(view: &View<'_>, width: usize) -> Line<'static> {
    if let Some(said) = notice(view, width) {
        return said;
    }
    if view.model.overlay().is_some() {
        return crumbs::line(view, width);
    }
    if let Some(begun) = which::begun(view) {
        let pairs = [(begun, "what next?", true), ("esc".to_owned(), "drops it", true)];
        return keys(view, pairs.into_iter(), width);
    }
    let asked = view.model.ui.unanswered();
    if asked > 0 {
        return Line::styled(format!(" {asked} asked, waiting for the answer"), view.style(Role::Muted));
    }
    // While nothing is wrong, what cannot be done is only noise.
    let shown = hints(view.model).into_iter().filter(|hint| hint.enabled || view.counting());
    keys(view, shown.map(|hint| (hint.key.to_string(), hint.word, hint.enabled)), width)
}

/// What was just said: why a key did nothing, or what was done.
pub(super) fn notice(view: &View<'_>, width: usize) -> Option<Line<'static>> {
    let notice = view.model.ui.notice.as_ref()?;
    let (sign, role) =
        if notice.refused { (view.symbols().warning, Role::Warning) } else { (view.symbols().dot, Role::Text) };
    let text = ellipsis(&notice.text, width.saturating_sub(4), view.symbols().ellipsis);
    Some(Row::new().put(format!(" {sign} "), view.bold(role)).put(text, view.bold(role)).fit(width))
}

/// `key word` pairs; the last two, palette and help, stay when there is no room for all.
pub(super) fn keys(
    view: &View<'_>,
    pairs: impl Iterator<Item = (String, &'static str, bool)>,
    width: usize,
) -> Line<'static> {
    let mut pairs: Vec<(String, &str, bool)> = pairs.collect();
    let needed = |pairs: &[(String, &str, bool)]| {
        pairs.iter().map(|(key, word, _)| columns(key) + 1 + columns(word) + 2).sum::<usize>() + 1
    };
    while needed(&pairs) > width && pairs.len() > 1 {
        // What cannot be done now goes first, then from the end, but help is the way out.
        let at = pairs.iter().rposition(|(_, _, enabled)| !enabled).unwrap_or(pairs.len().saturating_sub(2));
        pairs.remove(at);
    }
    let mut spans = vec![Span::raw(" ")];
    for (key, word, enabled) in pairs {
        let (key_style, word_style) = if enabled {
            (view.style(Role::Key), view.style(Role::Text))
        } else {
            (view.style(Role::Muted), view.style(Role::Muted))
        };
        spans.push(Span::styled(key, key_style));
        spans.push(Span::styled(format!(" {word}  "), word_style));
    }
    Line::from(spans)
}
