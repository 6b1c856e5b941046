//! What is wrong with the console itself: a log that cannot be written, readings that cannot be believed.

use domain::console::BannerAbout;
use domain::reading::Health;
use ratatui::text::Line;

use super::context::View;
use crate::theme::Role;
use crate::widget::{Row, ellipsis, width as columns};

/// Rows that alarms may take.
const ALARM_ROWS: usize = 2;

/// Everything that makes this console less than it seems, loudest first.
pub(super) fn alarms(view: &View<'_>, width: usize) -> Vec<Line<'static>> {
    let mut texts: Vec<String> = Vec::new();
    let told = |about: BannerAbout| view.model.banners.get(&about).cloned();
    texts.extend(told(BannerAbout::Log));
    texts.extend(view.model.state.read_only.as_ref().map(|why| format!("read-only: {why}")));
    if let Some(status) = &view.model.status {
        if status.blind {
            texts.push("BLIND: our own network is gone, nothing here can be believed".to_owned());
        }
        if status.replication.iter().any(|link| link.split_brain) {
            texts.push("SPLIT BRAIN".to_owned());
        }
        let home = view.estate().console.region.as_ref();
        let failing = status.regions.iter().find(|region| Some(&region.name) == home);
        if let Some(region) = failing.filter(|region| region.status == Health::Down) {
            texts.push(format!("THIS CONSOLE RUNS IN {}", region.name));
        }
        texts.extend(status.clock_skew());
    }
    texts.extend(told(BannerAbout::Estate));
    texts.extend(told(BannerAbout::Runbook));
    texts.extend(told(BannerAbout::Mirror));
    texts.extend(told(BannerAbout::Alerts));
    texts.extend(told(BannerAbout::Identity));
    texts.extend(told(BannerAbout::Console));
    let mut rows: Vec<String> = Vec::new();
    let mut unseen = 0;
    for text in &texts {
        let full = rows.len() == ALARM_ROWS;
        match rows.last_mut() {
            Some(row) if columns(row) + columns(text) + 6 <= width => row.push_str(&format!("  ·  {text}")),
            _ if full => unseen += 1,
            _ => rows.push(format!(" {} {text}", view.symbols().warning)),
        }
    }
    if let Some(row) = rows.last_mut().filter(|_| unseen > 0) {
        let more = format!("  +{unseen} more ");
        *row = ellipsis(row, width.saturating_sub(columns(&more)), view.symbols().ellipsis) + &more;
    }
    let style = view.style(Role::BannerAlarm);
    rows.into_iter().map(|row| Row::new().put(row, style).fit(width).style(style)).collect()
}
