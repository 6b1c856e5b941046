//! A status page: one incident there for one of ours, whoever tells it.

use super::{Bench, said};
use crate::support::http::Answer;
use crate::support::statuspage::{KEY, StatusPage, Trouble};

#[test]
fn an_incident_of_the_page_is_created_told_again_and_ended() {
    let page = StatusPage::new();
    let bench = Bench::on(&page, "");
    for (status, theirs, component) in [
        ("investigating", "investigating", "partial_outage"),
        ("failing-over", "identified", "major_outage"),
        ("monitoring", "monitoring", "degraded_performance"),
        ("resolved", "resolved", "operational"),
    ] {
        let (told, code) = bench.update(&["public", "--status", status, "--yes"]);
        assert_eq!(code, Some(0), "{told}");
        assert_eq!((&told[0]["ways"][0]["became"], &told[0]["ways"][0]["receipt"]), (&"sent".into(), &"inc1".into()));
        let incidents = page.incidents();
        assert_eq!(incidents.len(), 1, "one of theirs for one of ours");
        assert_eq!((&incidents[0]["status"], &incidents[0]["components"]["c1"]), (&theirs.into(), &component.into()));
        assert_eq!(incidents[0]["body"], told[0]["text"]);
        assert_eq!(incidents[0]["name"], told[0]["subject"]);
    }
    assert_eq!(page.incidents()[0]["incident_updates"].as_array().unwrap().len(), 4);
    let log = bench.log();
    assert!(log.contains("update_delivered") && log.contains("inc1"), "{log}");
    assert!(!log.contains(KEY), "{log}");
}

#[test]
fn an_answer_that_was_lost_is_unknown_and_trying_again_tells_nothing_twice() {
    let page = StatusPage::new();
    let bench = Bench::on(&page, "timeout = \"1s\"");
    page.has_trouble(Trouble::Silent);
    let (told, code) = bench.update(&["public", "--status", "investigating", "--yes"]);
    assert_eq!((code, &told[0]["ways"][0]["became"]), (Some(5), &"unknown".into()), "{told}");
    assert_eq!(page.incidents().len(), 1, "it did arrive");
    let (told, code) = bench.update(&["public", "--again"]);
    assert_eq!((code, &told[0]["ways"][0]["receipt"]), (Some(0), &"inc1".into()), "{told}");
    assert_eq!(page.incidents()[0]["incident_updates"].as_array().unwrap().len(), 1, "and was not told twice");
    // The next one goes to the same incident; its answer is lost, too.
    page.has_trouble(Trouble::Silent);
    let (told, code) = bench.update(&["public", "--status", "identified", "--yes"]);
    assert_eq!((code, &told[0]["ways"][0]["became"]), (Some(5), &"unknown".into()), "{told}");
    assert_eq!(page.incidents().len(), 1);
    let (told, code) = bench.update(&["public", "--again"]);
    assert_eq!((code, &told[0]["ways"][0]["receipt"]), (Some(0), &"inc1".into()), "{told}");
    assert_eq!(page.incidents()[0]["incident_updates"].as_array().unwrap().len(), 2, "and was not told twice either");
}

#[test]
fn what_is_refused_says_why_and_can_be_tried_again() {
    let page = StatusPage::new();
    let bench = Bench::on(&page, "");
    let denied = bench.command(&["update", "public", "--yes"]).env("PAGE_KEY", "wrong-key-0815").output().unwrap();
    let words = said(&denied);
    assert_eq!(denied.status.code(), Some(1), "{words}");
    assert!(words.contains("FAILED") && words.contains("401") && words.contains("check env:PAGE_KEY"), "{words}");
    assert!(!words.contains("wrong-key-0815") && !bench.log().contains("wrong-key-0815"), "{words}");
    page.has_trouble(Trouble::Says(Answer::text("503 Service Unavailable", "try later")));
    let (told, code) = bench.update(&["public", "--again"]);
    assert_eq!((code, &told[0]["ways"][0]["became"]), (Some(1), &"failed".into()), "{told}");
    assert!(told[0]["ways"][0]["why"].as_str().unwrap().contains("503"), "{told}");
    let (told, code) = bench.update(&["public", "--again"]);
    assert_eq!((code, &told[0]["ways"][0]["became"]), (Some(0), &"sent".into()), "{told}");
    let again = bench.run(&["update", "public", "--again"]);
    assert_eq!(again.status.code(), Some(4), "{}", said(&again));
    assert!(said(&again).contains("failed on no way"), "{}", said(&again));
}
