//! From a key to its frame while five hundred checks are asked and a step pours out a hundred megabytes.

use std::process::Command;
use std::time::Duration;

use super::estate::Estate;
use super::pty::{COMMON, FRAME, Pty};
use super::report::{Aim, Row};
use super::target::Target;

const PRESSES: usize = 100;
const PAUSE: Duration = Duration::from_millis(60);
/// Until the step has begun to pour.
const BEGINNING: Duration = Duration::from_secs(2);
const AIM: Aim = Aim::AtMost(3.0);

/// Two hundred times half a megabyte, for as long as keys are pressed.
const RUNBOOK: &str = "---\nrunbook: 1\ntitle: Pour\n---\n## Pour\n\n- [ ] Pour it out\n\n  ```bash run readonly timeout=120s\n  \
                       for n in $(seq 200); do head -c 500000 /dev/zero | tr '\\0' x | fold -w 100; sleep 0.1; done\n  ```\n";

pub(crate) fn measure() -> Vec<Row> {
    let target = Target::start();
    let estate = Estate::of_checks(|number| target.url("load", number));
    std::fs::write(estate.folder().join("pour.md"), RUNBOOK).unwrap();
    declare(&estate);
    let mut pty = Pty::switchback(&estate.arguments(), &estate.state, COMMON);
    pty.until("Pour it out");
    pty.settle_for(BEGINNING);
    pty.press("x");
    pty.settle_for(BEGINNING);
    let mut times = Vec::new();
    for _ in 0..PRESSES {
        // Its title is on the frame that the key changed, and on no other.
        let pressed = pty.press("?");
        times.push(pty.until_after("Help", FRAME) - pressed);
        pty.settle_for(PAUSE);
        pty.press("q");
        pty.settle_for(PAUSE);
    }
    vec![Row::times("key to frame, 500 checks and a step of 100 MB", &times).aiming_at(AIM)]
}

fn declare(estate: &Estate) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_switchback"));
    command
        .args(["declare", "load", "--runbook", "pour"])
        .args(estate.arguments())
        .env("SWITCHBACK_STATE", &estate.state);
    assert!(command.output().unwrap().status.success());
}
