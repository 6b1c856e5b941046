//! What the program costs, each figure beside that of a peer: `cargo bench`, or `cargo bench -- idle steps` for some.
//!
//! Plain measurements in one table. Nothing here fails when an aim is missed: machines differ, the table says so.

#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on should say where")]

mod append;
#[path = "../tests/support/certificates.rs"]
#[allow(dead_code, reason = "the tests need more of it")]
mod certificates;
mod estate;
mod exercises;
mod export;
mod first_screen;
mod idle;
mod key;
mod load;
mod process;
mod pty;
mod report;
mod runbook;
mod scale;
mod steps;
mod target;
mod world;

use report::Row;

type Part = (&'static str, fn() -> Vec<Row>);

const PARTS: [Part; 12] = [
    ("first-screen", first_screen::measure),
    ("key", key::measure),
    ("load", load::measure),
    ("append", append::measure),
    ("steps", steps::measure),
    ("idle", idle::measure),
    ("runbook", runbook::measure),
    ("world", world::measure),
    ("exercises", exercises::measure),
    ("export", export::measure),
    ("scale", scale::measure),
    ("scale-tls", scale::measure_tls),
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // Built and started by `cargo test --all-targets` too, which wants no figures.
    if !arguments.iter().any(|argument| argument == "--bench") {
        return;
    }
    let wanted: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with('-')).collect();
    report::head();
    for (name, measure) in PARTS {
        if wanted.is_empty() || wanted.iter().any(|wanted| *wanted == name) {
            measure().iter().for_each(report::line);
        }
    }
}
