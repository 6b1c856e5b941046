//! Backups: the age of the newest usable one against how often one is expected, and whether it was ever restored.

use std::time::Duration;

use domain::reading::{BackupHealth, BackupStatus};
use domain::time::human;
use ratatui::text::Line;

use super::context::{Content, View, short};
use super::look;
use super::regions::waiting;
use crate::theme::Role;
use crate::widget::{Item, List, Row};

/// Columns of `10m of 15m restored 10d ago`.
const FIGURES: usize = 28;

pub(super) fn backups(view: &View<'_>, width: usize) -> Content {
    let mut content = Content::default();
    let Some(status) = &view.model.status else {
        content.list = List::of(vec![waiting(view)]);
        return content;
    };
    let mut backups: Vec<&BackupStatus> = status.backups.iter().collect();
    backups.sort_by_key(|backup| match backup.status {
        BackupHealth::Failed => 0,
        BackupHealth::Unknown => 1,
        BackupHealth::Late => 2,
        BackupHealth::Ok => 3,
    });
    let name_width = backups.iter().map(|backup| backup.name.as_str().len()).max().unwrap_or(0).min(width / 4);
    for backup in backups {
        let red = backup.status == BackupHealth::Failed;
        content.list.items.push(Item { line: line(view, backup, name_width, width), red });
    }
    if content.list.items.is_empty() {
        content.list = List::of(vec![Line::styled("no backup is configured", view.style(Role::Muted))]);
    }
    content
}

fn line(view: &View<'_>, backup: &BackupStatus, name_width: usize, width: usize) -> Line<'static> {
    let sign = look::backup(view.symbols(), backup.status);
    let style = view.style(sign.role);
    let kind = match &backup.detail {
        Some(detail) => format!("{} {detail}", backup.kind),
        None => backup.kind.clone(),
    };
    // The kind gives way to the figures beside it.
    let kind_width = (width * 27 / 100).clamp(10, 24).min(width.saturating_sub(name_width + 4 + FIGURES)).max(6);
    let row = Row::new()
        .put(sign.sign, style)
        .gap(1)
        .cell(name_width + 1, backup.name.as_str(), view.style(Role::Text))
        .cell(kind_width, &kind, view.style(Role::Muted));
    // A backup's age matters by the minute, an old one's by the hour.
    let minutes = |age: Duration| {
        let unit = if age.as_secs() < 2 * 3600 { 60 } else { 3600 };
        Duration::from_secs(age.as_secs() / unit * unit)
    };
    let age = backup.age.map(|age| human(minutes(view.age_now(age))));
    let row = match (backup.status, age) {
        (BackupHealth::Failed, age) => {
            let cause = backup.error.as_deref().unwrap_or("failed");
            let good = age.map_or_else(|| "no usable one".to_owned(), |age| format!("good {age} ago"));
            let row = row.put("FAILED", view.bold(Role::Down)).put(format!("  {good}"), view.style(Role::Text));
            return row.put(format!("  {cause}"), view.style(Role::Muted)).fit(width);
        }
        (BackupHealth::Unknown, _) => {
            row.put(backup.error.clone().unwrap_or_else(|| "unknown".to_owned()), view.style(Role::Unknown))
        }
        (status, age) => {
            let looks = if status == BackupHealth::Late { view.bold(Role::Warning) } else { view.style(Role::Strong) };
            let late = if status == BackupHealth::Late { " LATE" } else { "" };
            row.put(age.unwrap_or_else(|| "none".to_owned()), looks)
                .put(format!(" of {}", short(backup.every)), view.style(Role::Muted))
                .put(late, looks)
        }
    };
    let (tested, role) = match backup.restore_tested {
        Some(at) => {
            let age = view.since(at);
            let days = age.as_secs() / 86_400;
            let age = if days > 1 { format!("{days}d") } else { human(minutes(age)) };
            (format!(" restored {age} ago"), if days > 35 { Role::Warning } else { Role::Muted })
        }
        None => (" never restored".to_owned(), Role::Warning),
    };
    row.right(tested, view.style(role)).fit(width)
}
