//! The terminal: entered and left in one place, drawn to in memory, written by a thread of its own.

mod clock;
mod decode;
mod hangup;
mod memory;
mod modes;
mod panic;
mod pen;
mod reader;
mod sequence;
mod signals;
mod size;
mod writer;

pub(crate) use clock::now;
pub(crate) use hangup::watch as watch_hangup;
pub(crate) use memory::Memory;
pub(crate) use modes::{Modes, Wants, has_mouse, restore, suspend, titled};
pub(crate) use panic::{catch as catch_panics, say as say_panics};
pub(crate) use reader::read as read_keys;
pub(crate) use signals::watch as watch_signals;
pub(crate) use size::size;
pub(crate) use writer::Writer;

/// What wakes the loop.
#[derive(Debug)]
pub(crate) enum Wake {
    Input(crate::Input),
    /// The writer has taken the last frame: another may be drawn.
    Taken,
    /// A signal asks to leave.
    Leave,
    /// A signal asks to stop, as Ctrl-Z does.
    Stop,
    /// Continued after a stop: the terminal may have been used by others.
    Continued,
    /// The window has another size.
    Resized,
    /// The terminal is gone.
    HungUp,
    /// The session tells nothing any more.
    Silent,
}
