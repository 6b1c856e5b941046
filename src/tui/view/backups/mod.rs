//! Backups: the age of the newest usable one against how often one is expected, and whether it was ever restored.

mod detail;

use std::time::Duration;

use domain::reading::{BackupHealth, BackupStatus};
use domain::time::human;
use ratatui::style::Style;
use ratatui::text::Line;

use super::context::{Content, View, short};
use super::look;
use super::regions::waiting;
use crate::theme::Role;
use crate::widget::{Item, List, Row, ellipsis, width as columns};

/// Columns that figures take where none are known.
const FIGURES: usize = 28;
/// A kind that has less room than this says nothing.
const SHORTEST: usize = 4;
/// A concern is told where it has this much room.
const CONCERN: usize = 24;
/// A restore is tested about monthly where the estate does not say how often.
const USUAL: Duration = Duration::from_secs(35 * 86_400);

/// A row per set, worst first; `zoomed` tells below each everything that is known of it.
pub(super) fn backups(view: &View<'_>, width: usize, zoomed: bool) -> Content {
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
        BackupHealth::Ok if !backup.facts.concerns.is_empty() => 3,
        BackupHealth::Ok => 4,
    });
    let name_width = backups.iter().map(|backup| backup.name.as_str().len()).max().unwrap_or(0).min(width / 4);
    let kind_width = kind_width(view, &backups, name_width, width);
    for backup in backups {
        let red = backup.status == BackupHealth::Failed;
        content.list.items.push(Item { line: line(view, backup, (name_width, kind_width), width), red });
        if zoomed {
            let below = detail::lines(view, backup, width).into_iter();
            content.list.items.extend(below.map(|line| Item { line, red: false }));
        }
    }
    if content.list.items.is_empty() {
        content.list = List::of(vec![Line::styled("no backup is configured", view.style(Role::Muted))]);
    }
    content
}

/// The kind gives way to the figures beside it, down to nothing.
fn kind_width(view: &View<'_>, backups: &[&BackupStatus], name_width: usize, width: usize) -> usize {
    let told = backups.iter().filter(|backup| matches!(backup.status, BackupHealth::Ok | BackupHealth::Late));
    let figures = told.map(|backup| {
        let figures: usize = figures(view, backup).iter().map(|(text, _)| columns(text)).sum();
        figures + columns(&restored(view, backup).0)
    });
    let room = width.saturating_sub(name_width + 4 + figures.max().unwrap_or(FIGURES));
    let wide = (width * 27 / 100).clamp(10, 24).min(room);
    if wide < SHORTEST { 0 } else { wide }
}

fn line(
    view: &View<'_>,
    backup: &BackupStatus,
    (name_width, kind_width): (usize, usize),
    width: usize,
) -> Line<'static> {
    let mut sign = look::backup(view.symbols(), backup.status);
    let concerned = backup.status == BackupHealth::Ok && !backup.facts.concerns.is_empty();
    if concerned {
        sign = look::backup(view.symbols(), BackupHealth::Late);
    }
    let style = view.style(sign.role);
    let kind = match &backup.detail {
        Some(detail) => format!("{} {detail}", backup.kind),
        None => backup.kind.clone(),
    };
    let (tested, role) = restored(view, backup);
    let mut row =
        Row::new().put(sign.sign, style).gap(1).cell(name_width + 1, backup.name.as_str(), view.style(Role::Text));
    if kind_width > 0 {
        row = row.cell(kind_width, &kind, view.style(Role::Muted));
    }
    row = figures(view, backup).into_iter().fold(row, |row, (text, style)| row.put(text, style));
    if backup.status == BackupHealth::Failed {
        return row.fit(width);
    }
    // What is wrong although it is fresh, where there is room for it.
    let concern = backup.facts.concerns.first().filter(|_| concerned && row.used() + CONCERN + tested.len() <= width);
    let row = match concern {
        Some(concern) => {
            let room = width - row.used() - tested.len() - 2;
            row.gap(2).put(ellipsis(concern, room, "…"), view.style(Role::Warning))
        }
        None => row,
    };
    row.right(tested, view.style(role)).fit(width)
}

/// `10m of 15m`, `9h of 8h LATE`; of one that failed, or that nothing is known of, why.
fn figures(view: &View<'_>, backup: &BackupStatus) -> Vec<(String, Style)> {
    let age = backup.age.map(|age| rough(view.age_now(age)));
    let late = match backup.status {
        BackupHealth::Failed => {
            let cause = backup.error.as_deref().unwrap_or("failed");
            let good = age.map_or_else(|| "no usable one".to_owned(), |age| format!("good {age} ago"));
            // Velero's word for a backup that holds a part only.
            let word = if cause.contains("PartiallyFailed") { "PARTIAL" } else { "FAILED" };
            return vec![
                (word.to_owned(), view.bold(Role::Down)),
                (format!("  {good}"), view.style(Role::Text)),
                (format!("  {cause}"), view.style(Role::Muted)),
            ];
        }
        BackupHealth::Unknown => {
            let why = backup.error.clone().unwrap_or_else(|| "unknown".to_owned());
            return vec![(why, view.style(Role::Unknown))];
        }
        BackupHealth::Late => true,
        BackupHealth::Ok => false,
    };
    let looks = if late { view.bold(Role::Warning) } else { view.style(Role::Strong) };
    vec![
        (age.unwrap_or_else(|| "none".to_owned()), looks),
        (format!(" of {}", short(backup.every)), view.style(Role::Muted)),
        (if late { " LATE" } else { "" }.to_owned(), looks),
    ]
}

/// ` restored 3d ago`: whether what was saved ever came back.
fn restored(view: &View<'_>, backup: &BackupStatus) -> (String, Role) {
    let facts = &backup.facts;
    let age = |at| {
        let age = view.since(at);
        let days = age.as_secs() / 86_400;
        if days > 1 { format!("{days}d") } else { rough(age) }
    };
    if let Some(failed) = facts.restore_test.as_ref().filter(|test| !test.passed) {
        return (format!(" restore FAILED {} ago", age(failed.at)), Role::Down);
    }
    match backup.restore_tested {
        Some(at) => {
            let old = match facts.restore_test_every {
                Some(_) => facts.restore_test_overdue,
                None => view.since(at) > USUAL,
            };
            (format!(" restored {} ago", age(at)), if old { Role::Warning } else { Role::Muted })
        }
        None => (" never restored".to_owned(), Role::Warning),
    }
}

/// A backup's age matters by the minute, an old one's by the hour.
fn rough(age: Duration) -> String {
    let unit = if age.as_secs() < 2 * 3600 { 60 } else { 3600 };
    human(Duration::from_secs(age.as_secs() / unit * unit))
}

/// The word of a state in a column; nothing for what is well.
const fn word(health: BackupHealth) -> &'static str {
    match health {
        BackupHealth::Ok => "",
        BackupHealth::Late => "LATE",
        BackupHealth::Failed => "FAILED",
        BackupHealth::Unknown => "unknown",
    }
}
