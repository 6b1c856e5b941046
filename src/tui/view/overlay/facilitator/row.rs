//! One row of the facilitator's list: an inject and where it stands, or a question.

use std::time::Duration;

use domain::engine::{Exercise, InjectState};
use domain::log::Firing;
use domain::scenario::{Inject, InjectKind, Trigger};
use domain::time::{human, since, stopwatch};
use ratatui::text::Line;

use crate::model::{FacilitatorRow, PendingInject};
use crate::theme::Role;
use crate::view::context::{View, short, span};
use crate::widget::{Row, width as columns};

/// Widths that are the same in every row.
pub(super) struct Columns {
    id: usize,
    kind: usize,
    /// There is room for who speaks to whom.
    ways: bool,
}

impl Columns {
    pub(super) fn of(exercise: &Exercise, width: usize) -> Self {
        let injects = || exercise.scenario.injects.iter();
        let id = injects().map(|inject| columns(inject.id.as_str())).max().unwrap_or(0).clamp(6, 16);
        let kind = injects().map(|inject| columns(inject.kind.word())).max().unwrap_or(0);
        Self { id, kind, ways: width >= 90 }
    }
}

pub(super) fn title(view: &View<'_>, exercise: &Exercise, width: usize) -> Line<'static> {
    let all = exercise.scenario.injects.len();
    let fired = exercise.injects.values().filter(|state| matches!(state, InjectState::Fired { .. })).count();
    Row::new()
        .put("Master scenario events list", view.style(Role::Title))
        .right(format!("{fired} of {all} fired"), view.style(Role::Muted))
        .fit(width)
}

pub(super) fn line(
    view: &View<'_>,
    exercise: &Exercise,
    row: &FacilitatorRow,
    columns: &Columns,
    width: usize,
) -> Line<'static> {
    match row {
        FacilitatorRow::Inject(id) => match exercise.scenario.inject(id) {
            Some(inject) => of_inject(view, exercise, inject, columns, width),
            None => Line::default(),
        },
        FacilitatorRow::Question(id) => {
            let text = view.model.question(id).map(|question| question.text.replace('\n', " ")).unwrap_or_default();
            Row::new()
                .put(format!("{} Does this hold?  ", view.symbols().unknown), view.bold(Role::Unknown))
                .put(text, view.style(Role::Strong))
                .right("  y", view.style(Role::Key))
                .right(" or ", view.style(Role::Muted))
                .right("n", view.style(Role::Key))
                .fit(width)
        }
    }
}

fn of_inject(view: &View<'_>, exercise: &Exercise, inject: &Inject, columns: &Columns, width: usize) -> Line<'static> {
    let muted = view.style(Role::Muted);
    let standing = Standing::of(view, exercise, inject);
    let at = standing.at.map_or_else(|| view.symbols().not_applicable.to_owned(), |at| format!("T+{}", stopwatch(at)));
    let kind = if inject.kind == InjectKind::Standard { muted } else { view.style(Role::Text) };
    let mut row = Row::new()
        .put(format!("{} ", standing.sign), view.bold(standing.role))
        .cell(8, &at, muted)
        .gap(1)
        .cell(columns.id, inject.id.as_str(), view.style(if standing.over { Role::Text } else { Role::Strong }))
        .gap(1)
        .cell(columns.kind, inject.kind.word(), kind)
        .gap(1);
    if columns.ways && inject.is_delivered() {
        let from = if inject.from.is_empty() { "the exercise" } else { &inject.from };
        row = row.put(format!("{from} {} {}", view.symbols().to, inject.to.name()), muted);
    }
    let looks = if standing.loud { view.bold(standing.role) } else { view.style(standing.role) };
    row.right(format!("  {}", standing.words), looks).fit(width)
}

/// Where an inject stands.
pub(super) struct Standing {
    sign: &'static str,
    pub(super) role: Role,
    pub(super) words: String,
    /// Since StartEx: when it fired, or will.
    at: Option<Duration>,
    over: bool,
    loud: bool,
}

impl Standing {
    pub(super) fn of(view: &View<'_>, exercise: &Exercise, inject: &Inject) -> Self {
        let symbols = view.symbols();
        let new = |sign, role, words: String| Self { sign, role, words, at: None, over: false, loud: false };
        let after_start = |at| Some(since(at, exercise.started_at));
        let now = view.model.now.wall;
        match exercise.injects.get(&inject.id) {
            Some(InjectState::Fired { at, by, acknowledged }) => {
                let hand = if *by == Firing::Facilitator { "by hand, " } else { "" };
                let waits = || human(Duration::from_secs(since(now, *at).as_secs()));
                let standing = match acknowledged {
                    Some((who, then)) => {
                        new(symbols.ok, Role::Ok, format!("{hand}{who} after {}", human(since(*then, *at))))
                    }
                    None if !inject.is_delivered() => new(symbols.ok, Role::Muted, format!("{hand}fired")),
                    None if exercise.running() => {
                        let unread = new(symbols.warning, Role::Warning, format!("{hand}UNREAD for {}", waits()));
                        Self { loud: true, ..unread }
                    }
                    None => new(symbols.down, Role::Down, format!("{hand}never acknowledged")),
                };
                Self { at: after_start(*at), over: true, ..standing }
            }
            Some(InjectState::Skipped { at, by, reason }) => {
                let skipped = new(symbols.skipped, Role::Muted, format!("left out by {by}: {reason}"));
                Self { at: after_start(*at), over: true, ..skipped }
            }
            None if !exercise.running() => new(symbols.not_applicable, Role::Muted, "did not fire".to_owned()),
            None => match view.model.pending(exercise, inject) {
                Some(PendingInject::At(at)) => {
                    let next = view.model.next_inject().is_some_and(|(next, _)| next.id == inject.id);
                    let (sign, role) = if next { (symbols.next, Role::Accent) } else { (symbols.pending, Role::Text) };
                    let due = new(sign, role, format!("in {}", span(since(at, now))));
                    Self { at: after_start(at), loud: next, ..due }
                }
                Some(PendingInject::After(trigger)) => new(symbols.pending, Role::Muted, waits_for(trigger)),
                Some(PendingInject::Forestalled) => new(symbols.not_applicable, Role::Muted, "forestalled".to_owned()),
                Some(PendingInject::Held) | None => {
                    new(symbols.pending, Role::Muted, "held back: f fires it".to_owned())
                }
            },
        }
    }
}

fn waits_for(trigger: &Trigger) -> String {
    let after = &trigger.after;
    if trigger.plus.is_zero() { format!("on: {after}") } else { format!("{} after: {after}", short(trigger.plus)) }
}
