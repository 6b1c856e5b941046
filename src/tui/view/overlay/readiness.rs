//! What could be relied on now: rows by area, each with its verdict, its first reason, and when it was last exercised.

use domain::readiness::{Area, Exercised, Readiness, Row as Rated, RowKey, Verdict};
use domain::time::human;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::help::Own;
use super::{Sheet, inside};
use crate::action::Acts;
use crate::model::ReadinessList;
use crate::theme::Role;
use crate::view::context::View;
use crate::view::look;
use crate::view::step::labelled;
use crate::widget::{Item, List, Row, wrap};

const WIDTH: u16 = 180;
const DETAIL: u16 = 96;
/// Names longer than this are cut: the detail has them whole.
const NAME: usize = 32;

/// The keys of the list and of a row whole.
pub(super) const KEYS: &[Own] = &[
    Own {
        acts: Acts::Looks,
        keys: "enter",
        title: "details",
        help: "Every reason, the remedy, and what its last exercise measured; closes it again.",
    },
    Own { acts: Acts::Looks, keys: "f", title: "only what is not ready", help: "And all of it again." },
    Own { acts: Acts::Looks, keys: "↑↓ j k g G", title: "choose, or scroll", help: "The cursor stays on its row." },
    Own { acts: Acts::Looks, keys: "esc q r", title: "back", help: "To what lies below." },
];

pub(super) fn list(view: &View<'_>, list: &ReadinessList, screen: Rect) -> Sheet {
    let width = inside(screen, WIDTH);
    let mut shown = List::default();
    let mut title = "Readiness".to_owned();
    let mut foot = vec![Line::default()];
    match &view.model.readiness {
        None => {
            let text = format!("{} looking: runbooks, tools, credentials, names", view.symbols().unknown);
            shown = List::of(vec![Line::styled(text, view.style(Role::Unknown))]);
        }
        Some(readiness) => {
            title = format!("Readiness: {}", readiness.summary());
            fill(view, list, readiness, width, &mut shown);
            foot.insert(0, age(view, readiness, width));
            foot.insert(0, Line::default());
        }
    }
    let filter = if list.only_not_ready { "show all" } else { "only what is not ready" };
    let keys = vec![("enter", "details"), ("f", filter), ("↑↓", "choose"), ("esc", "back")];
    let sheet = Sheet { title, edge: Role::BorderFocus, width: WIDTH, list: shown, foot, keys };
    match &view.model.readiness {
        Some(readiness) => sheet.filtered(view, &list.filter, &list.narrowed(readiness), screen),
        None => sheet,
    }
}

fn fill(view: &View<'_>, list: &ReadinessList, readiness: &Readiness, width: usize, shown: &mut List) {
    let rows = list.rows(readiness);
    let under = rows.get(list.position(&rows)).map(|row| row.key());
    let name = rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0).min(NAME).min(width / 3);
    for (area, rows) in list.groups(readiness) {
        shown.items.push(Line::styled(area.title(), view.style(Role::Title)).into());
        for row in rows {
            if under.as_ref() == Some(&row.key()) {
                (shown.selected, shown.lit) = (Some(shown.items.len()), true);
            }
            shown.items.push(Item { line: line(view, row, name, width), red: row.verdict == Verdict::Failing });
        }
    }
    for (area, missing) in [
        (Area::Runbook, "none: put Markdown files with `runbook: 1` into a folder of `runbooks`"),
        (Area::Test, "none is scheduled: add [tests.NAME] with `kind` and `every` to the estate's file"),
    ] {
        if !list.filter.shows() && !readiness.rows.iter().any(|row| row.area == area) {
            shown.items.push(Line::styled(area.title(), view.style(Role::Title)).into());
            shown.items.push(Row::new().gap(2).put(missing, view.style(Role::Muted)).fit(width).into());
        }
    }
    if list.only_not_ready && !list.filter.shows() && rows.is_empty() {
        let text = format!("{} everything is ready", view.symbols().ok);
        shown.items.insert(0, Line::styled(text, view.style(Role::Ok)).into());
    }
}

