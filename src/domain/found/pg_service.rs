//! The libpq service file: which servers there are. They are named in the estate by their service, so that host, user and
//! password go on standing in this file alone.

use super::address::copied;
use super::ini::sections;
use super::region::{hint, words};
use super::{Found, PgService, Source, Trouble};

pub(super) fn read(source: &Source<'_>) -> Result<Found, Trouble> {
    let sections = sections(source.text);
    if sections.is_empty() {
        return Err(source.trouble(0, "no [service] stands in it"));
    }
    let services = sections.into_iter().filter(|section| !section.name.is_empty()).map(|section| {
        // Both are repeated in comments: a connection string in their place may hold a password.
        let told = |key: &str| section.get(key).filter(|value| copied(value).is_ok());
        let host = told("host").or_else(|| told("hostaddr"));
        let texts = [section.name.as_str(), host.unwrap_or_default()];
        let primary =
            texts.iter().flat_map(|text| words(text)).any(|word| matches!(word, "primary" | "master" | "main"));
        PgService {
            place: hint(&texts),
            host: host.map(str::to_owned),
            database: told("dbname").map(str::to_owned),
            primary,
            origin: source.origin(section.line),
            name: section.name,
        }
    });
    Ok(Found { services: services.collect(), ..Found::default() })
}
