//! Blocks that change something, and blocks that ask.

use super::*;
use crate::execution::WriteAnswer;

#[test]
fn a_write_is_refused_by_a_fence_and_a_dark_side_proves_nothing() {
    let mut stage = Stage::healthy();
    let (database, east, west) = ("orders-db".into(), "us-east-1".into(), "us-west-2".into());
    assert_eq!(stage.world.try_write(&database, &east), WriteAnswer::Accepted);
    assert!(matches!(stage.world.try_write(&database, &west), WriteAnswer::Refused { .. }));
    stage.order("fence orders-db@us-east-1");
    assert!(matches!(stage.world.try_write(&database, &east), WriteAnswer::Refused { .. }));
    stage.order("down us-east-1");
    assert!(matches!(stage.world.try_write(&database, &east), WriteAnswer::NoAnswer { .. }));
}

#[test]
fn sql_acts_by_its_meaning() {
    let mut stage = Stage::healthy();
    let west = Some(("orders-db", "us-west-2"));
    let asked = question(block(Lang::Sql, "SELECT NOT pg_is_in_recovery();", west));
    assert_eq!(stage.world.answer(&asked).passed, Some(false));
    let promote = block(Lang::Sql, "SELECT pg_promote(true, 60);", west);
    let performed = stage.world.perform(&promote, Duration::from_secs(30), stage.now);
    assert_eq!(performed.end, End::Succeeded { exit: Some(0) });
    stage.pass(1);
    assert_eq!(stage.world.answer(&asked).passed, Some(false), "promotion takes its time");
    stage.pass(3);
    assert_eq!(stage.world.answer(&asked).passed, Some(true));
    let write = question(block(Lang::Sql, "INSERT INTO failover_test DEFAULT VALUES", west));
    assert_eq!(stage.world.answer(&write).passed, Some(true));
    let unknown = question(block(Lang::Sql, "SELECT count(*) > 0 FROM orders", west));
    assert_eq!(stage.world.answer(&unknown).passed, None);
}

#[test]
fn a_side_that_is_dark_cannot_be_promoted() {
    let mut stage = Stage::healthy();
    stage.order("down us-west-2");
    for promote in [
        block(Lang::World, "promote orders-db@us-west-2", None),
        block(Lang::Sql, "SELECT pg_promote()", Some(("orders-db", "us-west-2"))),
    ] {
        let performed = stage.world.perform(&promote, Duration::from_secs(1), stage.now);
        assert!(matches!(performed.end, End::Failed { .. }), "{performed:?}");
    }
}

#[test]
fn a_cancelled_attempt_has_no_effect() {
    let mut stage = Stage::healthy();
    let serve = block(Lang::World, "serve payments us-west-2", None);
    let performed = stage.world.perform(&serve, Duration::from_secs(4), stage.now);
    stage.pass(2);
    stage.world.cancel(performed.ticket);
    stage.pass(30);
    assert_eq!(stage.service("payments").1.as_deref(), Some("us-east-1"));
}

#[test]
fn names_move_by_a_change_batch_that_names_them() {
    let mut stage = Stage::healthy();
    let mut batch =
        block(Lang::Route53, "zone: Z1\nchanges:\n- upsert: {name: payments.example.com, type: CNAME}", None);
    batch.env.insert("TO".to_owned(), "us-west-2".to_owned());
    stage.world.perform(&batch, Duration::from_secs(1), stage.now);
    stage.pass(30);
    assert_eq!(stage.service("payments").1.as_deref(), Some("us-west-2"));
    assert_eq!(stage.service("orders").1.as_deref(), Some("us-east-1"));
}

#[test]
fn addresses_of_the_estate_answer_and_others_are_not_known() {
    let mut stage = Stage::healthy();
    let ask = |stage: &Stage, text: &str, lang| stage.world.answer(&question(block(lang, text, None))).passed;
    let west = "https://orders.us-west-2.example.com/health";
    assert_eq!(ask(&stage, &format!("GET {west}"), Lang::Http), Some(true));
    assert_eq!(ask(&stage, &format!("curl -fsS {west}"), Lang::Bash), Some(true));
    assert_eq!(ask(&stage, &format!("curl -s {west}"), Lang::Bash), None, "without --fail curl does not tell");
    assert_eq!(ask(&stage, &format!("curl -fsS {west} | grep ok"), Lang::Bash), None);
    assert_eq!(ask(&stage, "GET https://elsewhere.example.org/", Lang::Http), None);
    stage.order("down us-west-2");
    assert_eq!(ask(&stage, &format!("GET {west}"), Lang::Http), Some(false));
}
