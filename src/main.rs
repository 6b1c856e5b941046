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
    switchback::cli::fault::tell();
    match switchback::cli::main() {
        Ok(exit) => exit.into(),
        Err(failure) => {
            if let Some(said) = failure.said() {
                // Who does not read it gets the exit code all the same.
                let _ = writeln!(stderr(), "switchback: {said}");
            }
            failure.exit.into()
        }
    }
}
