//! When a runbook is verified, when it is not, and when it would not work.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::estate::{Estate, parse as estate_of};
use crate::log::Kind;
use crate::reading::Status;
use crate::runbook::{Runbook, parse};
use crate::time::Timestamp;

const ESTATE: &str = r#"
name = "orders"
[regions.us-east-1]
role = "primary"
[regions.us-west-2]
[databases.orders-db.servers]
us-east-1 = "host=east"
us-west-2 = "host=west"
[people.mara]
roles = ["commander", "operator"]
phone = "1"
[people.raj]
roles = ["data-owner"]
"#;

const WALK: &str = "---\nrunbook: 1\nreview: 30d\n---\n\n# Walk\n\n## Do\n\n\
    - [ ] **Look** <!-- id: look -->\n\n  Owner: operator\n\n\
    - [ ] **Stop** <!-- id: stop -->\n\n  ```bash run idempotent\n  stop-it now\n  ```\n\n\
    - [ ] **Only planned** <!-- id: planned -->\n\n  When: MODE = planned\n\n\
    ## Rollback\n\n- [ ] **Back** <!-- id: back -->\n";

fn day(day: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + day * 86_400).unwrap()
}

fn runbook(text: &str) -> Arc<Runbook> {
    Arc::new(parse(text.into(), Some(&estate_of(ESTATE).estate)))
}

/// Walked to its end on day 0, forced.
fn walked(text: &str, kind: Kind) -> Walk {
    let mut walk = Walk::completed("INC-2027-0001", kind, "walk", &runbook(text), day(0));
    for step in walk.steps.iter_mut().filter(|step| step.id.as_str() == "planned") {
        step.did = Did::NotApplicable;
    }
    walk
}

fn facts(found: bool) -> Facts {
    let tools = BTreeMap::from([("stop-it".to_owned(), found.then(|| "/usr/bin/stop-it".to_owned()))]);
    Facts { tools, ..Facts::none(day(1)) }
}

fn report(estate: &Estate, text: &str, walks: Vec<Walk>, facts: &Facts, now: i64) -> Readiness {
    let past = Past { walks, ..Past::default() };
    let runbooks = [("walk".to_owned(), Ok(runbook(text)))];
    let (past, now) = (Some(&past), day(now));
    evaluate(&Evidence { estate, runbooks: &runbooks, past, status: None, facts, now })
}

fn row(text: &str, walks: Vec<Walk>, now: i64) -> (Verdict, Vec<String>) {
    let report = report(&estate_of(ESTATE).estate, text, walks, &facts(true), now);
    let row = report.runbook("walk").unwrap();
    (row.verdict, row.reasons.clone())
}

#[test]
fn what_was_walked_as_it_is_written_is_verified_until_its_review() {
    assert_eq!(row(WALK, vec![], 1), (Verdict::NeedsVerification, vec!["never exercised".to_owned()]));
    let (verdict, reasons) = row(WALK, vec![walked(WALK, Kind::Lab)], 1);
    assert_eq!(verdict, Verdict::Ready);
    assert_eq!(
        reasons,
        [
            "this text was exercised; last 1d ago in a lab, INC-2027-0001",
            "did not apply when it was exercised: Only planned",
            "on demand, never exercised: Back",
        ]
    );
    let (verdict, reasons) = row(WALK, vec![walked(WALK, Kind::Lab)], 31);
    assert_eq!(
        (verdict, reasons[0].as_str()),
        (Verdict::NeedsVerification, "last exercised 31d ago, and `review` says every 30d")
    );
}

#[test]
fn the_step_that_was_edited_is_named() {
    let (verdict, reasons) = row(&WALK.replace("stop-it now", "stop-it later"), vec![walked(WALK, Kind::Live)], 1);
    assert_eq!((verdict, reasons[0].as_str()), (Verdict::NeedsVerification, "edited since last exercised: Stop"));
    let more = WALK.replace("## Rollback", "- [ ] **New** <!-- id: new -->\n\n## Rollback");
    let (verdict, reasons) = row(&more, vec![walked(WALK, Kind::Live)], 1);
    assert_eq!((verdict, reasons[0].as_str()), (Verdict::NeedsVerification, "never exercised: New"));
    // A heading is no step, and white space is no text.
    let moved = WALK.replace("# Walk", "# Walk about").replace("Owner: operator\n", "Owner: operator  \n");
    let (verdict, reasons) = row(&moved, vec![walked(WALK, Kind::Live)], 1);
    assert_eq!(
        (verdict, reasons[0].as_str()),
        (Verdict::Ready, "every step of this text was exercised; last 1d ago in earnest, INC-2027-0001")
    );
}

