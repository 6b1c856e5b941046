//! Frames: whole, only what changed, and none when nothing did.

use std::num::NonZero;

use crate::support::attempts::SWITCHBACK;
use crate::support::pty::Pty;
use crate::support::wait::until;

const BEGIN: &str = "\x1b[?2026h";
const END: &str = "\x1b[?2026l";

fn demo(more: &[&str], dir: &std::path::Path) -> Pty {
    let mut words = vec![SWITCHBACK.into(), "demo".into(), "--state".into(), dir.into()];
    words.extend(more.iter().map(Into::into));
    Pty::run(&words, &[])
}

/// What was written between entering and leaving, frame by frame; nothing is written outside of one but the title.
fn frames(written: &[u8]) -> Vec<String> {
    let written = String::from_utf8_lossy(written).into_owned();
    let Some((_, written)) = written.split_once("\x1b[?1006h") else { return Vec::new() };
    let mut frames = Vec::new();
    for piece in written.split_inclusive(END) {
        let Some(frame) = piece.strip_suffix(END) else { continue };
        frames.push(frame.strip_prefix(BEGIN).unwrap_or_else(|| panic!("outside of a frame: {piece:?}")).to_owned());
    }
    frames
}

#[test]
fn frames_are_whole_and_clear_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut pty = demo(&[], dir.path());
    pty.shows("us-west-2");
    for (key, title) in [("?", "Help"), (":", "Palette")] {
        pty.types(key);
        pty.shows(title);
        pty.types("\x1b");
        until(&format!("`{title}` is closed"), || !pty.screen().contains(title));
    }
    let frames = frames(&pty.written());
    assert!(frames.len() > 3);
    for frame in &frames[1..] {
        assert!(!frame.contains("\x1b[2J") && !frame.contains("\x1b[3J"), "it clears the screen: {frame:?}");
    }
    pty.types("q");
    pty.ends();
}

#[test]
fn a_frame_is_written_only_when_the_picture_changes() {
    let dir = tempfile::tempdir().unwrap();
    let mut pty = demo(&[], dir.path());
    until("twenty frames were written", || frames(&pty.written()).len() >= 20);
    pty.types("q");
    pty.ends();
    let (rows, columns) = (NonZero::new(36).unwrap(), NonZero::new(120).unwrap());
    let mut terminal = vt100::Parser::new(rows, columns, 0);
    let mut before = None;
    for (n, frame) in frames(&pty.written()).iter().enumerate() {
        terminal.process(frame.as_bytes());
        let now = Some(terminal.screen().state_formatted());
        let beside = ["\x07", "\x1b]"].iter().any(|sign| frame.contains(sign));
        assert!(now != before || beside, "frame {n} changes nothing: {frame:?}");
        before = now;
    }
}
