//! Keys as the rest of the package knows them, and what they stand for: no terminal's bytes or types go past `term`.
//!
//! The table of actions has its keys in the words of a keymap; a person's `[keys]` is laid over them.

mod bad;
mod chord;
mod key;
mod keymap;
mod layer;
mod print;
mod read;
mod reference;

pub use bad::BadKey;
pub use chord::Chord;
use chord::NAMED;
pub use key::{Code, Key};
pub use keymap::Keymap;
pub use layer::Found;
pub use print::default_text;
pub use read::read;
pub use reference::reference;
