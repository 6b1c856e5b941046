//! Looking at runbooks and documents: what is foreign is only read, copied, adopted after a look.

use std::sync::Arc;

use domain::console::{Request, RunbookEntry, Told};
use domain::document::{Document, FileName, Standing};
use domain::engine::{Reason, Refusal};
use domain::estate::Estate;
use domain::runbook::RunbookKind;

use super::fixture::Console;
use crate::keys::{Code, Key};
use crate::model::{Overlay, Page, Purpose};

const PLAN: &str =
    "# Plan\n\n## Failover\n\n1. Stop writes\n\n   ```bash\n   systemctl stop app\n   ```\n\n2. Call the provider\n";
const SLIP: &str = "---\nrunbook: 1\n---\n## A\n- [ ] B\n\n  ```bash rum\n  true\n  ```\n";

fn entry(name: &str, errors: usize, standing: Standing) -> RunbookEntry {
    RunbookEntry { name: name.to_owned(), title: name.to_owned(), kind: RunbookKind::Failover, errors, standing }
}

fn document(name: &str, source: &str, adopts: bool) -> Document {
    let document = Document::read(name, None, &Arc::from(source), &Estate::default());
    if adopts { document.proposing(source, FileName::beside(name)) } else { document }
}

fn with_documents(mut console: Console) -> Console {
    console.model.scene.runbooks.extend([
        entry("plan", 0, Standing::Foreign { steps: 2 }),
        entry("slip", 1, Standing::Native),
        entry("closed", 0, Standing::Unreadable { why: "closed.md may be written by others".to_owned() }),
    ]);
    console
}

/// `B`, down to the name, Enter, and the answer.
fn looks_at(console: &mut Console, name: &str, answer: Document) {
    console.press(Key::char('B'));
    let at = console.model.scene.runbooks.iter().position(|runbook| runbook.name == name).unwrap();
    for _ in 0..at {
        console.press(Key::char('j'));
    }
    console.press(Key::of(Code::Enter));
    assert_eq!(console.asked.last(), Some(&Request::ReadDocument { name: name.to_owned() }));
    console.told(Told::Document(Box::new(answer)));
}

fn page(console: &Console) -> Option<Page> {
    match console.model.overlay() {
        Some(Overlay::Document(view)) => Some(view.page),
        _ => None,
    }
}

#[test]
fn a_foreign_document_opens_on_its_steps_and_its_commands_can_only_be_copied() {
    let mut console = with_documents(Console::calm());
    looks_at(&mut console, "plan", document("plan", PLAN, true));
    assert_eq!(page(&console), Some(Page::Steps));
    let asked = console.asked.len();
    console.press(Key::char('y'));
    assert_eq!(console.model.ui.copy.take().as_deref(), Some("systemctl stop app"));
    console.press(Key::char('j'));
    console.press(Key::char('y'));
    assert_eq!(console.model.ui.copy, None);
    assert!(console.notice().contains("no command"), "{}", console.notice());
    for key in [Key::char('x'), Key::char('!'), Key::of(Code::Enter), Key::char(' ')] {
        console.press(key);
    }
    assert_eq!(console.asked.len(), asked, "nothing was asked for");
}

