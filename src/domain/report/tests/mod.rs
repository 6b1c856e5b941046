//! The page made of a whole failover, and of a log somebody wrote to mislead.

mod hostile;
mod page;
pub(super) mod story;
