//! The command line.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

use super::config::ConfigCommand;

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

#[derive(Clone, Debug, ClapArgs)]
pub(super) struct Global {
    /// The estate's file
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Where logs and readings are kept [default: $XDG_STATE_HOME/switchback]
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) state: Option<PathBuf>,
    /// Who you are in the log [default: $SWITCHBACK_ACTOR, else your user name]
    #[arg(long = "as", global = true, value_name = "NAME")]
    pub(super) actor: Option<String>,
    /// Nothing is appended and nothing executes
    #[arg(long, global = true)]
    pub(super) read_only: bool,
    /// terminal, dark, light, mono, or a file
    #[arg(long, global = true, value_name = "NAME")]
    pub(super) theme: Option<String>,
    /// How many colours [default: what the terminal says]
    #[arg(long, global = true, value_name = "DEPTH")]
    pub(super) color: Option<Color>,
    #[arg(long, global = true, value_name = "SET", default_value = "unicode")]
    pub(super) symbols: Symbols,
    #[arg(long, global = true, value_name = "HOW", default_value = "full")]
    pub(super) motion: Motion,
    /// What is written to the program's own log file, such as `switchback=debug`
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
    /// A real two-region estate on loopback: break it, fail it over
    Lab(Lab),
    /// Walk a runbook without the screen
    Run(Run),
    /// A runbook as a checklist on paper
    Print(Print),
    /// One reading of the estate
    Status(Status),
    /// What alerts fire
    Alerts(List),
    /// Acknowledge an alert: you are on it, and nobody is reminded
    Ack(Ack),
    /// Keep an alert, or all of a rule, quiet for a while
    Silence(Silence),
    /// Open an incident
    Declare(Declare),
    /// Add a note to the incident
    Note(Note),
    /// Tick a manual step, or record that a step was done by hand
    Done(Done),
    /// Say what became of a step whose outcome is unknown
    Settle(Settle),
    /// Approve a step that waits for it
    Approve(Approve),
    /// Write down that a backup was restored to see whether it can be; without --result, what was written down last
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
    /// Is a log whole and unaltered?
    Verify(Verify),
    /// Say that a job ran: the last line of what a heartbeat check watches
    Beat(Beat),
    /// Could the estate and its runbooks be relied on now?
    ///
    /// Runbooks against what was exercised of them, tools, credentials, targets, replication, names, backups, the schedule of
    /// tests. Exit code 0: ready; 1: something is failing or overdue; 3: the configuration is wrong.
    Check(Check),
    /// This machine, this terminal, and what the console itself needs
    Doctor(Doctor),
    /// Check runbooks
    Lint(Lint),
    /// Other people's Markdown as a native runbook, to be reviewed
    ///
    /// The runbook goes to standard output, what was inferred and how sure it is to standard error. Nothing in it is
    /// marked to run.
    Import(Import),
    /// Telling people of alerts
    #[command(subcommand)]
    Notify(NotifyCommand),
    /// The estate's file
    #[command(subcommand)]
    Config(ConfigCommand),
}

