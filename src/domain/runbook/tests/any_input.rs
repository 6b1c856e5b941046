//! Whatever the text is, reading it ends, and ends with a plan.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use proptest::prelude::*;

use crate::drill::demo_estate;
use crate::estate::Estate;
use crate::runbook::{LIMIT, Lang, check_lines, names_in, parse, world_lines};

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
