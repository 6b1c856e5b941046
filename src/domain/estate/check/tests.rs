//! What is said about checks that are wrong in themselves.

use crate::estate::parse;

/// The code and the words of every finding about one check of the `type`, with these keys.
fn findings(kind: &str, keys: &str) -> Vec<String> {
    let file = format!(
        "name = \"x\"\n[regions.east]\nrole = \"primary\"\n[regions.west]\n[services.shop]\n\
         health = {{ east = \"https://e/\", west = \"https://w/\" }}\n\
         [[checks]]\nname = \"it@east\"\ntype = \"{kind}\"\n{keys}\n"
    );
    let found = parse(&file).diagnostics.into_iter();
    found.map(|found| format!("{}: {} ({})", found.code, found.message, found.help.unwrap_or_default())).collect()
}

#[track_caller]
fn one(kind: &str, keys: &str, says: &str) {
    let found = findings(kind, keys);
    assert!(matches!(&found[..], [only] if only.contains(says)), "{keys}: {found:#?}");
}

#[test]
fn marks_that_cannot_be_meant_are_reported() {
    let command = "argv = [\"x\"]\nvalue_json = \"a\"\n";
    for (marks, says) in [
        ("degraded_above = 9\ndown_above = 5", "`degraded_above` lies beyond `down_above`"),
        ("degraded_below = 5\ndown_below = 5", "`degraded_below` lies beyond `down_below`"),
        ("degraded_above = 5\ndown_below = 7", "no number is good"),
        ("down_above = nan", "no number that anything could be compared with"),
        ("down_above = \"5\"", "this is text, and a number is expected"),
        ("value_regex = 'a'", "not both"),
    ] {
        one("command", &format!("{command}{marks}"), says);
    }
    one("command", "argv = [\"x\"]\ndown_above = 5", "no number to hold against them");
    assert_eq!(findings("command", &format!("{command}degraded_above = 0x10\ndegraded_below = 16")), [""; 0]);
}
