//! Arguments to a command; and, before anything else, the hidden parts this program plays.

use std::io::{Write, stderr};
use std::process::ExitCode;

use rustix::process::{Resource, Rlimit};

fn main() -> ExitCode {
    // Before everything else: a supervisor starts for every step, and needs nothing of the console.
    if let Some(code) = switchback::runtime::supervisor::main_if_asked() {
        return code;
    }
    if let Some(code) = switchback::runtime::lab::main_if_asked() {
        return code;
    }
    // Whatever this program writes is its user's alone.
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    // A memory image would hold passwords.
    let _ = rustix::process::setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    report_bugs();
    match switchback::cli::main() {
        Ok(exit) => exit.into(),
        Err(failure) => {
            // Who does not read it gets the exit code all the same.
            let _ = writeln!(stderr(), "switchback: {}", failure.message);
            failure.exit.into()
        }
    }
}

/// A panic is a bug: it is told in full, with what a person in the middle of an incident needs to know of it.
fn report_bugs() {
    let installed = color_eyre::config::HookBuilder::default()
        .display_env_section(false)
        .panic_section("This is a fault of Switchback. Steps that run go on, and the log is whole: start it again, and it goes on from there.")
        .install();
    if let Err(error) = installed {
        eprintln!("switchback: a panic would be told without its details: {error}");
    }
}
