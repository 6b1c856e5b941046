//! Audiences: who is due when, what each was told last, and what became of it on every way.

use domain::comms::{Audience, Due, Update, WayState};
use domain::ident::AudienceId;
use domain::log::Way;
use domain::time::{clock, human, since};
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::help::Own;
use super::{Sheet, inside};
use crate::action::Acts;
use crate::model::CommsView;
use crate::theme::Role;
use crate::view::context::{View, short};
use crate::widget::{Item, List, Row, wrap};

const WIDTH: u16 = 104;

/// The keys of the audiences, of a text, and of what is about to be sent.
pub(super) const KEYS: &[Own] = &[
    Own {
        acts: Acts::Records,
        keys: "x y",
        title: "send",
        help: "From the preview: x asks, y sends exactly what is shown. It is in the log before it is sent.",
    },
    Own {
        acts: Acts::Records,
        keys: "R y",
        title: "try again",
        help: "The way on which the last update failed. Where nobody knows whether it arrived: look there first.",
    },
    Own {
        acts: Acts::Records,
        keys: "S",
        title: "it did arrive",
        help: "You have looked: the last update is there, though no console knows.",
    },
    Own {
        acts: Acts::Looks,
        keys: "enter e",
        title: "write",
        help: "A text from the audience's template, or the one that was begun.",
    },
    Own {
        acts: Acts::Looks,
        keys: "u",
        title: "all who are due",
        help: "Their texts, to be looked at and sent in one go.",
    },
    Own {
        acts: Acts::Looks,
        keys: "tab ctrl-r",
        title: "status, begin anew",
        help: "In a text: the next status; the template again.",
    },
    Own {
        acts: Acts::Looks,
        keys: "C",
        title: "copy",
        help: "To the terminal's clipboard: what was told last, or is about to be.",
    },
    Own { acts: Acts::Looks, keys: "h", title: "history", help: "Everything that the audience was told." },
    Own { acts: Acts::Looks, keys: "esc q", title: "back", help: "A text that was begun is kept until it is sent." },
];

pub(super) fn list(view: &View<'_>, comms: &CommsView, screen: Rect) -> Sheet {
    let width = inside(screen, WIDTH);
    let audiences = view.model.audiences();
    let due = view.model.updates_due();
    let chosen = comms.position(audiences);
    let mut shown = List::default();
    for (at, audience) in audiences.iter().enumerate() {
        if at > 0 {
            shown.items.push(Line::default().into());
        }
        if at == chosen {
            shown.selected = Some(shown.items.len());
        }
        let next = due.iter().find(|due| due.audience == audience.id);
        let red = next.is_some_and(|next| view.model.overdue(next.at));
        shown.items.push(Item { line: head(view, audience, next, width), red });
        shown.items.extend(last(view, audience, width));
    }
    shown.lit = true;
    let late = due.iter().filter(|due| view.model.overdue(due.at)).count();
    let title = if late == 0 { "Comms".to_owned() } else { format!("Comms: {late} overdue") };
    let edge = if late == 0 { Role::BorderFocus } else { Role::Warning };
    let keys = match view.model.state.open() {
        Some(_) => {
            vec![("enter", "write"), ("u", "all due"), ("R", "again"), ("h", "history"), ("?", "help"), ("esc", "back")]
        }
        None => vec![("h", "history"), ("?", "help"), ("esc", "back")],
    };
    Sheet { title, edge, width: WIDTH, list: shown, foot: vec![Line::default()], keys }
}

