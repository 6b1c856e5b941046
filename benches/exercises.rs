//! Exercises that play themselves: one, stored and scored, and two hundred of which only the recovery times count.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::report::{Aim, Row};

const ONCE: usize = 10;
const MANY: usize = 5;

pub(crate) fn measure() -> Vec<Row> {
    let state = tempfile::tempdir().unwrap();
    let mut seed = 0_u32;
    let mut timed = |arguments: &[&str]| -> Duration {
        seed += 1;
        let mut command = Command::new(env!("CARGO_BIN_EXE_switchback"));
        command.args(["drill", "regional-outage", "--auto", "--json", "--seed", &seed.to_string()]).args(arguments);
        command.arg("--state").arg(state.path()).current_dir(state.path()).env_remove("SWITCHBACK_CONFIG");
        command.env("HOME", state.path()).env("XDG_CONFIG_HOME", state.path());
        let began = Instant::now();
        let output = command.stdin(Stdio::null()).output().unwrap();
        let took = began.elapsed();
        assert!(output.status.code().is_some_and(|code| code <= 1), "{}", String::from_utf8_lossy(&output.stderr));
        took
    };
    let once: Vec<Duration> = (0..ONCE).map(|_| timed(&[])).collect();
    let many: Vec<Duration> = (0..MANY).map(|_| timed(&["--runs", "200"])).collect();
    vec![
        Row::times("a regional outage that plays itself, stored and scored", &once),
        Row::times("200 of them: how the recovery time is spread", &many).aiming_at(Aim::AtMost(2000.0)),
    ]
}
