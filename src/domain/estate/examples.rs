//! The blocks of `docs/estate-examples.md` are right.

use super::parse;

const PAGE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/estate-examples.md"));

const AROUND: &str = "name = \"x\"\n[regions.us-east-1]\nrole = \"primary\"\n[regions.us-west-2]\n\
    [services.checkout.health]\nus-east-1 = \"https://e/\"\nus-west-2 = \"https://w/\"\n";

#[test]
fn every_block_of_the_page_of_examples_is_right() {
    let blocks: Vec<&str> =
        PAGE.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default()).collect();
    assert!(blocks.len() > 10, "{blocks:?}");
    for block in blocks {
        let found = parse(&format!("{AROUND}{block}")).diagnostics;
        assert!(found.is_empty(), "{found:#?}\nin\n{block}");
    }
}
