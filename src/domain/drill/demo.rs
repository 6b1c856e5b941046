//! The estate of the demonstration: what a newcomer sees before any configuration.

use std::sync::Arc;

use crate::estate::{Estate, parse};

/// Its text, as an incident's log pins it.
pub const DEMO_ESTATE: &str = include_str!("demo/switchback.toml");

/// The estate, ready for [`super::World::new`].
#[must_use]
pub fn demo_estate() -> Arc<Estate> {
    Arc::new(parse(DEMO_ESTATE).estate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demonstration_estate_is_right() {
        assert_eq!(parse(DEMO_ESTATE).diagnostics, vec![]);
    }
}
