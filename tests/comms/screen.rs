//! From the screen: three keys tell everybody who is due; what failed is tried again; another console goes on.

use domain::log::Event;
use tempfile::TempDir;

use crate::support::console::Console;
use crate::support::estate::Estate;
use crate::support::http::Answer;
use crate::support::statuspage::{KEY, StatusPage, Trouble};
use crate::support::wait::until;

const RUNBOOK: &str = "---\nrunbook: 1\ntitle: Walk\n---\n## Walk\n\n- [ ] Look <!-- id: look -->\n";

fn estate(page: &StatusPage) -> (TempDir, Estate) {
    let folder = tempfile::tempdir().unwrap();
    let comms = format!(
        "[comms.public]\nchannels = [\"page\"]\n[channels.page]\ntype = \"statuspage\"\npage = \"kctbh9vrtdwd\"\n\
         api_key = \"env:PAGE_KEY\"\nurl = \"{}\"\n",
        page.url()
    );
    let estate = Estate::bare(folder.path(), folder.path().join("state"), RUNBOOK).with(&comms);
    (folder, estate)
}

fn tells_all(console: &mut Console) {
    console.press_for("u", "Update for public");
    console.press_for("x", "y sends");
    console.press_until("y", "the box is gone", |screen| !screen.contains("y sends"));
}

#[test]
fn three_keys_tell_the_public_and_the_next_console_tells_the_same_incident() {
    let page = StatusPage::new();
    let (_folder, estate) = estate(&page);
    let env = [("PAGE_KEY", KEY)];
    let mut console = Console::open_with(&estate, "mara", &env);
    console.declares();
    tells_all(&mut console);
    until("the page has it", || page.incidents().len() == 1);
    console.press_for("c", "sent by page");
    console.press_until("\u{1b}", "the list is closed", |screen| !screen.contains("sent by page, "));
    console.quits_the_open_incident();

    let mut second = Console::open_with(&estate, "raj", &env);
    second.shows(&["INC-"]);
    tells_all(&mut second);
    until("the same incident is told", || {
        page.incidents()[0]["incident_updates"].as_array().is_some_and(|told| told.len() == 2)
    });
    assert_eq!(page.incidents().len(), 1);
    let asked = page.asked();
    assert!(asked.iter().any(|line| line.starts_with("PATCH /v1/pages/kctbh9vrtdwd/incidents/inc1")), "{asked:?}");
    drop(second);
}

#[test]
fn what_failed_stands_on_the_screen_and_is_tried_again_with_a_key() {
    let page = StatusPage::new();
    let (_folder, estate) = estate(&page);
    let mut console = Console::open_with(&estate, "mara", &[("PAGE_KEY", KEY)]);
    console.declares();
    page.has_trouble(Trouble::Says(Answer::text("422 Unprocessable Entity", "component is unknown")));
    tells_all(&mut console);
    console.press_for("c", "FAILED by page: 422");
    console.press_for("R", "y sends it again");
    assert!(page.incidents().is_empty(), "one key sends nothing");
    console.press_until("y", "it was sent", |screen| screen.contains("sent by page, "));
    assert_eq!(page.incidents().len(), 1);
    assert!(!console.screen().contains(KEY));
    drop(console);
}

#[test]
fn who_leaves_while_an_update_is_on_its_way_is_told_what_is_waited_for_and_may_leave_all_the_same() {
    let page = StatusPage::new();
    let (_folder, estate) = estate(&page);
    let mut console = Console::open_with(&estate, "mara", &[("PAGE_KEY", KEY)]);
    console.declares();
    page.has_trouble(Trouble::Silent);
    tells_all(&mut console);
    until("it is on its way", || !page.asked().is_empty());
    console.press_for("q", "y leaves");
    console.press_for("y", "an update is still being sent");
    console.press("\u{3}");
    console.left();
    let events: Vec<Event> = estate.entries().into_iter().map(|entry| entry.event).collect();
    assert!(events.iter().any(|event| matches!(event, Event::UpdateIssued { .. })), "{events:#?}");
    let ended = |event: &Event| matches!(event, Event::UpdateDelivered { .. } | Event::UpdateFailed { .. });
    assert!(!events.iter().any(ended), "{events:#?}");
}
