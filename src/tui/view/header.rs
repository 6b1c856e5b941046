//! The two rows that are always there: what this is, who commands, and how much time is left. Below them, one row for
//! everything that is wrong with the console itself.

use std::time::Duration;

use domain::console::BannerAbout;
use domain::engine::Incident;
use domain::log::{Kind, Mode};
use domain::reading::{Health, Status};
use domain::time::{at_offset, clock, human, stopwatch};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::clocks::{Clocks, Standing, TierClock};
use super::context::{View, short, span};
use crate::theme::Role;
use crate::widget::{bar, width as columns};

/// A piece of a row that stays as long as there is room; the highest `rank` goes first.
struct Piece {
    rank: u8,
    spans: Vec<Span<'static>>,
}

#[derive(Default)]
struct Pieces(Vec<Piece>);

impl Pieces {
    fn put(&mut self, rank: u8, spans: Vec<Span<'static>>) {
        if !spans.is_empty() {
            self.0.push(Piece { rank, spans });
        }
    }

    fn text(&mut self, rank: u8, text: impl Into<String>, style: Style) {
        self.put(rank, vec![Span::styled(text.into(), style)]);
    }

    fn used(&self, gap: usize) -> usize {
        let text: usize = self.0.iter().flat_map(|piece| &piece.spans).map(|span| columns(&span.content)).sum();
        text + gap * self.0.len().saturating_sub(1)
    }

