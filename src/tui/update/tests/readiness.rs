//! The readiness: the cursor stays on its row while everything is evaluated anew.

use std::sync::Arc;

use domain::console::Told;
use domain::readiness::{Area, Readiness, Row, Verdict};
use domain::time::Timestamp;

use super::fixture::Console;
use crate::keys::{Code, Key};
use crate::model::Overlay;

fn row(name: &str, verdict: Verdict) -> Row {
    let (reasons, evaluated_at) = (vec!["because".to_owned()], Timestamp::UNIX_EPOCH);
    Row { area: Area::Runbook, name: name.to_owned(), verdict, reasons, remedy: None, last: None, evaluated_at }
}

fn told(rows: Vec<Row>) -> Told {
    Told::Readiness(Arc::new(Readiness { rows, ..Readiness::default() }))
}

fn under_the_cursor(console: &Console) -> Option<String> {
    let Some(Overlay::Readiness(list)) = console.model.overlay() else { return None };
    let readiness = console.model.readiness.clone()?;
    let rows = list.rows(&readiness);
    rows.get(list.position(&rows)).map(|row| row.name.clone())
}

#[test]
fn what_is_read_stays_under_the_cursor_while_it_is_evaluated_anew() {
    let mut console = Console::calm();
    console.told(told(vec![row("a", Verdict::NeedsVerification), row("b", Verdict::Ready)]));
    // Enter where the readiness stands on the bridge, as well as its key.
    console.press(Key::of(Code::Enter));
    console.char('j');
    assert_eq!(under_the_cursor(&console).as_deref(), Some("b"));
    console.told(told(vec![row("c", Verdict::Failing), row("a", Verdict::Ready), row("b", Verdict::Ready)]));
    assert_eq!(under_the_cursor(&console).as_deref(), Some("b"));
    console.press(Key::of(Code::Enter));
    let Some(Overlay::ReadinessDetail(detail)) = console.model.overlay() else { panic!("no detail") };
    assert_eq!(detail.of.name, "b");
    console.press(Key::of(Code::Esc));
    console.char('f');
    assert_eq!(under_the_cursor(&console).as_deref(), Some("c"), "what is ready is left out");
    console.char('r');
    assert!(console.model.overlay().is_none());
}

#[test]
fn it_opens_before_anything_was_looked_at() {
    let mut console = Console::calm();
    console.char('r');
    console.char('j');
    console.press(Key::of(Code::Enter));
    assert_eq!(under_the_cursor(&console), None);
    console.told(told(vec![row("a", Verdict::Ready)]));
    assert_eq!(under_the_cursor(&console).as_deref(), Some("a"));
}
