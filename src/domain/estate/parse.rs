//! Text to estate, with everything that is wrong with it, in one pass.

use toml::de::DeTable;

use super::build::build;
use super::model::Estate;
use super::secret;
use super::validate::validate;
use crate::diagnostic::{Diagnostic, Severity};
use crate::toml_text;

/// The commented file that `config print-default` prints: a small estate with every key in it.
pub const DEFAULT: &str = include_str!("default.toml");

/// What a file says, as far as it can be read, and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parsed {
    /// Best effort when there are errors: what is wrong is left out. Its `source` has every secret masked, byte for
    /// byte, so the spans of `diagnostics` fit it: show that text, never the one that was read.
    pub estate: Estate,
    /// In the order of the file.
    pub diagnostics: Vec<Diagnostic>,
}

impl Parsed {
    /// There are no errors; there may be warnings.
    #[must_use]
    pub fn ok(&self) -> bool {
        self.errors().next().is_none()
    }

    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error)
    }
}

/// Reads the text of a `switchback.toml`.
#[must_use]
pub fn parse(text: &str) -> Parsed {
    let (file, syntax) = DeTable::parse_recoverable(text);
    let (mut diagnostics, broken) = toml_text::errors("estate::toml", text, &syntax);

    let mut found = validate(file.get_ref());
    let mut estate = build(file.get_ref(), &mut found.diagnostics);
    // What the recovery made of a broken line is not what was written there.
    found.diagnostics.retain(|diagnostic| !broken.iter().any(|line| line.contains(&diagnostic.span.start)));
    diagnostics.append(&mut found.diagnostics);
    for diagnostic in &mut diagnostics {
        diagnostic.message = secret::mask(&diagnostic.message, &[]);
        diagnostic.help = diagnostic.help.take().map(|help| secret::mask(&help, &[]));
    }
    diagnostics.sort_by_key(|diagnostic| (diagnostic.span.start, diagnostic.span.end));
    diagnostics.dedup();
    estate.source = secret::mask(text, &found.secrets);
    Parsed { estate, diagnostics }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estate::schema::{Key, Kind, SECTIONS};
    use crate::ident::RegionId;

    #[test]
    fn the_default_file_is_right() {
        let parsed = parse(DEFAULT);
        assert_eq!(parsed.diagnostics, vec![]);
        assert_eq!(parsed.estate.source, DEFAULT);
        let order: Vec<&str> = parsed.estate.regions.iter().map(|region| region.id.as_str()).collect();
        assert_eq!(order, ["us-east-1", "us-west-2", "eu-west-1"]);
    }

    /// `text` shows the key, commented out or not.
    fn shows(text: &str, key: &Key) -> bool {
        let table = format!(".{}", key.name);
        let heading = match key.kind {
            Kind::Named(_) | Kind::List(_) | Kind::Table(_) | Kind::PerRegion(_) => {
                text.contains(&format!("[{}", key.name)) || text.contains(&table)
            }
            _ => false,
        };
        heading
            || text.lines().any(|line| {
                let line = line.trim_start_matches(['#', ' ']);
                line.strip_prefix(key.name).is_some_and(|rest| rest.trim_start().starts_with('='))
                    || line.contains(&format!("{{ {} =", key.name))
                    || line.contains(&format!(", {} =", key.name))
            })
    }

    #[test]
    fn the_default_file_shows_every_key() {
        for (heading, section) in SECTIONS {
            for key in section.keys {
                assert!(shows(DEFAULT, key), "{heading} {} is not in the default file", key.name);
            }
        }
    }

    #[test]
    fn the_example_of_every_variant_is_right_and_shows_every_key() {
        const AROUND: &str = "name = \"x\"\n[regions.us-east-1]\nrole = \"primary\"\n[regions.us-west-2]\n\
            [services.checkout.health]\nus-east-1 = \"https://e/\"\nus-west-2 = \"https://w/\"\n\
            [databases.orders-db.servers]\nus-east-1 = \"service=e\"\nus-west-2 = \"service=w\"\n";
        for variant in SECTIONS.iter().flat_map(|(_, section)| section.variants()) {
            let parsed = parse(&format!("{AROUND}{}", variant.example));
            assert_eq!(parsed.diagnostics, vec![], "{}", variant.word);
            for key in variant.keys {
                assert!(shows(variant.example, key), "{} is not in the example of {}", key.name, variant.word);
            }
        }
    }

    #[test]
    fn databases_and_services_make_checks() {
        let estate = parse(DEFAULT).estate;
        let names: Vec<&str> = estate.checks.iter().map(|check| check.id.as_str()).collect();
        for name in
            ["checkout@eu-west-1", "serving:checkout", "reports@us-west-2", "orders-db@eu-west-1", "cache@us-east-1"]
        {
            assert!(names.contains(&name), "{name} in {names:?}");
        }
        let own = estate.check(&"orders-db@us-east-1".into()).expect("written over the derived one");
        assert!(own.critical && own.region == Some(RegionId::new("us-east-1")));
        assert_eq!(names.iter().filter(|name| **name == "orders-db@us-east-1").count(), 1);
    }

    #[test]
    fn one_pass_reports_everything() {
        let parsed = parse(
            "name = 'x'\nruns = 1\n[regions.a]\nrole = 'primry'\n[tiers.1]\nrto = 5\n[services.s]\ntier = 2\n= 3\n",
        );
        let codes: Vec<&str> = parsed.errors().map(|error| error.code).collect();
        assert_eq!(
            codes,
            [
                "estate::unknown-key",
                "estate::value",
                "estate::missing-key",
                "estate::value",
                "estate::unknown-name",
                "estate::toml"
            ]
        );
    }
}
