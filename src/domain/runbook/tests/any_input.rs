//! Whatever the text is, reading it ends, and ends with a plan.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use proptest::prelude::*;

use crate::drill::demo_estate;
use crate::estate::Estate;
use crate::runbook::{LIMIT, Lang, check_lines, import, names_in, parse, world_lines};

/// Pieces that runbooks are made of, and that break readers.
const PIECES: [&str; 60] = [
    "---\n",
    "runbook: 1\n",
    "vars:\n",
    "  A: {type: db, default: x@$TO}\n",
    "  B: {type: secret, from: \"env:B\"}\n",
    "{",
    "[",
    "&a ",
    "*a ",
    "# T\n",
    "## P\n",
    "### G (in parallel)\n",
    "#### H\n",
    "- [ ] S\n",
    "  - [ ] T\n",
    "      - [x] U\n",
    "10. [ ] V\n",
    "- []\n",
    "<!-- id: a -->",
    "<!--",
    "```bash run\n",
    "```sql run out=A\n",
    "  ```check guard\n",
    "      ```http run\n",
    "~~~~world drill\n",
    "```\n",
    "  ```\n",
    "\n",
    "\n\n",
    " ",
    "\t",
    "> ",
    "* ",
    "1) ",
    "| a | b |\n|---|---|\n",
    "<div>",
    "\r\n",
    "\u{feff}",
    "\u{202e}",
    "é",
    "Owner: x; On: y@$TO\n",
    "  Point of no return: yes\n",
    "When: MODE = ",
    "and ",
    "Confirm: type $A\n",
    "After: a\n",
    "$A",
    "${A:-",
    "$(",
    "\"",
    "'",
    "`",
    ":'A'",
    ":\"A\"",
    "<<EOF\n",
    "EOF\n",
    "lag a@b < 5s\n",
    "POST $A/x\n",
    "\\",
    "route53 run\n",
];

/// As they ship, and as teams wrote theirs.
const DOCUMENTS: [&str; 7] = [
    include_str!("../../../../runbooks/regional-failover.md"),
    include_str!("../../../../runbooks/database-failover.md"),
    include_str!("../../../../tests/data/documents/complete-guide.md"),
    include_str!("../../../../tests/data/documents/continuity.md"),
    include_str!("../../../../tests/data/documents/platform-recovery.md"),
    include_str!("../../../../tests/data/documents/recovery-platform.md"),
    include_str!("../../../../tests/data/documents/studio-plan.md"),
];

static ESTATE: LazyLock<Arc<Estate>> = LazyLock::new(demo_estate);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_pile_of_pieces_is_read(pieces in prop::collection::vec(0..PIECES.len(), 0..60), native: bool) {
        let body: String = pieces.iter().map(|piece| PIECES[*piece]).collect();
        let text = if native { format!("---\nrunbook: 1\n---\n{body}") } else { body };
        let runbook = parse(text.as_str().into(), Some(&ESTATE));
        for found in &runbook.diagnostics {
            prop_assert!(found.span.start <= found.span.end && found.span.end <= text.len(), "{found:?}");
        }
        for step in runbook.steps() {
            prop_assert!(runbook.native || step.run.is_none());
            prop_assert!(!step.id.as_str().is_empty());
        }
    }

    #[test]
    fn any_change_of_a_real_document_is_read(
        which in 0..DOCUMENTS.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0..40_usize, 0..PIECES.len(), 0..4_u8), 1..8),
    ) {
        let mut text = DOCUMENTS[which].to_owned();
        for (at, length, piece, kind) in changes {
            let start = text.floor_char_boundary(at.index(text.len() + 1));
            let end = text.floor_char_boundary((start + length).min(text.len())).max(start);
            match kind {
                0 => text.replace_range(start..end, ""),
                1 => text.insert_str(start, PIECES[piece]),
                2 => text.replace_range(start..end, PIECES[piece]),
                _ => text.insert_str(start, &text[start..end].repeat(20)),
            }
        }
        let runbook = parse(text.as_str().into(), Some(&ESTATE));
        for found in &runbook.diagnostics {
            prop_assert!(found.span.start <= found.span.end && found.span.end <= text.len(), "{found:?}");
        }
        prop_assert!(runbook.native || runbook.steps().all(|step| step.run.is_none() && step.child.is_none()));
        // What import makes of it is a runbook again, of which nothing runs.
        let again = parse(import(&text, None).text.as_str().into(), Some(&ESTATE));
        prop_assert!(again.native && again.steps().all(|step| step.run.is_none()));
    }

    #[test]
    fn any_text_is_read(text in ".{0,400}") {
        let _ = parse(text.as_str().into(), None);
        let _ = (check_lines(&text, &BTreeMap::new()), world_lines(&text, &BTreeMap::new()));
        for lang in [Lang::Bash, Lang::Sql, Lang::Http, Lang::Check] {
            let _ = names_in(lang, &text);
        }
    }
}