#[derive(Debug, ClapArgs)]
pub(super) struct Lab {
    #[command(subcommand)]
    pub(super) act: LabAct,
    /// Where the lab lives
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) dir: Option<PathBuf>,
    #[arg(long, global = true)]
    pub(super) json: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum LabAct {
    /// Start it; returns when it serves
    Up,
    /// What runs and who serves
    Status,
    /// Break the primary-db, the region that serves, the replication or the app
    Break { what: LabPart },
    /// Take what was broken back into service
    Heal { what: LabPart },
    /// The true RTO and RPO, from the client's own record of its writes
    Report,
    /// Stop everything; leaves nothing behind
    Down,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum LabPart {
    PrimaryDb,
    Region,
    Replication,
    App,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Mode {
    Planned,
    Forced,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Run {
    /// A name in the estate's runbook folders, or a file
    #[arg(required_unless_present = "when_recommended")]
    pub(super) runbook: Option<String>,
    #[arg(long, default_value = "forced")]
    pub(super) mode: Mode,
    #[arg(long, value_name = "REGION")]
    pub(super) from: Option<String>,
    #[arg(long, value_name = "REGION")]
    pub(super) to: Option<String>,
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub(super) set: Vec<String>,
    /// Watch, and start the runbook of the estate's [automatic] once failing over was recommended for long enough
    ///
    /// Observes unless its mode is "act". It never says that the old side is fenced, accepts no loss and approves
    /// nothing: it stops before the promotion unless a refused write or a clean stop was seen, and calls a person.
    #[arg(long, conflicts_with_all = ["runbook", "mode", "from", "to", "set", "incident", "start_at", "again",
        "fenced_by", "accept_loss", "approve", "reason", "dry_run", "yes"])]
    pub(super) when_recommended: bool,
    /// With --when-recommended: it acted once, and may act once more
    #[arg(long, requires = "when_recommended")]
    pub(super) rearm: bool,
    /// Walk it inside this incident instead of opening one; a run that was interrupted there goes on
    #[arg(long, value_name = "ID")]
    pub(super) incident: Option<String>,
    /// Begin at this step of the main line; those before it are recorded as skipped, with the --reason
    #[arg(long, value_name = "STEP")]
    pub(super) start_at: Option<String>,
    /// Run this step again although it failed and is not marked idempotent
    #[arg(long, value_name = "STEP")]
    pub(super) again: Option<String>,
    /// How the old side was isolated: recorded as a fencing statement
    #[arg(long, value_name = "TEXT")]
    pub(super) fenced_by: Option<String>,
    /// Accept the loss that a promotion would cost; wants a --reason
    #[arg(long)]
    pub(super) accept_loss: bool,
    /// An approval given by somebody else
    #[arg(long, value_name = "STEP=NAME")]
    pub(super) approve: Vec<String>,
    /// Why: goes into the log
    #[arg(long, value_name = "TEXT")]
    pub(super) reason: Option<String>,
    /// Execute and record nothing: show each step as it would run, and ask its guards and verifies once
    #[arg(long)]
    pub(super) dry_run: bool,
    /// With --dry-run: look at the phases on demand, too
    #[arg(long, requires = "dry_run")]
    pub(super) on_demand: bool,
    /// Answer ordinary confirmations with yes
    #[arg(long)]
    pub(super) yes: bool,
    #[arg(long)]
    pub(super) json: bool,
}

impl Run {
    /// The name of the runbook.
    pub(super) fn runbook(&self) -> &str {
        self.runbook.as_deref().unwrap_or_default()
    }
}

