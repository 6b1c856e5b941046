//! What the program costs, each figure beside that of a peer: `cargo bench`, or `cargo bench -- idle steps` for some.
//!
//! Plain measurements in one table. Nothing here fails when an aim is missed: machines differ, the table says so.

#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on should say where")]

mod append;
mod estate;
mod first_screen;
mod idle;
mod key;
mod pty;
mod report;
mod steps;

use report::Row;

type Part = (&'static str, fn() -> Vec<Row>);

const PARTS: [Part; 5] = [
    ("first-screen", first_screen::measure),
    ("key", key::measure),
    ("append", append::measure),
    ("steps", steps::measure),
    ("idle", idle::measure),
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
