//! Alerts outlive the console, and everybody at an estate sees the same ones: the book is kept by whoever keeps the
//! readings, the answers by whoever gives them.

mod desk;
mod incident;
mod shelf;
#[cfg(test)]
mod testing;

pub use desk::{Desk, Keeps};
pub use incident::OpenIncident;
pub(in crate::runtime) use shelf::write_book;
pub use shelf::{Shelf, ShelfError};

/// Where notices go, for whoever sends them on. It is bounded, and nobody waits for it.
pub type Notices = tokio::sync::mpsc::Sender<domain::alert::Notice>;
