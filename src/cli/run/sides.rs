//! The region that is left and the one that is gone to, as far as the command line does not say.

use domain::ident::RegionId;
use domain::reading::Status;

use super::Args;

/// From: the one that failover is advised from, else the one seen serving. To: the best candidate.
pub(super) fn sides(args: &Args, status: &Status) -> (Option<RegionId>, Option<RegionId>) {
    let given = |name: &Option<String>| name.as_deref().map(RegionId::from);
    let serving = status.regions.iter().find(|region| region.serving == Some(true)).map(|region| region.name.clone());
    let candidate = status.regions.iter().find(|region| region.candidate == Some(1)).map(|region| region.name.clone());
    let from = given(&args.from).or_else(|| status.recommendation.from.clone()).or(serving);
    (from, given(&args.to).or(candidate))
}
