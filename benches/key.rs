//! From a key to the last byte of the frame that it changed.

use std::time::Duration;

use super::estate::Estate;
use super::pty::{COMMON, FRAME, Pty};
use super::report::{Aim, Row};

const PRESSES: usize = 100;
/// Longer than a frame's share of a second.
const PAUSE: Duration = Duration::from_millis(50);
const AIM: Aim = Aim::AtMost(3.0);
/// And what ends their answer; htop marks no frame, so that it is the first byte of it.
const PEERS: [(&str, &str); 2] = [("btop", FRAME), ("htop", "")];
const LARGE: (u16, u16) = (240, 70);

pub(crate) fn measure() -> Vec<Row> {
    let estate = Estate::healthy();
    let page = estate.folder().join("page.txt");
    let lines: Vec<String> = (1..=10_000).map(|line| format!("line {line}")).collect();
    std::fs::write(&page, lines.join("\n")).unwrap();
    let less = Pty::start(&["less", page.to_str().unwrap()], &[], COMMON);
    let less = less.map(|pty| presses(pty, "j", "line ")).unwrap_or_default();
    let shown = |size| presses(Pty::switchback(&estate.arguments(), &estate.state, size), "\t", FRAME);
    let row = |what, times: &[Duration]| Row::times(what, times).beside("less, one line on", &less).aiming_at(AIM);
    let mut rows = vec![row("key to frame, 120×36", &shown(COMMON)), row("key to frame, 240×70", &shown(LARGE))];
    for (peer, changed) in PEERS {
        let times = Pty::start(&[peer], &[], COMMON).map(|pty| presses(pty, "\x1b[B", changed)).unwrap_or_default();
        if !times.is_empty() {
            rows.push(Row::times(format!("key to frame, {peer}, one process on"), &times));
        }
    }
    rows
}

fn presses(mut pty: Pty, key: &str, changed: &str) -> Vec<Duration> {
    pty.until(changed);
    pty.settle(Duration::from_millis(300));
    let mut times = Vec::new();
    for _ in 0..PRESSES {
        pty.settle(PAUSE);
        let pressed = pty.press(key);
        times.push(pty.until(changed) - pressed);
    }
    times
}
