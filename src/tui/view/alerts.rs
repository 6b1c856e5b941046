//! One row of the bridge: how many alerts fire, and the worst of them in words.

use domain::reading::{AlertSeverity, AlertStatus};
use ratatui::text::Line;

use super::context::View;
use super::look;
use crate::action::Id;
use crate::model::answered;
use crate::theme::Role;
use crate::widget::{Row, ellipsis, width as columns};

/// What the key at the end of the row opens.
const WORD: &str = " alerts ";
/// An alert that would be cut to fewer columns is left out.
const WORTH: usize = 24;

/// Nothing while nothing fires. What nobody has answered is loud, the rest is counted.
pub(super) fn line(view: &View<'_>, width: usize) -> Option<Line<'static>> {
    let status = view.model.status.as_ref()?;
    let (done, open): (Vec<&AlertStatus>, Vec<&AlertStatus>) = status.firing().partition(|alert| answered(alert));
    if done.is_empty() && open.is_empty() {
        return None;
    }
    let (muted, symbols) = (view.style(Role::Muted), view.symbols());
    let mut row = Row::new().gap(1);
    for severity in [AlertSeverity::Critical, AlertSeverity::Warning, AlertSeverity::Info] {
        let count = open.iter().filter(|alert| alert.severity == severity).count();
        if count > 0 {
            let look = look::severity(symbols, severity);
            row = row.put(format!("{} {count} {}", look.sign, severity.word()), view.bold(look.role)).gap(2);
        }
    }
    if !done.is_empty() {
        let alerts = if open.is_empty() { " alert" } else { "" };
        let many = if open.is_empty() && done.len() > 1 { "s" } else { "" };
        row = row.put(format!("{} {}{alerts}{many} answered", symbols.dot, done.len()), muted).gap(2);
    }
    let key = format!(" {}", view.model.key(Id::Alerts));
    let mut room = width.saturating_sub(row.used() + columns(&key) + columns(WORD));
    for (at, alert) in open.iter().enumerate() {
        let since = view.quantised(view.since(alert.since));
        let text =
            format!("{}{}, {since}", if at > 0 { format!(" {} ", symbols.dot) } else { String::new() }, alert.text);
        if columns(&text) > room && at > 0 && room < WORTH {
            break;
        }
        let text = ellipsis(&text, room, symbols.ellipsis);
        room = room.saturating_sub(columns(&text));
        row = row.put(text, view.style(if at == 0 { Role::Text } else { Role::Muted }));
    }
    let row = row.right(key, view.style(Role::Key)).right(WORD, muted);
    Some(row.fit(width))
}
