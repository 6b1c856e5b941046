//! A team's own document, in the real console: read, adopted as a new runbook after a look at the difference, and walked
//! by hand in an incident.

use std::os::unix::fs::PermissionsExt;

use domain::log::Event;

use crate::support::console::Console;
use crate::support::estate::Estate;

const PLAN: &str = include_str!("data/documents/platform-recovery.md");

fn estate(dir: &tempfile::TempDir) -> Estate {
    let native = "---\nrunbook: 1\ntitle: Walk\n---\n## Walk\n\n- [ ] Look <!-- id: look -->\n";
    let estate = Estate::bare(dir.path(), dir.path().join("state"), native);
    let plan = dir.path().join("runbooks/plan.md");
    std::fs::write(&plan, PLAN).unwrap();
    std::fs::set_permissions(&plan, std::fs::Permissions::from_mode(0o600)).unwrap();
    estate
}

/// The document `plan` in the list of runbooks, opened.
fn opens_the_plan(console: &mut Console) {
    console.shows(&["foreign, "]);
    console.press_for("B", "Runbooks and documents");
    console.press_for("\r", "(foreign, read-only)");
    console.shows(&["it is only read, and nothing in it", "[steps]"]);
}

#[test]
fn a_document_is_adopted_as_a_new_runbook_that_lints_clean() {
    let dir = tempfile::tempdir().unwrap();
    let estate = estate(&dir);
    let mut console = Console::open(&estate, "mara");
    opens_the_plan(&mut console);
    console.press_for("a", "What Enter would write as plan.runbook.md");
    console.shows(&["+ runbook: 1"]);
    console.press_for("\r", "Adopt this document");
    let adopted = dir.path().join("runbooks/plan.runbook.md");
    assert!(!adopted.exists(), "nothing is written before it is accepted");
    console.press_until("\r", "the new runbook is open", |screen| {
        screen.contains("runbooks/plan.runbook.md") && !screen.contains("read-only")
    });
    console.press_until("q", "the list again", |screen| !screen.contains("[steps]"));
    console.press_until("q", "the bridge again", |screen| !screen.contains("Runbooks and documents"));
    console.quits();

    assert_eq!(std::fs::metadata(&adopted).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::read_to_string(dir.path().join("runbooks/plan.md")).unwrap(), PLAN);
    let lint = estate.tried("mara", &["lint", adopted.to_str().unwrap(), "--json"]);
    let findings: serde_json::Value = serde_json::from_slice(&lint.stdout).unwrap();
    let errors = findings.as_array().unwrap().iter().filter(|found| found["severity"] == "error");
    assert_eq!((lint.status.code(), errors.count()), (Some(0), 0), "{findings:#}");
}

#[test]
fn a_console_that_only_looks_reads_documents_and_is_offered_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let estate = estate(&dir);
    let mut console = Console::looking(&estate, "wall");
    opens_the_plan(&mut console);
    assert!(!console.screen().contains("adopt"), "{}", console.screen());
    console.press_for("\t", "[text]");
    console.press_for("\t", "[steps]");
    console.press("a");
    console.press("\r");
    console.press_until("q", "the list again", |screen| screen.contains("Runbooks and documents"));
    let files = std::fs::read_dir(dir.path().join("runbooks")).unwrap().count();
    assert_eq!(files, 2);
}

#[test]
fn walked_in_an_incident_every_step_is_by_hand_and_the_log_says_where_it_came_from() {
    let dir = tempfile::tempdir().unwrap();
    let estate = estate(&dir);
    let mut console = Console::open(&estate, "mara");
    opens_the_plan(&mut console);
    console.press_for("S", "Declare an incident");
    console.press_for("\r", "INC-");
    console.waits("its steps are listed", |screen| screen.contains("1 of") || screen.contains("0 of"));
    console.quits_the_open_incident();

    let state = estate.replayed();
    let run = &state.runs[0];
    assert!(run.runbook.steps().count() > 2 && run.runbook.steps().all(domain::runbook::Step::manual));
    let said = estate.entries().iter().any(|entry| {
        matches!(&entry.event, Event::Observation { text, .. } if text.starts_with("plan is a foreign document"))
    });
    assert!(said, "{:?}", estate.entries());
}
