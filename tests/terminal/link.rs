//! Over a link on which every byte takes 300 ms each way, keys do what they do nearby, once.

use std::time::Duration;

use domain::log::Event;

use crate::support::console::Console;
use crate::support::estate::Estate;

const LATENCY: Duration = Duration::from_millis(300);

const STEP: &str = "---\nrunbook: 1\n---\n## Walk\n\n- [ ] Promote\n\n  Confirm: type us-west-2\n\n  ```bash run\n  true\n  ```\n\n\
                    - [ ] Rest\n";

#[test]
fn a_region_is_typed_key_by_key_over_a_slow_link_and_promoted_once() {
    let dir = tempfile::tempdir().unwrap();
    let estate = Estate::bare(dir.path(), dir.path().join("state"), STEP);
    estate.login("mara", &["declare", "us-east-1 is down", "--runbook", "walk"]);
    let mut console = Console::far_away(&estate, "mara", LATENCY);
    console.at("Promote");
    console.press("x");
    console.shows(&["Type us-west-2, then Enter"]);
    // A sequence, and an Escape that is a key: neither is taken for the other.
    console.press("\x1b[D");
    console.press("\x1b");
    console.waits("the box is closed", |screen| !screen.contains("then Enter"));
    console.press("x");
    console.shows(&["Type us-west-2, then Enter"]);
    for key in "us-west-2".chars() {
        console.press(&key.to_string());
    }
    console.shows(&["Enter runs it"]);
    console.press_until("\r", "the box is gone", |screen| !screen.contains("then Enter"));
    console.ended("Promote");
    let intended = estate.entries().iter().filter(|entry| matches!(entry.event, Event::StepIntended { .. })).count();
    assert_eq!(intended, 1);
}
