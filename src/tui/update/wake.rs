//! When the screen wants to be looked at again although nothing happens.

use std::time::Duration;

use super::press::BURST;
use super::start::PATIENCE;
use crate::model::{LOOK, Model, Overlay, Waiting};

/// Clocks run on screen by the second: an incident is open, or an exercise goes on. Otherwise ages are shown in steps of ten seconds, and
/// nothing else moves.
#[must_use]
pub fn counting(model: &Model) -> bool {
    model.ui.motion && model.counts()
}

/// The instant since boot at which a tick is due.
#[must_use]
pub fn wake_at(model: &Model) -> Duration {
    let now = model.real.boot;
    let of_ui = [
        model.ui.held.as_ref().map(|held| held.at + BURST),
        model.ui.wanted.as_ref().map(|wanted| wanted.at + PATIENCE),
        model.overlay().and_then(|overlay| opens(overlay, now)),
        model.ui.desktop.due().map(|due| due.max(now)),
    ];
    // Ticks fall on whole seconds of the wall clock, so that clocks on screen change when they should.
    let step = if counting(model) { 1000 } else { 10_000 };
    let into = u64::try_from(model.real.wall.as_millisecond().rem_euclid(step)).unwrap_or_default();
    let next = now + Duration::from_millis(step.unsigned_abs() - into);
    of_ui.into_iter().flatten().fold(next, Duration::min)
}

/// When a box begins to take its key.
fn opens(overlay: &Overlay, now: Duration) -> Option<Duration> {
    let Overlay::Confirm(confirm) = overlay else { return None };
    let at = match confirm.waiting() {
        Waiting::Yes => confirm.opened + LOOK,
        Waiting::Enter { from } => from,
        Waiting::Typing(_) => return None,
    };
    (at > now).then_some(at)
}