#[derive(Debug, ClapArgs)]
pub(super) struct Print {
    /// A name in the estate's runbook folders, or a file
    pub(super) runbook: String,
    /// Only the steps of this mode [default: those of both, each with its condition]
    #[arg(long)]
    pub(super) mode: Option<Mode>,
    #[arg(long, value_name = "REGION")]
    pub(super) from: Option<String>,
    #[arg(long, value_name = "REGION")]
    pub(super) to: Option<String>,
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub(super) set: Vec<String>,
    /// What is left of it in this incident, and what was done when
    #[arg(long, value_name = "ID", conflicts_with_all = ["mode", "from", "to", "set"])]
    pub(super) incident: Option<String>,
    /// One HTML file for a printer, instead of Markdown
    #[arg(long)]
    pub(super) html: bool,
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Status {
    /// Follow, and keep readings for consoles that are opened later
    #[arg(long)]
    pub(super) watch: bool,
    #[arg(long)]
    pub(super) json: bool,
    /// Prometheus text; with --watch a file is needed, and renewed every 10 seconds
    #[arg(long, conflicts_with = "json")]
    pub(super) metrics: bool,
    /// Where the metrics go, such as a folder of the textfile collector
    #[arg(short, long, value_name = "FILE", requires = "metrics")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Ack {
    /// As `alerts` shows it, such as region-down:us-east-1; or all
    pub(super) key: String,
}

#[derive(Debug, ClapArgs)]
#[command(group = clap::ArgGroup::new("how").required(true))]
pub(super) struct Silence {
    /// The key of an alert, such as region-down:us-east-1; or a rule, such as replication-lag
    #[arg(value_name = "KEY|RULE")]
    pub(super) of: String,
    /// For how long, such as 30m, 2h
    #[arg(long = "for", value_name = "DURATION", group = "how", requires = "reason")]
    pub(super) span: Option<String>,
    /// Why: stands beside the alert, and in the log of an open incident
    #[arg(long, value_name = "TEXT")]
    pub(super) reason: Option<String>,
    /// End the silence
    #[arg(long, group = "how")]
    pub(super) end: bool,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Declare {
    /// What is wrong, in a few words
    pub(super) title: Option<String>,
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=5), value_name = "1-5")]
    pub(super) severity: u8,
    #[arg(long, value_name = "REGION")]
    pub(super) from: Option<String>,
    #[arg(long, value_name = "REGION")]
    pub(super) to: Option<String>,
    /// When the impact began, RFC 3339 [default: the last good sample, else now]
    #[arg(long, value_name = "TIME")]
    pub(super) impact: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub(super) runbook: Option<String>,
    #[arg(long, default_value = "forced")]
    pub(super) mode: Mode,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Note {
    pub(super) text: String,
    #[arg(long, default_value = "last")]
    pub(super) incident: String,
    /// When it happened, RFC 3339, if not now
    #[arg(long, value_name = "TIME")]
    pub(super) at: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Done {
    /// The step's id or position
    pub(super) step: String,
    /// What shows that it is done
    #[arg(default_value = "")]
    pub(super) evidence: String,
    #[arg(long, default_value = "last")]
    pub(super) incident: String,
}

#[derive(Debug, ClapArgs)]
#[command(group = clap::ArgGroup::new("what").required(true))]
pub(super) struct Settle {
    /// The step's id or position
    pub(super) step: String,
    /// It took effect; what shows it
    #[arg(long, value_name = "EVIDENCE", group = "what")]
    pub(super) took_effect: Option<String>,
    /// It did not take effect; what shows it
    #[arg(long, value_name = "EVIDENCE", group = "what")]
    pub(super) no_effect: Option<String>,
    #[arg(long, default_value = "last")]
    pub(super) incident: String,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Approve {
    /// The step that waits
    pub(super) step: String,
    /// It was given by word of mouth: by whom
    #[arg(long, value_name = "NAME")]
    pub(super) spoken_by: Option<String>,
    /// Decline, with a reason
    #[arg(long, value_name = "REASON")]
    pub(super) decline: Option<String>,
    #[arg(long, default_value = "last")]
    pub(super) incident: String,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Close {
    pub(super) reason: String,
    #[arg(long, default_value = "last")]
    pub(super) incident: String,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Tested {
    /// Its name in `[tests]`
    pub(super) test: String,
    #[arg(long)]
    pub(super) result: TestedResult,
    /// When it was done, RFC 3339, if not now
    #[arg(long, value_name = "TIME")]
    pub(super) at: Option<String>,
    /// What is worth knowing about it
    #[arg(long, value_name = "TEXT")]
    pub(super) note: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Restored {
    /// Its name in `[backups]`
    pub(super) backup: String,
    #[arg(long)]
    pub(super) result: Option<TestedResult>,
    /// What was done with it
    #[arg(long, default_value = "restore", requires = "result")]
    pub(super) test: RestoredTest,
    /// When it was done, RFC 3339, if not now
    #[arg(long, value_name = "TIME", requires = "result")]
    pub(super) at: Option<String>,
    /// What came of it: rows counted, or why it failed
    #[arg(long, value_name = "TEXT", requires = "result")]
    pub(super) note: Option<String>,
    /// Only a test that passed so long ago at most counts
    #[arg(long, value_name = "DURATION", conflicts_with = "result")]
    pub(super) within: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum RestoredTest {
    /// It was restored, and what was restored was looked at
    Restore,
    /// The stored bytes were compared with their checksums
    Checksum,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum TestedResult {
    Pass,
    Fail,
}

#[derive(Debug, ClapArgs)]
pub(super) struct List {
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Adopt {
    /// A copy of the log
    pub(super) log: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Log {
    /// An id, a unique prefix, a label, `last`, or a path
    #[arg(default_value = "last")]
    pub(super) incident: String,
    #[arg(long)]
    pub(super) follow: bool,
    /// Entries as they stand
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Md,
    Jsonl,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Export {
    #[arg(default_value = "last")]
    pub(super) incident: String,
    #[arg(long, default_value = "md")]
    pub(super) format: Format,
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Verify {
    /// An incident, or a copy of its log
    #[arg(default_value = "last")]
    pub(super) incident: String,
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum NotifyCommand {
    /// Send a test through one channel, or all of them
    Test(NotifyTest),
}

#[derive(Debug, ClapArgs)]
pub(super) struct NotifyTest {
    /// Its name in the estate's [notify] [default: all]
    pub(super) channel: Option<String>,
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Import {
    /// Any Markdown document; `-` is standard input
    pub(super) file: PathBuf,
    /// Only what stands under headings that contain these words
    #[arg(long, value_name = "WORDS")]
    pub(super) section: Option<String>,
    /// A new file, instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Beat {
    /// The heartbeat check's name
    pub(super) name: String,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Check {
    /// Only what is not ready
    #[arg(long)]
    pub(super) only_not_ready: bool,
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Doctor {
    /// What of the console's own needs goes with this region?
    #[arg(long, value_name = "REGION")]
    pub(super) leaving: Option<String>,
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(super) struct Lint {
    #[arg(required = true)]
    pub(super) files: Vec<PathBuf>,
    #[arg(long)]
    pub(super) json: bool,
}