fn head(view: &View<'_>, audience: &Audience, due: Option<&Due>, width: usize) -> Line<'static> {
    let told = view.model.state.updates.last(&audience.id);
    let (sign, said, role) = match due {
        Some(due) if view.model.overdue(due.at) => {
            (view.symbols().down, format!("OVERDUE {}", human(span(view, due))), Role::Down)
        }
        Some(due) => {
            let left = since(due.at, view.model.now.wall);
            let role = if left.as_secs() <= 120 { Role::Warning } else { Role::Text };
            (view.symbols().dot, format!("due in {}", human(std::time::Duration::from_secs(left.as_secs()))), role)
        }
        None if told.is_some() => (view.symbols().ok, "told: resolved".to_owned(), Role::Ok),
        None => (view.symbols().dot, "no incident".to_owned(), Role::Muted),
    };
    let draft = if view.model.ui.drafts.contains_key(&audience.id) { "  draft begun" } else { "" };
    Row::new()
        .put(format!("{sign} "), view.bold(role))
        .cell(16, audience.id.as_str(), view.bold(Role::Strong))
        .cell(17, &said, view.bold(role))
        .put(format!("every {}", short(audience.every)), view.style(Role::Muted))
        .put(draft, view.style(Role::Accent))
        .right(format!("  {}", through(audience)), view.style(Role::Muted))
        .fit(width)
}

fn span(view: &View<'_>, due: &Due) -> std::time::Duration {
    std::time::Duration::from_secs(view.since(due.at).as_secs())
}

fn through(audience: &Audience) -> String {
    match audience.channels.as_slice() {
        [] => "by hand".to_owned(),
        channels => channels.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    }
}

fn last(view: &View<'_>, audience: &Audience, width: usize) -> Vec<Item> {
    let Some((_, update)) = view.model.state.updates.last(&audience.id) else {
        let row = Row::new().gap(2).put("told nothing yet", view.style(Role::Muted)).fit(width);
        return vec![row.into()];
    };
    let mut lines: Vec<Item> = vec![said(view, update, width).into()];
    lines.extend(update.ways.iter().flat_map(|(way, state)| way_lines(view, way, state, width)));
    lines
}

fn said(view: &View<'_>, update: &Update, width: usize) -> Line<'static> {
    let text = if update.subject.is_empty() { update.text.replace('\n', " ") } else { update.subject.clone() };
    Row::new()
        .gap(2)
        .put(format!("{} {}: ", clock(update.at), update.status.word()), view.style(Role::Muted))
        .put(text, view.style(Role::Text))
        .right(format!("  {}", update.by), view.style(Role::Muted))
        .fit(width)
}

/// How it stands on one way; of what went wrong why, and what to do.
fn way_lines(view: &View<'_>, way: &Way, state: &WayState, width: usize) -> Vec<Item> {
    let symbols = view.symbols();
    let unknown = view.model.update_unknown(way, state);
    let (sign, said, role) = match state {
        WayState::Delivered { at, .. } => (symbols.ok, format!("sent by {way}, {}", clock(*at)), Role::Ok),
        WayState::Shown { .. } => {
            (symbols.dot, format!("would be sent by {way}: this is a {}", view.kind().word()), Role::Muted)
        }
        WayState::Sending { since, .. } if !unknown => {
            (symbols.running, format!("is being sent by {way}, {}", human(span_of(view, *since))), Role::Accent)
        }
        WayState::Sending { .. } => (
            symbols.unknown,
            format!(
                "UNKNOWN whether it arrived by {way}: its console ended. Look there; R tries again, S records that it arrived"
            ),
            Role::Unknown,
        ),
        WayState::Failed { why, .. } if unknown => (
            symbols.unknown,
            format!("UNKNOWN whether it arrived by {way}: {why}. Look there; R tries again, S records that it arrived"),
            Role::Unknown,
        ),
        WayState::Failed { why, remedy, .. } => {
            let remedy = remedy.as_ref().map(|remedy| format!("; {remedy}")).unwrap_or_default();
            (symbols.down, format!("FAILED by {way}: {why}{remedy}. R tries again"), Role::Down)
        }
    };
    let red = matches!(role, Role::Down | Role::Unknown);
    let mut first = Some(sign);
    let line = |part: String| {
        let sign = first.take().unwrap_or(" ");
        let row = Row::new().gap(2).put(format!("{sign} "), view.bold(role)).put(part, view.style(role));
        Item { line: row.fit(width), red }
    };
    wrap(&said, width.saturating_sub(4)).into_iter().map(line).collect()
}

fn span_of(view: &View<'_>, at: domain::time::Timestamp) -> std::time::Duration {
    std::time::Duration::from_secs(view.since(at).as_secs())
}

pub(super) fn history(view: &View<'_>, audience: &AudienceId, scroll: usize, screen: Rect) -> Sheet {
    let width = inside(screen, WIDTH);
    let mut lines: Vec<Item> = Vec::new();
    let told = view.model.state.updates.issued.values().filter(|update| update.audience == *audience);
    for update in told.collect::<Vec<_>>().into_iter().rev() {
        lines.push(said(view, update, width).into());
        lines.extend(update.ways.iter().flat_map(|(way, state)| way_lines(view, way, state, width)));
        for part in update
            .text
            .lines()
            .flat_map(|line| if line.trim().is_empty() { vec![String::new()] } else { wrap(line, width - 4) })
        {
            lines.push(Row::new().gap(4).put(part, view.style(Role::Text)).fit(width).into());
        }
        lines.push(Line::default().into());
    }
    if lines.is_empty() {
        lines.push(Line::styled("told nothing yet", view.style(Role::Muted)).into());
    }
    let list = List { items: lines, offset: scroll, ..List::default() };
    let keys = vec![("↑↓", "scroll"), ("esc", "back")];
    Sheet {
        title: format!("What {audience} was told"),
        edge: Role::BorderFocus,
        width: WIDTH,
        list,
        foot: Vec::new(),
        keys,
    }
}
