//! Programs: those that runbooks call, and those that the estate's own file does. Each that is missing says where it comes
//! from.

use domain::estate::Estate;
use domain::readiness::{Verdict, how_to_get, programs};

use super::finding::Finding;
use super::wait;
use crate::cli::Failure;
use crate::runtime::readiness::{Looked, on_path, version_of};

/// With their versions.
pub(super) fn of_runbooks(looked: &Looked) -> Result<Vec<Finding>, Failure> {
    let found = looked.facts.tools.iter().map(|(name, place)| tool(name, place.clone(), "a runbook calls it"));
    found.collect()
}

/// Those that no runbook calls as well.
pub(super) fn of_estate(estate: &Estate, looked: &Looked) -> Result<Vec<Finding>, Failure> {
    let more = programs(estate).into_iter().filter(|(name, _)| !looked.facts.tools.contains_key(name));
    let found = more.map(|(name, by)| {
        let place = on_path(&name).map(|path| path.display().to_string());
        let by = by.into_iter().collect::<Vec<_>>().join(", ");
        tool(&name, place, &format!("called by {by}"))
    });
    found.collect()
}

fn tool(name: &str, place: Option<String>, called: &str) -> Result<Finding, Failure> {
    let what = format!("tool {name}");
    let Some(place) = place else {
        let missing = if name.contains('/') { "it is not there" } else { "not on PATH" };
        let missing = Finding::new(&what, Verdict::Failing, format!("{missing}, and {called}"));
        return Ok(missing.remedy(how_to_get(name)));
    };
    let version = wait(version_of(name))?.map_or_else(String::new, |version| format!(", {version}"));
    Ok(Finding::new(&what, Verdict::Ready, format!("{place}{version}")))
}
