//! The box before something happens: what it costs, how sure the old side is quiet, who agreed, what exactly runs where.

use domain::console::Prepared;
use domain::engine::{Fence, Run};
use domain::execution::{Danger, GuardVerdict, Part, Resolved};
use domain::ident::{DatabaseId, RegionId};
use domain::log::EndEx;
use domain::objective::AtRisk;
use domain::report::size;
use domain::runbook::{Lang, Step};
use domain::time::{clock, human};
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{Sheet, endex, inside, outbox};
use crate::model::{ConfirmBox, Subject, Waiting};
use crate::theme::Role;
use crate::view::context::View;
use crate::view::guards::{ago, guard_line, reach};
use crate::view::records::{plane, records};
use crate::view::step::code;
use crate::widget::{List, Row, fold, wrap};

const WIDTH: u16 = 86;

pub(super) fn sheet(view: &View<'_>, confirm: &ConfirmBox, screen: Rect) -> Sheet {
    let width = inside(screen, WIDTH);
    let mut edge = Role::BorderFocus;
    let (title, mut lines) = match &confirm.subject {
        Subject::Step { prepared, title } => {
            let step = view.model.state.run(prepared.run).and_then(|run| Some((run, run.step(&prepared.step)?)));
            if step.is_some_and(|(_, step)| step.point_of_no_return && prepared.part == Part::Run) {
                edge = Role::NoReturn;
            }
            let title = if prepared.part == Part::Rollback { format!("Roll back: {title}") } else { title.clone() };
            (title, step.map(|(run, step)| step_lines(view, run, step, prepared, width)).unwrap_or_default())
        }
        Subject::Capture { text } => ("One-off command".to_owned(), capture(view, text, width)),
        Subject::Cancel { title, .. } => (
            "End what is running".to_owned(),
            said(
                view,
                &format!("\"{title}\" is told to end, and made to after 10 s. What it did so far stays done."),
                width,
            ),
        ),
        Subject::CancelCapture { text, .. } => (
            "End the command".to_owned(),
            said(
                view,
                &format!("`{text}` is told to end, and made to after 10 s. What it did so far stays done."),
                width,
            ),
        ),
        Subject::Updates { letters } => outbox::confirm_lines(view, letters, width),
        Subject::Retry { audience, update, way } => outbox::retry_lines(view, audience, *update, way, width),
        Subject::EndExercise { why, because } => {
            if *why == EndEx::RealWorld {
                edge = Role::Warning;
            }
            endex::lines(view, *why, because, width)
        }
        Subject::Quit => (
            "Leave this console".to_owned(),
            said(
                view,
                "The incident goes on without this console: what runs keeps running, and nothing watches it from here.",
                width,
            ),
        ),
    };
    if confirm.changed {
        lines.insert(
            0,
            Line::styled(
                format!("{} What is shown has changed: look again.", view.symbols().warning),
                view.bold(Role::Warning),
            ),
        );
        lines.insert(1, Line::default());
    }
    let mut list = List::of(lines);
    list.offset = confirm.scroll;
    Sheet { title, edge, width: WIDTH, list, foot: foot(view, confirm, width), keys: confirm_keys(confirm) }
}

