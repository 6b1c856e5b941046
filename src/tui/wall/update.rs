//! What comes in, and which page is shown: a pure state machine that asks for nothing.

use std::sync::Arc;
use std::time::Duration;

use domain::console::Told;
use domain::engine::State;
use domain::reading::Status;
use domain::time::Now;

use super::freshness::aged;
use super::{Page, Wall, breach};
use crate::input::Input;
use crate::keys::{Code, Key};
use crate::model::Exit;

/// How long a page stands.
const TURN: Duration = Duration::from_secs(15);
/// How long one that a person turned to does.
const BY_HAND: Duration = Duration::from_secs(60);

/// Takes one input.
pub fn update(wall: &mut Wall, input: Input, now: Now) {
    wall.model.real = now;
    wall.model.now = wall.model.instant(now);
    match input {
        Input::Key { key, .. } => pressed(wall, key),
        Input::Resize(columns, rows) => wall.model.ui.size = (columns, rows),
        Input::Told(told) => take(wall, told),
        Input::Tick | Input::Paste(_) | Input::Mouse(_) | Input::Attended(_) => {}
    }
    believe(wall);
    turn(wall);
}

/// The instant since boot at which a tick is due: clocks go by the second.
#[must_use]
pub fn wake_at(wall: &Wall) -> Duration {
    let real = wall.model.real;
    let step = if wall.model.ui.motion { 1000 } else { 10_000 };
    let into = u64::try_from(real.wall.as_millisecond().rem_euclid(step)).unwrap_or_default();
    real.boot + Duration::from_millis(step.unsigned_abs() - into)
}

fn pressed(wall: &mut Wall, key: Key) {
    if key == Key::char('q') || key == Key::ctrl('c') {
        wall.exit = Some(Exit::Quit);
        return;
    }
    if key.ctrl || key.alt {
        return;
    }
    match key.code {
        Code::Right | Code::Down | Code::Char(' ') => page(wall, 1, true),
        Code::Left | Code::Up => page(wall, -1, true),
        _ => {}
    }
}

fn take(wall: &mut Wall, told: Told) {
    match told {
        Told::Incident(state) => incident(wall, state.map_or_else(State::default, |state| *state)),
        Told::Status(status) => wall.told = Some(status),
        Told::Learned(learned) => wall.model.learned = learned,
        Told::Pace(pace) => wall.model.conduct.pace = Some(pace),
        Told::Feed(feed) => {
            if feed.readings.is_none() {
                wall.told = None;
            }
            wall.feed = Some(feed);
        }
        Told::Ended { reason } => wall.exit = Some(Exit::Ended { reason }),
        _ => {}
    }
}

fn incident(wall: &mut Wall, state: State) {
    let other = wall.model.state.id() != state.id();
    if state.exercise.is_none() {
        wall.model.conduct.pace = None;
    }
    wall.model.state = state;
    if other {
        // What was read belongs to what was shown before.
        wall.told = None;
        (wall.page, wall.turned_at, wall.by_hand) = (Page::Overview, wall.model.real.boot, false);
    }
    wall.model.now = wall.model.instant(wall.model.real);
}

/// Readings that nobody writes any more, or of somebody who sees nothing, are shown as what they are.
fn believe(wall: &mut Wall) {
    let known = wall.told.clone();
    let believed = |status: &Status| !status.blind && wall.reads();
    wall.model.status = known.map(|status| if believed(&status) { status } else { Arc::new(aged(&status)) });
}

fn turn(wall: &mut Wall) {
    let stands = wall.model.real.boot.saturating_sub(wall.turned_at);
    if !wall.pages().contains(&wall.page) {
        return page(wall, 1, false);
    }
    if wall.by_hand && stands < BY_HAND {
        return;
    }
    if let Some(breach) = breach(&wall.model) {
        let shows = breach.page();
        if wall.page != shows && wall.pages().contains(&shows) {
            (wall.page, wall.turned_at, wall.by_hand) = (shows, wall.model.real.boot, false);
        }
        return;
    }
    if stands >= TURN {
        page(wall, 1, false);
    }
}

fn page(wall: &mut Wall, by: isize, by_hand: bool) {
    let pages = wall.pages();
    let at = pages.iter().position(|page| *page == wall.page);
    let count = pages.len().cast_signed();
    let next = at.map_or(0, |at| (at.cast_signed() + by).rem_euclid(count.max(1)).unsigned_abs());
    if let Some(page) = pages.get(next) {
        (wall.page, wall.turned_at, wall.by_hand) = (*page, wall.model.real.boot, by_hand);
    }
}
