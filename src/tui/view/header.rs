//! The two rows that are always there: what this is, who commands, and how much time is left. Below them, one row for
//! everything that is wrong with the console itself.

use std::time::Duration;

use domain::comms::Due;
use domain::engine::Incident;
use domain::log::{Kind, Mode};
use domain::objective::{Clock, Clocks, Deadline, Row as Target};
use domain::reading::{Health, Status, Stream, Verdict};
use domain::time::{clock, human, since, stopwatch};
use ratatui::text::{Line, Span};

use super::alarms::alarms;
use super::alerts;
use super::context::{View, short, span};
use super::pieces::Pieces;
use crate::action::Id;
use crate::theme::Role;
use crate::widget::bar;

/// Both rows, those of alarms, and that of alerts, when there are any.
pub(super) fn header(view: &View<'_>, width: usize) -> Vec<Line<'static>> {
    // Where no banner stands, a column of air does.
    let air = usize::from(view.model.exercise().is_some());
    let mut lines = match (view.incident(), view.clocks()) {
        (Some(incident), Some(clocks)) => {
            vec![indented(identity(view, incident, width - air), air), time(view, incident, &clocks, width)]
        }
        _ => vec![indented(calm_identity(view, width - air), air), calm_state(view, width)],
    };
    lines.extend(alarms(view, width));
    lines.extend(alerts::line(view, width));
    lines
}

fn indented(mut line: Line<'static>, by: usize) -> Line<'static> {
    line.spans.insert(0, Span::raw(" ".repeat(by)));
    line
}

/// What this is; an exercise that goes on says so in a row of its own, above.
fn banner(view: &View<'_>) -> Vec<Span<'static>> {
    if view.model.exercise().is_some() {
        return Vec::new();
    }
    let (word, role) = match view.kind() {
        Kind::Live => (" LIVE ", Role::BannerLive),
        Kind::Lab => (" LAB ", Role::BannerExercise),
        Kind::Drill => (" DRILL · EXERCISE ", Role::BannerExercise),
        Kind::Demo => (" DEMO · SIMULATED ", Role::BannerExercise),
        Kind::Paper => (" PAPER ", Role::BannerExercise),
    };
    vec![Span::styled(word, view.style(role))]
}

fn identity(view: &View<'_>, incident: &Incident, width: usize) -> Line<'static> {
    let mut pieces = Pieces::default();
    let muted = view.style(Role::Muted);
    pieces.put(0, banner(view));
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
        let unrecovered = view.clocks().is_some_and(|clocks| clocks.total.unrecovered);
        pieces.text(1, "CLOSED", view.bold(if unrecovered { Role::Warning } else { Role::Ok }));
    }
    let commander = incident.commander.as_ref().map_or_else(
        || Span::styled("nobody", view.bold(Role::Warning)),
        |commander| Span::styled(commander.to_string(), view.style(Role::Text)),
    );
    let mut command = vec![Span::styled("IC ", muted), commander];
    command.extend(offered(view));
    pieces.put(2, command);
    pieces.fit(2, now(view, width), width)
}

/// To whom command is offered, or that one person does everything.
fn offered(view: &View<'_>) -> Option<Span<'static>> {
    let lead = &view.model.state.lead;
    let offer = lead.offer.as_ref().filter(|_| view.model.state.open().is_some());
    if let Some(offer) = offer {
        let whom = if view.model.offered().is_some() {
            format!("you: {}", view.model.key(Id::HandOver))
        } else {
            offer.to.to_string()
        };
        return Some(Span::styled(format!(" {} {whom}?", view.symbols().to), view.bold(Role::Warning)));
    }
    lead.solo.as_ref().map(|_| Span::styled(" alone", view.style(Role::Warning)))
}

/// How much waits for a person; red once something is wrong.
fn waiting(view: &View<'_>) -> (Vec<Span<'static>>, bool) {
    match view.model.waits() {
        (0, _) => (Vec::new(), false),
        (count, wrong) => {
            let (sign, role) =
                if wrong { (view.symbols().down, Role::Down) } else { (view.symbols().warning, Role::Warning) };
            let verb = if count == 1 { "waits" } else { "wait" };
            (
                vec![Span::styled(format!("{sign} {count} {verb}: {}", view.model.key(Id::Waiting)), view.bold(role))],
                wrong,
            )
        }
    }
}

/// The clock of everything below; in an exercise it is the scenario's, and says so where there is room.
fn now(view: &View<'_>, width: usize) -> Vec<Span<'static>> {
    let whose = if view.model.exercise().is_some() && width >= 100 { "scenario " } else { "" };
    let now = Span::styled(clock(view.model.now.wall), view.bold(Role::Strong));
    vec![Span::styled(whose, view.style(Role::Muted)), now, Span::raw(" ")]
}

pub(super) fn way(view: &View<'_>, incident: &Incident) -> Vec<Span<'static>> {
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

fn time(view: &View<'_>, incident: &Incident, clocks: &Clocks, width: usize) -> Line<'static> {
    let mut pieces = Pieces::default();
    let muted = view.style(Role::Muted);
    let targets = view.measured().map(|status| view.objectives(status)).unwrap_or_default();
    let deadline = clocks.deadline.as_ref();
    let start = deadline.map(|deadline| tier_elapsed(&targets, deadline));
    let share = deadline.zip(start).map(|(deadline, elapsed)| share(elapsed, deadline.rto));
    let urgency = match share {
        _ if clocks.total.unrecovered => Role::Unknown,
        _ if clocks.total.stopped_at.is_some() => Role::Ok,
        Some(share) if share <= 0.8 => Role::Warning,
        _ => Role::Down,
    };
    let mut total = vec![
        Span::styled(" total ", muted),
        Span::styled(stopwatch(clocks.total.elapsed), view.bold(urgency)),
        Span::raw(" "),
    ];
    if let Some((deadline, share)) = deadline.zip(share) {
        total.extend(bar(view.theme, share, if width >= 110 { 12 } else { 6 }, urgency));
        total.push(Span::styled(format!(" of {} tier {}", short(deadline.rto), deadline.tier), muted));
    }
    pieces.put(0, total);
    let execution = clocks.execution.map_or_else(
        || vec![Span::styled("not decided", view.bold(Role::Warning))],
        |execution| {
            let elapsed = stopwatch(execution.elapsed);
            vec![Span::styled("execution ", muted), Span::styled(elapsed, view.style(Role::Strong))]
        },
    );
    pieces.put(3, execution);
    if let Some(finish) = clocks.projected_finish.filter(|_| incident.closed_at.is_none()) {
        let role = if deadline.is_some() { Role::Ok } else { Role::Down };
        let mut projected = vec![
            Span::styled("projected ", muted),
            Span::styled(span(since(finish, clocks.total.started_at)), view.bold(role)),
        ];
        if clocks.remaining.is_some_and(|left| left.estimated) {
            projected.push(Span::styled(" est", muted));
        }
        pieces.put(2, projected);
    }
    match deadline {
        Some(deadline) => pieces.put(1, decide_by(view, deadline)),
        None => pieces.put(1, outcome(view, &targets)),
    }
    if let Some(due) = view.model.updates_due().first() {
        pieces.put(if view.model.overdue(due.at) { 1 } else { 4 }, update_due(view, due));
    }
    if view.model.consoles > 1 {
        pieces.text(4, format!("{} consoles", view.model.consoles), view.style(Role::Text));
    }
    let (waiting, wrong) = waiting(view);
    pieces.put(if wrong { 1 } else { 3 }, waiting);
    pieces.fit(3, Vec::new(), width)
}

/// When the next audience is to be told; loud once it is overdue.
fn update_due(view: &View<'_>, due: &Due) -> Vec<Span<'static>> {
    if view.model.overdue(due.at) {
        let text = format!("{} UPDATE OVERDUE {}", view.symbols().down, span(view.since(due.at)));
        return vec![Span::styled(text, view.bold(Role::Down))];
    }
    vec![
        Span::styled("update due ", view.style(Role::Muted)),
        Span::styled(due.at.strftime("%H:%M").to_string(), view.style(Role::Text)),
    ]
}

pub(super) fn tier_elapsed(targets: &[Target], deadline: &Deadline) -> Duration {
    let tier = targets.iter().find(|target| target.tier.as_ref() == Some(&deadline.tier));
    tier.and_then(|tier| tier.clock).map(|clock| clock.elapsed).unwrap_or_default()
}

pub(super) fn share(elapsed: Duration, rto: Duration) -> f64 {
    if rto.is_zero() { 1.0 } else { elapsed.as_secs_f64() / rto.as_secs_f64() }
}

/// Until it is decided, the last instant at which deciding still meets the objective; then what is left over.
fn decide_by(view: &View<'_>, deadline: &Deadline) -> Vec<Span<'static>> {
    let role = if deadline.spare < Duration::from_secs(60) { Role::Down } else { Role::Ok };
    let muted = view.style(Role::Muted);
    if deadline.decided {
        return vec![Span::styled("slack ", muted), Span::styled(span(deadline.spare), view.bold(role))];
    }
    vec![
        Span::styled("decide by ", muted),
        Span::styled(clock(deadline.decide_by), view.bold(Role::Warning)),
        Span::styled(format!(" in {}", span(deadline.spare)), muted),
    ]
}

/// No tier can still be met, or none is open.
pub(super) fn outcome(view: &View<'_>, targets: &[Target]) -> Vec<Span<'static>> {
    let count = |of: fn(&Clock) -> bool, verdict: Verdict| {
        let tiers = targets.iter().filter(|target| target.tier.is_some() && target.rto_verdict == verdict);
        tiers.filter(|tier| tier.clock.as_ref().is_some_and(of)).count()
    };
    let running: fn(&Clock) -> bool = |clock| clock.stopped_at.is_none();
    let recovered: fn(&Clock) -> bool = |clock| clock.stopped_at.is_some() && !clock.unrecovered;
    let unrecovered: fn(&Clock) -> bool = |clock| clock.unrecovered;
    let symbols = view.symbols();
    let mut spans = Vec::new();
    for (count, sign, text, role) in [
        (count(running, Verdict::Missed), symbols.down, "missed", Role::Down),
        (count(running, Verdict::AtRisk), symbols.warning, "will be late", Role::Warning),
        (count(unrecovered, Verdict::Missed), symbols.down, "missed, not seen to recover", Role::Down),
        (count(unrecovered, Verdict::Unknown), symbols.unknown, "not seen to recover", Role::Unknown),
        (count(recovered, Verdict::Ok), symbols.ok, "recovered in time", Role::Ok),
        (count(recovered, Verdict::Missed), symbols.down, "recovered late", Role::Down),
    ] {
        if count > 0 {
            let gap = if spans.is_empty() { "" } else { "  " };
            let tiers = if count == 1 { "tier" } else { "tiers" };
            spans.push(Span::styled(format!("{gap}{sign} {count} {tiers} {text}"), view.bold(role)));
        }
    }
    spans
}

fn calm_identity(view: &View<'_>, width: usize) -> Line<'static> {
    let mut pieces = Pieces::default();
    pieces.put(0, banner(view));
    pieces.text(0, view.estate().name.clone(), view.style(Role::Strong));
    pieces.text(2, "no incident", view.style(Role::Muted));
    if view.model.scene.read_only {
        pieces.text(1, "READ-ONLY", view.bold(Role::Warning));
    }
    pieces.text(3, format!("as {}", view.model.scene.actor.name), view.style(Role::Muted));
    if let Some(exercise) = view.model.exercise() {
        pieces.text(3, exercise.start.label.clone(), view.style(Role::Muted));
        return pieces.fit(3, now(view, width), width);
    }
    let now = view.model.now.wall.strftime("%H:%MZ ").to_string();
    pieces.fit(3, vec![Span::styled(now, view.style(Role::Muted))], width)
}

fn calm_state(view: &View<'_>, width: usize) -> Line<'static> {
    let Some(status) = &view.model.status else {
        if view.kind() == Kind::Paper {
            return Line::styled(" nothing is simulated: people say what they see", view.style(Role::Muted));
        }
        return Line::styled(" waiting for the first readings", view.style(Role::Unknown));
    };
    let mut pieces = Pieces::default();
    pieces.put(0, regions_in_a_word(view, status));
    let checks: Vec<Health> = status.every_check().map(|check| check.status).collect();
    let ok = checks.iter().filter(|health| **health == Health::Ok).count();
    let style = view.style(if ok == checks.len() { Role::Muted } else { Role::Warning });
    pieces.text(1, format!("{ok} of {} checks ok", checks.len()), style);
    let lag = status.replication.iter().filter_map(|link| link.lag).max();
    if let Some(lag) = lag {
        // A lag that is no longer fed is what it was at least.
        let fed = status.replication.iter().all(|link| link.lag.is_none() || link.state == Stream::Streaming);
        let (bound, role) =
            if fed { (String::new(), Role::Muted) } else { (format!("{} ", view.symbols().at_least), Role::Warning) };
        pieces.text(2, format!("lag {bound}{}", human(lag)), view.style(role));
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