#[test]
fn it_is_adopted_after_a_look_at_the_difference_under_the_name_that_is_accepted() {
    let mut console = with_documents(Console::calm());
    let shown = document("plan", PLAN, true);
    let source = shown.hash;
    looks_at(&mut console, "plan", shown);
    console.press(Key::char('a'));
    assert_eq!(page(&console), Some(Page::Proposal));
    console.press(Key::of(Code::Enter));
    let Some(Overlay::Form(form)) = console.model.overlay() else { panic!("no form") };
    assert!(matches!(form.purpose, Purpose::Adopt { .. }));
    assert_eq!(form.answer("file"), "plan.runbook.md");

    console.model.ui.overlays.last_mut().into_iter().for_each(|overlay| {
        if let Overlay::Form(form) = overlay {
            form.fields[0].value.set("../plan.md");
        }
    });
    console.press(Key::of(Code::Enter));
    let Some(Overlay::Form(form)) = console.model.overlay() else { panic!("the form is gone") };
    assert!(form.problem.as_ref().is_some_and(|why| why.contains("only a name")), "{:?}", form.problem);
    console.model.ui.overlays.last_mut().into_iter().for_each(|overlay| {
        if let Overlay::Form(form) = overlay {
            form.fields[0].value.set("ours.md");
        }
    });
    console.press(Key::of(Code::Enter));
    let adopt = Request::Adopt { name: "plan".to_owned(), file: "ours.md".to_owned(), source };
    assert_eq!(console.asked.last(), Some(&adopt));

    let number = console.model.ui.asked;
    console.told(Told::Refused { number, refusal: Refusal::new(Reason::NotNow, "there is a runbook `ours` already") });
    let Some(Overlay::Form(form)) = console.model.overlay() else { panic!("what was typed is lost") };
    assert_eq!((form.answer("file"), form.problem.is_some()), ("ours.md", true));
    console.press(Key::of(Code::Enter));
    let native = domain::runbook::import(PLAN, None).text;
    console.told(Told::Document(Box::new(document("ours", &native, false))));
    let Some(Overlay::Document(view)) = console.model.overlay() else { panic!("it is not opened") };
    assert_eq!((view.document.name.as_str(), &view.document.standing), ("ours", &Standing::Native));
}

#[test]
fn where_nothing_is_proposed_no_key_adopts() {
    let mut console = with_documents(Console::calm());
    console.model.scene.read_only = true;
    looks_at(&mut console, "plan", document("plan", PLAN, false));
    let asked = console.asked.len();
    for key in [Key::char('a'), Key::of(Code::Enter), Key::of(Code::Tab), Key::of(Code::Enter)] {
        console.press(key);
        assert!(matches!(console.model.overlay(), Some(Overlay::Document(_))), "{key}");
    }
    assert_eq!(console.asked.len(), asked);
}

#[test]
fn what_is_wrong_with_a_runbook_is_shown_before_it_is_started() {
    let mut console = with_documents(Console::incident());
    console.press(Key::char('S'));
    if let Some(Overlay::Form(form)) = console.model.ui.overlays.last_mut() {
        form.fields[0].value.set("slip");
    }
    console.press(Key::of(Code::Enter));
    assert_eq!(console.asked.last(), Some(&Request::ReadDocument { name: "slip".to_owned() }));
    console.told(Told::Document(Box::new(document("slip", SLIP, false))));
    assert_eq!(page(&console), Some(Page::Findings));
    let starts = |console: &Console| matches!(console.asked.last(), Some(Request::StartRun { runbook, .. }) if runbook == "slip");
    assert!(!starts(&console));
    console.press(Key::of(Code::Esc));
    assert!(matches!(console.model.overlay(), Some(Overlay::Form(_))), "back to the form");
    console.press(Key::of(Code::Enter));
    console.told(Told::Document(Box::new(document("slip", SLIP, false))));
    console.press(Key::of(Code::Enter));
    assert!(starts(&console) && console.model.ui.overlays.is_empty());
}

#[test]
fn what_is_right_is_started_at_once() {
    let mut console = with_documents(Console::incident());
    console.press(Key::char('S'));
    console.press(Key::of(Code::Enter));
    assert!(matches!(console.asked.last(), Some(Request::StartRun { .. })), "{:?}", console.asked.last());
}

#[test]
fn what_cannot_be_read_says_why() {
    let mut console = with_documents(Console::calm());
    console.press(Key::char('B'));
    console.press(Key::char('G'));
    console.press(Key::of(Code::Enter));
    let Some(Overlay::Message(said)) = console.model.overlay() else { panic!("nothing is said") };
    assert_eq!(said.of.lines, ["closed.md may be written by others"]);
}

#[test]
fn a_runbook_is_looked_at_from_the_form_that_declares_with_it() {
    let mut console = with_documents(Console::calm());
    console.press(Key::char('i'));
    console.press(Key::ctrl('o'));
    assert_eq!(console.asked.last(), Some(&Request::ReadDocument { name: "regional-failover".to_owned() }));
}
