//! Replication: what each standby has not received, and whether anybody still feeds it.

use domain::reading::{ReplicationStatus, Stream};
use domain::report::size;
use domain::time::human;
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
    for link in links {
        let red = link.split_brain || link.state == Stream::Absent;
        content.list.items.push(Item { line: heading(view, link, name_width, width), red });
        if let Some(line) = behind(view, link, width) {
            content.list.items.push(line.into());
        }
    }
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
        .cell(link.region.as_str().len().min(width / 4) + 1, link.region.as_str(), view.style(Role::Text))
        .put(word, if quiet { view.style(role) } else { view.bold(role) });
    if !quiet && let Some(measured) = link.measured_at {
        row = row.gap(1).put(view.quantised(view.since(measured)), view.bold(role));
    }
    if quiet {
        let lag = link.lag.map_or_else(|| "lag unknown".to_owned(), |lag| format!("lag {}", human(lag)));
        row = row.gap(2).put(lag, view.style(if link.lag.is_some() { Role::Text } else { Role::Unknown }));
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

/// What did not arrive, as an interval: the figure that decides.
fn behind(view: &View<'_>, link: &ReplicationStatus, width: usize) -> Option<Line<'static>> {
    if link.state == Stream::Streaming {
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
