//! Acts in an incident, and its log.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

use super::{INCIDENT, Mode, between};

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Declare {
    /// What is wrong, in a few words
    pub(in crate::cli) title: Option<String>,
    /// From 1, the worst, to 5
    #[arg(long, default_value_t = 1, value_parser = between(1_u8, 5), value_name = "1-5")]
    pub(in crate::cli) severity: u8,
    /// The region that is left [default: the one that serves]
    #[arg(long, value_name = "REGION")]
    pub(in crate::cli) from: Option<String>,
    /// The region that takes over [default: the best candidate]
    #[arg(long, value_name = "REGION")]
    pub(in crate::cli) to: Option<String>,
    /// When the impact began: 02:06 (UTC), 5m ago, RFC 3339 [default: the last good sample, else now]
    #[arg(long, value_name = "TIME")]
    pub(in crate::cli) impact: Option<String>,
    /// The runbook that is meant for it, by its name in the estate's folders
    #[arg(long, value_name = "RUNBOOK")]
    pub(in crate::cli) runbook: Option<String>,
    /// Whether both sides are well
    #[arg(long, default_value = "forced")]
    pub(in crate::cli) mode: Mode,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Note {
    /// What is worth knowing later
    pub(in crate::cli) text: String,
    #[arg(long, default_value = "last", help = INCIDENT)]
    pub(in crate::cli) incident: String,
    /// When it happened, if not now: 02:06 (UTC), 5m ago, RFC 3339
    #[arg(long, value_name = "TIME")]
    pub(in crate::cli) at: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Done {
    /// The step's id or position
    pub(in crate::cli) step: String,
    /// What shows that it is done
    #[arg(default_value = "")]
    pub(in crate::cli) evidence: String,
    #[arg(long, default_value = "last", help = INCIDENT)]
    pub(in crate::cli) incident: String,
}

#[derive(Debug, ClapArgs)]
#[command(group = clap::ArgGroup::new("what").required(true))]
pub(in crate::cli) struct Settle {
    /// The step's id or position
    pub(in crate::cli) step: String,
    /// It took effect; what shows it
    #[arg(long, value_name = "EVIDENCE", group = "what")]
    pub(in crate::cli) took_effect: Option<String>,
    /// It did not take effect; what shows it
    #[arg(long, value_name = "EVIDENCE", group = "what")]
    pub(in crate::cli) no_effect: Option<String>,
    #[arg(long, default_value = "last", help = INCIDENT)]
    pub(in crate::cli) incident: String,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Approve {
    /// The step that waits
    pub(in crate::cli) step: String,
    /// It was given by word of mouth: by whom
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) spoken_by: Option<String>,
    /// Decline, with a reason
    #[arg(long, value_name = "REASON")]
    pub(in crate::cli) decline: Option<String>,
    #[arg(long, default_value = "last", help = INCIDENT)]
    pub(in crate::cli) incident: String,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Close {
    /// Why it is over
    pub(in crate::cli) reason: String,
    #[arg(long, default_value = "last", help = INCIDENT)]
    pub(in crate::cli) incident: String,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Adopt {
    /// A copy of the log
    pub(in crate::cli) log: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Log {
    #[arg(default_value = "last", help = INCIDENT)]
    pub(in crate::cli) incident: String,
    /// Go on with what is recorded from now on, until Ctrl-C
    #[arg(long)]
    pub(in crate::cli) follow: bool,
    /// Entries as they stand, one JSON document a line
    #[arg(long)]
    pub(in crate::cli) json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Format {
    /// A page, as Markdown
    Md,
    /// A page, as one file for a browser and for paper
    Html,
    /// The log as it stands
    Jsonl,
    /// One row per entry, for spreadsheets
    Csv,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Redact {
    /// Everything but secrets
    Internal,
    /// People by their roles; nothing that was typed, run or printed, no address and no name of a machine
    Public,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Export {
    #[arg(default_value = "last", help = INCIDENT)]
    pub(in crate::cli) incident: String,
    /// How it is written [default: by the ending of FILE, else md]
    #[arg(long)]
    pub(in crate::cli) format: Option<Format>,
    /// For whom: what they may not see is left out
    #[arg(long, default_value = "internal")]
    pub(in crate::cli) redact: Redact,
    /// Whose times stand beside UTC, such as Europe/Zurich [default: the estate's `time_zone`]
    #[arg(long, value_name = "ZONE")]
    pub(in crate::cli) tz: Option<String>,
    /// A file, instead of standard output; replaced if it is an earlier export of this incident, refused if it is anything else
    #[arg(short, long, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Verify {
    /// An incident, or a copy of its log
    #[arg(default_value = "last")]
    pub(in crate::cli) incident: String,
    /// Whose keys are whose, beside the estate: a file as ssh-keygen takes it
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) allowed_signers: Option<PathBuf>,
    /// One JSON document instead of text
    #[arg(long)]
    pub(in crate::cli) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Update {
    /// Who is told, as the estate calls them [default: everybody who is due]
    pub(in crate::cli) audience: Option<String>,
    /// How it stands [default: as far as the incident has come]
    #[arg(long)]
    pub(in crate::cli) status: Option<UpdateStatus>,
    /// The text instead of the template's, from a file or - for standard input; its first line is the subject
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) text: Option<String>,
    /// Write it into the incident's folder as well
    #[arg(long)]
    pub(in crate::cli) file: bool,
    #[arg(long, default_value = "last", help = INCIDENT)]
    pub(in crate::cli) incident: String,
    /// Show it; nothing is recorded or sent
    #[arg(long, conflicts_with_all = ["yes", "again", "arrived"])]
    pub(in crate::cli) dry_run: bool,
    /// Send without asking
    #[arg(long)]
    pub(in crate::cli) yes: bool,
    /// Try the audience's last update again, where it failed or nobody knows whether it arrived
    #[arg(long, requires = "audience", conflicts_with_all = ["arrived", "text", "status"])]
    pub(in crate::cli) again: bool,
    /// Record that the audience's last update arrived: you have looked
    #[arg(long, requires = "audience", conflicts_with_all = ["text", "status"])]
    pub(in crate::cli) arrived: bool,
    /// One JSON document instead of text
    #[arg(long)]
    pub(in crate::cli) json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum UpdateStatus {
    Investigating,
    Identified,
    FailingOver,
    Monitoring,
    Resolved,
}
