//! The first page while all is calm: how the estate is in a word, its regions, what fires.

use domain::reading::{AlertSeverity, Health, RegionStatus, Status};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::super::context::View;
use super::super::look;
use super::super::regions::regions;
use super::clocks::middle;
use super::regions::{lines, panel, read};
use crate::theme::Role;
use crate::wall::Wall;
use crate::widget::{Frame, Row, largest};

pub(super) fn draw(wall: &Wall, view: &View<'_>, area: Rect, buffer: &mut Buffer) {
    let Some(status) = view.model.status.as_deref() else { return nothing(view, area, buffer) };
    let top = (area.height * 2 / 5).max(4).min(area.height);
    word(wall, view, status, Rect { height: top, ..area }, buffer);
    let below = Rect { y: area.y + top, height: area.height - top, ..area };
    let alerts = alerts(view, status, usize::from(below.width.saturating_sub(4)));
    let wanted = u16::try_from(alerts.len() + 2).unwrap_or(u16::MAX).min(below.height / 2);
    let tall = if alerts.is_empty() { 0 } else { wanted };
    let list = Rect { height: below.height - tall, ..below };
    panel(wall, view, "Regions", regions(view, usize::from(list.width.saturating_sub(4))), list, buffer);
    if tall > 0 {
        let inner = Frame::new("Alerts").draw(view.theme, Rect { y: list.bottom(), height: tall, ..below }, buffer);
        lines(&alerts, inner, buffer);
    }
}

fn nothing(view: &View<'_>, area: Rect, buffer: &mut Buffer) {
    let text = ["no readings yet", "open a console, or run `switchback status --watch`, with the same state folder"];
    for (y, text) in (area.y + area.height / 2..area.bottom()).zip(text) {
        middle(&Line::styled(text, view.style(Role::Unknown)), Rect { y, height: 1, ..area }, buffer);
    }
}

/// The worst of its regions; with none that is known, nothing is.
fn worst(status: &Status) -> Health {
    let mut regions: Vec<&RegionStatus> = status.regions.iter().collect();
    regions.sort_by_key(|region| look::badness(region.status));
    regions.first().map_or(Health::Unknown, |region| region.status)
}

fn word(wall: &Wall, view: &View<'_>, status: &Status, area: Rect, buffer: &mut Buffer) {
    let health = worst(status);
    let sign = look::health(view.symbols(), health);
    let inner = Frame::new("Estate").corner(read(wall, view)).draw(view.theme, area, buffer);
    let room = inner.height.saturating_sub(2);
    let figure = health.word().to_uppercase();
    let rows = largest(view.symbols(), &figure, usize::from(inner.width), usize::from(room.max(1)));
    let tall = u16::try_from(rows.len()).unwrap_or(room);
    let top = inner.y + inner.height.saturating_sub(tall + 2) / 2;
    for (y, row) in (top..inner.bottom()).zip(rows) {
        middle(&Line::styled(row, view.bold(sign.role)), Rect { y, height: 1, ..inner }, buffer);
    }
    let checks: Vec<Health> = status.every_check().map(|check| check.status).collect();
    let ok = checks.iter().filter(|health| **health == Health::Ok).count();
    let role = if ok == checks.len() { Role::Muted } else { Role::Warning };
    let text = format!("{} {} of {} checks ok", sign.sign, ok, checks.len());
    let y = (top + tall + 1).min(inner.bottom().saturating_sub(1));
    middle(&Line::styled(text, view.style(role)), Rect { y, height: 1, ..inner }, buffer);
}

fn alerts(view: &View<'_>, status: &Status, width: usize) -> Vec<Line<'static>> {
    let line = |alert: &domain::reading::AlertStatus| {
        let (sign, role) = match alert.severity {
            AlertSeverity::Critical => (view.symbols().down, Role::Down),
            AlertSeverity::Warning => (view.symbols().warning, Role::Warning),
            AlertSeverity::Info => (view.symbols().dot, Role::Text),
        };
        let since = view.quantised(view.since(alert.since));
        Row::new()
            .put(format!("{sign} {}", alert.text), view.style(role))
            .right(format!("  {since}"), view.style(Role::Muted))
            .fit(width)
    };
    status.firing().map(line).collect()
}
