//! What a terminal answers late is never taken for a key, though there be a `y` in it.

use crate::support::console::Console;
use crate::support::estate::Estate;
use domain::log::Event;

const STEP: &str = "---\nrunbook: 1\n---\n## Walk\n\n- [ ] Stop writes\n\n  ```bash run\n  true\n  ```\n\n- [ ] Rest\n";

/// Of terminals, to questions that others may have asked; and what they report unasked.
const ANSWERS: [&[u8]; 11] = [
    b"\x1b[?64;1;2;6;22c",
    b"\x1b[>41;354;0c",
    b"\x1b[?12;40R",
    b"\x1b[12;40R",
    b"\x1b[?2026;2$y",
    b"\x1b]10;rgb:yyyy/yyyy/yyyy\x07",
    b"\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\",
    b"\x1bP>|y y y\x1b\\",
    b"\x1bP1+r6e=79\x1b\\",
    b"\x1b_Gi=1;y\x1b\\",
    b"\x1b[I\x1b[O\x1b[I",
];

#[test]
fn a_late_answer_confirms_nothing_however_it_is_cut() {
    let dir = tempfile::tempdir().unwrap();
    let estate = Estate::bare(dir.path(), dir.path().join("state"), STEP);
    estate.login("mara", &["declare", "us-east-1 is down", "--runbook", "walk"]);
    let mut console = Console::open(&estate, "mara");
    console.at("Stop writes");
    console.press_for("x", "y executes");
    for answer in ANSWERS {
        let (one, other) = answer.split_at(answer.len() / 2 + 1);
        for read in [answer, one, other] {
            console.terminal().sends(read);
            console.terminal().taken();
        }
    }
    // A click that an old terminal reports with a column that is a `y`.
    console.terminal().sends(b"\x1b[M yy");
    console.shows(&["y executes"]);
    let intended = |estate: &Estate| {
        estate.entries().iter().filter(|entry| matches!(entry.event, Event::StepIntended { .. })).count()
    };
    assert_eq!(intended(&estate), 0);
    console.press_until("y", "the box is gone", |screen| !screen.contains("y executes"));
    console.ended("Stop writes");
    assert_eq!(intended(&estate), 1);
    console.quits_the_open_incident();
}
