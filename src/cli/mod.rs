//! One file per subcommand; wires the wings. The names, JSON fields and exit codes here are a public contract.

pub mod config;
pub mod diagnostics;
pub mod lint;
pub mod status;

mod args;
mod exit;
mod lab;

use clap::Parser;

pub use exit::{Exit, Failure};

use self::args::{Args, Command};

/// Reads the arguments and does what they say.
///
/// # Errors
/// A [`Failure`] with its exit code and a sentence for people.
pub fn main() -> Result<Exit, Failure> {
    let args = Args::parse();
    match args.command {
        Some(Command::Lab(lab)) => lab::run(lab),
        _ => Err(Failure::new(Exit::Usage, "not wired")),
    }
}
