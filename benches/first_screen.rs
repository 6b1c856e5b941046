//! From the start of the process to the last byte of its first frame at the other side of the terminal.

use std::time::Duration;

use super::estate::Estate;
use super::pty::{COMMON, FRAME, Pty};
use super::report::{Aim, Row};

const STARTS: usize = 60;
/// They gather figures first, and take longer.
const PEER_STARTS: usize = 10;
/// And what is the last of their first screens: the end of a frame, the last word of the keys.
const PEERS: [(&str, &str); 2] = [("btop", FRAME), ("htop", "Quit")];
const AIM: Aim = Aim::AtMost(10.0);

/// Each start beside one of the peer's, so that what else the machine does falls on both.
pub(crate) fn measure() -> Vec<Row> {
    let estate = Estate::healthy();
    let page = estate.folder().join("page.txt");
    let lines: Vec<String> = (1..=200).map(|line| format!("line {line}")).collect();
    std::fs::write(&page, lines.join("\n")).unwrap();
    let page = page.to_str().unwrap();
    let (mut demo, mut configured, mut less) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..STARTS {
        demo.push(first_frame(&["demo"], &estate.state));
        configured.push(first_frame(&estate.arguments(), &estate.state));
        less.extend(Pty::start(&["less", page], &[], COMMON).map(|pty| pty.until("line 35") - pty.started));
    }
    let peer = "less, a page of text";
    let mut rows = vec![
        Row::times("first screen, demonstration", &demo).beside(peer, &less).aiming_at(AIM),
        Row::times("first screen, estate of ten checks", &configured).beside(peer, &less).aiming_at(AIM),
    ];
    for (peer, whole) in PEERS {
        let starts = (0..PEER_STARTS).filter_map(|_| Pty::start(&[peer], &[], COMMON));
        let times: Vec<Duration> = starts.map(|pty| pty.until(whole) - pty.started).collect();
        if !times.is_empty() {
            rows.push(Row::times(format!("first screen, {peer}"), &times));
        }
    }
    rows
}

fn first_frame(arguments: &[&str], state: &str) -> Duration {
    let pty = Pty::switchback(arguments, state, COMMON);
    pty.until(FRAME) - pty.started
}