#[test]
fn deep_and_long_documents_are_read_to_their_end() {
    let native = "---\nrunbook: 1\n---\n## A\n- [ ] S\n";
    for piece in [
        ">",
        "{{",
        "YOUR_",
        "# A\n",
        "- [ ] a <!-- id: b -->\n",
        "- [ ] [x](y.md)\n",
        "### A (parallel)\n- [ ] b\n  After: c\n",
        "  Aproval: x\n",
        "- []\n",
        "\u{202e}",
        "> ",
        "- ",
        "  - [ ] x\n",
        "[",
        "![](",
        "**a ",
        "`",
        "```\n",
        "```bash run\n",
        "- [ ] a\n",
        "1. ",
        "<a ",
        "<!--",
        "| a ",
        "\\",
        "&",
        "_*",
        "$(",
        "## A\n- [ ] B\n",
        "- [ ] a\n```bash run\n$X\n```\n",
        "- [ ] a\n```bash run\n$X\n```\n",
    ] {
        let count = (64 * 1024) / piece.len();
        let runbook = parse(format!("{native}{}", piece.repeat(count)).into(), None);
        assert!(runbook.native && runbook.steps().count() >= 1, "{piece:?}");
    }
}

#[test]
fn what_is_too_long_is_said_to_be() {
    let runbook = parse("x".repeat(LIMIT + 1).into(), None);
    assert_eq!(runbook.diagnostics[0].code, "runbook::too-long");
    assert_eq!(runbook.steps().count(), 0);
}

#[test]
fn of_more_findings_than_anybody_reads_the_first_are_kept_and_nothing_runs() {
    let step = "- [ ] a\n\n  ```bash run readonly\n  true\n  ```\n";
    let wrong = "- [ ] b\n\n  ```bash rum\n  true\n  ```\n".repeat(1500);
    let runbook = parse(format!("---\nrunbook: 1\n---\n## A\n{step}{wrong}").into(), None);
    assert_eq!((runbook.diagnostics.len(), runbook.steps().count()), (1000, 1501));
    assert!(runbook.steps().all(|step| step.manual() && step.manual_because.is_some()));
}

#[test]
fn of_more_steps_than_anybody_walks_the_first_are_read() {
    let runbook = parse(format!("---\nrunbook: 1\n---\n## A\n{}", "- [ ] a\n".repeat(6000)).into(), None);
    assert_eq!((runbook.steps().count(), runbook.diagnostics.len()), (5000, 1));
    assert!(runbook.diagnostics[0].message.contains("more than 5000 steps"), "{:?}", runbook.diagnostics);
}

#[test]
fn steps_that_wait_for_each_other_in_a_long_row_are_in_no_circle() {
    let row: String = (1..3000).map(|at| format!("- [ ] a <!-- id: s{at} -->\n  After: s{}\n", at - 1)).collect();
    let text = format!("---\nrunbook: 1\n---\n## A\n### B (parallel)\n- [ ] a <!-- id: s0 -->\n{row}");
    assert_eq!(parse(text.as_str().into(), None).diagnostics, []);
    let round = text.replace("<!-- id: s0 -->", "<!-- id: s0 -->\n  After: s2");
    assert!(parse(round.into(), None).diagnostics.iter().any(|found| found.message.contains("a circle at `s0`")));
}
