//! The wall display's view of the world: logs and statuses that others write, read again and again.
//!
//! Nothing here can act. There is no executor, no probe, no client of any network, no credential, no lock and no file
//! opened to write; [`confine`] has the kernel refuse them as well.

mod choose;
mod confine;
mod followed;
mod follower;
mod readings;
#[cfg(test)]
mod week;

pub use confine::{NotConfined, confine};
pub use follower::{Wall, follow};
