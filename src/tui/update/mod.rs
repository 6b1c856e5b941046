//! The behaviour of the screen as a pure state machine: an input and the time in, the model changed, requests out.
//!
//! Nothing that changes the world comes out on a single key, by mouse, by paste or in a burst of keys: `press.rs` holds a
//! key that would act until it is certain that it came alone, and `confirm.rs` is the box in between.

mod act;
mod alerts;
mod answers;
mod comms;
mod confirm;
mod editor;
mod exercise;
mod facilitator;
mod fill;
mod filter;
mod form;
mod lead;
mod list;
mod messages;
mod mouse;
mod moving;
mod outlook;
mod palette;
mod press;
mod readiness;
mod runbooks;
mod score;
mod start;
mod submit;
mod told;
mod turn;
mod wake;

#[cfg(test)]
mod tests;

use domain::console::Ask;
use domain::time::Now;

use crate::input::Input;
use crate::model::Model;

pub use press::BURST;
pub use wake::{counting, wake_at};

use turn::Turn;

/// Takes one input. What comes back is to be sent to the session in order.
pub fn update(model: &mut Model, input: Input, now: Now) -> Vec<Ask> {
    model.real = now;
    model.now = model.instant(now);
    let mut turn = Turn::new(model, now.boot);
    match input {
        Input::Key { key, at } => turn.key(key, at),
        Input::Paste(text) => turn.paste(&text),
        Input::Mouse(mouse) => turn.mouse(&mouse),
        Input::Resize(columns, rows) => turn.model.ui.size = (columns, rows),
        Input::Attended(attended) => turn.model.ui.attended = attended,
        Input::Told(told) => turn.told(told),
        Input::Tick => turn.tick(),
    }
    turn.finish()
}
