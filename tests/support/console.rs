//! A person at the console: presses keys one at a time, and waits for what the screen says.

use std::ffi::OsString;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::estate::Estate;
use super::pty::Pty;
use super::wait::until;

/// Between two presses of a person; what comes faster is taken for pasted text.
const PACE: Duration = Duration::from_millis(40);
/// A key that did nothing is pressed again after this long: the console asks for a look first.
const AGAIN: Duration = Duration::from_millis(900);

pub(crate) struct Console {
    pty: Pty,
}

impl Console {
    /// 120 columns by 36 rows.
    pub(crate) fn open(estate: &Estate, person: &str) -> Self {
        Self::open_with(estate, person, &[])
    }

    /// One that only looks.
    pub(crate) fn looking(estate: &Estate, person: &str) -> Self {
        Self { pty: Pty::run(&estate.command(&["--read-only"], person), &[]) }
    }

    /// With these variables in its environment.
    pub(crate) fn open_with(estate: &Estate, person: &str, env: &[(&str, &str)]) -> Self {
        Self { pty: Pty::run(&estate.command(&[], person), env) }
    }

    /// One at the other end of a slow link.
    pub(crate) fn far_away(estate: &Estate, person: &str, latency: Duration) -> Self {
        Self { pty: Pty::far_away(&estate.command(&[], person), latency) }
    }

    /// The terminal it is in.
    pub(crate) const fn terminal(&mut self) -> &mut Pty {
        &mut self.pty
    }

    /// One that a command opens.
    pub(crate) fn doing(estate: &Estate, act: &[&str], person: &str) -> Self {
        Self::of(&estate.command(act, person))
    }

    /// What these words start.
    pub(crate) fn of(argv: &[OsString]) -> Self {
        Self { pty: Pty::run(argv, &[]) }
    }

    pub(crate) fn screen(&self) -> String {
        self.pty.screen()
    }

    /// Returns once all of it stands on the screen.
    pub(crate) fn shows(&self, texts: &[&str]) {
        for text in texts {
            self.waits(&format!("`{text}` is on the screen"), |screen| screen.contains(text));
        }
    }

    /// Returns once the screen satisfies `holds`; fails with the screen as it stands.
    pub(crate) fn waits(&self, what: &str, holds: impl Fn(&str) -> bool) {
        let end = Instant::now() + Duration::from_secs(45);
        until(what, || {
            let screen = self.screen();
            assert!(Instant::now() < end, "never came true: {what}; the screen:\n{screen}");
            holds(&screen)
        });
    }

    /// One key.
    pub(crate) fn press(&mut self, key: &str) {
        std::thread::sleep(PACE);
        self.pty.types(key);
    }

    /// Text, into the field that has the focus; it stands there when this returns.
    pub(crate) fn types(&mut self, text: &str) {
        std::thread::sleep(PACE);
        self.pty.types(text);
        self.shows(&[text]);
    }

    /// Presses a key until the screen shows that it was taken.
    pub(crate) fn press_until(&mut self, key: &str, what: &str, holds: impl Fn(&str) -> bool) {
        let end = Instant::now() + Duration::from_secs(45);
        loop {
            self.press(key);
            let pressed = Instant::now();
            while pressed.elapsed() < AGAIN {
                if holds(&self.screen()) {
                    return;
                }
                std::thread::sleep(Duration::from_millis(10));
            }
            assert!(Instant::now() < end, "`{key}` never led to: {what}; the screen:\n{}", self.screen());
        }
    }

    /// Presses a key until `text` stands on the screen.
    pub(crate) fn press_for(&mut self, key: &str, text: &str) {
        self.press_until(key, text, |screen| screen.contains(text));
    }

    /// Declares with the answers that stand in the form.
    pub(crate) fn declares(&mut self) {
        self.press_for("i", "Declare an incident");
        self.press_for("\r", "INC-");
    }

