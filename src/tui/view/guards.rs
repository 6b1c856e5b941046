//! The guards of a step, one line each: verdict, what was seen, how old it is; and the approval it waits for.

use std::time::Duration;

use domain::engine::{ApprovalState, Run};
use domain::execution::{GuardResult, GuardVerdict, Part, substitute};
use domain::people::Seat;
use domain::runbook::Step;
use domain::time::{at_offset, clock, human, since};
use ratatui::text::Line;

use super::context::{View, span};
use super::look;
use crate::theme::Role;
use crate::widget::{Row, width as columns, wrap};

/// A heading and the lines; nothing when the step has neither guards nor an approval.
pub(super) fn guards(view: &View<'_>, run: &Run, step: &Step, width: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    match view.model.prepared_for(run.id, &step.id, Part::Run) {
        Some(prepared) => {
            let short = brief(&prepared.guards);
            for guard in &prepared.guards {
                lines.extend(guard_row(view, guard, if short { first_word(&guard.name) } else { &guard.name }, width));
            }
            if prepared.asking && prepared.guards.is_empty() {
                lines.push(Line::styled("asking", view.style(Role::Muted)));
            }
        }
        None => lines.extend(unasked(view, run, step, width)),
    }
    lines.extend(approval(view, run, step, width));
    if !lines.is_empty() {
        lines.insert(0, Line::styled("guards", view.style(Role::Title)));
        lines.insert(0, Line::default());
    }
    lines
}

/// As written: nobody has asked them yet.
fn unasked(view: &View<'_>, run: &Run, step: &Step, width: usize) -> Vec<Line<'static>> {
    let values = run.values_for(&step.id);
    let texts = step.guards.iter().flat_map(|block| block.text.trim().lines());
    texts
        .map(|text| {
            Row::new()
                .put(format!(" {} ", view.symbols().pending), view.style(Role::Muted))
                .put(substitute(text.trim(), &values), view.style(Role::Muted))
                .fit(width)
        })
        .collect()
}

/// The first words tell the guards of this step apart.
fn brief(guards: &[GuardResult]) -> bool {
    let mut words: Vec<&str> = guards.iter().map(|guard| first_word(&guard.name)).collect();
    words.sort_unstable();
    words.windows(2).all(|pair| pair[0] != pair[1])
}

fn first_word(name: &str) -> &str {
    name.split_whitespace().next().unwrap_or(name)
}

/// The guard in full. On one line when name and value fit beside each other, else the value below.
pub(super) fn guard_line(view: &View<'_>, guard: &GuardResult, width: usize) -> Vec<Line<'static>> {
    guard_row(view, guard, &guard.name, width)
}

fn guard_row(view: &View<'_>, guard: &GuardResult, name: &str, width: usize) -> Vec<Line<'static>> {
    let sign = look::guard(view.symbols(), guard.verdict);
    let word = look::guard_word(guard.verdict);
    let said = match (word.is_empty(), guard.seen.is_empty()) {
        (true, _) => guard.seen.clone(),
        (false, true) => word.to_owned(),
        (false, false) => format!("{word}: {}", guard.seen),
    };
    let said_role = if guard.verdict == GuardVerdict::Pass { Role::Text } else { sign.role };
    let age = guard.measured_at.map(|at| format!(" {}", view.quantised(view.since(at)))).unwrap_or_default();
    let head = Row::new()
        .put(format!(" {} ", sign.sign), view.style(sign.role))
        .put(format!("{name:<8}"), view.style(Role::Text));
    if head.used() + 2 + columns(&said) + columns(&age) <= width {
        let row = head.gap(2).put(said, view.style(said_role)).right(age, view.style(Role::Muted));
        return vec![row.fit(width)];
    }
    let mut lines = vec![head.right(age, view.style(Role::Muted)).fit(width)];
    for part in wrap(&said, width.saturating_sub(5)) {
        lines.push(Row::new().gap(5).put(part, view.style(said_role)).fit(width));
    }
    lines
}

/// Who has to agree, with a way to reach them; or who has agreed.
fn approval(view: &View<'_>, run: &Run, step: &Step, width: usize) -> Vec<Line<'static>> {
    let Some(wanted) = &step.approval else { return Vec::new() };
    let symbols = view.symbols();
    let record = run.record(&step.id);
    let (sign, role, text) = match &record.approval {
        None => (symbols.pending, Role::Muted, format!("needed from {}", reach(view, &wanted.by))),
        Some(ApprovalState { declined: Some((by, reason)), .. }) => {
            (symbols.down, Role::Down, format!("declined by {by}: {reason}"))
        }
        Some(ApprovalState { given: Some(given), .. }) => {
            let how = if given.spoken { ", as spoken" } else { "" };
            (symbols.ok, Role::Ok, format!("{} at {}{how}", given.by, clock(given.at)))
        }
        Some(asked) => {
            let then = asked.fallback.as_ref().map(|(seat, after)| fallback(view, asked, seat, *after));
            let who = reach(view, &asked.seat);
            (symbols.awaiting, Role::Warning, format!("{who}{}", then.unwrap_or_default()))
        }
    };
    let head = Row::new()
        .put(format!(" {sign} "), view.style(role))
        .put(format!("{:<8}  ", "approval"), view.style(Role::Text));
    let mut lines = Vec::new();
    let indent = head.used();
    for part in wrap(&text, width.saturating_sub(indent)) {
        let row = if lines.is_empty() { head.clone() } else { Row::new().gap(indent) };
        lines.push(row.put(part, view.style(if role == Role::Ok { Role::Text } else { role })).fit(width));
    }
    lines
}

fn fallback(view: &View<'_>, asked: &ApprovalState, seat: &Seat, after: Duration) -> String {
    let from = at_offset(asked.asked_at, after);
    if from <= view.model.now.wall {
        return format!(", or {}", reach(view, seat));
    }
    format!(", then {seat} in {}", span(since(from, view.model.now.wall)))
}

/// The seat with the people who hold it, and their phones.
pub(super) fn reach(view: &View<'_>, seat: &Seat) -> String {
    let holds = |person: &&domain::people::Person| match seat {
        Seat::Role(role) => person.roles.contains(role),
        Seat::Person(name) => person.name == *name,
    };
    let people: Vec<String> = view
        .estate()
        .people
        .iter()
        .filter(holds)
        .map(|person| match &person.phone {
            Some(phone) => format!("{} {phone}", person.name),
            None => person.name.to_string(),
        })
        .collect();
    match (seat, people.is_empty()) {
        (Seat::Role(role), false) => format!("{} {}", role.name(), people.join(" or ")),
        (Seat::Person(_), false) => people.join(" or "),
        (seat, true) => seat.to_string(),
    }
}

/// How long ago something was measured, for the lines of the confirm box.
pub(super) fn ago(view: &View<'_>, at: domain::time::Timestamp) -> String {
    format!("{} ago", human(Duration::from_secs(view.since(at).as_secs())))
}
