//! Whether something holds, looked at once at most: a log may be long, and few of its entries are on the screen.

use std::sync::OnceLock;

/// Part of no comparison: what was looked at is the same as what was not.
#[derive(Clone, Debug, Default)]
pub(super) struct Looked(OnceLock<bool>);

impl Looked {
    pub(super) fn or(&self, look: impl FnOnce() -> bool) -> bool {
        *self.0.get_or_init(look)
    }
}

impl PartialEq for Looked {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Looked {}
