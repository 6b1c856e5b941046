//! Progress lines on standard error, one per entry that says something: they read well in the log of a CI job.

use domain::engine::State;
use domain::log::{Entry, Event};
use domain::report::entry_sentence;
use domain::time::clock;
use domain::untrusted::sanitise_line;

/// Prints the entry unless it is about consoles and commanders.
pub(super) fn print(state: &State, entry: &Entry) {
    let quiet = matches!(
        entry.event,
        Event::ConsoleAttached { .. }
            | Event::ConsoleDetached { .. }
            | Event::CommandTaken { .. }
            | Event::ValueSet { .. }
    );
    if !quiet {
        eprintln!("{}  {}", clock(entry.occurred_at), sanitise_line(&entry_sentence(state, entry).to_string()));
    }
}
