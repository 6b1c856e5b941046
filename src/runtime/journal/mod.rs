//! The incident log on disk: append, follow, lock, sync, recover, mirror.
//!
//! One folder per incident, `<state>/incidents/<id>/`, with `log.jsonl` and what belongs to it. [`Journal`] appends,
//! [`ReadLog`] only ever reads. Entries of other consoles come back from both: whoever folds them goes by `seq` and
//! takes each once.

mod adopt;
mod catalog;
pub mod disk;
mod error;
mod finished;
mod follow;
mod handle;
mod mirror;
mod open;
mod place;
mod presence;
mod verify;
mod writer;

pub use adopt::{AdoptError, Adopted, adopt, continue_at};
pub use catalog::{Listed, ResolveError, incidents, is_of, newest_open, next_label, resolve};
pub use error::{AppendError, CreateError, OpenError, Problem};
pub use finished::{label_of, store};
pub use follow::{FollowError, ReadLog};
pub use handle::Journal;
pub use mirror::{Mirror, MirrorStatus};
pub use open::Opened;
pub use place::{Continued, Place, Poisoned};
pub use presence::{Presence, Recorder, consoles};
pub use verify::{OutputCheck, OutputVerdict, Report, verify, verify_entries};
pub use writer::{Repaired, Writer};
