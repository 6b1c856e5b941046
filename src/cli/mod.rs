//! One file per subcommand; wires the wings. The names, JSON fields and exit codes here are a public contract.

pub mod config;
pub mod diagnostics;
pub mod lint;
pub mod status;

mod acts;
mod alerts;
mod args;
mod beat;
mod check;
mod console;
mod doctor;
mod drill;
mod exit;
mod export;
mod history;
mod import;
mod incidents;
mod lab;
mod log;
mod notify;
mod print;
mod restored;
mod run;
mod setup;
mod stdout;
mod tested;
mod tracing_file;
mod verify;
mod wired;

use clap::Parser;

pub use exit::{Exit, Failure};

use self::args::{Args, Command, NotifyCommand};

/// Reads the arguments and does what they say.
///
/// # Errors
/// A [`Failure`] with its exit code and a sentence for people.
pub fn main() -> Result<Exit, Failure> {
    let args = Args::parse();
    tracing_file::start(&args.global)?;
    match args.command {
        None => console::run(&args.global, console::What::Estate),
        Some(Command::Demo) => console::run(&args.global, console::What::Demo),
        Some(Command::Drill(drill)) => drill::run(&args.global, &drill),
        Some(Command::Lab(lab)) => lab::run(lab),
        Some(Command::Log(log)) => log::run(&args.global, &log),
        Some(Command::Export(export)) => export::run(&args.global, &export),
        Some(Command::Verify(verify)) => verify::run(&args.global, &verify),
        Some(Command::Incidents(list)) => incidents::run(&args.global, &list),
        Some(Command::History(list)) => history::run(&args.global, &list),
        Some(Command::Run(run)) => run::run(&args.global, run),
        Some(Command::Print(asked)) => print::run(&args.global, &asked),
        Some(Command::Status(asked)) => wired::status(&args.global, &asked),
        Some(Command::Alerts(asked)) => alerts::list(&args.global, &asked),
        Some(Command::Ack(ack)) => alerts::acknowledge(&args.global, &ack),
        Some(Command::Silence(silence)) => alerts::silence(&args.global, &silence),
        Some(Command::Declare(declare)) => acts::declare(&args.global, declare),
        Some(Command::Note(note)) => acts::note(&args.global, note),
        Some(Command::Done(done)) => acts::done(&args.global, done),
        Some(Command::Settle(settle)) => acts::settle(&args.global, settle),
        Some(Command::Approve(approve)) => acts::approve(&args.global, approve),
        Some(Command::Tested(tested)) => tested::run(&args.global, tested),
        Some(Command::Restored(restored)) => restored::run(&args.global, restored),
        Some(Command::Close(close)) => acts::close(&args.global, close),
        Some(Command::Adopt(adopt)) => acts::adopt(&args.global, &adopt),
        Some(Command::Import(import)) => import::run(&import),
        Some(Command::Beat(beat)) => beat::run(&args.global, &beat),
        Some(Command::Check(asked)) => check::run(&args.global, &asked),
        Some(Command::Doctor(asked)) => doctor::run(&args.global, &asked),
        Some(Command::Lint(lint)) => wired::lint(&args.global, &lint),
        Some(Command::Notify(NotifyCommand::Test(test))) => notify::test(&args.global, &test),
        Some(Command::Config(command)) => wired::config(&args.global, command),
    }
}
