//! Command that is offered to the person at this console, with the brief as it was given.

use ratatui::layout::Rect;
use ratatui::text::Line;

use super::super::{Sheet, inside};
use crate::model::OfferView;
use crate::theme::Role;
use crate::view::context::View;
use crate::widget::{List, wrap};

const WIDTH: u16 = 80;

pub(super) fn sheet(view: &View<'_>, shown: &OfferView, screen: Rect) -> Sheet {
    let width = inside(screen, WIDTH);
    let offer = view.model.state.lead.offer.as_ref().filter(|offer| offer.seq == shown.offer);
    let Some(offer) = offer else {
        let list = List::of(vec![Line::styled("it is not offered any more", view.style(Role::Muted))]);
        let keys = vec![("esc", "back")];
        return Sheet {
            title: "Command".to_owned(),
            edge: Role::BorderFocus,
            width: WIDTH,
            list,
            foot: Vec::new(),
            keys,
        };
    };
    let lines = offer.brief.lines().flat_map(|line| match line.trim() {
        "" => vec![String::new()],
        _ => wrap(&domain::untrusted::sanitise_line(line), width),
    });
    let heading = |line: &str| !line.is_empty() && line.chars().all(|c| c.is_uppercase() || c == ' ');
    let style = |line: &str| if heading(line) { view.bold(Role::Title) } else { view.style(Role::Text) };
    let mut list = List::of(
        lines
            .map(|line| {
                let style = style(&line);
                Line::styled(line, style)
            })
            .collect(),
    );
    list.offset = shown.scroll;
    let waits = view.quantised(view.since(offer.at));
    let asked = format!("{} {} offers you command, and waits for {waits}.", view.symbols().warning, offer.from);
    let stays = format!("Until you accept, {} is in command.", offer.from);
    let foot = vec![
        Line::default(),
        Line::styled(asked, view.bold(Role::Warning)),
        Line::styled(stays, view.style(Role::Text)),
    ];
    let keys = vec![("y", "accepts"), ("n", "declines"), ("↑↓", "scroll"), ("?", "help"), ("esc", "later")];
    Sheet { title: "Command is offered to you".to_owned(), edge: Role::Warning, width: WIDTH, list, foot, keys }
}
