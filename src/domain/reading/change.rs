//! What an observation changed: what a recorder writes down.

use super::Health;
use crate::ident::{CheckId, DatabaseId, RegionId};
use crate::time::Timestamp;

/// Something is otherwise than before. `at` is when the sample that showed it was measured.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    Check {
        check: CheckId,
        from: Health,
        to: Health,
        because: String,
        at: Timestamp,
    },
    Region {
        region: RegionId,
        from: Health,
        to: Health,
        because: String,
        at: Timestamp,
    },
    /// `subject` is a service or a database; `to` is the region that serves it now.
    Serving {
        subject: String,
        from: Option<RegionId>,
        to: Option<RegionId>,
        at: Timestamp,
    },
    /// Two servers of one cluster accept writes. Reported once when it begins.
    SplitBrain {
        database: DatabaseId,
        regions: Vec<RegionId>,
        at: Timestamp,
    },
    /// Our own network went away, or came back.
    Blind {
        blind: bool,
        at: Timestamp,
    },
}
