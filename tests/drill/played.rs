//! A whole exercise, from the screen, by a person with a keyboard; and what is left of it.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use domain::comms::WayState;
use domain::drill::score::score;
use domain::engine::{Recorded, State};
use domain::log::{EndEx, Event, Kind};

use crate::support::console::Console;
use crate::support::estate::Estate;

/// The estate's own runbook takes the place of the one that ships.
const RUNBOOK: &str = "---\nrunbook: 1\ntitle: Fail over\ntype: failover\n---\n## Fail over\n\n- [ ] Look <!-- id: look -->\n\n  Duration: 10s\n\n  ```bash run readonly\n  ./look\n  ```\n\n- [ ] Promote <!-- id: promote -->\n\n  On: orders-db@$TO\n  Duration: 10s\n\n  ```bash guard\n  ./nobody-writes\n  ```\n\n  ```bash run\n  ./promote\n  ```\n\n  ```world drill\n  promote orders-db@$TO\n  serve all $TO\n  ```\n";
const MORE: &str = "\n[tiers.1]\nrto = \"15m\"\nrpo = \"1m\"\n\n[services.checkout]\ntier = 1\ndatabases = [\"orders-db\"]\nhealth = { us-east-1 = \"https://east.example/health\", us-west-2 = \"https://west.example/health\" }\n\n[databases.orders-db.servers]\nus-east-1 = \"host=127.0.0.1 port=1 dbname=orders\"\nus-west-2 = \"host=127.0.0.1 port=2 dbname=orders\"\n\n[comms.public]\nchannels = [\"hook\", \"notice\"]\n\n[channels.hook]\ntype = \"webhook\"\nurl = \"http://127.0.0.1:9/hook\"\n\n[channels.notice]\ntype = \"file\"\npath = \"/nowhere/notice.txt\"\n";
const SCENARIO: &str = "title = \"A region is dark\"\nlasts = \"10h\"\n\n[[inject]]\nid = \"dark\"\nat = \"30s\"\nfrom = \"monitoring\"\nchannel = \"pager\"\ntext = \"$FROM does not answer\"\neffect = [\"down $FROM\"]\n\n[[inject.expect]]\ntext = \"The page is acknowledged\"\naction = \"inject dark acknowledged\"\n\n[[expect]]\ntext = \"An incident is declared\"\naction = \"declared\"\nafter = \"inject dark fired\"\n\n[[expect]]\ntext = \"The public hears of it\"\naction = \"told public\"\nafter = \"declared\"\n";

/// An estate whose addresses lead nowhere, with a scenario beside it.
pub(super) fn staged(dir: &Path) -> (Estate, String) {
    let estate = Estate::bare(dir, dir.join("state"), RUNBOOK).with(MORE);
    estate.add_runbook("regional-failover", RUNBOOK);
    let scenario = dir.join("dark.toml");
    std::fs::write(&scenario, SCENARIO).unwrap();
    std::fs::set_permissions(&scenario, std::fs::Permissions::from_mode(0o600)).unwrap();
    (estate, scenario.display().to_string())
}

/// Acknowledges, declares, is held by a guard, overrides it, promotes; then EndEx, and the score.
pub(super) fn played(console: &mut Console) {
    console.shows(&["EXERCISE  EXERCISE  EXERCISE", "us-east-1 does not answer"]);
    console.press_until("a", "it is acknowledged", |screen| !screen.contains("a acknowledges it"));
    console.waits("the region is seen down", |screen| screen.contains("us-east-1 DOWN"));
    console.press_for("i", "Declare an incident");
    console.press_for("\r", "IC mara");
    console.press("5");
    console.executes("Look");
    console.at("Promote");
    console.press_for("x", "y executes");
    console.press_for("y", "is not met: the facilitator is asked");
    console.press_for("o", "overrides it, for ever marked");
    console.types("the provider says it has no power");
    console.press_until("\r", "it is overridden", |screen| !screen.contains("for ever marked"));
    console.confirms("Promote");
    console.press_for("u", "Update for public");
    console.shows(&["EXERCISE EXERCISE EXERCISE", "would be sent by hook, notice"]);
    console.press_for("x", "y sends");
    console.press_until("y", "the box is gone", |screen| !screen.contains("y sends"));
    console.palette("end the exercise", "y ends the exercise");
    console.press_for("y", "ENDED: finished");
    console.shows(&["Result", "points of 100"]);
}

#[test]
fn a_whole_exercise_is_played_from_the_screen() {
    let dir = tempfile::tempdir().unwrap();
    let (estate, scenario) = staged(dir.path());
    let mut console = Console::doing(&estate, &["drill", &scenario, "--speed", "10"], "mara");
    played(&mut console);
    console.press_until("\u{1b}", "the score is closed", |screen| !screen.contains("points of 100"));
    console.press("q");
    console.left();
    let state = estate.replayed();
    shows_what_was_played(&state);
    assert_eq!(score(&state).map(|score| score.title), Some("A region is dark".to_owned()));
    estate.login("ana", &["verify", "last"]);
    let exported = estate.login("ana", &["export", "last", "--format", "md"]);
    for said in [
        "EXERCISE EXERCISE EXERCISE",
        "A region is dark, after-action report",
        "The page is acknowledged",
        "the provider says it has no power",
        "The public hears of it",
        "would be sent",
    ] {
        assert!(exported.contains(said), "{said}:\n{exported}");
    }
    assert!(!exported.contains("late entry"), "two clocks are no lateness");
}

fn shows_what_was_played(state: &State) {
    let exercise = state.exercise.as_deref().unwrap();
    assert_eq!(exercise.ended.as_ref().map(|ended| ended.why), Some(EndEx::Finished));
    assert!(exercise.unread().is_empty());
    let incident = state.incident.as_ref().unwrap();
    assert_eq!((incident.kind, &incident.label), (Kind::Drill, &exercise.start.label));
    let run = &state.runs[0];
    assert_eq!(run.record(&"promote".into()).recorded, Recorded::Succeeded);
    assert_eq!(run.record(&"promote".into()).overrides[0].reason, "the provider says it has no power");
    let told = state.updates.issued.values().next().unwrap();
    assert!(told.text.starts_with("EXERCISE EXERCISE EXERCISE"), "{told:?}");
    assert!(told.ways.values().all(|way| matches!(way, WayState::Shown { .. })), "{told:?}");
    let counted = state.entries.iter().any(|entry| matches!(entry.event, Event::WritesCounted { .. }));
    assert!(counted, "the world tells what became of writes");
}

#[test]
fn nobody_joins_an_exercise_and_one_that_was_cut_off_is_in_nobodys_way() {
    let dir = tempfile::tempdir().unwrap();
    let (estate, scenario) = staged(dir.path());
    let console = Console::doing(&estate, &["drill", &scenario], "mara");
    console.shows(&["EXERCISE  EXERCISE  EXERCISE"]);
    let live = Console::open(&estate, "ana");
    live.shows(&["no incident"]);
    assert!(!live.screen().contains("EXERCISE"));
    console.killed();
    let listed = estate.login("ana", &["incidents"]);
    assert!(listed.contains("EX-") && listed.contains("drill"), "{listed}");
    assert!(estate.replayed().exercise.unwrap().running(), "nobody could say that it ended");
    let again = Console::doing(&estate, &["drill", &scenario], "mara");
    again.shows(&["EXERCISE  EXERCISE  EXERCISE", "-0002"]);
    drop(live);
}