    /// The pieces that fit beside `right`, which always stays.
    fn fit(mut self, gap: usize, right: Vec<Span<'static>>, width: usize) -> Line<'static> {
        let tail: usize = right.iter().map(|span| columns(&span.content)).sum();
        while self.used(gap) + tail + gap > width && self.0.len() > 1 {
            let worst = self.0.iter().map(|piece| piece.rank).max().unwrap_or_default();
            match self.0.iter().rposition(|piece| piece.rank == worst) {
                Some(at) if worst > 0 => self.0.remove(at),
                _ => break,
            };
        }
        let used = self.used(gap);
        let mut spans: Vec<Span<'static>> = Vec::new();
        for piece in self.0 {
            if !spans.is_empty() {
                spans.push(Span::raw(" ".repeat(gap)));
            }
            spans.extend(piece.spans);
        }
        spans.push(Span::raw(" ".repeat(width.saturating_sub(used + tail))));
        spans.extend(right);
        Line::from(spans)
    }
}

/// Both rows, and a row of alarms when there are any.
pub(super) fn header(view: &View<'_>, width: usize) -> Vec<Line<'static>> {
    let mut lines = match (view.incident(), Clocks::of(view)) {
        (Some(incident), Some(clocks)) => {
            vec![identity(view, incident, width), time(view, incident, &clocks, width)]
        }
        _ => vec![calm_identity(view, width), calm_state(view, width)],
    };
    lines.extend(alarms(view, width));
    lines
}

fn banner(view: &View<'_>) -> Span<'static> {
    let (word, role) = match view.kind() {
        Kind::Live => (" LIVE ", Role::BannerLive),
        Kind::Lab => (" LAB ", Role::BannerExercise),
        Kind::Drill => (" EXERCISE ", Role::BannerExercise),
        Kind::Demo => (" SIMULATED ", Role::BannerExercise),
        Kind::Paper => (" PAPER ", Role::BannerExercise),
    };
    Span::styled(word, view.style(role))
}

fn identity(view: &View<'_>, incident: &Incident, width: usize) -> Line<'static> {
    let mut pieces = Pieces::default();
    let muted = view.style(Role::Muted);
    pieces.put(0, vec![banner(view)]);
    pieces.text(4, view.estate().name.clone(), view.style(Role::Strong));
    pieces.text(3, incident.label.clone(), muted);
    let severity = if incident.severity.0 <= 2 { Role::Down } else { Role::Warning };
    pieces.text(1, incident.severity.to_string(), view.bold(severity));
    pieces.text(6, incident.title.clone(), view.style(Role::Text));
    pieces.put(1, way(view, incident));
    if let Some(run) = view.model.run() {
        let role = if run.mode == Mode::Forced { Role::Warning } else { Role::Text };
        pieces.text(5, run.mode.word(), view.style(role));
    }
    if incident.closed_at.is_some() {
        pieces.text(1, "CLOSED", view.bold(Role::Ok));
    }
    let commander = incident.commander.as_ref().map_or_else(
        || Span::styled("nobody", view.bold(Role::Warning)),
        |commander| Span::styled(commander.to_string(), view.style(Role::Text)),
    );
    pieces.put(2, vec![Span::styled("IC ", muted), commander]);
    pieces.fit(2, vec![Span::styled(clock(view.model.now.wall), view.bold(Role::Strong)), Span::raw(" ")], width)
}

fn way(view: &View<'_>, incident: &Incident) -> Vec<Span<'static>> {
    let mut spans = Vec::new();
    if let Some(from) = &incident.from {
        spans.push(Span::styled(from.to_string(), view.bold(region_role(view, from.as_str()))));
    }
    if let Some(to) = &incident.to {
        spans.push(Span::styled(format!(" {} ", view.symbols().to), view.style(Role::Muted)));
        spans.push(Span::styled(to.to_string(), view.bold(region_role(view, to.as_str()))));
    }
    spans
}

fn region_role(view: &View<'_>, name: &str) -> Role {
    let status = view.model.status.as_ref();
    let region = status.and_then(|status| status.regions.iter().find(|region| region.name.as_str() == name));
    match region.map(|region| region.status) {
        Some(Health::Ok) => Role::Ok,
        Some(Health::Degraded) => Role::Warning,
        Some(Health::Down) => Role::Down,
        _ => Role::Unknown,
    }
}

fn time(view: &View<'_>, incident: &Incident, clocks: &Clocks<'_>, width: usize) -> Line<'static> {
    let mut pieces = Pieces::default();
    let muted = view.style(Role::Muted);
    let next = clocks.next();
    let lost = clocks.tiers.iter().any(|clock| matches!(clock.standing, Standing::Missed { .. }));
    let urgency = match next {
        Some(clock) if share(clock) > 0.8 => Role::Down,
        Some(_) => Role::Warning,
        None if lost => Role::Down,
        None => Role::Ok,
    };
    let mut total =
        vec![Span::styled(" total ", muted), Span::styled(stopwatch(clocks.total), view.bold(urgency)), Span::raw(" ")];
    if let Some((clock, rto)) = next.and_then(|clock| Some((clock, clock.rto?))) {
        total.extend(bar(view.theme, share(clock), if width >= 110 { 12 } else { 6 }, urgency));
        total.push(Span::styled(format!(" of {} tier {}", short(rto), clock.tier.id), muted));
    }
    pieces.put(0, total);
    let execution = clocks.execution.map_or_else(
        || vec![Span::styled("not decided", view.bold(Role::Warning))],
        |execution| {
            vec![Span::styled("execution ", muted), Span::styled(stopwatch(execution), view.style(Role::Strong))]
        },
    );
    pieces.put(3, execution);
    if let Some(clock) = next {
        pieces.put(2, forecast(view, incident, clock));
        pieces.put(1, decide_by(view, incident, clocks, clock));
    } else {
        pieces.put(1, outcome(view, clocks));
    }
    if view.model.consoles > 1 {
        pieces.text(4, format!("{} consoles", view.model.consoles), view.style(Role::Text));
    }
    pieces.fit(3, Vec::new(), width)
}

fn share(clock: &TierClock<'_>) -> f64 {
    clock.rto.filter(|rto| !rto.is_zero()).map_or(1.0, |rto| clock.elapsed.as_secs_f64() / rto.as_secs_f64())
}

fn forecast(view: &View<'_>, incident: &Incident, clock: &TierClock<'_>) -> Vec<Span<'static>> {
    let Some(projected) = clock.projected.filter(|_| incident.closed_at.is_none()) else { return Vec::new() };
    vec![
        Span::styled("projected ", view.style(Role::Muted)),
        Span::styled(span(projected), view.bold(Role::Ok)),
        Span::styled(" est", view.style(Role::Muted)),
    ]
}

/// Until it is decided, the last instant at which deciding still meets the objective; then what is left over.
fn decide_by(view: &View<'_>, incident: &Incident, clocks: &Clocks<'_>, clock: &TierClock<'_>) -> Vec<Span<'static>> {
    let Standing::Open { left } = clock.standing else { return Vec::new() };
    let role = if left < Duration::from_secs(60) { Role::Down } else { Role::Ok };
    if incident.decided_at.is_some() || clocks.remaining.is_none() {
        let word = if clocks.remaining.is_some() { "slack " } else { "left " };
        return vec![Span::styled(word, view.style(Role::Muted)), Span::styled(span(left), view.bold(role))];
    }
    vec![
        Span::styled("decide by ", view.style(Role::Muted)),
        Span::styled(clock_of(at_offset(view.model.now.wall, left)), view.bold(Role::Warning)),
        Span::styled(format!(" in {}", span(left)), view.style(Role::Muted)),
    ]
}

fn clock_of(at: domain::time::Timestamp) -> String {
    clock(at)
}

/// No tier can still be met, or none is open.
fn outcome(view: &View<'_>, clocks: &Clocks<'_>) -> Vec<Span<'static>> {
    let count = |wanted: fn(&Standing) -> bool| clocks.tiers.iter().filter(|clock| wanted(&clock.standing)).count();
    let met = count(|standing| matches!(standing, Standing::Recovered { met: true, .. }));
    let late = count(|standing| matches!(standing, Standing::Recovered { met: false, .. }));
    let missed = count(|standing| matches!(standing, Standing::Missed { .. }));
    let mut spans = Vec::new();
    let mut put = |count: usize, sign: &str, text: &str, role| {
        if count > 0 {
            let gap = if spans.is_empty() { "" } else { "  " };
            spans.push(Span::styled(format!("{gap}{sign} {count} {text}"), view.bold(role)));
        }
    };
    put(missed, view.symbols().down, "tiers missed", Role::Down);
    put(met, view.symbols().ok, "tiers recovered in time", Role::Ok);
    put(late, view.symbols().down, "recovered late", Role::Down);
    spans
}

fn calm_identity(view: &View<'_>, width: usize) -> Line<'static> {
    let mut pieces = Pieces::default();
    pieces.put(0, vec![banner(view)]);
    pieces.text(0, view.estate().name.clone(), view.style(Role::Strong));
    pieces.text(2, "no incident", view.style(Role::Muted));
    if view.model.scene.read_only {
        pieces.text(1, "READ-ONLY", view.bold(Role::Warning));
    }
    pieces.text(3, format!("as {}", view.model.scene.actor.name), view.style(Role::Muted));
    let now = view.model.now.wall.strftime("%H:%MZ ").to_string();
    pieces.fit(3, vec![Span::styled(now, view.style(Role::Muted))], width)
}

fn calm_state(view: &View<'_>, width: usize) -> Line<'static> {
    let Some(status) = &view.model.status else {
        return Line::styled(" waiting for the first readings", view.style(Role::Unknown));
    };
    let mut pieces = Pieces::default();
    pieces.put(0, regions_in_a_word(view, status));
    let checks: Vec<Health> =
        status.regions.iter().flat_map(|region| &region.checks).map(|check| check.status).collect();
    let ok = checks.iter().filter(|health| **health == Health::Ok).count();
    let style = view.style(if ok == checks.len() { Role::Muted } else { Role::Warning });
    pieces.text(1, format!("{ok} of {} checks ok", checks.len()), style);
    let lag = status.replication.iter().filter_map(|link| link.lag).max();
    if let Some(lag) = lag {
        pieces.text(2, format!("lag {}", human(lag)), view.style(Role::Muted));
    }
    if let Some(change) = status.regions.iter().filter_map(|region| region.since).max() {
        let quiet = view.since(change);
        if status.regions.iter().all(|region| region.status == Health::Ok) && quiet.as_secs() >= 60 {
            let quiet = human(Duration::from_secs(quiet.as_secs() / 60 * 60));
            pieces.text(3, format!("quiet for {quiet}"), view.style(Role::Muted));
        }
    }
    pieces.fit(3, Vec::new(), width)
}

fn regions_in_a_word(view: &View<'_>, status: &Status) -> Vec<Span<'static>> {
    let total = status.regions.len();
    let down: Vec<&str> = status
        .regions
        .iter()
        .filter(|region| region.status == Health::Down)
        .map(|region| region.name.as_str())
        .collect();
    if !down.is_empty() {
        return vec![Span::styled(format!(" {} {} DOWN", view.symbols().down, down.join(", ")), view.bold(Role::Down))];
    }
    let ok = status.regions.iter().filter(|region| region.status == Health::Ok).count();
    if ok == total {
        return vec![Span::styled(format!(" {} {total} regions ok", view.symbols().ok), view.style(Role::Ok))];
    }
    vec![Span::styled(format!(" {} {ok} of {total} regions ok", view.symbols().warning), view.bold(Role::Warning))]
}

/// Everything that makes this console less than it seems, loudest first.
fn alarms(view: &View<'_>, width: usize) -> Option<Line<'static>> {
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
        if let Some(skew) = status.clock_skew_ms {
            #[allow(clippy::cast_precision_loss)]
            texts.push(format!("clock skew {:+.1}s", skew as f64 / 1000.0));
        }
    }
    texts.extend(told(BannerAbout::Estate));
    texts.extend(told(BannerAbout::Runbook));
    texts.extend(told(BannerAbout::Mirror));
    if texts.is_empty() {
        return None;
    }
    let count = if texts.len() > 1 { format!("({}) ", texts.len()) } else { String::new() };
    let text = format!(" {} {count}{}", view.symbols().warning, texts.join("  ·  "));
    let text = crate::widget::ellipsis(&text, width, view.symbols().ellipsis);
    let fill = width.saturating_sub(columns(&text));
    Some(Line::styled(format!("{text}{}", " ".repeat(fill)), view.style(Role::BannerAlarm)))
}
