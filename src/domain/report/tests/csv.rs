//! The timeline as a table for spreadsheets.

use proptest::prelude::*;

use super::hostile::told_everywhere;
use super::story::Story;
use crate::log::{Event, Kind};
use crate::report::Source;
use crate::report::text::Text;
use crate::time::zone;

/// Read back as RFC 4180 says.
fn rows(csv: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut signs = csv.strip_prefix('\u{feff}').unwrap().chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '"' if quoted && signs.peek() == Some(&'"') => cell.extend(signs.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !quoted => {
                assert_eq!(signs.next(), Some('\n'));
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            _ => cell.push(sign),
        }
    }
    assert!(row.is_empty() && cell.is_empty() && !quoted);
    rows
}

fn column<'a>(rows: &'a [Vec<String>], name: &str) -> Vec<&'a str> {
    let at = rows[0].iter().position(|column| column == name).unwrap();
    rows[1..].iter().map(|row| row[at].as_str()).collect()
}

#[test]
fn each_entry_is_one_row_with_every_column() {
    let story = Story::failover(Kind::Drill);
    let csv = Source::new(&story.state).local(zone("Europe/Zurich")).csv();
    let rows = rows(&csv);
    assert_eq!(rows.len(), story.state.entries.len() + 1);
    assert!(rows.iter().all(|row| row.len() == rows[0].len()));
    assert!(column(&rows, "kind").iter().all(|kind| *kind == "drill"));
    assert_eq!(
        column(&rows, "type")[..5],
        ["incident_opened", "command_taken", "region_changed", "run_started", "decision_recorded"]
    );
    assert_eq!(column(&rows, "occurred_at")[0], "2026-11-20T02:07:57.000Z");
    assert_eq!(column(&rows, "local_time")[0], "2026-11-20 03:07:57 +01:00");
    assert_eq!(column(&rows, "step")[5], "Tell everybody");
    assert_eq!(column(&rows, "mark")[2], "late entry, recorded 2026-11-20 02:07:58.000Z");
    let hashes: Vec<_> = story.state.entries.iter().map(|entry| entry.hash.to_string()).collect();
    assert_eq!(column(&rows, "hash"), hashes);
}

#[test]
fn no_text_is_a_formula() {
    for formula in [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "  =1",
        "＝1",
        "=HYPERLINK(\"https://evil.example\")",
        "-2+3+cmd|' /C calc'!A0",
    ] {
        let csv = Source::new(&told_everywhere(formula).state).csv();
        for cell in rows(&csv).iter().flatten() {
            assert!(
                !cell.trim_start().starts_with(['=', '+', '-', '@', '＝']) && !cell.starts_with(['\t', '\r']),
                "{cell:?}"
            );
        }
        assert!(rows(&csv).iter().flatten().any(|cell| cell.starts_with('\'')));
    }
}

#[test]
fn what_kind_an_entry_is_of_is_told_however_long_it_is() {
    let mut story = Story::new(Kind::Live);
    story.open("x");
    let long = "y".repeat(100);
    story.note(70, &long);
    let rows = rows(&Source::new(&story.state).csv());
    assert_eq!(column(&rows, "type")[2], "note_added");
    assert_eq!(column(&rows, "what")[2], long);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_text_is_read_back_as_it_was_said(text in "\\PC{1,40}|[,;\"'\\n\\t=+@-]{0,10}x") {
        let mut story = Story::new(Kind::Live);
        story.open("x");
        story.tell(70, "mara", Event::NoteAdded { text: text.clone(), run: None, step: None });
        let rows = rows(&Source::new(&story.state).csv());
        let said = column(&rows, "what")[2];
        prop_assert_eq!(said.strip_prefix('\'').filter(|_| !text.trim_start().starts_with('\'')).unwrap_or(said), Text::new().plain(&text));
    }
}
