//! Which regions there seem to be, and which of them a fact belongs to.

use super::{By, Told, plain_name};
use crate::found::{Found, Hint, Origin};

/// More are not proposed; a person can name as many as there are.
const MOST: usize = 6;

/// What stands where nothing told of a region.
pub const EXAMPLE: [&str; 2] = ["us-east-1", "us-west-2"];

/// One that somebody's file speaks of.
struct Seen<'f> {
    hint: &'f Hint,
    origin: &'f Origin,
    primary: bool,
}

/// The regions that the facts speak of, the one that takes writes first. What serves speaks before what could: servers and
/// endpoints, then contexts and profiles; words such as `east` only where no cloud's region is named. Without any of it
/// the example.
#[must_use]
pub fn regions(found: &Found) -> Vec<Told<String>> {
    let endpoints = found.endpoints();
    let servers = found.services.iter().filter_map(|service| {
        Some(Seen { hint: service.place.as_ref()?, origin: &service.origin, primary: service.primary })
    });
    let watched = endpoints
        .iter()
        .filter_map(|endpoint| Some(Seen { hint: endpoint.place.as_ref()?, origin: &endpoint.origin, primary: false }));
    let serving: Vec<Seen<'_>> = servers.chain(watched).collect();
    let contexts: Vec<Seen<'_>> = found
        .contexts
        .iter()
        .filter_map(|context| Some(Seen { hint: context.place.as_ref()?, origin: &context.origin, primary: false }))
        .collect();
    let named = distinct(&serving, |hint| matches!(hint, Hint::Region(_)));
    let named = if named.is_empty() { distinct(&contexts, |hint| matches!(hint, Hint::Region(_))) } else { named };
    let named = if named.is_empty() { of_profiles(found) } else { named };
    let named = if named.is_empty() { distinct(&serving, |hint| matches!(hint, Hint::Side(_))) } else { named };
    if named.is_empty() {
        let example =
            By::Guess("an example: nothing told where it runs; write your own in the place of it, everywhere below");
        return EXAMPLE.iter().map(|name| Told::new((*name).to_owned(), example.clone())).collect();
    }
    named
}

fn distinct(seen: &[Seen<'_>], wanted: impl Fn(&Hint) -> bool) -> Vec<Told<String>> {
    let mut order: Vec<&Seen<'_>> = seen.iter().filter(|seen| wanted(seen.hint)).collect();
    order.sort_by_key(|seen| !(seen.primary || matches!(seen.hint, Hint::Side(word) if is_first(word))));
    let mut regions: Vec<Told<String>> = Vec::new();
    for seen in order {
        let (Hint::Region(word) | Hint::Side(word)) = seen.hint;
        if let Some(name) = plain_name(word)
            && regions.len() < MOST
            && !regions.iter().any(|region| region.value == name)
        {
            regions.push(Told::new(name, By::file(seen.origin, "")));
        }
    }
    regions
}

fn of_profiles(found: &Found) -> Vec<Told<String>> {
    let mut regions: Vec<Told<String>> = Vec::new();
    for profile in &found.profiles {
        if let Some(name) = profile.region.as_deref().and_then(plain_name)
            && regions.len() < MOST
            && !regions.iter().any(|region| region.value == name)
        {
            regions.push(Told::new(name, By::file(&profile.origin, &profile.name)));
        }
    }
    regions
}

fn is_first(word: &str) -> bool {
    matches!(word, "primary" | "master" | "main" | "active")
}

fn is_other(word: &str) -> bool {
    matches!(word, "secondary" | "standby" | "replica" | "dr" | "passive")
}

/// Which of the estate's regions a hint means.
pub(super) struct Places {
    regions: Vec<String>,
}

impl Places {
    pub(super) fn new<'r>(regions: impl Iterator<Item = &'r str>) -> Self {
        Self { regions: regions.map(str::to_owned).collect() }
    }

    pub(super) fn regions(&self) -> impl Iterator<Item = &str> {
        self.regions.iter().map(String::as_str)
    }

    /// Where it stands among the regions.
    pub(super) fn order(&self, region: &str) -> usize {
        self.regions.iter().position(|known| known == region).unwrap_or(usize::MAX)
    }

    /// `None` where it names none of them, or could be two.
    pub(super) fn of(&self, hint: Option<&Hint>) -> Option<&str> {
        let (Hint::Region(word) | Hint::Side(word)) = hint?;
        let exact = self.regions.iter().find(|region| *region == word);
        let holds = |region: &&String| region.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| part == word);
        let mut holding = self.regions.iter().filter(holds);
        let only = match (holding.next(), holding.next()) {
            (Some(one), None) => Some(one),
            _ => None,
        };
        let by_role = match self.regions.as_slice() {
            [first, ..] if is_first(word) => Some(first),
            [_, other] if is_other(word) => Some(other),
            _ => None,
        };
        exact.or(only).or(by_role).map(String::as_str)
    }
}
