//! `switchback completions`: what a shell sources. At each Tab that asks this program, which knows the incidents, the
//! runbooks and the regions; it looks only, and says nothing but candidates.

mod known;

use clap_complete::env::Shells;
use clap_complete::{CompleteEnv, Shell};

use self::known::Known;
use super::args::Completions;
use super::stdout::print;
use super::{Exit, Failure, help};

/// Set by the shell when it asks: the name of the shell.
const ASKED: &str = "SWITCHBACK_COMPLETE";
const PROGRAM: &str = "switchback";

/// # Errors
/// Output could not be written.
pub(super) fn run(asked: &Completions) -> Result<Exit, Failure> {
    print(|out| {
        let script = script(asked.shell)?;
        out.write_all(&script)
    })?;
    Ok(Exit::Yes)
}

/// The program is found on the PATH, so that what was installed once goes on after an upgrade.
fn script(shell: Shell) -> std::io::Result<Vec<u8>> {
    let mut script = Vec::new();
    if let Some(known) = Shells::builtins().completer(&shell.to_string()) {
        known.write_registration(ASKED, PROGRAM, PROGRAM, PROGRAM, &mut script)?;
    }
    Ok(script)
}

/// Answers a shell that asks for candidates; `false` where nobody asks.
///
/// # Errors
/// A shell that is not known asks.
pub(super) fn answered() -> Result<bool, Failure> {
    if std::env::var_os(ASKED).is_none() {
        return Ok(false);
    }
    let words: Vec<_> = std::env::args_os().collect();
    let folder = std::env::current_dir().ok();
    let known = Known::by(&words);
    CompleteEnv::with_factory(|| known.offered_in(help::command()))
        .var(ASKED)
        .bin(PROGRAM)
        .completer(PROGRAM)
        .try_complete(words, folder.as_deref())
        .map_err(|error| Failure::new(Exit::Usage, error.to_string()))
}
