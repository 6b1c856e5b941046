//! One file per subcommand; wires the wings. The names, JSON fields and exit codes here are a public contract.

pub mod config;
pub mod diagnostics;
pub mod fault;
pub mod lint;
pub mod status;

mod acts;
mod alerts;
mod args;
mod beat;
mod check;
mod completions;
mod console;
mod doctor;
mod drill;
mod exit;
mod export;
mod help;
mod history;
mod import;
mod incidents;
mod lab;
mod lead;
mod log;
mod looks;
mod man;
mod notify;
#[cfg(test)]
mod pages;
mod print;
#[cfg(test)]
mod reference;
mod restored;
mod run;
mod settings;
mod setup;
mod stdout;
mod tested;
mod tracing_file;
mod typed;
mod update;
mod verify;
mod wall;
mod whoami;
mod wired;

use clap::FromArgMatches;

pub use exit::{Exit, Failure};

use self::args::{Args, Command, NotifyCommand};

/// Reads the arguments and does what they say.
///
/// # Errors
/// A [`Failure`] with its exit code and a sentence for people.
pub fn main() -> Result<Exit, Failure> {
    if completions::answered()? {
        return Ok(Exit::Yes);
    }
    let args = Args::from_arg_matches(&help::command().get_matches()).unwrap_or_else(|error| error.exit());
    if let Some(Command::Wall(asked)) = &args.command {
        // Before anything is written or started.
        return wall::run(&args.global, asked);
    }
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
        Some(Command::Wall(asked)) => wall::run(&args.global, &asked),
        Some(Command::Run(run)) => run::run(&args.global, run),
        Some(Command::Print(asked)) => print::run(&args.global, &asked),
        Some(Command::Status(asked)) => wired::status(&args.global, &asked),
        Some(Command::Alerts(asked)) => alerts::list(&args.global, &asked),
        Some(Command::Ack(ack)) => alerts::acknowledge(&args.global, &ack),
        Some(Command::Silence(silence)) => alerts::silence(&args.global, &silence),
        Some(Command::Declare(declare)) => acts::declare(&args.global, declare),
        Some(Command::Note(note)) => acts::note(&args.global, note),
        Some(Command::Update(update)) => update::run(&args.global, &update),
        Some(Command::Done(done)) => acts::done(&args.global, done),
        Some(Command::Settle(settle)) => acts::settle(&args.global, settle),
        Some(Command::Approve(approve)) => acts::approve(&args.global, approve),
        Some(Command::Role(role)) => lead::role(&args.global, role),
        Some(Command::Solo(solo)) => lead::solo(&args.global, solo),
        Some(Command::Handoff(handoff)) => lead::handoff(&args.global, handoff),
        Some(Command::Accept(accept)) => lead::accept(&args.global, accept),
        Some(Command::Brief(brief)) => lead::brief(&args.global, &brief),
        Some(Command::Forgotten(asked)) => lead::forgotten(&args.global, &asked),
        Some(Command::Propose(propose)) => lead::propose(&args.global, propose),
        Some(Command::Object(object)) => lead::object(&args.global, object),
        Some(Command::Decide(decide)) => lead::decide(&args.global, decide),
        Some(Command::Task(task)) => lead::task(&args.global, task),
        Some(Command::Severity(severity)) => lead::severity(&args.global, severity),
        Some(Command::Correct(correct)) => lead::correct(&args.global, correct),
        Some(Command::Tested(tested)) => tested::run(&args.global, tested),
        Some(Command::Restored(restored)) => restored::run(&args.global, restored),
        Some(Command::Close(close)) => acts::close(&args.global, close),
        Some(Command::Adopt(adopt)) => acts::adopt(&args.global, &adopt),
        Some(Command::Import(import)) => import::run(&import),
        Some(Command::Beat(beat)) => beat::run(&args.global, &beat),
        Some(Command::Check(asked)) => check::run(&args.global, &asked),
        Some(Command::Whoami(asked)) => whoami::run(&args.global, &asked),
        Some(Command::Doctor(asked)) => doctor::run(&args.global, &asked),
        Some(Command::Lint(lint)) => wired::lint(&args.global, &lint),
        Some(Command::Notify(NotifyCommand::Test(test))) => notify::test(&args.global, &test),
        Some(Command::Config(command)) => wired::config(&args.global, &command),
        Some(Command::Completions(asked)) => completions::run(&asked),
        Some(Command::Man(asked)) => man::run(&asked),
    }
}
