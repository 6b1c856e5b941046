//! Alerts: the cursor stays on its alert, and a key answers the one that is seen.

use std::sync::Arc;

use domain::alert::Which;
use domain::console::{Request, Told};
use domain::ident::AlertKey;
use domain::reading::{AlertSeverity, AlertState, AlertStatus, Status};

use super::fixture::{Console, wall};
use crate::model::{Overlay, Purpose};

fn alert(rule: &str, subject: &str) -> AlertStatus {
    AlertStatus {
        severity: AlertSeverity::Critical,
        rule: rule.to_owned(),
        text: format!("{subject} is in trouble"),
        since: wall(std::time::Duration::from_secs(900)),
        key: AlertKey::new(format!("{rule}:{subject}")),
        state: AlertState::Firing,
        subject: subject.to_owned(),
        region: None,
        service: None,
        fired_at: Some(wall(std::time::Duration::from_secs(900))),
        told_at: None,
        acknowledged_by: None,
        acknowledged_at: None,
        silenced_until: None,
        silenced_by: None,
        silenced_because: None,
    }
}

fn fires(console: &mut Console, alerts: Vec<AlertStatus>) {
    console.told(Told::Status(Arc::new(Status { alerts, ..Status::default() })));
}

fn two() -> Vec<AlertStatus> {
    vec![alert("region-down", "us-east-1"), alert("backup-failed", "orders-db")]
}

#[test]
fn what_is_acknowledged_is_what_was_under_the_cursor_whatever_came_in_above_it() {
    let mut console = Console::calm();
    fires(&mut console, two());
    console.char('A');
    console.char('j');
    let mut more = vec![alert("split-brain", "orders-db")];
    more.extend(two());
    fires(&mut console, more);
    console.char('a');
    let key = AlertKey::from("backup-failed:orders-db");
    assert_eq!(console.asked.last(), Some(&Request::Acknowledge(Which::One(key))));
}

#[test]
fn a_silence_wants_a_reason_and_ends_when_it_was_said_to() {
    let mut console = Console::calm();
    fires(&mut console, two());
    console.char('A');
    console.char('s');
    assert!(
        matches!(console.model.overlay(), Some(Overlay::Form(form)) if matches!(form.purpose, Purpose::Silence { .. }))
    );
    console.enter();
    let problem = |console: &Console| match console.model.overlay() {
        Some(Overlay::Form(form)) => form.problem.clone(),
        _ => None,
    };
    assert!(problem(&console).unwrap().contains("a reason is needed"));
    console.type_text("being moved");
    console.enter();
    let Some(Request::Silence { of, until, reason }) = console.asked.last().cloned() else {
        panic!("{:?}", console.asked)
    };
    assert_eq!((of.as_str(), reason.as_str()), ("region-down:us-east-1", "being moved"));
    let minutes = until.map(|until| domain::time::since(until, console.model.now.wall).as_secs() / 60);
    assert!(matches!(minutes, Some(59 | 60)), "{minutes:?}");
}

#[test]
fn what_is_pending_or_taken_on_or_seen_from_a_read_only_console_is_not_acknowledged() {
    let mut console = Console::calm();
    let pending = AlertStatus { state: AlertState::Pending, fired_at: None, ..alert("check-down", "edge") };
    let taken = AlertStatus { acknowledged_by: Some("raj".into()), ..alert("region-down", "us-east-1") };
    fires(&mut console, vec![taken, pending]);
    console.char('A');
    for said in ["raj is on it", "it does not fire yet"] {
        console.char('a');
        assert!(console.model.ui.notice.as_ref().is_some_and(|notice| notice.text.contains(said)), "{said}");
        console.char('j');
    }
    console.model.scene.read_only = true;
    fires(&mut console, two());
    for key in ['a', 's'] {
        console.char(key);
        assert!(console.model.ui.notice.as_ref().is_some_and(|notice| notice.refused), "{key}");
    }
    assert!(!console.asked.iter().any(|asked| matches!(asked, Request::Acknowledge(_) | Request::Silence { .. })));
    console.esc();
    assert!(console.model.overlay().is_none());
}
