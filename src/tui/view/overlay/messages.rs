//! Messages of an exercise: one as it is delivered, and all of them.

use domain::time::{clock, human, since, stopwatch};
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::help::Own;
use super::{Sheet, inside};
use crate::action::Acts;
use crate::model::{Delivered, MessageList, MessageView};
use crate::theme::Role;
use crate::view::context::View;
use crate::view::step::labelled;
use crate::widget::{Item, List, Row, wrap};

const WIDTH: u16 = 84;
const LIST: u16 = 116;

/// The keys of a message and of the list.
pub(super) const KEYS: &[Own] = &[
    Own {
        acts: Acts::Records,
        keys: "a",
        title: "acknowledge",
        help: "You have read it. Who did, and after how long, is recorded and scored.",
    },
    Own { acts: Acts::Looks, keys: "enter", title: "open", help: "From the list: the message whole." },
    Own { acts: Acts::Looks, keys: "↑↓ j k g G", title: "choose, or scroll", help: "The newest stands last." },
    Own {
        acts: Acts::Looks,
        keys: "esc q",
        title: "later",
        help: "It stays unread, and is counted at the top of the screen; m lists all messages.",
    },
    Own {
        acts: Acts::Looks,
        keys: "E m P",
        title: "panel, messages, pause",
        help: "They work while a message is open; other keys wait for it.",
    },
];

pub(super) fn message(view: &View<'_>, message: &MessageView, screen: Rect) -> Sheet {
    let width = inside(screen, WIDTH);
    let Some(delivered) = view.model.message(&message.inject) else {
        let list = List::of(vec![Line::styled("it is not there", view.style(Role::Unknown))]);
        let keys = vec![("esc", "back")];
        return Sheet {
            title: "Message".to_owned(),
            edge: Role::BorderFocus,
            width: WIDTH,
            list,
            foot: Vec::new(),
            keys,
        };
    };
    let unread = delivered.acknowledged.is_none();
    let mut list = List::of(lines(view, &delivered, width));
    list.offset = message.scroll;
    let (said, role) = standing(view, &delivered);
    let foot = vec![Line::default(), Line::styled(said, view.bold(role))];
    let keys = match unread && view.model.exercising() {
        true => vec![("a", "acknowledges it"), ("↑↓", "scroll"), ("?", "help"), ("esc", "later")],
        false => vec![("↑↓", "scroll"), ("esc", "back")],
    };
    let edge = if unread { Role::Warning } else { Role::BorderFocus };
    Sheet { title: format!("Message from {}", sender(&delivered)), edge, width: WIDTH, list, foot, keys }
}

fn lines(view: &View<'_>, delivered: &Delivered<'_>, width: usize) -> Vec<Line<'static>> {
    let inject = delivered.inject;
    let framed = || {
        let style = view.style(Role::BannerExercise);
        Row::new().put(" EXERCISE  EXERCISE  EXERCISE", style).fit(width).style(style)
    };
    let mut lines = vec![framed(), Line::default()];
    let mut field = |label: &str, text: &str| lines.extend(labelled(view, label, text, Role::Text, width));
    field("from", sender(delivered));
    field("to", inject.to.name());
    if !inject.channel.is_empty() {
        field("via", &inject.channel);
    }
    let ago = human(std::time::Duration::from_secs(view.since(delivered.at).as_secs()));
    field("at", &format!("{}, {}, {ago} ago", elapsed(view, delivered), clock(delivered.at)));
    lines.push(Line::default());
    let text = wrap(&inject.text, width.saturating_sub(4)).into_iter();
    lines.extend(text.map(|part| Row::new().gap(2).put(part, view.style(Role::Strong)).fit(width)));
    lines.push(Line::default());
    lines.push(framed());
    lines
}

fn sender<'a>(delivered: &Delivered<'a>) -> &'a str {
    if delivered.inject.from.is_empty() { "the exercise" } else { &delivered.inject.from }
}

/// `T+02:00`.
fn elapsed(view: &View<'_>, delivered: &Delivered<'_>) -> String {
    let started = view.model.exercise().map_or(delivered.at, |exercise| exercise.started_at);
    format!("T+{}", stopwatch(since(delivered.at, started)))
}

/// Who acknowledged it and after how long, or for how long nobody has.
fn standing(view: &View<'_>, delivered: &Delivered<'_>) -> (String, Role) {
    match delivered.acknowledged {
        Some((by, at)) => {
            let after = human(since(at, delivered.at));
            (format!("{} acknowledged by {by} after {after}", view.symbols().ok), Role::Ok)
        }
        None if view.model.exercising() => {
            let waits = human(std::time::Duration::from_secs(view.since(delivered.at).as_secs()));
            (format!("{} not acknowledged for {waits}", view.symbols().warning), Role::Warning)
        }
        None => (format!("{} never acknowledged", view.symbols().down), Role::Down),
    }
}

pub(super) fn list(view: &View<'_>, list: &MessageList, screen: Rect) -> Sheet {
    let width = inside(screen, LIST);
    let narrowed = list.narrowed(view.model.delivered());
    let delivered = &narrowed.rows;
    let from = delivered.iter().map(|message| sender(message).chars().count()).max().unwrap_or(0).min(24);
    let mut shown = List::default();
    for message in delivered {
        let red = message.acknowledged.is_none();
        shown.items.push(Item { line: line(view, message, from, width), red });
    }
    if delivered.is_empty() {
        shown = List::of(vec![Line::styled("nothing was delivered yet", view.style(Role::Muted))]);
    } else {
        shown.selected = Some(list.position(delivered));
        shown.lit = true;
    }
    let title = match view.model.unread() {
        0 => "Messages".to_owned(),
        unread => format!("Messages: {unread} unread"),
    };
    let keys = vec![("enter", "open"), ("a", "acknowledge"), ("↑↓", "choose"), ("?", "help"), ("esc", "back")];
    let sheet = Sheet { title, edge: Role::BorderFocus, width: LIST, list: shown, foot: vec![Line::default()], keys };
    sheet.filtered(view, &list.filter, &narrowed, screen)
}

fn line(view: &View<'_>, message: &Delivered<'_>, from: usize, width: usize) -> Line<'static> {
    let muted = view.style(Role::Muted);
    let unread = message.acknowledged.is_none();
    let (sign, role) = if unread { (view.symbols().warning, Role::Warning) } else { (view.symbols().ok, Role::Ok) };
    let (said, text) = match message.acknowledged {
        Some((by, at)) => (format!("  {by} after {}", human(since(at, message.at))), Role::Text),
        None => ("  UNREAD".to_owned(), Role::Strong),
    };
    Row::new()
        .put(format!("{sign} "), view.bold(role))
        .cell(8, &elapsed(view, message), muted)
        .gap(1)
        .cell(from, sender(message), view.style(Role::Text))
        .gap(1)
        .put(message.inject.text.replace('\n', " "), view.style(text))
        .right(said, if unread { view.bold(role) } else { muted })
        .fit(width)
}
