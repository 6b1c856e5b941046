//! What each rule sees.

use std::sync::Arc;

use crate::alert::Rule;
use crate::estate::{Check, CheckAlert, CheckKind, TlsCheck};
use crate::ident::{BackupId, RegionId};
use crate::log::Kind;
use crate::reading::testing::*;
use crate::reading::{AlertSeverity, AlertState, Board, Context, Outcome, Payload, Source};

fn rules(board: &Board, second: f64) -> Vec<(AlertSeverity, String)> {
    let status = board.status(&Context::calm(Kind::Live), now(second));
    let firing = status.alerts.into_iter().filter(|alert| alert.state == AlertState::Firing);
    firing.map(|alert| (alert.severity, alert.rule)).collect()
}

fn of(severity: AlertSeverity, rule: &str) -> (AlertSeverity, String) {
    (severity, rule.to_owned())
}

#[test]
fn a_healthy_estate_raises_nothing() {
    let mut board = board();
    healthy(&mut board, 0.0, 100);
    assert_eq!(rules(&board, 1.0), []);
}

#[test]
fn a_dark_region_is_critical_since_it_went_down() {
    let mut board = board();
    healthy(&mut board, 0.0, 100);
    for second in [10.0, 13.0, 16.0] {
        east_dark(&mut board, second, 100);
    }
    assert_eq!(rules(&board, 16.5), [of(AlertSeverity::Critical, "region-down")]);
    let status = board.status(&Context::calm(Kind::Live), now(16.5));
    assert_eq!(status.alerts[0].since, now(16.0).wall);
    assert_eq!(status.regions[0].name, RegionId::from(EAST));
}

#[test]
fn lag_warns_over_a_minute_and_is_critical_over_five() {
    let mut board = board();
    for step in 0..41_u32 {
        let second = f64::from(step) * 10.0;
        healthy(&mut board, second, u64::from(step) * 100 + 100);
        if step == 10 || step == 40 {
            board.observe(&sample("orders-db@us-west-2", second + 1.0, server(standby(second + 1.0, 150, Some(9999)))));
            let severity = if step == 10 { AlertSeverity::Warning } else { AlertSeverity::Critical };
            assert_eq!(rules(&board, second + 2.0), [of(severity, "replication-lag")], "after {second} s");
        }
    }
}

#[test]
fn a_standby_that_nothing_feeds_is_unhealthy_since_then() {
    let mut board = board();
    healthy(&mut board, 0.0, 100);
    for second in [5.0, 10.0] {
        board.observe(&sample("orders-db@us-west-2", second, server(standby(second, 100, None))));
    }
    let status = board.status(&Context::calm(Kind::Live), now(11.0));
    assert_eq!((status.alerts[0].rule.as_str(), status.alerts[0].since), ("standby-unhealthy", now(5.0).wall));
}

#[test]
fn two_writers_are_critical() {
    let mut board = board();
    healthy(&mut board, 0.0, 100);
    board.observe(&sample("orders-db@us-west-2", 5.0, server(primary(5.0, 120))));
    board.observe(&sample("orders-db@us-east-1", 5.5, server(primary(5.5, 120))));
    assert!(rules(&board, 6.0).contains(&of(AlertSeverity::Critical, "split-brain")));
}

#[test]
fn late_and_failed_backups_are_told_apart() {
    let mut board = board();
    let mut look = |second: f64, newest: Option<f64>| {
        let backup = crate::backup::BackupReading {
            newest_usable: newest.map(|newest| now(newest).wall),
            ..crate::backup::BackupReading::default()
        };
        let mut sample = sample("x", second, Outcome::Good { payload: Payload::Backup { backup: Box::new(backup) } });
        sample.source = Source::Backup(BackupId::from("orders"));
        board.observe(&sample);
        rules(&board, second)
    };
    assert_eq!(look(10.0, Some(0.0)), []);
    assert_eq!(look(5000.0, Some(0.0)), [of(AlertSeverity::Warning, "backup-late")]);
    assert_eq!(look(5060.0, None), [of(AlertSeverity::Critical, "backup-failed")]);
}

#[test]
fn a_fresh_backup_that_is_not_as_it_should_be_is_a_concern() {
    let mut estate = estate();
    estate.backups[0].encrypted = true;
    let mut board = Board::new(Arc::new(estate));
    let mut look = |second: f64, encrypted: Option<bool>, failed: Option<f64>| {
        let restore_test = failed.map(|failed| crate::backup::RestoreTest {
            at: now(failed).wall,
            passed: false,
            by: None,
            detail: None,
        });
        let newest_usable = Some(now(second).wall);
        let backup = crate::backup::BackupReading { newest_usable, encrypted, restore_test, ..Default::default() };
        let mut sample = sample("x", second, Outcome::Good { payload: Payload::Backup { backup: Box::new(backup) } });
        sample.source = Source::Backup(BackupId::from("orders"));
        board.observe(&sample);
        let status = board.status(&Context::calm(Kind::Live), now(second));
        let concerns = status.alerts.into_iter().filter(|alert| alert.rule == "backup-concern");
        concerns.map(|alert| (alert.severity, alert.text, alert.since)).collect::<Vec<_>>()
    };
    assert_eq!(look(10.0, Some(true), None), []);
    assert_eq!(look(20.0, None, None), [], "what is not known does not fire");
    let plain = look(30.0, Some(false), Some(25.0));
    let text = "backup orders: restore test failed 5s ago; not encrypted".to_owned();
    assert_eq!(plain, [(AlertSeverity::Warning, text, now(25.0).wall)]);
}

