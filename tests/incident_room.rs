//! An incident as several people live it: two operators at two consoles, a wall beside them, a status page outside, and
//! the record afterwards.

use std::path::Path;

use domain::engine::State;
use domain::log::Event;
use domain::report::entry_sentence;

use crate::browser::browser;
use crate::support::console::Console;
use crate::support::estate::Estate;
use crate::support::http::{Answer, HttpServer};
use crate::support::pty::Pty;
use crate::support::statuspage::{KEY, StatusPage};

const RUNBOOK: &str = "---\nrunbook: 1\ntitle: Move the shop\ntype: failover\n---\n## Move\n\n- [ ] Look around <!-- id: look -->\n\n  \
                       Duration: 10s\n\n  ```bash run readonly\n  echo nothing answers\n  ```\n\n- [ ] Stop writes <!-- id: stop -->\n\n  \
                       Duration: 10s; Approval: data-owner\n\n  ```bash run\n  echo writes are stopped\n  ```\n\n- [ ] Move traffic \
                       <!-- id: move -->\n\n  Duration: 10s\n\n  ```bash run\n  echo traffic is moved\n  ```\n";

/// One region answers and one does not; the public is told at once, and again a moment later.
fn world(page: &StatusPage, west: &HttpServer) -> String {
    let (west, url) = (west.url("/"), page.url());
    format!(
        r#"
[services.shop]
health = {{ us-east-1 = "http://127.0.0.1:9/", us-west-2 = "{west}" }}

[health]
interval = "1s"

[people.mara]
roles = ["commander"]

[people.ana]
roles = ["operator", "data-owner"]
phone = "+31 6 5550 0101"

[comms.public]
first = "1s"
every = "1s"
channels = ["page"]
anchor = true

[channels.page]
type = "statuspage"
page = "kctbh9vrtdwd"
api_key = "env:PAGE_KEY"
url = "{url}"
"#
    )
}

fn wall(estate: &Estate) -> Pty {
    let mut words = estate.command(&["wall"], "nobody");
    words.truncate(words.len() - 2);
    Pty::run(&words, &[])
}

/// All who are due are told; what the screen shows of it.
fn tells(console: &mut Console, page: &StatusPage, updates: usize) {
    console.press_for("u", "x sends");
    console.press_for("x", "y sends");
    console.press_until("y", "the page has it", |_| told(page).len() == updates);
}

/// What the page's only incident was told, oldest first.
fn told(page: &StatusPage) -> Vec<String> {
    let incidents = page.incidents();
    assert!(incidents.len() < 2, "one incident is one on the page: {incidents:?}");
    let updates = incidents.iter().flat_map(|incident| incident["incident_updates"].as_array().unwrap());
    let mut told: Vec<_> = updates.map(|update| update["body"].as_str().unwrap().to_owned()).collect();
    told.reverse();
    told
}

