//! Replication: what each standby has not received, and whether anybody still feeds it.

use domain::reading::{AutomaticStatus, ReplicationStatus, Stream};
use domain::replication::CopySource;
use domain::report::size;
use domain::time::{clock, human};
use ratatui::text::Line;

use super::context::{Content, View};
use super::regions::waiting;
use crate::theme::Role;
use crate::widget::{Item, List, Row, spark};

pub(super) fn replication(view: &View<'_>, width: usize) -> Content {
    let mut content = Content::default();
    let Some(status) = &view.model.status else {
        content.list = List::of(vec![waiting(view)]);
        return content;
    };
    let mut links: Vec<&ReplicationStatus> =
        status.replication.iter().filter(|link| link.role != "primary" || link.split_brain).collect();
    links.sort_by_key(|link| (!link.split_brain, order(link.state)));
    let name_width = links.iter().map(|link| link.database.as_str().len()).max().unwrap_or(0).min(width / 4);
    content.list.items.extend(status.automatic.iter().filter_map(|automatic| dark(view, automatic, width)));
    for link in links {
        let red = link.split_brain || link.state == Stream::Absent;
        content.list.items.push(Item { line: heading(view, link, name_width, width), red });
        if let Some(line) = behind(view, link, width) {
            content.list.items.push(line.into());
        }
    }
    content.list.items.extend(status.automatic.iter().flat_map(|automatic| healed(view, automatic, width)));
    if content.list.items.is_empty() {
        content.list = List::of(vec![Line::styled("no standby is configured", view.style(Role::Muted))]);
    }
    content
}

const fn order(state: Stream) -> u8 {
    match state {
        Stream::Absent => 0,
        Stream::Frozen => 1,
        Stream::Unknown => 2,
        Stream::Streaming => 3,
    }
}

fn heading(view: &View<'_>, link: &ReplicationStatus, name_width: usize, width: usize) -> Line<'static> {
    let symbols = view.symbols();
    let (sign, word, role) = match link.state {
        _ if link.split_brain => (symbols.down, "SPLIT BRAIN", Role::Down),
        Stream::Streaming => (symbols.ok, "streaming", Role::Ok),
        Stream::Frozen => (symbols.warning, "FROZEN", Role::Warning),
        Stream::Absent => (symbols.down, "NOT FED", Role::Down),
        Stream::Unknown => (symbols.unknown, "unknown", Role::Unknown),
    };
    // Where nothing places a copy, its name has to do.
    let place = match (link.region.as_str(), &link.member) {
        ("", Some(member)) => member.as_str(),
        (region, _) => region,
    };
    let quiet = link.state == Stream::Streaming && !link.split_brain;
    let mut row = Row::new()
        .put(sign, view.style(role))
        .gap(1)
        .cell(
            name_width + 1,
            link.database.as_str(),
            if quiet { view.style(Role::Text) } else { view.bold(Role::Strong) },
        )
        .put(format!("{} ", symbols.to), view.style(Role::Muted))
        .cell(place.chars().count().min(width / 4) + 1, place, view.style(Role::Text))
        .put(word, if quiet { view.style(role) } else { view.bold(role) });
    // What is not a server's own word says in its notes since when it is so.
    if !quiet
        && link.source == CopySource::Sql
        && let Some(measured) = link.measured_at
    {
        row = row.gap(1).put(view.quantised(view.since(measured)), view.bold(role));
    }
    if quiet {
        let (lag, known) = match (link.lag, link.not_received_bytes) {
            (Some(lag), _) => (format!("lag {}", human(lag)), true),
            (None, Some(bytes)) => (format!("lag {}", size(bytes)), true),
            (None, None) => ("lag unknown".to_owned(), false),
        };
        row = row.gap(2).put(lag, view.style(if known { Role::Text } else { Role::Unknown }));
        if let Some(not_replayed) = link.not_replayed_bytes.filter(|count| *count > 0 && width >= 80) {
            row = row.gap(2).put(format!("{} to replay", size(not_replayed)), view.style(Role::Muted));
        }
        let room = width.saturating_sub(row.used() + 2).min(15);
        for span in spark(view.theme, &link.trend, room) {
            let style = span.style;
            row = row.right(span.content.into_owned(), style);
        }
        return row.fit(width);
    }
    let notes = link.notes.join(", ");
    row.gap(2).put(notes, view.style(if link.split_brain { Role::Down } else { Role::Muted })).fit(width)
}

/// Nobody serves what should have failed over by itself.
fn dark(view: &View<'_>, automatic: &AutomaticStatus, width: usize) -> Option<Item> {
    let failing = automatic.failing_since?;
    let symbols = view.symbols();
    let (sign, role) =
        if automatic.overdue { (symbols.warning, Role::Warning) } else { (symbols.unknown, Role::Unknown) };
    let row = Row::new()
        .put(sign, view.style(role))
        .gap(1)
        .put(format!("{}: nobody serves ", automatic.name), view.bold(Role::Strong))
        .put(view.quantised(view.since(failing)), view.bold(role))
        .put(format!(" of {} promised", human(automatic.promise)), view.style(Role::Text));
    Some(Item { line: row.fit(width), red: automatic.overdue })
}

/// What failed over by itself within the last day, newest first.
fn healed(view: &View<'_>, automatic: &AutomaticStatus, width: usize) -> Vec<Item> {
    let symbols = view.symbols();
    let mut items = Vec::new();
    for healing in automatic.recent.iter().rev().take(2) {
        let (sign, role) = match healing.kept {
            Some(true) => (symbols.ok, Role::Ok),
            Some(false) => (symbols.warning, Role::Warning),
            None => (symbols.unknown, Role::Unknown),
        };
        let moved = match &healing.from {
            Some(from) if *from == healing.to => format!("{from} back"),
            Some(from) => format!("{from} {} {}", symbols.to, healing.to),
            None => format!("{} {}", symbols.to, healing.to),
        };
        let took = healing.took.map_or_else(|| "length unknown".to_owned(), human);
        let row = Row::new()
            .put(sign, view.style(role))
            .gap(1)
            .put(format!("{} by itself ", automatic.name), view.style(Role::Text))
            .put(moved, view.style(Role::Text))
            .gap(2)
            .put(took, view.style(role))
            .put(format!(" of {}", human(automatic.promise)), view.style(Role::Muted))
            .right(format!("  {}", clock(healing.served_at)), view.style(Role::Muted));
        items.push(row.fit(width).into());
    }
    items
}

/// What did not arrive, as an interval: the figure that decides.
fn behind(view: &View<'_>, link: &ReplicationStatus, width: usize) -> Option<Line<'static>> {
    if link.state == Stream::Streaming || link.source != CopySource::Sql && link.not_received_bytes.is_none() {
        return None;
    }
    let count = link
        .not_received_bytes
        .map_or_else(|| "bytes unknown".to_owned(), |count| format!("{} {}", view.symbols().at_least, size(count)));
    let interval = link.at_risk.as_ref().map_or_else(|| "time unknown".to_owned(), domain::objective::AtRisk::interval);
    let mut row = Row::new()
        .gap(2)
        .put(format!("{count}, {interval}"), view.bold(Role::Warning))
        .put(" not received", view.style(Role::Text));
    let room = width.saturating_sub(row.used() + 2).min(15);
    for span in spark(view.theme, &link.trend, room) {
        let style = span.style;
        row = row.right(span.content.into_owned(), style);
    }
    Some(row.fit(width))
}
