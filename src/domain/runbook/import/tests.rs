use proptest::prelude::*;

use super::*;
use crate::diagnostic::Severity;
use crate::runbook::parse;

const DOCUMENTS: [(&str, &str); 5] = [
    ("platform-recovery", include_str!("../../../../tests/data/documents/platform-recovery.md")),
    ("continuity", include_str!("../../../../tests/data/documents/continuity.md")),
    ("recovery-platform", include_str!("../../../../tests/data/documents/recovery-platform.md")),
    ("complete-guide", include_str!("../../../../tests/data/documents/complete-guide.md")),
    ("studio-plan", include_str!("../../../../tests/data/documents/studio-plan.md")),
];

fn errors(text: &str) -> Vec<String> {
    let runbook = parse(text.into(), None);
    let errors = runbook.diagnostics.iter().filter(|found| found.severity == Severity::Error);
    errors.map(|found| format!("{}: {} at {}", found.code, found.message, found.span.start)).collect()
}

#[test]
fn the_source_documents_become_runbooks_that_a_person_would_sign() {
    for (name, source) in DOCUMENTS {
        let import = import(source, None);
        let inferences: Vec<String> = import
            .inferences
            .iter()
            .map(|found| {
                let (line, _) = crate::diagnostic::line_column(source, found.span.start);
                format!("{line}: {}: {}", found.confidence.map_or("note", Confidence::word), found.text)
            })
            .collect();
        insta::assert_snapshot!(name, format!("{}\n=====\n{}", import.text, inferences.join("\n")));
        assert_eq!(errors(&import.text), Vec::<String>::new(), "{name}");
        let runbook = parse(import.text.as_str().into(), None);
        assert!(runbook.native);
        assert_eq!(runbook.steps().count(), import.steps.len(), "{name}");
        assert!(
            runbook.steps().all(|step| step.manual() && step.manual_because.is_none()),
            "{name}: something would run"
        );
    }
}

#[test]
fn one_part_of_a_document_can_be_taken() {
    let guide = DOCUMENTS[3].1;
    let cache = import(guide, Some("cache failure"));
    let titles: Vec<String> = parse(cache.text.as_str().into(), None).steps().map(|step| step.title.clone()).collect();
    assert_eq!(
        titles,
        ["Check cache status", "Disable cache in app", "Restart Redis", "Warm up cache", "Re-enable cache"]
    );
    assert_eq!(import(guide, Some("no such part")).steps.len(), 0);
}

#[test]
fn prompts_are_commands_and_the_rest_is_what_they_printed() {
    let text = import("## Recovery\n\n1. [ ] Look\n\n   ```console\n   $ ls -l\n   total 0\n   ```\n", None).text;
    assert!(text.contains("  ```bash\n  ls -l\n  ```\n\n  ```text expect\n  total 0\n  ```\n"), "{text}");
}

#[test]
fn placeholders_become_variables() {
    let text =
        import("## Failover\n\n- [ ] Go\n\n  ```bash\n  kubectl --context <region> get pods\n  ```\n", None).text;
    assert!(text.contains("  REGION: {type: string, prompt: \"<region> in the document\"}\n"), "{text}");
    assert!(text.contains("kubectl --context ${REGION} get pods"), "{text}");
}

#[test]
fn a_table_of_steps_is_read() {
    let source = "## Restore procedure\n\n| Step | Action | Command | Time | Owner |\n|--|--|--|--|--|\n\
                  | 1 | Stop it | `systemctl stop app` | 5 min | Ops |\n| 2 | Wait | | | |\n";
    let runbook = parse(import(source, None).text.as_str().into(), None);
    let titles: Vec<&str> = runbook.steps().map(|step| step.title.as_str()).collect();
    assert_eq!(titles, ["Stop it", "Wait"]);
    assert_eq!(
        runbook.steps().next().and_then(|step| step.expected).map(|expected| expected.high.as_secs()),
        Some(300)
    );
}

#[test]
fn a_document_that_is_too_long_or_empty_is_told() {
    assert_eq!(import("", None).steps.len(), 0);
    let long = "x".repeat(super::super::LIMIT + 1);
    assert!(import(&long, None).inferences[0].text.contains("not read"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever the document, what is written is a runbook in which nothing runs and nothing is wrong.
    #[test]
    fn any_text_becomes_a_runbook_in_which_nothing_runs(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "# Title\n", "## Failover\n", "### Step 1: Go (5m)\n", "- [ ] do `kubectl get x`\n", "1. one\n", "2. two (~3 min)\n",
                "   - deeper\n     - deepest\n       - too deep\n", "```bash\n# 1. first\n$ ls\nout\n", "```\n", "~~~sql\n-- a\nSELECT <x>;\n",
                "~~~\n", "| Step | Command |\n|--|--|\n| a | `ls x` |\n", "> quote\n", "text `code` **bold** <!-- id: x -->\n", "\n", "    indented\n",
                "---\n", "runbook: 1\n", "Owner: x; Duration: y\n", "- [x] ticked\n", "<b>html</b>\n", "\u{202e}\u{1b}[31m\u{0}\n", "Step 1: a (1s)\n  - psql x\nStep 2: b\n",
            ]),
            0..24,
        ),
    ) {
        let source = pieces.concat();
        let import = import(&source, None);
        let runbook = parse(import.text.as_str().into(), None);
        prop_assert_eq!(errors(&import.text), Vec::<String>::new(), "{}", import.text);
        prop_assert!(runbook.steps().all(|step| step.run.is_none() && step.rollback.is_none() && step.guards.is_empty()));
        prop_assert_eq!(runbook.steps().count(), import.steps.len());
        for (found, step) in import.steps.iter().zip(runbook.steps()) {
            prop_assert_eq!(found.written, step.span.start);
        }
    }

    #[test]
    fn any_bytes_end(source in "\\PC{0,400}") {
        let _ = import(&source, Some("a"));
    }
}

#[test]
fn nothing_is_lost_where_lists_and_tables_stand_together() {
    let source = "Ring Anna first.\n\n# Failover\n\nRead this.\n\n## Steps of the failover\n\n1. Stop the app\n2. Promote\n\n\
                  - [ ] Tell support\n\n| Step | Command |\n|---|---|\n| Scale | `kubectl scale deployment a` |\n\n\
                  | Who | Phone |\n|---|---|\n| Anna | 555 |\n";
    let import = import(source, None);
    let titles: Vec<&str> = import.steps.iter().map(|step| step.title.as_str()).collect();
    assert_eq!(titles, ["Stop the app", "Promote", "Tell support", "Scale"]);
    assert!(import.text.contains("\nRing Anna first.\n") && import.text.contains("\nRead this.\n"), "{}", import.text);
    let told: Vec<&str> = import.inferences.iter().map(|found| found.text.as_str()).collect();
    assert!(told.contains(&"left out, because it is not seen to be steps: a table"), "{told:?}");
}