#[test]
fn a_drill_proves_the_order_and_the_people_and_says_that_no_command_ran() {
    let (verdict, reasons) = row(WALK, vec![walked(WALK, Kind::Drill)], 1);
    assert_eq!(verdict, Verdict::Ready);
    assert!(reasons.contains(&"only simulated, its commands never ran: Stop".to_owned()), "{reasons:?}");
}

#[test]
fn what_played_itself_proves_the_order_and_nobody() {
    let itself = Walk { automatic: true, ..walked(WALK, Kind::Drill) };
    let (verdict, reasons) = row(WALK, vec![itself.clone()], 1);
    let said = [
        "this text was exercised; last 1d ago in a drill that played itself, INC-2027-0001",
        "only simulated, its commands never ran: Stop",
        "played by itself, nobody ever did it: Look",
    ];
    assert_eq!((verdict, &reasons[..3]), (Verdict::Ready, &said.map(str::to_owned)[..]));
    let (_, reasons) = row(WALK, vec![walked(WALK, Kind::Drill), itself], 1);
    assert!(!reasons.iter().any(|reason| reason.contains("nobody")), "people did it, too: {reasons:?}");
}

#[test]
fn what_was_left_or_done_otherwise_is_not_verified() {
    let mut walk = walked(WALK, Kind::Lab);
    walk.steps[1].did = Did::ByHand;
    let (verdict, reasons) = row(WALK, vec![walk.clone()], 1);
    assert_eq!(
        (verdict, reasons[0].as_str()),
        (Verdict::NeedsVerification, "not carried out as written the last time: Stop")
    );
    let later = Walk { incident: "INC-2027-0002".to_owned(), at: day(2), end: WalkEnd::Aborted, ..walk };
    let (verdict, reasons) = row(WALK, vec![walked(WALK, Kind::Lab), later], 3);
    assert_eq!(
        (verdict, reasons[0].as_str()),
        (Verdict::NeedsVerification, "the last run, INC-2027-0002, was not walked to its end")
    );
}

fn failing(text: &str) -> (Vec<String>, Option<String>) {
    let report = report(&estate_of(ESTATE).estate, text, vec![walked(text, Kind::Live)], &facts(true), 1);
    let row = report.runbook("walk").unwrap();
    assert_eq!(row.verdict, Verdict::Failing, "{row:?}");
    (row.reasons.clone(), row.remedy.clone())
}

#[test]
fn a_tool_that_is_missing_fails_the_runbook_and_has_a_row() {
    let report = report(&estate_of(ESTATE).estate, WALK, vec![walked(WALK, Kind::Live)], &facts(false), 1);
    assert_eq!(report.runbook("walk").unwrap().reasons[0], "stop-it is not on PATH (called by stop)");
    let tool = report.rows.iter().find(|row| row.area == Area::Tool).unwrap();
    assert_eq!((tool.verdict, tool.name.as_str()), (Verdict::Failing, "stop-it"));
    assert!(!report.ready());
    assert_eq!(report.rows[0].verdict, Verdict::Failing, "the worst comes first");
}

#[test]
fn what_does_not_exist_here_fails_it() {
    let on = |target: &str| WALK.replace("Owner: operator\n", &format!("Owner: operator; On: {target}\n"));
    assert!(failing(&on("ordrs-db@us-west-2")).0[0].contains("ordrs-db"));
    let check = "Owner: operator\n\n  ```check verify within=1m\n  lag $DB@$TO < 1m\n  ```\n";
    let check = WALK.replace("Owner: operator\n", check);
    let vars = |more: &str| check.replace("review: 30d", &format!("review: 30d\nvars:\n  DB: {more}"));
    let (reasons, _) = failing(&vars("{type: string, default: other-db}"));
    assert!(reasons[0].contains("there is no database `other-db`"), "{reasons:?}");
    let (reasons, remedy) = failing(&vars("{type: string}"));
    assert_eq!(reasons[0], "$DB has no value, and no prompt asks for one");
    assert!(remedy.unwrap().contains("prompt"));
    assert_eq!(row(&vars("{type: database}"), vec![], 1).0, Verdict::NeedsVerification, "there is but one");
}