fn dark_east(check: CheckAlert) -> Vec<(AlertSeverity, String)> {
    let mut estate = estate();
    for of_east in estate.checks.iter_mut().filter(|known| known.id.as_str() == "api@us-east-1") {
        of_east.alert = check;
    }
    let mut board = Board::new(Arc::new(estate));
    healthy(&mut board, 0.0, 100);
    for second in [10.0, 13.0, 16.0] {
        east_dark(&mut board, second, 100);
    }
    let status = board.status(&Context::calm(Kind::Live), now(16.5));
    status.alerts.into_iter().map(|alert| (alert.severity, alert.key.to_string())).collect()
}

#[test]
fn a_region_that_is_down_speaks_for_its_checks_but_for_those_that_have_their_own_word() {
    let region = (AlertSeverity::Critical, "region-down:us-east-1".to_owned());
    assert_eq!(dark_east(CheckAlert::Usual), std::slice::from_ref(&region));
    assert_eq!(dark_east(CheckAlert::Off), std::slice::from_ref(&region));
    let own = (AlertSeverity::Info, "check-down:api@us-east-1".to_owned());
    assert_eq!(dark_east(CheckAlert::As(AlertSeverity::Info)), [region, own]);
}

#[test]
fn a_service_is_told_of_where_its_region_is_not_down() {
    let mut board = board();
    healthy(&mut board, 0.0, 100);
    for second in [10.0, 13.0, 16.0] {
        board.observe(&sample("api@us-east-1", second, bad()));
        board.observe(&sample("edge", second, bad()));
        board.observe(&sample("orders-db@us-east-1", second, server(primary(second, 100))));
    }
    let status = board.status(&Context::calm(Kind::Live), now(16.5));
    let told: Vec<_> = status.alerts.iter().map(|alert| (alert.key.as_str(), alert.text.as_str())).collect();
    assert_eq!(told, [("service-down:checkout", "checkout is down in us-east-1")]);
}

#[test]
fn of_what_was_never_seen_nothing_is_said_at_once() {
    let status = board().status(&Context::calm(Kind::Live), now(1.0));
    assert!(!status.alerts.is_empty());
    assert!(status.alerts.iter().all(|alert| alert.rule == "check-unknown" && alert.state == AlertState::Pending));
}

#[test]
fn a_split_brain_whose_one_side_fell_silent_is_not_over() {
    let mut board = board();
    healthy(&mut board, 0.0, 100);
    board.observe(&sample("orders-db@us-west-2", 5.0, server(primary(5.0, 120))));
    board.observe(&sample("orders-db@us-east-1", 5.5, server(primary(5.5, 120))));
    for second in [8.0, 11.0, 14.0] {
        board.observe(&sample("orders-db@us-east-1", second, bad()));
        board.observe(&sample("orders-db@us-west-2", second, server(primary(second, 130))));
    }
    let (_, sight) = board.assess(&Context::calm(Kind::Live), now(14.5));
    let key = Rule::SplitBrain.key("orders-db");
    assert!(sight.unknown.contains(&key), "{sight:?}");
}

#[test]
fn a_certificate_that_ends_soon_is_told_of_until_it_is_renewed() {
    let mut estate = estate();
    let tls = TlsCheck { host: "www".into(), port: 443, server_name: None, ca: None, days: 14, starttls: None };
    let kind = CheckKind::Tls(tls);
    estate.checks.push(Check { kind, critical: false, ..check("www", EAST) });
    let mut board = Board::new(Arc::new(estate));
    let mut look = |second: f64, outcome: Outcome| {
        healthy(&mut board, second, 100);
        board.observe(&sample("www@us-east-1", second, outcome));
        let (_, sight) = board.assess(&Context::calm(Kind::Live), now(second + 0.5));
        let key = Rule::CertificateExpiring.key("www@us-east-1");
        let found = sight.found.iter().find(|finding| finding.key == key);
        (found.map(|finding| (finding.severity, finding.text.clone())), sight.unknown.contains(&key))
    };
    let told = (AlertSeverity::Warning, "certificate www@us-east-1: certificate ends soon".to_owned());
    assert_eq!(look(0.0, good()), (None, false));
    for second in [10.0, 20.0] {
        look(second, soft());
    }
    assert_eq!(look(30.0, soft()), (Some(told), false));
    for second in [40.0, 50.0] {
        look(second, bad());
    }
    assert_eq!(look(60.0, bad()), (None, true), "that it does not answer renews nothing");
}
