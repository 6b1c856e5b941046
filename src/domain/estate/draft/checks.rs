//! Clusters, and what was found that stands in no table of its own.

use super::place::Places;
use super::{By, InRegion, Told};
use crate::found::{Context, Found, Look};

/// More than this are counted.
const MOST: usize = 12;

/// The context of each region, where exactly one is known to be there: a kubeconfig also holds clusters that nobody would
/// fail over.
pub(super) fn clusters(contexts: &[Context], places: &Places) -> Vec<InRegion> {
    let mut clusters = Vec::new();
    for region in places.regions() {
        let mut here = contexts.iter().filter(|context| places.of(context.place.as_ref()) == Some(region));
        if let (Some(context), None) = (here.next(), here.next()) {
            let told = Told::new(context.name.clone(), By::file(&context.origin, ""));
            clusters.push((region.to_owned(), told));
        }
    }
    clusters
}

/// Lines for people: what else there is.
pub(super) fn apart(found: &Found, clusters: &[InRegion]) -> Vec<String> {
    let unused = |context: &&Context| clusters.iter().all(|(_, used)| used.value != context.name);
    let contexts = found
        .contexts
        .iter()
        .filter(unused)
        .map(|context| format!("context of kubectl `{}` ({})", context.name, context.origin));
    let profiles =
        found.profiles.iter().map(|profile| format!("profile of AWS `{}` ({})", profile.name, profile.origin));
    let endpoints = found.endpoints();
    let unwatched = endpoints.iter().filter_map(|endpoint| match &endpoint.look {
        Look::None(why) => Some(format!("endpoint `{}` ({}): {why}", endpoint.name, endpoint.origin)),
        _ => None,
    });
    let mut lines = Vec::new();
    for group in [contexts.collect::<Vec<_>>(), profiles.collect(), unwatched.collect()] {
        let more = group.len().saturating_sub(MOST);
        lines.extend(group.into_iter().take(MOST));
        if more > 0 {
            lines.push(format!("and {more} more"));
        }
    }
    lines
}
