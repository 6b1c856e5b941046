//! One file per subcommand; wires the wings. The names, JSON fields and exit codes here are a public contract.

pub mod config;
pub mod diagnostics;
pub mod lint;
pub mod status;

mod args;
mod console;
mod exit;
mod export;
mod history;
mod incidents;
mod lab;
mod log;
mod setup;
mod stdout;
mod verify;

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
        None => console::run(&args.global, console::What::Estate),
        Some(Command::Demo) => console::run(&args.global, console::What::Demo),
        Some(Command::Lab(lab)) => lab::run(lab),
        Some(Command::Log(log)) => log::run(&args.global, log),
        Some(Command::Export(export)) => export::run(&args.global, export),
        Some(Command::Verify(verify)) => verify::run(&args.global, verify),
        Some(Command::Incidents(list)) => incidents::run(&args.global, list),
        Some(Command::History(list)) => history::run(&args.global, list),
        _ => Err(Failure::new(Exit::Usage, "not wired")),
    }
}
