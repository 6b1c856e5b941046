//! What the mouse is told to be over is what stands there.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::scenes;
use crate::model::{Hit, Panel};
use crate::view::{Hits, render};

fn bridge(columns: u16, rows: u16) -> (Buffer, Hits) {
    let area = Rect::new(0, 0, columns, rows);
    let mut buffer = Buffer::empty(area);
    let hits = render(&scenes::named("bridge"), area, &mut buffer);
    (buffer, hits)
}

/// Column and row where the text stands first.
fn find(buffer: &Buffer, text: &str) -> (u16, u16) {
    let wanted: Vec<String> = text.chars().map(String::from).collect();
    let stands = |(column, row): &(u16, u16)| {
        (*column..).zip(&wanted).all(|(at, sign)| buffer.cell((at, *row)).is_some_and(|cell| cell.symbol() == sign))
    };
    buffer.area.positions().map(|at| (at.x, at.y)).find(stands).unwrap()
}

#[test]
fn a_click_on_a_step_finds_that_step() {
    for (columns, rows) in [(80, 24), (120, 36), (200, 60)] {
        let (buffer, hits) = bridge(columns, rows);
        let (column, row) = find(&buffer, "Update DNS records");
        assert_eq!(hits.at(column, row), Some(&Hit::Step("dns".into())));
    }
}

#[test]
fn a_click_on_a_frame_or_an_entry_finds_its_panel_and_row() {
    let (buffer, hits) = bridge(120, 36);
    let (column, row) = find(&buffer, "2 Replication");
    assert_eq!(hits.at(column, row), Some(&Hit::Panel(Panel::Replication)));
    let (column, row) = find(&buffer, "asks data-owner");
    let entries = scenes::named("bridge").state.entries.len();
    assert_eq!(hits.at(column, row), Some(&Hit::Row(Panel::Log, entries - 1)));
    assert_eq!(hits.at(0, 35), None);
}
