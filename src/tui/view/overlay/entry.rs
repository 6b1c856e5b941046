//! One entry of the log, whole: what was recorded, by whom and when, and where it stands in the chain.

use domain::console::OutputOf;
use domain::log::{Entry, Event};
use domain::time::rfc3339;
use ratatui::layout::Rect;
use ratatui::text::Line;
use serde_json::Value;

use super::{Sheet, inside};
use crate::model::{sentence, veiled};
use crate::theme::Role;
use crate::view::context::View;
use crate::view::guards::guard_line;
use crate::view::look;
use crate::view::step::{code, labelled, tail};
use crate::widget::{List, wrap};

const WIDTH: u16 = 110;
/// Longer texts (a runbook, an estate) are shown up to here.
const LONGEST: usize = 4000;

pub(super) fn sheet(view: &View<'_>, seq: u64, scroll: usize, screen: Rect) -> Sheet {
    let width = inside(screen, WIDTH);
    let entry = view.model.state.entries.iter().find(|entry| entry.seq == seq);
    let mut list = List::of(entry.map_or_else(
        || vec![Line::styled("it is not there", view.style(Role::Unknown))],
        |entry| lines(view, entry, width),
    ));
    list.offset = scroll;
    Sheet {
        title: format!("Entry {seq}"),
        edge: Role::BorderFocus,
        width: WIDTH,
        list,
        foot: Vec::new(),
        keys: vec![("↑↓", "scroll"), ("esc", "back")],
    }
}

fn lines(view: &View<'_>, entry: &Entry, width: usize) -> Vec<Line<'static>> {
    let sentence = sentence(&view.model.state, entry);
    let sign = look::mark(view.symbols(), sentence.mark);
    let mut lines: Vec<Line<'static>> = wrap(&format!("{} {}", sign.sign, sentence.text), width)
        .into_iter()
        .map(|line| Line::styled(line, view.bold(sign.role)))
        .collect();
    if let Some(detail) = &sentence.detail {
        lines.extend(wrap(detail, width).into_iter().map(|line| Line::styled(line, view.style(Role::Text))));
    }
    lines.push(Line::default());
    let standing = view.standing(entry);
    let mut field = |label: &str, text: &str| lines.extend(labelled(view, label, text, Role::Text, width));
    field("happened", &rfc3339(entry.occurred_at));
    field("recorded", &rfc3339(entry.recorded_at));
    field("by", &format!("{} on {}", entry.actor.name, entry.actor.host));
    lines.extend(labelled(view, "identity", &standing.words(), look::standing(&standing), width));
    let mut field = |label: &str, text: &str| lines.extend(labelled(view, label, text, Role::Text, width));
    field("kind", entry.kind.word());
    if let Some(by) = view.model.state.superseded.get(&entry.seq) {
        field("corrected", &format!("by entry {by}"));
    }
    field("hash", &entry.hash.to_string());
    field("after", &entry.prev.to_string());
    lines.push(Line::default());
    lines.extend(evidence(view, entry, width));
    lines
}

/// The intent as it was shown when it was confirmed; any other event as it was written.
fn evidence(view: &View<'_>, entry: &Entry, width: usize) -> Vec<Line<'static>> {
    if veiled(&view.model.state, &entry.event).is_some() {
        let text = "The rest of it is the facilitator's.";
        return vec![Line::styled(text, view.style(Role::Muted))];
    }
    match &entry.event {
        Event::StepIntended { resolved, guards, .. } => {
            let mut lines = code(view, resolved, width);
            for guard in guards {
                lines.extend(guard_line(view, guard, width));
            }
            lines
        }
        Event::CaptureIntended { capture, resolved } => {
            let mut lines = code(view, resolved, width);
            lines.push(Line::default());
            lines.extend(tail(view, &OutputOf::Capture(*capture), usize::MAX, width));
            lines
        }
        event => serde_json::to_value(event).map_or_else(|_| Vec::new(), |value| fields(view, &value, width)),
    }
}

fn fields(view: &View<'_>, value: &Value, width: usize) -> Vec<Line<'static>> {
    let Value::Object(fields) = value else { return Vec::new() };
    let mut lines = Vec::new();
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
        let text = match value {
            Value::String(text) => text.clone(),
            other => serde_json::to_string(other).unwrap_or_default(),
        };
        let text = match text.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}{}", &text[..end], view.symbols().ellipsis),
            None => text,
        };
        lines.push(Line::styled(name.clone(), view.style(Role::Muted)));
        for line in wrap(&text, width.saturating_sub(2)) {
            lines.push(Line::styled(format!("  {line}"), view.style(Role::Text)));
        }
    }
    lines
}
