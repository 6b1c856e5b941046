//! An attempt whose supervisor is gone: what stands at Route 53 tells what became of it.

use std::path::Path;
use std::time::Duration;

use domain::execution::{AttemptOutcome, End};
use tokio::time::timeout;

use super::intended::{Intended, Stands};
use crate::runtime::supervisor::Standing;

/// A person waits: what cannot be read in this time stays unknown, and the person says.
const WITHIN: Duration = Duration::from_secs(20);

/// What is unknown by the files alone, settled by listing the record sets and comparing.
pub(crate) async fn settle(folder: &Path, outcome: AttemptOutcome) -> AttemptOutcome {
    let End::Unknown { why } = &outcome.end else { return outcome };
    let intended = match Intended::read(folder) {
        Ok(Some(intended)) => intended,
        Ok(None) if matches!(Standing::of(folder), Ok(Standing::Abandoned | Standing::OtherBoot)) => {
            let why = format!("{why}; nothing was sent");
            return AttemptOutcome { end: End::Failed { exit: None, why }, ..outcome };
        }
        Ok(None) => return outcome,
        Err(error) => {
            let why = format!("{why}; what it intended cannot be read: {error}");
            return AttemptOutcome { end: End::Unknown { why }, ..outcome };
        }
    };
    let (end, summary) = match timeout(WITHIN, intended.compare()).await {
        Ok(Ok(Stands::AsIntended)) => {
            let summary = format!("{why}; the record sets stand as intended. INSYNC was not waited for");
            (End::Succeeded { exit: None }, summary)
        }
        Ok(Ok(Stands::AsBefore)) => {
            let why = format!("{why}; the record sets stand as before");
            (End::Failed { exit: None, why }, String::new())
        }
        Ok(Ok(Stands::Otherwise(now))) => (End::Unknown { why: format!("{why}; {now}") }, String::new()),
        Ok(Err(error)) => (End::Unknown { why: format!("{why}; {error}") }, String::new()),
        Err(_) => (End::Unknown { why: format!("{why}; AWS gave no answer in time") }, String::new()),
    };
    let undo = if matches!(end, End::Failed { .. }) { None } else { Intended::undo(folder) };
    AttemptOutcome { end, summary, undo, ..outcome }
}