pub(super) fn said(view: &View<'_>, text: &str, width: usize) -> Vec<Line<'static>> {
    wrap(text, width).into_iter().map(|line| Line::styled(line, view.style(Role::Text))).collect()
}

fn foot(view: &View<'_>, confirm: &ConfirmBox, width: usize) -> Vec<Line<'static>> {
    let Danger::Typed(wanted) = &confirm.danger else { return vec![Line::default()] };
    let (before, after) = confirm.typed.split();
    let typed = Row::new()
        .put(format!("Type {wanted}, then Enter:  "), view.style(Role::Text))
        .put(format!("{before}{}{after}", view.symbols().cursor), view.style(Role::Input));
    let typed = match confirm.waiting() {
        Waiting::Enter { from } if view.model.real.boot >= from => {
            typed.right(format!("{} Enter runs it", view.symbols().ok), view.bold(Role::Warning))
        }
        Waiting::Enter { .. } => typed.right("matches", view.style(Role::Text)),
        Waiting::Typing(_) if !confirm.typed.text().is_empty() && !wanted.starts_with(confirm.typed.text()) => {
            typed.right(format!("{} does not match", view.symbols().down), view.style(Role::Down))
        }
        Waiting::Typing(_) | Waiting::Yes => typed,
    };
    vec![Line::default(), typed.fit(width)]
}

fn confirm_keys(confirm: &ConfirmBox) -> Vec<(&'static str, &'static str)> {
    let does = match &confirm.subject {
        Subject::Step { prepared, .. } if prepared.part == Part::Rollback => "rolls back",
        Subject::Step { .. } | Subject::Capture { .. } => "executes",
        Subject::Cancel { .. } | Subject::CancelCapture { .. } => "ends it",
        Subject::Updates { .. } => "sends",
        Subject::Retry { .. } => "sends it again",
        Subject::Quit => "leaves",
        Subject::EndExercise { .. } => "ends the exercise",
    };
    match confirm.danger {
        Danger::Typed(_) => vec![("esc", "cancels")],
        Danger::Changes | Danger::ReadOnly => vec![("y", does), ("esc", "cancels")],
    }
}

fn step_lines(view: &View<'_>, run: &Run, step: &Step, prepared: &Prepared, width: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let crossing = step.point_of_no_return && prepared.part == Part::Run;
    if crossing {
        for (database, at_risk) in &prepared.at_risk {
            lines.extend(loss(view, database, at_risk, prepared.at_risk.len() > 1, width));
        }
        if prepared.at_risk.is_empty() {
            lines.extend(fact(view, "Loss", "not known: nothing was measured", Role::Unknown, width));
        }
        lines.extend(fences(view, run, prepared, width));
    }
    match (&step.undo, crossing) {
        (Some(undo), true) => {
            let undo = format!("{}. There is no cheap way back.", undo.trim_end_matches('.'));
            lines.extend(fact(view, "Undo", &undo, Role::NoReturn, width));
        }
        (None, true) => lines.extend(fact(view, "Undo", "not written: assume there is none", Role::NoReturn, width)),
        (Some(undo), false) => lines.extend(fact(view, "Undo", undo, Role::Text, width)),
        (None, false) => {}
    }
    lines.extend(authority(view, run, step, width));
    let open: Vec<_> = prepared.guards.iter().filter(|guard| guard.verdict != GuardVerdict::Pass).collect();
    if !open.is_empty() {
        lines.push(Line::default());
        for guard in open {
            lines.extend(guard_line(view, guard, width));
        }
    } else if !prepared.guards.is_empty() {
        let count = prepared.guards.len();
        let (text, verb) = match count {
            1 => ("the guard holds".to_owned(), "is"),
            _ => (format!("all {count} guards hold"), "are"),
        };
        let text = if prepared.asking { format!("{text}; asked again now") } else { text };
        lines.extend(fact(
            view,
            "Guards",
            &format!("{} {text}, and {verb} asked again before it runs", view.symbols().ok),
            Role::Text,
            width,
        ));
    }
    lines.push(Line::default());
    match &prepared.resolved {
        Ok(resolved) => {
            if let Some(target) = &resolved.target {
                let row = Row::new().gap(2).put(target.name.clone(), view.style(Role::Accent));
                let row = match &target.address {
                    Some(address) => row.gap(2).put(address.clone(), view.style(Role::Muted)),
                    None => row,
                };
                lines.push(row.put(format!("  {}", language(resolved)), view.style(Role::Muted)).fit(width));
            } else {
                lines.push(Line::styled(format!("  {}", placed_here(resolved)), view.style(Role::Muted)));
            }
            lines.extend(code(view, resolved, width));
            lines.extend(values(view, resolved, width));
            let block = if prepared.part == Part::Rollback { &step.rollback } else { &step.run };
            for (label, text, role) in
                plane(view, run, step).into_iter().chain(records(run, block.as_ref(), Some(prepared)))
            {
                lines.extend(fact(view, label, &text, role, width));
            }
        }
        Err(why) => lines.extend(fact(view, "Cannot run", why, Role::Down, width)),
    }
    lines
}

fn language(resolved: &Resolved) -> &'static str {
    if resolved.lang == Lang::World { "simulated" } else { resolved.lang.name() }
}

/// Without a target it runs on this machine; a simulated world is nowhere.
fn placed_here(resolved: &Resolved) -> String {
    match resolved.lang {
        Lang::World => language(resolved).to_owned(),
        Lang::Route53 => "AWS, by the environment's credentials, route53".to_owned(),
        _ => format!("here, {}", language(resolved)),
    }
}

/// The values the text sees, and where the secret ones will come from.
fn values(view: &View<'_>, resolved: &Resolved, width: usize) -> Vec<Line<'static>> {
    let muted = view.style(Role::Muted);
    let mut lines = Vec::new();
    for (name, value) in &resolved.env {
        for part in fold(&format!("{name}={value}"), width.saturating_sub(4)) {
            lines.push(Row::new().gap(2).put(part, muted).fit(width));
        }
    }
    for (name, source) in &resolved.secrets {
        lines.push(Row::new().gap(2).put(format!("{name} is secret, from {source}"), muted).fit(width));
    }
    lines
}

/// `Label  text`, wrapped under itself.
fn fact(view: &View<'_>, label: &str, text: &str, role: Role, width: usize) -> Vec<Line<'static>> {
    const LABEL: usize = 11;
    let mut lines = Vec::new();
    for part in wrap(text, width.saturating_sub(LABEL + 1)) {
        let label = if lines.is_empty() { label } else { "" };
        let (label_role, role) = if role == Role::NoReturn { (role, Role::Text) } else { (Role::Muted, role) };
        let row = Row::new().cell(LABEL, label, view.style(label_role));
        lines.push(row.put(part, view.style(role)).fit(width));
    }
    lines
}

/// What is lost, as an interval, and what that rests on.
fn loss(view: &View<'_>, database: &DatabaseId, at_risk: &AtRisk, named: bool, width: usize) -> Vec<Line<'static>> {
    let of = if named { format!(" of {database}") } else { String::new() };
    let count = at_risk.bytes_at_least.map(|count| format!(" ({} never received)", size(count))).unwrap_or_default();
    let least = human(at_risk.at_least);
    let (text, role) = match at_risk.at_most {
        Some(most) if most.is_zero() => (format!("Nothing{of} is lost."), Role::Ok),
        Some(most) => {
            (format!("You lose at least {least} of writes{of}{count}, at most {}.", human(most)), Role::Warning)
        }
        None => (format!("You lose at least {least} of writes{of}{count}; how much at most is not known."), Role::Down),
    };
    let mut lines: Vec<Line<'static>> =
        wrap(&text, width).into_iter().map(|line| Line::styled(line, view.bold(role))).collect();
    let basis = format!("basis: {}, as of {} ({})", at_risk.basis, clock(at_risk.as_of), ago(view, at_risk.as_of));
    for part in wrap(&basis, width.saturating_sub(2)) {
        lines.push(Row::new().gap(2).put(part, view.style(Role::Muted)).fit(width));
    }
    lines
}

/// What is known of the isolation of the side that is left.
fn fences(view: &View<'_>, run: &Run, prepared: &Prepared, width: usize) -> Vec<Line<'static>> {
    let Some(from) = &run.from else { return Vec::new() };
    let target = prepared.resolved.as_ref().ok().and_then(|resolved| resolved.target.as_ref());
    let databases: Vec<&DatabaseId> = match target.and_then(|target| target.database.as_ref()) {
        Some(database) => vec![database],
        None => prepared.at_risk.keys().collect(),
    };
    databases.into_iter().flat_map(|database| fence(view, database, from, width)).collect()
}

fn fence(view: &View<'_>, database: &DatabaseId, from: &RegionId, width: usize) -> Vec<Line<'static>> {
    let known = view.model.state.fences.get(&(database.clone(), from.clone()));
    let (text, role) = match known {
        Some(Fence { revoked: Some((at, evidence)), observed: None, statement: None }) => {
            (format!("NOT fenced: a write was accepted at {} ({evidence})", clock(*at)), Role::Down)
        }
        Some(Fence { observed: Some(seen), .. }) => {
            let lossless = if seen.zero_loss { "; stopped cleanly, nothing can be lost" } else { "" };
            (format!("fenced: {} at {}{lossless}", seen.evidence, clock(seen.at)), Role::Ok)
        }
        Some(Fence { statement: Some(stated), .. }) => {
            let text = format!(
                "fenced by statement ({}, {}, {}); watched for split brain",
                stated.by,
                stated.how,
                clock(stated.at)
            );
            (text, Role::Warning)
        }
        _ => ("no evidence that it is fenced".to_owned(), Role::Down),
    };
    let dark = view
        .model
        .status
        .as_ref()
        .and_then(|status| status.regions.iter().find(|region| region.name == *from))
        .filter(|region| region.status == domain::reading::Health::Down)
        .and_then(|region| region.since)
        .map(|since| format!("; dark since {}", clock(since)))
        .unwrap_or_default();
    fact(view, "Old primary", &format!("{text}{dark}."), role, width)
}

/// Who agreed, and who presses the key.
fn authority(view: &View<'_>, run: &Run, step: &Step, width: usize) -> Vec<Line<'static>> {
    let record = run.record(&step.id);
    let mut parts = Vec::new();
    let mut role = Role::Text;
    if let Some(approval) = &step.approval {
        match record.approval.as_ref().and_then(|asked| asked.given.as_ref()) {
            Some(given) => {
                let how = if given.spoken { "as spoken" } else { "at their own console" };
                let seat = given.seat.as_ref().map(|seat| format!("{seat}, ")).unwrap_or_default();
                parts.push(format!("approved by {} ({seat}{how}, {})", given.by, clock(given.at)));
            }
            None => {
                role = Role::Warning;
                parts.push(format!("approval is missing: {}", reach(view, &approval.by)));
            }
        }
    }
    for over in &record.overrides {
        role = Role::Warning;
        parts.push(format!("`{}` overridden on the authority of {}: {}", over.guard, over.authority, over.reason));
    }
    parts.push(format!("executed by {}", view.model.scene.actor.name));
    fact(view, "Authority", &parts.join("; "), role, width)
}

fn capture(view: &View<'_>, text: &str, width: usize) -> Vec<Line<'static>> {
    let actor = &view.model.scene.actor;
    let mut lines =
        said(view, &format!("Runs on {} as {}, its output goes into the log.", actor.host, actor.name), width);
    lines.push(Line::default());
    for line in text.trim_end().lines().flat_map(|line| fold(line, width.saturating_sub(2))) {
        lines.push(Row::new().gap(2).put(line, view.style(Role::Strong)).fit(width));
    }
    lines
}
