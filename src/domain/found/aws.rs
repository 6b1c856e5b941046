//! `~/.aws/config`: profiles and their regions. The file of credentials is never opened.

use super::ini::sections;
use super::{Found, Profile, Source, Trouble};

pub(super) fn read(source: &Source<'_>) -> Result<Found, Trouble> {
    let sections = sections(source.text);
    if sections.is_empty() {
        return Err(source.trouble(0, "no [profile …] stands in it"));
    }
    let profiles = sections.into_iter().filter_map(|section| {
        let name = match section.name.as_str() {
            "default" => "default",
            other => other.strip_prefix("profile ")?.trim().trim_matches(['"', '\'']),
        };
        Some(Profile {
            name: name.to_owned(),
            region: section.get("region").map(str::to_owned),
            origin: source.origin(section.line),
        })
    });
    Ok(Found { profiles: profiles.collect(), ..Found::default() })
}