fn line(view: &View<'_>, row: &Rated, name: usize, width: usize) -> Line<'static> {
    let look = look::readiness(view.symbols(), row.verdict);
    let ready = row.verdict == Verdict::Ready;
    let word = if row.verdict.bad() { row.verdict.word().to_uppercase() } else { short(row.verdict).to_owned() };
    let reason = row.reasons.first().cloned().unwrap_or_default();
    let last = row.last.as_ref().map(|last| format!("  {}", exercised(view, last))).unwrap_or_default();
    let style = if ready { view.style(Role::Muted) } else { view.style(Role::Text) };
    Row::new()
        .put(format!("{} ", look.sign), view.style(look.role))
        .cell(name, &row.name, if ready { view.style(Role::Text) } else { view.style(Role::Strong) })
        .gap(1)
        .cell(8, &word, if ready { view.style(look.role) } else { view.bold(look.role) })
        .gap(1)
        .put(reason, style)
        .right(last, view.style(Role::Muted))
        .fit(width)
}

/// One word, for a column.
const fn short(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::NeedsVerification => "verify",
        verdict => verdict.word(),
    }
}

/// `12d ago, drill, RTO 4m12s`.
fn exercised(view: &View<'_>, last: &Exercised) -> String {
    let mut text = format!("{} ago", view.quantised(view.since(last.at)));
    if let Some(kind) = last.kind {
        text.push_str(&format!(", {}", kind.word()));
    }
    if let Some(rto) = last.rto {
        text.push_str(&format!(", RTO {}", human(rto)));
    }
    text
}

/// When it was evaluated, and when the world was last looked at.
fn age(view: &View<'_>, readiness: &Readiness, width: usize) -> Line<'static> {
    let (now, looked) = (view.quantised(view.since(readiness.at)), view.quantised(view.since(readiness.looked_at)));
    let text = format!(
        "evaluated {now} ago; tools, credentials and names looked at {looked} ago, again on change and every 30m"
    );
    Row::new().put(text, view.style(Role::Muted)).fit(width)
}

pub(super) fn detail(view: &View<'_>, key: &RowKey, scroll: usize, screen: Rect) -> Sheet {
    let width = inside(screen, DETAIL);
    let row = view.model.readiness.as_ref().and_then(|readiness| readiness.row(key));
    let gone = || vec![Line::styled("it is not evaluated any more", view.style(Role::Unknown))];
    let mut list = List::of(row.map_or_else(gone, |row| lines(view, row, width)));
    list.offset = scroll;
    Sheet {
        title: format!("{} {}", key.area.word(), key.name),
        edge: Role::BorderFocus,
        width: DETAIL,
        list,
        foot: vec![Line::default()],
        keys: vec![("↑↓", "scroll"), ("esc", "back")],
    }
}

fn lines(view: &View<'_>, row: &Rated, width: usize) -> Vec<Line<'static>> {
    let look = look::readiness(view.symbols(), row.verdict);
    let said = format!("{} {}", look.sign, row.verdict.word());
    let mut lines = vec![Line::styled(said, view.bold(look.role)), Line::default()];
    for reason in &row.reasons {
        for (at, part) in wrap(reason, width.saturating_sub(2)).into_iter().enumerate() {
            let sign = if at == 0 { view.symbols().dot } else { " " };
            let row = Row::new().put(format!("{sign} "), view.style(Role::Muted)).put(part, view.style(Role::Text));
            lines.push(row.fit(width));
        }
    }
    lines.push(Line::default());
    if let Some(remedy) = &row.remedy {
        lines.extend(labelled(view, "remedy", remedy, Role::Text, width));
    }
    let ago = |at| view.quantised(view.since(at));
    let last = row.last.as_ref().map(|last| {
        let kind = last.kind.map_or_else(String::new, |kind| format!(" ({})", kind.word()));
        format!("{} UTC, {} ago, {}{kind}", last.at.strftime("%Y-%m-%d %H:%M"), ago(last.at), last.by)
    });
    if let Some(last) = last {
        lines.extend(labelled(view, "last", &last, Role::Text, width));
    } else if matches!(row.area, Area::Runbook | Area::Test | Area::Backup) {
        lines.extend(labelled(view, "last", "never, as far as anything tells", Role::Text, width));
    }
    let measured = row.last.as_ref().and_then(|last| last.rto).map(human);
    let lost = row.last.as_ref().and_then(|last| last.lost.clone());
    for (label, measured) in [("RTO then", measured), ("lost then", lost)] {
        if let Some(measured) = measured {
            lines.extend(labelled(view, label, &measured, Role::Text, width));
        }
    }
    lines.extend(labelled(view, "evaluated", &format!("{} ago", ago(row.evaluated_at)), Role::Text, width));
    lines
}
