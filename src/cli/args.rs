//! The command line.

mod drill;
mod estate;
mod incident;
mod lab;
mod lead;
mod machine;
mod runbook;
mod wall;

use std::fmt::Display;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

use super::config::ConfigCommand;

pub(super) use self::drill::*;
pub(super) use self::estate::*;
pub(super) use self::incident::*;
pub(super) use self::lab::*;
pub(super) use self::lead::*;
pub(super) use self::machine::*;
pub(super) use self::runbook::*;
pub(super) use self::wall::*;

/// The incident console for failing a region over, and back.
///
/// Without a command it opens the console: on the estate of --config, $SWITCHBACK_CONFIG, ./switchback.toml or the XDG
/// configuration directory; where there is none, on a built-in demonstration estate, simulated and saying so.
#[derive(Debug, Parser)]
#[command(name = "switchback", version, max_term_width = 100)]
pub(super) struct Args {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

/// What names an incident.
const INCIDENT: &str = "An id, a unique prefix of one, a label, a path to a log, or last";

/// A number of a range, both ends of it included; clap's own says a range as Rust writes it.
fn between<N>(low: N, high: N) -> impl Fn(&str) -> Result<N, String> + Clone
where
    N: FromStr + PartialOrd + Display + Copy,
{
    move |text| {
        let number = text.parse().ok().filter(|number| (low..=high).contains(number));
        number.ok_or_else(|| format!("a number from {low} to {high} is wanted"))
    }
}

/// Under which `--help` lists what every command takes.
pub(super) const EVERY: &str = "Options of every command";

#[derive(Clone, Debug, ClapArgs)]
#[command(next_help_heading = EVERY)]
pub(super) struct Global {
    /// The estate's file [default: $SWITCHBACK_CONFIG, ./switchback.toml, the XDG configuration directory]
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Where logs and readings are kept [default: $SWITCHBACK_STATE, $XDG_STATE_HOME/switchback]
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) state: Option<PathBuf>,
    /// Who you are in the log [default: $SWITCHBACK_ACTOR, else your user name]
    #[arg(long = "as", global = true, value_name = "NAME")]
    pub(super) actor: Option<String>,
    /// The SSH key that proves who you are [default: $SWITCHBACK_SSH_KEY, the estate's [console] key, else ssh-agent]
    #[arg(long = "key", global = true, value_name = "FILE")]
    pub(super) ssh_key: Option<PathBuf>,
    /// Look only: nothing is appended to a log and nothing executes
    #[arg(long, global = true)]
    pub(super) read_only: bool,
    /// A shipped theme, one of your own by its name, or a file [default: what console.toml says, else terminal]
    #[arg(long, global = true, value_name = "NAME")]
    pub(super) theme: Option<String>,
    /// How many colours [default: what the terminal says]
    #[arg(long, global = true, value_name = "DEPTH")]
    pub(super) color: Option<Color>,
    /// With which symbols the screen is drawn [default: what console.toml says, else unicode]
    #[arg(long, global = true, value_name = "SET")]
    pub(super) symbols: Option<Symbols>,
    /// Whether anything on the screen moves by itself [default: what console.toml says, else full]
    #[arg(long, global = true, value_name = "HOW")]
    pub(super) motion: Option<Motion>,
    /// What is written to the program's own log file, such as switchback=debug
    #[arg(long, global = true, value_name = "SPEC")]
    pub(super) log_filter: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    Auto,
    Truecolor,
    #[value(name = "256")]
    Ansi256,
    #[value(name = "16")]
    Ansi16,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Symbols {
    Unicode,
    Ascii,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Motion {
    Full,
    Off,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// The demonstration estate, simulated
    Demo,
    /// An exercise on a simulated copy of the estate, with a score
    ///
    /// The same screens, the same runbooks and the same kind of log as in an incident. Nothing real is touched.
    Drill(Drill),
    /// A real two-region estate on loopback: break it, fail it over
    Lab(Lab),
    /// The read-only display: the open incident, else the estate
    ///
    /// It follows whatever incident is open, and shows how the estate is while none is.
    ///
    /// It executes nothing, connects to nothing and writes nothing; the kernel holds it to that. Arrow keys and space turn
    /// the page, q and Ctrl-C leave.
    Wall(Wall),
    /// Walk a runbook without the screen
    ///
    /// The same engine, guards and log as in the console. Progress goes to standard error; with --json one document goes to
    /// standard output.
    Run(Run),
    /// A runbook as a checklist on paper
    Print(Print),
    /// One reading of the estate
    ///
    /// Every check is asked once. Exit code 0: nothing is down; 1: something is; 5: not everything is known.
    Status(Status),
    /// The alerts that fire
    ///
    /// Exit code 0: nothing fires; 1: something does; 5: nobody watches.
    Alerts(List),
    /// Acknowledge an alert: you are on it, and nobody is reminded
    Ack(Ack),
    /// Keep an alert, or all of a rule, quiet for a while
    Silence(Silence),
    /// Open an incident
    Declare(Declare),
    /// Add a note to the incident
    Note(Note),
    /// Tell an audience how it stands; without one, all who are due
    ///
    /// Exit code 0: told on every way; 1: one failed; 5: nobody knows whether it arrived.
    Update(Update),
    /// Tick a manual step, or record that a step was done by hand
    Done(Done),
    /// Say what became of a step whose outcome is unknown
    Settle(Settle),
    /// Approve a step that waits for it
    Approve(Approve),
    /// Assume a role in the incident, or give it up
    ///
    /// Command is handed over; it is taken from somebody who has not offered it with a reason only.
    Role(Role),
    /// One person commands and operates: said in the log
    Solo(Solo),
    /// Offer command to somebody, with the brief
    Handoff(Handoff),
    /// Accept command that was offered to you, or decline it
    Accept(Accept),
    /// The brief on one page, as it is read out at a handover
    ///
    /// Situation, objectives, done and next, who holds what, open decisions, tasks, timers, risks.
    Brief(Brief),
    /// What waits for a person: exit code 1 when something does
    ///
    /// Outcomes that nobody knows, runs that are held, approvals, tasks, updates that are overdue.
    Forgotten(Forgotten),
    /// Propose something, and ask for strong objections
    ///
    /// Then one person decides: `switchback decide --proposal ENTRY`.
    Propose(Propose),
    /// Object to what is proposed
    Object(Object),
    /// Record a decision
    Decide(Decide),
    /// Things somebody has to do
    Task(Task),
    /// Change the severity of the incident
    Severity(Severity),
    /// Correct an entry: a new one supersedes it
    Correct(Correct),
    /// Write down a restore test of a backup, or ask for the last one
    ///
    /// With --result it is written down; without, what was written down last is told.
    ///
    /// Exit code 0 when the test that is told of passed, 1 when it failed or there is none.
    Restored(Restored),
    /// Close the incident
    Close(Close),
    /// Write down that a test of the schedule was done
    Tested(Tested),
    /// List incidents, newest first
    Incidents(List),
    /// Failovers and exercises: when, from, to, RTO and RPO measured
    History(List),
    /// Continue an incident from a copy of its log
    Adopt(Adopt),
    /// The log of an incident as plain text
    Log(Log),
    /// Write an incident's timeline
    Export(Export),
    /// Is a log whole and unaltered, and who signed it?
    Verify(Verify),
    /// Say that a job ran, to the heartbeat check that watches it
    ///
    /// The last line of a script: what stops saying so is reported.
    Beat(Beat),
    /// Could the estate and its runbooks be relied on now?
    ///
    /// Runbooks against what was exercised of them, tools, credentials, targets, replication, names, backups, the schedule of
    /// tests. Exit code 0: ready; 1: something is failing or overdue; 3: the configuration is wrong.
    Check(Check),
    /// Who you are in the log, and whether a key proves it
    Whoami(List),
    /// This machine, this terminal, and what the console itself needs
    Doctor(Doctor),
    /// Look for errors in runbooks, scenarios and templates
    ///
    /// Every finding has its file, line, column, cause and remedy. Exit code 0: no error; 3: one or more.
    Lint(Lint),
    /// Other people's Markdown as a native runbook, to be reviewed
    ///
    /// The runbook goes to standard output, what was inferred and how sure it is to standard error. Nothing in it is
    /// marked to run.
    Import(Import),
    /// Try the channels that tell people of alerts
    #[command(subcommand)]
    Notify(NotifyCommand),
    /// The estate's file: write one, find it, check it
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Completion of the command line, for your shell
    ///
    /// Incidents, runbooks, scenarios and regions are completed, too: the shell asks this program, which looks only.
    Completions(Completions),
    /// The manual pages
    Man(Man),
}

#[derive(Debug, ClapArgs)]
pub(super) struct List {
    /// One JSON document instead of text
    #[arg(long)]
    pub(super) json: bool,
}
