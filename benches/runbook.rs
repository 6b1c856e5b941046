//! Reading a runbook of the longest size there is, beside pulldown-cmark alone on the same text: an ordinary one, and
//! texts that readers of Markdown, YAML and shell have choked on.

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::runbook::{LIMIT, import, parse};
use pulldown_cmark::{Options, Parser};

use super::report::{Aim, Row};

const TIMES: usize = 15;
const SHIPPED: &str = include_str!("../runbooks/database-failover.md");
const STEP: &str = "---\nrunbook: 1\n---\n## A\n- [ ] S\n";
const BLOCK: &str = "---\nrunbook: 1\n---\n## A\n- [ ] S\n\n  ```bash run\n  ";

pub(crate) fn measure() -> Vec<Row> {
    let estate = domain::drill::demo_estate();
    let rows = texts().into_iter().flat_map(|(name, text)| {
        let shared: Arc<str> = text.as_str().into();
        let read = timed(|| drop(parse(Arc::clone(&shared), Some(&estate))));
        let alone = timed(|| _ = events(&text));
        let imported = timed(|| drop(import(&text, None)));
        [
            Row::times(format!("1 MiB, {name}"), &read)
                .beside("pulldown-cmark alone", &alone)
                .aiming_at(Aim::AtMost(50.0)),
            Row::times(format!("1 MiB, {name}: import"), &imported),
        ]
    });
    rows.collect()
}

/// Until the last event.
fn events(text: &str) -> usize {
    let options =
        Options::ENABLE_TASKLISTS | Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_GFM;
    Parser::new_ext(text, options).into_offset_iter().count()
}

fn texts() -> Vec<(&'static str, String)> {
    let (front, body) = SHIPPED.split_at(SHIPPED[4..].find("\n---\n").unwrap() + 9);
    let yaml = |piece: &str| format!("---\nrunbook: 1\n{}\n---\n{STEP}", piece.repeat(60 * 1024 / piece.len()));
    vec![
        ("a shipped runbook over and over", filled(front, body)),
        ("100 000 steps", filled(STEP, "- [ ] a\n\n")),
        ("a million `>`", filled(STEP, ">")),
        ("lists in lists", filled(STEP, "- ")),
        ("fences that are never closed", filled(STEP, "- [ ] a\n\n  ```bash run\n  true\n")),
        ("one line", filled(STEP, "a b; ")),
        ("one script of quotes", filled(BLOCK, "'\n  ")),
        ("one script of variables", filled(BLOCK, "$X ")),
        ("YAML in YAML", filled(&yaml("[{a: "), "text\n")),
        ("YAML of anchors", filled(&yaml("a: &a\n"), "text\n")),
    ]
}

/// The longest text of this kind.
fn filled(head: &str, piece: &str) -> String {
    format!("{head}{}", piece.repeat((LIMIT - head.len()) / piece.len()))
}

fn timed(mut what: impl FnMut()) -> Vec<Duration> {
    let once = |_| {
        let began = Instant::now();
        what();
        began.elapsed()
    };
    (0..TIMES).map(once).collect()
}
