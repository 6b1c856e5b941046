use std::collections::BTreeMap;

use super::*;

fn read(line: &str) -> Result<WorldLine, String> {
    let values = BTreeMap::from([("TO".to_owned(), "us-west-2".to_owned())]);
    world_lines(line, &values).remove(0)
}

#[test]
fn every_line_is_read_and_written_as_it_was() {
    for line in [
        "promote db@us-west-2",
        "fence db@us-east-1",
        "unfence db@us-east-1",
        "serve all us-west-2",
        "up us-west-2",
        "down cache@us-east-1",
        "degrade api@us-west-2",
        "errors api@us-west-2 40%",
        "flap us-east-1 every 20s",
        "slow api 1m30s",
        "lag db@us-west-2 1s500ms",
        "replication db@us-west-2 stops",
        "replication db@us-west-2 starts",
        "load all 300%",
        "scale api@us-west-2 40%",
        "certificate www expires 2d",
        "corrupt db",
        "recover db",
        "lose us-east-1",
        "dns fails",
        "dns works in us-east-1",
        "credentials fail in us-east-1",
        "credentials work",
        "backup b now",
        "backup b fails",
        "restored b now",
        "heal db@us-west-2",
        "heal all",
    ] {
        assert_eq!(read(line).unwrap().to_string(), line);
    }
    assert_eq!(read("promote db@$TO"), read("promote db@us-west-2"));
    assert_eq!(read("errors api 40 %"), read("errors api 40%"));
}

#[test]
fn a_line_that_cannot_be_read_says_what_to_write() {
    for (line, says) in [
        ("promot db@x", "did you mean `promote`?"),
        ("explode db", "a line begins with promote, fence"),
        ("backup b later", "write `backup NAME now` or `backup NAME fails`"),
        ("unfence db", "must be DATABASE@REGION"),
        ("errors api", "write `errors NAME[@REGION] 40%`"),
        ("errors api 0.4", "write `errors NAME[@REGION] 40%`"),
        ("errors api half%", "`half` is no whole number"),
        ("errors api 140%", "140% is more than 100%"),
        ("flap api 20s", "write `flap NAME[@REGION] every 20s`"),
        ("flap api every 0s", "is no time at all"),
        ("slow api 3", "`3` has no unit"),
        ("certificate www 2d", "write `certificate NAME expires 2d`"),
        ("corrupt db@us-east-1", "the same on every side: write `corrupt DATABASE`"),
        ("lose api@us-east-1", "write `lose REGION`"),
        ("dns us-east-1 fails", "write `dns fails` or `dns works`"),
        ("credentials fail at us-east-1", "with `in REGION`"),
        ("replication db@x halts", "write `replication DATABASE@REGION stops` or `… starts`"),
        ("up", "write `up NAME` or `up NAME@REGION`"),
        ("promote db@$NEW", "$NEW has no value yet"),
    ] {
        let said = read(line).unwrap_err();
        assert!(said.contains(says), "{line}: {said}");
    }
}
