//! What fires and what is about to: worst first, who is on it, what is kept quiet until when.

use domain::ident::AlertKey;
use domain::reading::{AlertState, AlertStatus};
use domain::time::clock;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::help::Own;
use super::{Sheet, inside};
use crate::action::Acts;
use crate::model::{AlertList, open};
use crate::theme::Role;
use crate::view::context::View;
use crate::view::look;
use crate::view::step::labelled;
use crate::widget::{Item, List, Row, wrap};

const WIDTH: u16 = 116;
const DETAIL: u16 = 84;

/// The keys of the list and of an alert whole.
pub(super) const KEYS: &[Own] = &[
    Own {
        acts: Acts::Records,
        keys: "a",
        title: "acknowledge",
        help: "You are on it: nobody is reminded of it any more. It ends with the alert, and when that becomes worse.",
    },
    Own {
        acts: Acts::Records,
        keys: "s",
        title: "silence",
        help: "Nobody is told that it, or anything of its rule, fires: until a time, with a reason.",
    },
    Own { acts: Acts::Looks, keys: "enter", title: "details", help: "All that is known of it; closes it again." },
    Own {
        acts: Acts::Looks, keys: "↑↓ j k g G", title: "choose, or scroll", help: "The cursor stays on its alert."
    },
    Own { acts: Acts::Looks, keys: "esc q", title: "back", help: "To what lies below." },
];

pub(super) fn list(view: &View<'_>, list: &AlertList, screen: Rect) -> Sheet {
    let width = inside(screen, WIDTH);
    let alerts = view.model.alerts();
    let narrowed = list.narrowed(alerts);
    let mut shown = List::default();
    for alert in &narrowed.rows {
        let red = open(alert);
        shown.items.push(Item { line: line(view, alert, width), red });
    }
    if alerts.is_empty() {
        let (sign, role, text) = match &view.model.status {
            Some(_) => (view.symbols().ok, Role::Ok, "no alert fires"),
            None => (view.symbols().unknown, Role::Unknown, "waiting for the first readings"),
        };
        shown = List::of(vec![Line::styled(format!("{sign} {text}"), view.style(role))]);
    } else {
        shown.selected = Some(list.position(&narrowed.rows));
        shown.lit = true;
    }
    let mut foot = vec![Line::default()];
    if view.model.status.as_ref().is_some_and(|status| status.blind) {
        let text = "blind: nothing else fires or is resolved until our own network answers again";
        foot.insert(0, Line::styled(format!("{} {text}", view.symbols().unknown), view.style(Role::Unknown)));
    }
    let firing = alerts.iter().filter(|alert| alert.state == AlertState::Firing).count();
    let keys = match alerts.is_empty() {
        true => vec![("esc", "back")],
        false => vec![
            ("a", "acknowledge"),
            ("s", "silence"),
            ("enter", "details"),
            ("↑↓", "choose"),
            ("?", "help"),
            ("esc", "back"),
        ],
    };
    let title = if firing == 0 { "Alerts".to_owned() } else { format!("Alerts: {firing} firing") };
    let sheet = Sheet { title, edge: Role::BorderFocus, width: WIDTH, list: shown, foot, keys };
    sheet.filtered(view, &list.filter, &narrowed, screen)
}

fn line(view: &View<'_>, alert: &AlertStatus, width: usize) -> Line<'static> {
    let look = look::severity(view.symbols(), alert.severity);
    let muted = view.style(Role::Muted);
    let (sign, text) = if open(alert) { (view.bold(look.role), view.style(Role::Strong)) } else { (muted, muted) };
    let since = view.quantised(view.since(alert.since));
    let row = Row::new()
        .put(format!("{} ", look.sign), if open(alert) { sign } else { view.style(look.role) })
        .cell(8, alert.severity.word(), sign)
        .cell_right(7, &since, muted)
        .gap(1)
        .put(alert.text.clone(), text);
    let (said, style) = standing(view, alert);
    row.right(format!("  {said}"), style).fit(width)
}

/// Where it stands, in few words.
fn standing(view: &View<'_>, alert: &AlertStatus) -> (String, ratatui::style::Style) {
    let quiet = alert.silenced_until.map(|until| format!("silent until {}", until.strftime("%H:%MZ")));
    match (&alert.acknowledged_by, quiet, alert.state) {
        (_, _, AlertState::Pending) => ("pending".to_owned(), view.style(Role::Muted)),
        (Some(by), None, _) => (format!("{by} is on it"), view.style(Role::Ok)),
        (Some(by), Some(quiet), _) => (format!("{by}, {quiet}"), view.style(Role::Ok)),
        (None, Some(quiet), _) => (quiet, view.style(Role::Warning)),
        (None, None, _) => ("FIRING".to_owned(), view.bold(look::severity(view.symbols(), alert.severity).role)),
    }
}

pub(super) fn detail(view: &View<'_>, key: &AlertKey, scroll: usize, screen: Rect) -> Sheet {
    let width = inside(screen, DETAIL);
    let alert = view.model.alert(key);
    let over = || vec![Line::styled(format!("{} it is over", view.symbols().ok), view.style(Role::Ok))];
    let mut list = List::of(alert.map_or_else(over, |alert| lines(view, alert, width)));
    list.offset = scroll;
    Sheet {
        title: key.to_string(),
        edge: Role::BorderFocus,
        width: DETAIL,
        list,
        foot: vec![Line::default()],
        keys: vec![("a", "acknowledge"), ("s", "silence"), ("↑↓", "scroll"), ("?", "help"), ("esc", "back")],
    }
}

fn lines(view: &View<'_>, alert: &AlertStatus, width: usize) -> Vec<Line<'static>> {
    let look = look::severity(view.symbols(), alert.severity);
    let said = format!("{} {}: {}", look.sign, alert.severity.word(), alert.text);
    let styled = |line| Line::styled(line, view.bold(look.role));
    let mut lines: Vec<Line<'static>> = wrap(&said, width).into_iter().map(styled).collect();
    lines.push(Line::default());
    let ago = |at| format!("{}, {} ago", clock(at), view.quantised(view.since(at)));
    let mut field = |label: &str, text: String| lines.extend(labelled(view, label, &text, Role::Text, width));
    field("rule", alert.rule.clone());
    field("since", ago(alert.since));
    match alert.fired_at {
        Some(at) => field("fires", ago(at)),
        None => field("fires", "not yet: it is not so for long enough".to_owned()),
    }
    for (label, about) in [
        ("region", alert.region.as_ref().map(ToString::to_string)),
        ("service", alert.service.as_ref().map(ToString::to_string)),
    ] {
        if let Some(about) = about {
            field(label, about);
        }
    }
    if let Some(at) = alert.told_at {
        let kind = view.model.scene.kind;
        let sent = if kind.executes() { String::new() } else { format!("; would be sent: this is a {}", kind.word()) };
        field("notice", format!("{}{sent}", ago(at)));
    }
    let on_it = alert.acknowledged_by.as_ref().zip(alert.acknowledged_at);
    field("on it", on_it.map_or_else(|| "nobody".to_owned(), |(by, at)| format!("{by}, since {}", clock(at))));
    if let (Some(until), Some(by)) = (alert.silenced_until, &alert.silenced_by) {
        let because = alert.silenced_because.as_deref().unwrap_or_default();
        field("silent", format!("until {} by {by}: {because}", clock(until)));
    }
    lines
}
