//! Record sets of Amazon Route 53: what a `route53` block says, what stands, what becomes of it, and the way back.

mod batch;
mod plan;
mod plane;
mod read;
mod record;
#[cfg(test)]
mod tests;

pub use batch::{Action, Batch, Change, Wanted};
pub use plan::{Planned, plan, share_of_rto, undo};
pub use plane::{CONTROL_REGION, Plane};
pub(crate) use read::{Filling, Wrong, read};
pub use record::{
    AliasTarget, CidrRouting, Coordinates, GeoLocation, GeoProximity, RecordSet, ResourceRecord, same_name,
};

/// The batch as it will run: the block's text with its values in it.
///
/// # Errors
/// What is wrong with it, in a sentence.
pub fn parse(text: &str) -> Result<Batch, String> {
    read(text, Filling::Done).map_err(|wrong| first(&wrong))
}

/// Puts values into a block, each as the scalar it stands in, and writes it out anew.
///
/// # Errors
/// A variable without a value, or one that cannot stand where it is written.
pub(crate) fn with_values(text: &str, values: &std::collections::BTreeMap<String, String>) -> Result<String, String> {
    let batch = read(text, Filling::From(values)).map_err(|wrong| first(&wrong))?;
    Ok(batch.to_string())
}

fn first(wrong: &[Wrong]) -> String {
    wrong.first().map(|wrong| wrong.message.clone()).unwrap_or_default()
}