#[test]
fn two_operators_a_wall_a_status_page_and_the_record() {
    let (dir, page) = (tempfile::tempdir().unwrap(), StatusPage::new());
    let west = HttpServer::new(|_| Answer::text("200 OK", "fine"));
    let estate = Estate::bare(dir.path(), dir.path().join("state"), RUNBOOK).with(&world(&page, &west));
    estate.add_runbook("regional-failover", RUNBOOK);
    let key = [("PAGE_KEY", KEY)];
    let mut wall = wall(&estate);
    wall.shows("no incident");

    // Declared and decided by the one, seen by the other and on the wall.
    let mut mara = Console::open_with(&estate, "mara", &key);
    mara.shows(&["us-east-1 DOWN", "candidate 1"]);
    mara.declares();
    mara.shows(&["IC mara", "Look around"]);
    wall.shows("INC-");
    let mut ana = Console::open_with(&estate, "ana", &key);
    ana.shows(&["IC mara"]);
    mara.decides();
    tells(&mut mara, &page, 1);

    // What one asks for the other approves, to the letter; then it runs.
    mara.press("5");
    mara.executes("Look around");
    mara.at("Stop writes");
    mara.press_for("a", "awaiting approval");
    ana.press("5");
    ana.at("Stop writes");
    ana.press_for("a", "asked by mara");
    ana.press_until("\r", "the answer is recorded", |screen| !screen.contains("asked by mara"));
    mara.shows(&["approved by ana"]);
    mara.confirms("Stop writes");

    // Command is the other's once she accepts.
    mara.press_for("h", "Hand command over");
    mara.press_until("\r", "the offer is made", |screen| screen.contains("IC mara ▸ ana?"));
    ana.shows(&["Command is offered to you", "SITUATION"]);
    ana.press_until("y", "ana commands", |screen| screen.contains("IC ana"));
    mara.shows(&["IC ana"]);
    ana.confirms("Move traffic");
    ana.shows(&["completed"]);
    wall.shows("3 of 3 steps");
    tells(&mut ana, &page, 2);
    ana.closes("the shop is served from the other side");
    wall.shows("CLOSED");
    wall.types("q");
    wall.ends();
    mara.shows(&["CLOSED"]);
    mara.quits();
    ana.quits();

    let state = estate.replayed();
    tells_of_it(&state, &page);
    estate.login("raj", &["verify", "last"]);
    let file = dir.path().join("incident.html");
    estate.login("raj", &["export", "last", "-o", &file.display().to_string()]);
    is_opened(dir.path(), &file, &state);
}

/// Who commanded when, who approved what, and that each update is in the log before and after it was sent.
fn tells_of_it(state: &State, page: &StatusPage) {
    let sentences: Vec<_> = state.entries.iter().map(|entry| entry_sentence(state, entry).to_string()).collect();
    for wanted in ["asks data-owner to approve Stop writes", "Stop writes approved by ana", "offers command to ana"] {
        assert!(sentences.iter().any(|sentence| sentence.contains(wanted)), "{wanted}: {sentences:#?}");
    }
    let accepted = state.entries.iter().filter(|entry| matches!(entry.event, Event::HandoffAccepted { .. }));
    assert_eq!(accepted.map(|entry| entry.actor.name.as_str()).collect::<Vec<_>>(), ["ana"]);
    assert_eq!(state.incident.as_ref().unwrap().commander.as_ref().unwrap().as_str(), "ana");
    let issued: Vec<_> = state.updates.issued.values().collect();
    let (by, texts): (Vec<_>, Vec<_>) = issued.iter().map(|update| (update.by.as_str(), &update.text)).unzip();
    assert_eq!(by, ["mara", "ana"]);
    for (text, told) in texts.into_iter().zip(told(page)) {
        assert!(told.contains(text.trim()), "what was told is what was recorded:\n{told}\n{text}");
        let anchor = told.lines().last().unwrap().rsplit(' ').next().unwrap().to_owned();
        let heads: Vec<_> = state.entries.iter().map(|entry| entry.hash.short()).collect();
        assert!(heads.contains(&anchor), "`{anchor}` is the beginning of a hash of the log");
    }
    let order: Vec<_> = state
        .entries
        .iter()
        .filter_map(|entry| match entry.event {
            Event::UpdateIssued { .. } => Some("issued"),
            Event::UpdateDelivered { .. } => Some("delivered"),
            _ => None,
        })
        .collect();
    assert_eq!(order, ["issued", "delivered", "issued", "delivered"]);
}

/// A browser reads the record as it was meant.
fn is_opened(home: &Path, file: &Path, state: &State) {
    let dom = String::from_utf8(browser(home, file, &["--dump-dom"])).unwrap();
    for wanted in ["Updates to audiences", "Decisions", "ana has accepted command", "<svg", "approved by ana"] {
        assert!(dom.contains(wanted), "{wanted}");
    }
    assert!(dom.contains(&state.entries.last().unwrap().hash.to_string()), "the last hash is on the page");
    assert!(!dom.contains(KEY) && !dom.contains("5550"), "no secret and no telephone number is in the record");
}
