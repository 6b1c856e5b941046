//! The brief: what the next commander has to know, in the order of form ICS 201.

use domain::report::{Brief, Weight};
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::super::{Sheet, inside};
use crate::theme::Role;
use crate::view::context::View;
use crate::widget::{Item, List, Row, wrap};

const WIDTH: u16 = 84;

pub(super) fn sheet(view: &View<'_>, scroll: usize, screen: Rect) -> Sheet {
    let width = inside(screen, WIDTH);
    let brief = view.model.brief();
    let mut list = List::default();
    if let Some(brief) = &brief {
        list.items = items(view, brief, width);
    }
    list.offset = scroll;
    let title = brief.map_or_else(|| "Brief".to_owned(), |brief| format!("Brief: {}", brief.title));
    let keys =
        vec![("y", "copy"), ("h", "hand over"), ("r", "roles"), ("↑↓", "scroll"), ("?", "help"), ("esc", "back")];
    Sheet { title, edge: Role::BorderFocus, width: WIDTH, list, foot: vec![Line::default()], keys }
}

fn items(view: &View<'_>, brief: &Brief, width: usize) -> Vec<Item> {
    let mut items = Vec::new();
    if let Some(watermark) = brief.watermark {
        let style = view.style(Role::BannerExercise);
        items.push(Row::new().put(format!(" {watermark}"), style).fit(width).style(style).into());
    }
    items.push(Line::styled(brief.as_of.clone(), view.style(Role::Muted)).into());
    for part in &brief.parts {
        items.push(Line::default().into());
        items.push(Line::styled(part.title, view.bold(Role::Title)).into());
        for line in &part.lines {
            let (sign, role, style) = match line.weight {
                Weight::Plain => (view.symbols().dot, Role::Muted, view.style(Role::Text)),
                Weight::Open => (view.symbols().warning, Role::Warning, view.style(Role::Text)),
                Weight::Wrong => (view.symbols().down, Role::Down, view.bold(Role::Strong)),
            };
            let mut sign = sign;
            for part in wrap(&line.text, width.saturating_sub(2)) {
                let row = Row::new().put(sign, view.style(role)).at(2).put(part, style);
                items.push(Item { line: row.fit(width), red: line.weight == Weight::Wrong && sign != " " });
                sign = " ";
            }
        }
    }
    items
}