#[test]
fn a_role_that_nobody_holds_and_an_error_fail_it() {
    let (reasons, _) = failing(&WALK.replace("Owner: operator", "Owner: scribe"));
    assert_eq!(reasons[0], "nobody in [people] is scribe");
    let (reasons, _) = failing(&WALK.replace("bash run", "bash rum"));
    assert!(reasons[0].starts_with("line "), "{reasons:?}");
}

#[test]
fn a_login_that_may_not_promote_is_failing_with_the_grant_that_mends_it() {
    let login = Login { user: "watch".to_owned(), may_monitor: true, standby: true, ..Login::default() };
    let seen = |seen| LoginFact { database: "orders-db".into(), region: "us-west-2".into(), seen };
    let judged = |fact: LoginFact| {
        let facts = Facts { logins: vec![fact], ..Facts::none(day(1)) };
        let report = report(&estate_of(ESTATE).estate, WALK, vec![], &facts, 1);
        report.rows.into_iter().find(|row| row.area == Area::Credential).unwrap()
    };
    let lacking = judged(seen(Seen::Answer(login.clone())));
    assert_eq!((lacking.verdict, lacking.name.as_str()), (Verdict::Failing, "orders-db@us-west-2"));
    assert!(lacking.remedy.unwrap().contains("GRANT EXECUTE ON FUNCTION pg_promote"));
    assert_eq!(judged(seen(Seen::Answer(Login { may_promote: true, ..login }))).verdict, Verdict::Ready);
    assert_eq!(judged(seen(Seen::Silent("no answer".to_owned()))).verdict, Verdict::Unknown);
}

#[test]
fn a_name_that_is_kept_longer_than_the_objective_is_failing() {
    let named = |ttl: u64| {
        let name = NameFact {
            name: "www.example.com".to_owned(),
            named_by: "check www".to_owned(),
            seen: Seen::Answer(Some(Duration::from_secs(ttl))),
            budget: Some((Duration::from_secs(300), "the RTO of DNS".to_owned())),
        };
        let facts = Facts { names: vec![name], ..Facts::none(day(1)) };
        let report = report(&estate_of(ESTATE).estate, WALK, vec![], &facts, 1);
        report.rows.into_iter().find(|row| row.area == Area::Dns).unwrap()
    };
    assert_eq!(named(60).verdict, Verdict::Ready);
    let long = named(3600);
    assert_eq!(long.verdict, Verdict::Failing);
    assert!(long.reasons[0].starts_with("TTL 1h, over the RTO of DNS of 5m"), "{:?}", long.reasons);
}

#[test]
fn a_standby_that_streams_and_is_far_behind_is_not_ready() {
    let judged = |lag: Option<u64>, bytes: Option<u64>| {
        let standby = serde_json::json!({
            "database": "orders-db", "region": "us-west-2", "state": "streaming", "not_received_bytes": bytes,
            "not_replayed_bytes": null, "lag_ms": lag, "role": "standby", "timeline": null, "system_id": null,
            "notes": [], "split_brain": false, "at_risk": null, "trend": []
        });
        let standby = serde_json::from_value(standby).unwrap();
        let status = Status { replication: vec![standby], ..Status::default() };
        let (estate, facts) = (estate_of(ESTATE).estate, Facts::none(day(1)));
        let evidence =
            Evidence { estate: &estate, runbooks: &[], past: None, status: Some(&status), facts: &facts, now: day(1) };
        let row = evaluate(&evidence).rows.into_iter().find(|row| row.area == Area::Replication).unwrap();
        (row.verdict, row.reasons[0].clone())
    };
    assert_eq!(judged(Some(1000), Some(0)), (Verdict::Ready, "streaming, 1s behind".to_owned()));
    assert_eq!(
        judged(Some(7_200_000), Some(0)),
        (Verdict::Failing, "streaming, 2h behind, over its mark of 1m".to_owned())
    );
    assert_eq!(judged(None, None).0, Verdict::Unknown);
}
