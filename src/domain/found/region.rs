//! Where something is, by what it is called: regions of the large clouds, and words such as `east` and `standby`. A
//! suggestion only; a person or the file's owner has the last word.

use std::sync::LazyLock;

use regex::Regex;

/// What a name says of a place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hint {
    /// A cloud's region: `us-east-1`, `europe-west4`, `westeurope`.
    Region(String),
    /// A word for one side: `east`, `standby`.
    Side(String),
}

#[allow(clippy::expect_used)]
static CODE: LazyLock<Regex> = LazyLock::new(|| {
    let compass = "(?:north|south|central|east|west)(?:north|south|east|west)?";
    let aws = format!("(?:us|eu|ap|sa|ca|me|af|il|cn|mx)(?:-gov|-isob?)?-{compass}-[1-9]");
    let google = format!("(?:us|europe|asia|australia|northamerica|southamerica|me|africa)-{compass}[1-9][0-9]?");
    Regex::new(&format!("(?:^|[^a-z0-9])({aws}|{google})(?:-?[a-f])?(?:[^a-z0-9]|$)"))
        .expect("the pattern is a constant that a test compiles")
});

/// Azure's, whose names have no form of their own.
const AZURE: [&str; 38] = [
    "australiaeast",
    "australiasoutheast",
    "brazilsouth",
    "canadacentral",
    "canadaeast",
    "centralindia",
    "centralus",
    "eastasia",
    "eastus",
    "eastus2",
    "francecentral",
    "germanywestcentral",
    "israelcentral",
    "italynorth",
    "japaneast",
    "japanwest",
    "koreacentral",
    "koreasouth",
    "northcentralus",
    "northeurope",
    "norwayeast",
    "polandcentral",
    "qatarcentral",
    "southafricanorth",
    "southcentralus",
    "southeastasia",
    "southindia",
    "spaincentral",
    "swedencentral",
    "switzerlandnorth",
    "uaenorth",
    "uksouth",
    "ukwest",
    "westcentralus",
    "westeurope",
    "westus",
    "westus2",
    "westus3",
];

const SIDES: [&str; 14] = [
    "east",
    "west",
    "north",
    "south",
    "central",
    "primary",
    "master",
    "main",
    "secondary",
    "standby",
    "replica",
    "dr",
    "active",
    "passive",
];

/// The first of these texts that names a region; else the first that has a word for a side.
#[must_use]
pub fn hint(texts: &[&str]) -> Option<Hint> {
    let lower: Vec<String> = texts.iter().map(|text| text.to_lowercase()).collect();
    let side = || lower.iter().flat_map(|text| words(text)).find(|word| SIDES.contains(word));
    let region = lower.iter().find_map(|text| code(text)).map(|code| Hint::Region(code.to_owned()));
    region.or_else(|| side().map(|word| Hint::Side(word.to_owned())))
}

fn code(text: &str) -> Option<&str> {
    let written = CODE.captures(text).and_then(|found| found.get(1)).map(|found| found.as_str());
    written.or_else(|| words(text).find(|word| AZURE.contains(word)))
}

/// The parts of a name: between everything that is neither letter nor digit.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty())
}

/// What remains of a name when everything that says where it is has been taken from it: `checkout-us-east-1` and
/// `checkout (west)` are both `checkout`.
#[must_use]
pub fn without_place(name: &str) -> String {
    let mut rest = name.to_lowercase();
    while let Some(found) = code(&rest).map(str::to_owned) {
        rest = rest.replacen(&found, " ", 1);
    }
    let kept: Vec<&str> = words(&rest).filter(|word| !SIDES.contains(word)).collect();
    kept.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_of_three_clouds_are_known_by_their_names() {
        for (text, region) in [
            ("db.us-east-1.example.com", "us-east-1"),
            ("arn:aws:eks:ap-southeast-2:111122223333:cluster/shop", "ap-southeast-2"),
            ("us-gov-west-1a", "us-gov-west-1"),
            ("gke_shop_europe-west4-a_main", "europe-west4"),
            ("shop-westeurope", "westeurope"),
        ] {
            assert_eq!(hint(&[text]), Some(Hint::Region(region.to_owned())), "{text}");
        }
        assert_eq!(hint(&["orders-east"]), Some(Hint::Side("east".to_owned())));
        assert_eq!(hint(&["east", "db.eu-west-1.example.com"]), Some(Hint::Region("eu-west-1".to_owned())));
        assert_eq!(hint(&["least", "database", "beast-1"]), None);
    }

    #[test]
    fn a_name_without_its_place_is_the_same_on_both_sides() {
        for name in ["checkout-us-east-1", "Checkout (west)", "us-west-2/checkout", "checkout.primary"] {
            assert_eq!(without_place(name), "checkout", "{name}");
        }
        assert_eq!(without_place("us-east-1"), "");
    }
}
