//! One of the thin ends: arguments to a command.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Before everything else: a supervisor starts for every step, and needs nothing of the console.
    if let Some(code) = switchback::runtime::supervisor::main_if_asked() {
        return code;
    }
    ExitCode::SUCCESS
}
