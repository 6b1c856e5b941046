//! The window's title says what this is, and follows it.

use crate::support::console::Console;
use crate::support::estate::Estate;
use crate::support::wait::until;

#[test]
fn the_title_follows_the_incident() {
    let dir = tempfile::tempdir().unwrap();
    let estate =
        Estate::bare(dir.path(), dir.path().join("state"), "---\nrunbook: 1\n---\n## Walk\n- [ ] Ring the bell\n");
    let mut console = Console::open(&estate, "mara");
    let title = |console: &mut Console, text: &str| {
        let title = format!("\x1b]2;{text}");
        until(&format!("the title says `{text}`"), || {
            String::from_utf8_lossy(&console.terminal().written()).contains(&title)
        });
    };
    title(&mut console, "LIVE orders - switchback\x07");
    console.declares();
    title(&mut console, "LIVE INC-");
    let written = String::from_utf8_lossy(&console.terminal().written()).into_owned();
    let last = written.rsplit("\x1b]2;").next().unwrap();
    assert!(last.starts_with("LIVE INC-") && last.contains(" SEV2 orders - switchback\x07"), "{last:?}");
    console.quits_the_open_incident();
}