    /// Records the decision that stands in the box.
    pub(crate) fn decides(&mut self) {
        self.press_for("d", "the execution clock starts");
        self.press_until("\r", "the decision is recorded", |screen| !screen.contains("the execution clock starts"));
        self.waits("the execution clock runs", |screen| screen.contains("execution 00:"));
    }

    /// Ticks the step under the cursor, with a line of evidence.
    pub(crate) fn ticks(&mut self, title: &str, evidence: &str) {
        self.at(title);
        self.press_for(" ", "evidence   ");
        self.types(evidence);
        self.press_until("\r", "the form is taken", |screen| !screen.contains("enter records it"));
        self.ended(title);
    }

    /// Executes the step under the cursor, which only reads.
    pub(crate) fn executes(&mut self, title: &str) {
        self.at(title);
        self.press_until("x", "it was started", |screen| {
            step_row(screen, title).is_some_and(|row| !row.starts_with('▶'))
        });
        self.ended(title);
    }

    /// Executes the step under the cursor, which changes something, to its end.
    pub(crate) fn confirms(&mut self, title: &str) {
        self.at(title);
        self.starts();
        self.ended(title);
    }

    /// `x`, then `y` in the box.
    pub(crate) fn starts(&mut self) {
        self.press_for("x", "y executes");
        self.press_until("y", "the box is gone", |screen| !screen.contains("y executes"));
    }

    /// Crosses the point of no return under the cursor: `x`, the region typed, Enter.
    pub(crate) fn promotes(&mut self, title: &str, region: &str) {
        self.at(title);
        self.types_the_region(region);
        self.ended(title);
    }

    /// All that crossing the point of no return takes; whether it is let through is another matter.
    pub(crate) fn types_the_region(&mut self, region: &str) {
        self.press_for("x", &format!("Type {region}, then Enter"));
        std::thread::sleep(PACE);
        self.pty.types(region);
        self.shows(&["Enter runs it"]);
        self.press_until("\r", "the box is gone", |screen| !screen.contains("then Enter"));
    }

    /// The step whose turn it is.
    pub(crate) fn at(&self, title: &str) {
        self.waits(&format!("the turn of `{title}`"), |screen| {
            step_row(screen, title).is_some_and(|row| row.starts_with(['▶', '◆', '✗']))
        });
    }

    pub(crate) fn ended(&self, title: &str) {
        self.waits(&format!("the end of `{title}`"), |screen| {
            step_row(screen, title).is_some_and(|row| row.starts_with('✓'))
        });
    }

    /// Takes an action by name.
    pub(crate) fn palette(&mut self, name: &str, then: &str) {
        self.press_for(":", "Palette");
        self.types(name);
        self.press_for("\r", then);
    }

    pub(crate) fn closes(&mut self, reason: &str) {
        self.palette("close the", "Close the incident");
        self.types(reason);
        self.press_for("\r", "CLOSED");
    }

    pub(crate) fn quits(&mut self) {
        self.pty.types("q");
        self.pty.ends();
    }

    /// Returns once the program has ended by itself.
    pub(crate) fn left(&mut self) {
        self.pty.ends();
    }

    pub(crate) fn killed(mut self) {
        self.pty.signal(Signal::KILL);
        self.pty.ends();
    }

    /// Leaves while the incident goes on.
    pub(crate) fn quits_the_open_incident(&mut self) {
        self.press_for("q", "y leaves");
        self.press_until("y", "the screen is given back", |screen| !screen.contains("y leaves"));
        self.pty.ends();
    }
}

/// The line of a step in the checklist, from its mark on.
fn step_row<'a>(screen: &'a str, title: &str) -> Option<&'a str> {
    let rows = screen.lines().filter_map(|line| line.strip_prefix("│ "));
    rows.map(str::trim_start).find(|row| row.split_once(' ').is_some_and(|(_, rest)| rest.starts_with(title)))
}
