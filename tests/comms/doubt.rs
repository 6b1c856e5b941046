//! A console that is killed between the record and the answer leaves an update of which nobody knows.

use super::{Bench, said};
use crate::support::statuspage::{StatusPage, Trouble};
use crate::support::wait::until;

#[test]
fn an_update_whose_console_was_killed_is_unknown_and_is_sent_again_only_by_a_person() {
    let page = StatusPage::new();
    let bench = Bench::on(&page, "timeout = \"1s\"");
    page.has_trouble(Trouble::Silent);
    let mut child = bench.start(&["update", "public", "--status", "investigating", "--yes"]);
    until("the page has it", || page.incidents().len() == 1);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(bench.entries("update_issued").len(), 1, "it was in the log before it was sent");
    assert!(bench.entries("update_failed").is_empty() && bench.entries("update_delivered").is_empty());

    let asked = page.asked().len();
    let again = bench.run(&["update", "public", "--again"]);
    assert_eq!(again.status.code(), Some(4), "{}", said(&again));
    assert!(said(&again).contains("it is being sent"), "{}", said(&again));
    assert_eq!(page.asked().len(), asked, "nothing is sent by itself");
    // Until an attempt must have ended whatever became of its console.
    let mut last = String::new();
    until("nobody can be sending it any more", || {
        let again = bench.run(&["update", "public", "--again"]);
        last = said(&again);
        again.status.code() == Some(0)
    });
    assert_eq!(page.incidents()[0]["incident_updates"].as_array().unwrap().len(), 1, "{last}");
    assert_eq!(bench.entries("update_retried").len(), 1);
}

#[test]
fn a_person_who_has_looked_says_that_it_arrived() {
    let page = StatusPage::new();
    let bench = Bench::on(&page, "timeout = \"1s\"");
    page.has_trouble(Trouble::Silent);
    let (_, code) = bench.update(&["public", "--yes"]);
    assert_eq!(code, Some(5));
    let (told, code) = bench.update(&["public", "--arrived"]);
    assert_eq!((code, &told[0]["ways"][0]["became"]), (Some(0), &"sent".into()), "{told}");
    assert!(bench.entries("update_delivered")[0].to_string().contains("mara"), "by whom it was said");
}
