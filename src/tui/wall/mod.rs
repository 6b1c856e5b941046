//! The wall display: pages that turn by themselves over what others do.
//!
//! It takes the same messages as the console and asks for nothing: there is no channel on which it could.

pub mod breach;
mod event_loop;
mod freshness;
mod model;
mod update;

pub use breach::{Breach, breach};
pub use event_loop::run;
pub use freshness::{Freshness, Stale};
pub use model::{Page, Wall};
pub use update::{update, wake_at};
