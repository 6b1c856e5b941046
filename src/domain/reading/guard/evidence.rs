//! `fenced DB@REGION`: what proves that the old side cannot be written to.

use super::Finding;
use crate::engine::State;
use crate::execution::GuardVerdict;
use crate::ident::{DatabaseId, RegionId};
use crate::reading::{Board, isolation};
use crate::time::{Now, clock};

/// Passes on a write seen refused, on a clean stop, or on a person's statement. A failure to connect proves nothing;
/// a write seen accepted voids everything before it.
pub(super) fn fenced(board: &Board, state: &State, database: &DatabaseId, region: &RegionId, now: Now) -> Finding {
    let standing = isolation::standing(Some(state), database, region);
    let finding = match (standing.observed, standing.statement, standing.revoked) {
        (Some(observed), _, _) if observed.zero_loss => {
            Finding::holds(true, format!("clean stop, nothing lost: {}", observed.evidence)).at(Some(observed.at))
        }
        (Some(observed), _, _) => {
            let from = match observed.vantages {
                0 | 1 => "from one place".to_owned(),
                many => format!("from {many} places"),
            };
            let seen = format!("write refused {from} {}: {}", clock(observed.at), observed.evidence);
            Finding::holds(true, seen).at(Some(observed.at))
        }
        (None, Some(statement), _) => {
            let seen = format!("by statement: {}, {} {}", statement.by, statement.how, clock(statement.at));
            Finding::holds(true, seen).at(Some(statement.at))
        }
        (None, None, Some((at, evidence))) => {
            Finding::holds(false, format!("a write was accepted {}: {evidence}", clock(at))).at(Some(at))
        }
        (None, None, None) => Finding::holds(false, "no fence evidence: a refused connection is not evidence").at(None),
    };
    if finding.verdict == GuardVerdict::Pass && answers_as_primary(board, database, region, now) {
        return Finding { seen: format!("{}; it still answers as a primary", finding.seen), ..finding };
    }
    finding
}

fn answers_as_primary(board: &Board, database: &DatabaseId, region: &RegionId, now: Now) -> bool {
    board.clusters.get(database).is_some_and(|cluster| cluster.writable(now).contains(&region))
}
