//! An attempt whose supervisor is gone: what stands at Route 53 tells what became of it.

use std::path::Path;

use domain::execution::{AttemptOutcome, End};
use tokio::time::timeout;

use super::ANSWERS_WITHIN;
use super::intended::{Intended, Stands};
use crate::runtime::aws;
use crate::runtime::supervisor::Standing;

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
    let (end, summary) = match timeout(ANSWERS_WITHIN, intended.compare()).await {
        Ok(Ok(Stands::AsIntended)) => as_intended(&intended, why).await,
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

/// Accepted is not done: while the change is PENDING, servers of Route 53 may still give the old answer. Under which
/// change it was accepted is not known where the answer was lost; what stands is all there is to go by then.
async fn as_intended(intended: &Intended, why: &str) -> (End, String) {
    let stands = format!("{why}; the record sets stand as intended");
    let Some(change) = &intended.change else {
        return (End::Succeeded { exit: None }, format!("{stands}. INSYNC was not waited for"));
    };
    let unknown = |said: String| (End::Unknown { why: format!("{stands}; {said}") }, String::new());
    match timeout(ANSWERS_WITHIN, aws::in_sync(&intended.account, change)).await {
        Ok(Ok(true)) => (End::Succeeded { exit: None }, format!("{stands}; change {change} is INSYNC")),
        Ok(Ok(false)) => unknown(format!("change {change} is still PENDING: some servers may give the old answer")),
        Ok(Err(error)) => unknown(format!("whether change {change} is INSYNC cannot be asked: {error}")),
        Err(_) => unknown(format!("whether change {change} is INSYNC was not answered in time")),
    }
}
