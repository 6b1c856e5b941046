//! The rows above and below every page: what this is, from where to where, what is wrong, how old it is.

use domain::comms::due;
use domain::engine::Incident;
use domain::log::{Kind, Mode};
use domain::time::{clock, human, since, stopwatch};
use ratatui::text::{Line, Span};

use super::super::context::{View, span};
use super::super::header::way;
use super::super::pieces::Pieces;
use crate::theme::Role;
use crate::wall::{Freshness, Stale, Wall, breach};
use crate::widget::{Row, ellipsis, width as columns};

/// From so many columns on the kind is said three times.
const WIDE: usize = 100;

/// What it says in large or small wherever it stands.
pub(super) const fn kind_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Live => "LIVE",
        Kind::Lab => "LAB",
        Kind::Drill => "EXERCISE",
        Kind::Demo => "DEMO · SIMULATED",
        Kind::Paper => "PAPER EXERCISE",
    }
}

/// Two rows, and one for everything that is wrong.
pub(super) fn lines(wall: &Wall, view: &View<'_>, width: usize) -> Vec<Line<'static>> {
    let mut lines = match view.incident() {
        Some(incident) => vec![banner(wall, view, Some(incident), width), standing(view, incident, width)],
        None if wall.busy() => vec![banner(wall, view, None, width)],
        None => vec![calm(wall, view, width)],
    };
    lines.extend(wrong(wall, view).into_iter().map(|text| {
        let text = format!(" {} {}", view.symbols().warning, ellipsis(&text, width.saturating_sub(4), "…"));
        let style = view.style(Role::BannerAlarm);
        Row::new().put(text, style).fit(width).style(style)
    }));
    lines
}

const fn role(kind: Kind) -> Role {
    match kind {
        Kind::Live => Role::BannerLive,
        _ => Role::BannerExercise,
    }
}

/// The whole row in the colour of its kind, that nobody takes one for the other from the end of the room.
fn banner(wall: &Wall, view: &View<'_>, incident: Option<&Incident>, width: usize) -> Line<'static> {
    let kind = wall.kind();
    let style = view.style(role(kind));
    let word = kind_words(kind);
    let said = match kind {
        Kind::Drill | Kind::Paper if width >= WIDE => format!(" {word}  {word}  {word} "),
        _ => format!(" {word} "),
    };
    let mut pieces = Pieces::default();
    pieces.text(0, said, style);
    if let Some(exercise) = wall.model.exercise() {
        pieces.text(1, format!("T+{}", stopwatch(exercise.elapsed(wall.model.now.wall))), style);
        match (&exercise.ended, exercise.paused) {
            (Some(_), _) => pieces.text(0, "ENDED", style),
            (None, true) => pieces.text(0, "PAUSED", style),
            (None, false) if exercise.speed > 1 => pieces.text(2, format!("{}×", exercise.speed), style),
            (None, false) => {}
        }
    }
    match incident {
        Some(incident) => {
            pieces.text(1, incident.label.clone(), style);
            pieces.text(3, incident.title.clone(), style);
            pieces.text(4, view.estate().name.clone(), style);
            if incident.closed_at.is_some() {
                pieces.text(0, "CLOSED", style);
            }
        }
        None => pieces.text(2, "no incident is declared", style),
    }
    let now = Span::styled(format!("{} ", clock(wall.model.now.wall)), style);
    pieces.fit(2, vec![now], width).style(style)
}

fn standing(view: &View<'_>, incident: &Incident, width: usize) -> Line<'static> {
    let muted = view.style(Role::Muted);
    let mut pieces = Pieces::default();
    pieces.put(0, way(view, incident));
    let severity = if incident.severity.0 <= 2 { Role::Down } else { Role::Warning };
    pieces.text(0, incident.severity.to_string(), view.bold(severity));
    if let Some(run) = view.model.run() {
        let role = if run.mode == Mode::Forced { Role::Warning } else { Role::Text };
        pieces.text(2, run.mode.word(), view.style(role));
    }
    let commander = incident.commander.as_ref().map_or_else(
        || Span::styled("nobody", view.bold(Role::Warning)),
        |commander| Span::styled(commander.to_string(), view.style(Role::Text)),
    );
    pieces.put(3, vec![Span::styled("IC ", muted), commander]);
    indented(pieces.fit(3, update_due(view, incident), width.saturating_sub(1)))
}

/// When somebody waits for the next word; loud once they have waited too long.
fn update_due(view: &View<'_>, incident: &Incident) -> Vec<Span<'static>> {
    let due = due(&view.estate().audiences, &view.model.state.updates, incident.opened_at);
    let Some(next) = due.first().filter(|_| incident.closed_at.is_none()) else { return Vec::new() };
    let now = view.model.now.wall;
    if next.at < now {
        let text = format!(" UPDATE OVERDUE {} {} ", next.audience, span(since(now, next.at)));
        return vec![Span::styled(text, view.style(Role::BannerAlarm)), Span::raw(" ")];
    }
    let left = since(next.at, now);
    let role = if left.as_secs() < 120 { Role::Warning } else { Role::Text };
    vec![
        Span::styled(format!("update due {} ", next.audience), view.style(Role::Muted)),
        Span::styled(span(left), view.bold(role)),
        Span::raw(" "),
    ]
}

fn indented(mut line: Line<'static>) -> Line<'static> {
    line.spans.insert(0, Span::raw(" "));
    line
}

fn calm(wall: &Wall, view: &View<'_>, width: usize) -> Line<'static> {
    let kind = wall.kind();
    let mut pieces = Pieces::default();
    pieces.text(0, format!(" {} ", kind_words(kind)), view.style(role(kind)));
    let told = wall.told.as_ref().map(|told| told.estate.clone());
    let name = told.unwrap_or_else(|| view.estate().name.clone());
    pieces.text(1, name, view.bold(Role::Strong));
    pieces.text(2, "no incident", view.style(Role::Muted));
    let now = Span::styled(format!("{} ", clock(wall.model.now.wall)), view.bold(Role::Strong));
    pieces.fit(3, vec![now], width)
}

/// Loudest first.
fn wrong(wall: &Wall, view: &View<'_>) -> Vec<String> {
    let mut texts = Vec::new();
    match wall.freshness() {
        Freshness::Stale(stale) => texts.push(format!("STALE  {}", why(&stale))),
        Freshness::Waiting | Freshness::Fresh => {}
    }
    if let Some(status) = &wall.told {
        if status.blind {
            texts.push("BLIND  the console lost its own network: nothing of the readings can be believed".to_owned());
        }
        if status.replication.iter().any(|copy| copy.split_brain) {
            texts.push("SPLIT BRAIN  two sides accept writes".to_owned());
        }
        texts.extend(status.clock_skew());
    }
    if breach::breach(view.model) == Some(breach::Breach::TooLate) {
        texts.push("DECIDE-BY HAS PASSED  no tier can be met any more".to_owned());
    }
    texts.truncate(3);
    texts
}

fn why(stale: &Stale) -> String {
    match stale {
        Stale::NoLook { ago } => format!("{}: this display does not get to read its files", age(*ago)),
        Stale::Log(why) => why.clone(),
        Stale::NoConsole { ago } => format!("{}: no console writes what it sees", age(*ago)),
        Stale::Quiet { ago } => format!("{} since the last entry, and no console is seen", age(*ago)),
    }
}

pub(super) fn age(ago: std::time::Duration) -> String {
    human(std::time::Duration::from_secs(ago.as_secs()))
}

/// Which page this is, how old its sources are, and the anchor that others hold.
pub(super) fn foot(wall: &Wall, view: &View<'_>, width: usize) -> Line<'static> {
    let muted = view.style(Role::Muted);
    let mut row = Row::new().gap(1);
    for page in wall.pages() {
        let (mark, style) = if page == wall.page {
            (view.symbols().running, view.bold(Role::Accent))
        } else {
            (view.symbols().pending, muted)
        };
        let title =
            if width >= 100 || page == wall.page { format!("{mark} {}", page.title()) } else { mark.to_owned() };
        row = row.put(title, style).gap(2);
    }
    if breach::breach(view.model).is_some() && !wall.by_hand {
        row = row.put("stays", view.style(Role::Warning)).gap(2);
    }
    if let Some(why) = &wall.unconfined {
        let text = format!("not held back by the kernel: {why}");
        if row.used() + columns(&text) + 40 < width {
            row = row.put(text, view.style(Role::Warning));
        } else {
            row = row.put("unconfined", view.style(Role::Warning));
        }
    }
    if let Some(written) = wall.feed.as_ref().and_then(|feed| feed.readings.as_ref()) {
        let role = if wall.reads() { Role::Muted } else { Role::Warning };
        row = row.right(format!("  readings {} ago", age(wall.ago(written.at))), view.style(role));
    } else if wall.busy() {
        row = row.right("  no readings", view.style(Role::Unknown));
    }
    if let Some(entry) = wall.model.state.entries.last() {
        row = row.right(format!("  entry {} ago", age(wall.ago(entry.recorded_at))), muted);
    }
    if let Some(head) = &wall.model.state.head {
        row = row.right("  head ", muted).right(head.short(), view.style(Role::Text));
    }
    row.right(" ", muted).fit(width)
}
