//! Regions, worst first: what is wrong is listed, what is well is one line.

use std::cmp::Reverse;

use domain::log::Kind;
use domain::reading::{CheckStatus, Health, RegionStatus};
use domain::time::human;
use ratatui::text::Line;

use super::context::{Content, View};
use super::look;
use crate::theme::Role;
use crate::widget::{Item, List, Row, spark};

/// From this width on, the latency of healthy regions has room.
const WITH_LATENCY: usize = 50;

pub(super) fn regions(view: &View<'_>, width: usize) -> Content {
    let mut content = Content::default();
    let Some(status) = &view.model.status else {
        content.list = List::of(vec![waiting(view)]);
        return content;
    };
    let mut regions: Vec<&RegionStatus> = status.regions.iter().collect();
    regions.sort_by_key(|region| (look::badness(region.status), Reverse(region.serving), region.candidate));
    for region in regions {
        let shown: Vec<&CheckStatus> = worth_a_line(region);
        content.list.items.push(Item { line: heading(view, region, width), red: region.status == Health::Down });
        for check in shown {
            let red = check.status == Health::Down && check.critical;
            content.list.items.push(Item { line: check_line(view, region, check, width), red });
        }
    }
    content
}

/// The first readings have not come yet; on paper none ever do.
pub(super) fn waiting(view: &View<'_>) -> Line<'static> {
    if view.kind() == Kind::Paper {
        return Line::styled("on paper: nothing is simulated, nothing is read", view.style(Role::Muted));
    }
    Line::styled(format!("{} no reading yet", view.symbols().unknown), view.style(Role::Unknown))
}

fn worth_a_line(region: &RegionStatus) -> Vec<&CheckStatus> {
    let mut checks: Vec<&CheckStatus> =
        region.checks.iter().filter(|check| check.status != Health::Ok || check.suspect || check.flapping).collect();
    checks.sort_by_key(|check| (look::badness(check.status), !check.critical));
    checks
}

/// How long it has been so. Who looked for the first time when it was down already knows the least that it may be, and
/// of the first seconds nothing.
fn lasting(view: &View<'_>, region: &RegionStatus, span: String) -> String {
    if region.status != Health::Down || region.last_good.is_some() {
        return span;
    }
    if span.starts_with('<') { String::new() } else { format!("{} {span}", view.symbols().at_least) }
}

fn heading(view: &View<'_>, region: &RegionStatus, width: usize) -> Line<'static> {
    let sign = look::health(view.symbols(), region.status);
    let style = if region.status == Health::Ok { view.style(sign.role) } else { view.bold(sign.role) };
    let name_width = longest_name(view).min(width / 3);
    let (duty, duty_role) = duty(region);
    let row = Row::new()
        .put(sign.sign, style)
        .gap(1)
        .cell(name_width + 1, region.name.as_str(), style)
        .cell(12, duty, view.style(duty_role))
        .put(region.status.word().to_uppercase(), style);
    let ok = region.checks.iter().filter(|check| check.status == Health::Ok).count();
    let count = format!("{ok} ok of {}", region.checks.len());
    if region.status != Health::Ok {
        let since =
            region.since.map(|since| lasting(view, region, view.quantised(view.since(since)))).unwrap_or_default();
        let row = row.gap(2).put(since, view.bold(Role::Strong));
        // How long matters more than how many.
        let fits = row.used() + count.len() < width;
        let row = if fits { row.right(format!(" {count}"), view.style(Role::Muted)) } else { row };
        return row.fit(width);
    }
    let latency = region.latency.map(|latency| format!("{} ms", latency.as_millis())).unwrap_or_default();
    let row = if width < WITH_LATENCY { row } else { row.cell_right(8, &latency, view.style(Role::Text)) };
    let room = width.saturating_sub(row.used() + 14).min(12);
    let row = trend(region).map_or(row.clone(), |values| {
        spark(view.theme, values, room).into_iter().fold(row.gap(1), |row, span| {
            let style = span.style;
            row.put(span.content.into_owned(), style)
        })
    });
    match region.candidate {
        Some(1) => row.right(" candidate 1", view.style(Role::Accent)),
        Some(rank) => row.right(format!(" candidate {rank}"), view.style(Role::Muted)),
        None => row.right(format!(" {count}"), view.style(Role::Muted)),
    }
    .fit(width)
}

fn longest_name(view: &View<'_>) -> usize {
    view.estate().regions.iter().map(|region| region.id.as_str().len()).max().unwrap_or(9).max(9)
}

fn duty(region: &RegionStatus) -> (&'static str, Role) {
    match (region.serving, region.role.as_str()) {
        (Some(true), _) => ("serving", Role::Strong),
        (_, _) if region.was_serving => ("was serving", Role::Text),
        (None, "primary") => ("primary ?", Role::Unknown),
        (_, "primary") => ("primary", Role::Muted),
        (_, "active") => ("active", Role::Muted),
        _ => ("standby", Role::Muted),
    }
}

/// The first critical check that has latencies stands for the region.
fn trend(region: &RegionStatus) -> Option<&[Option<u32>]> {
    let mut checks: Vec<&CheckStatus> = region.checks.iter().filter(|check| !check.trend.is_empty()).collect();
    checks.sort_by_key(|check| !check.critical);
    checks.first().map(|check| check.trend.as_slice())
}

fn check_line(view: &View<'_>, region: &RegionStatus, check: &CheckStatus, width: usize) -> Line<'static> {
    let mut sign = look::health(view.symbols(), check.status);
    let own = check.name.as_str();
    let name = own.strip_suffix(&format!("@{}", region.name)).unwrap_or(own);
    let mut said = match check.status {
        Health::Ok => "ok".to_owned(),
        Health::Stale => "stale".to_owned(),
        _ => check.error.clone().or_else(|| check.value.clone()).unwrap_or_else(|| check.status.word().to_owned()),
    };
    if check.suspect {
        // Not believed yet, and no longer green.
        sign = look::health(view.symbols(), check.status.max(Health::Degraded));
        let why = check.error.as_deref().map(|why| format!(": {why}")).unwrap_or_default();
        said = format!("failed once{why}");
    }
    if check.flapping {
        said = format!("flapping: {said}");
    }
    let age = check.age.map_or_else(|| "never".to_owned(), |age| format!("{} ago", view.quantised(view.age_now(age))));
    let kind_width = 8.min(width / 6);
    Row::new()
        .gap(2)
        .put(sign.sign, view.style(sign.role))
        .gap(1)
        .cell(kind_width + 1, &check.kind, view.style(Role::Muted))
        .cell((width / 4).clamp(8, 24), name, view.style(Role::Text))
        .put(said, view.style(sign.role))
        .right(format!("  {age}"), view.style(Role::Muted))
        .fit(width)
}

/// One row of regions for small screens: bad ones by name and age, healthy ones by name while there is room.
pub(super) fn strip(view: &View<'_>, width: usize) -> Line<'static> {
    let Some(status) = &view.model.status else { return waiting(view) };
    let mut regions: Vec<&RegionStatus> = status.regions.iter().collect();
    regions.sort_by_key(|region| (look::badness(region.status), Reverse(region.serving), region.candidate));
    let mut row = Row::new();
    let mut left_out = 0;
    let mut red = 0;
    for region in regions {
        let sign = look::health(view.symbols(), region.status);
        let since = region.since.map(|since| lasting(view, region, human(view.since(since)))).unwrap_or_default();
        let word = match (region.status, region.serving) {
            (Health::Ok, Some(true)) => " serving".to_owned(),
            (Health::Ok, _) => String::new(),
            (status, _) => format!(" {} {since}", status.word().to_uppercase()),
        };
        let needed = 2 + region.name.as_str().len() + word.len() + 2;
        if row.used() + needed + 12 > width {
            left_out += 1;
            red += usize::from(region.status == Health::Down);
            continue;
        }
        let style = view.style(sign.role);
        row = row.put(format!("{} {}", sign.sign, region.name), style).put(word, view.bold(sign.role)).gap(2);
    }
    if left_out > 0 {
        row = row.put(format!("+{left_out}"), view.style(Role::Muted));
    }
    if red > 0 {
        row = row.put(format!(", {red} {} down", view.symbols().down), view.style(Role::Down));
    }
    row.fit(width)
}
