//! The page made of a whole failover, and of a log somebody wrote to mislead.

mod csv;
mod hostile;
mod html;
mod page;
pub(crate) mod story;

use super::{Page, Source};
use crate::engine::State;

fn page_of(state: &State) -> String {
    Page::of(&Source::new(state)).markdown()
}
