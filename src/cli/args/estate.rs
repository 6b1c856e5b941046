//! What is read of the estate, and what is told of it.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand, ValueEnum};

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Status {
    /// Follow, and keep readings for consoles that are opened later
    #[arg(long)]
    pub(in crate::cli) watch: bool,
    /// One JSON document instead of text
    #[arg(long)]
    pub(in crate::cli) json: bool,
    /// Prometheus text; with --watch a file is needed, and renewed every 10 seconds
    #[arg(long, conflicts_with = "json")]
    pub(in crate::cli) metrics: bool,
    /// Where the metrics go, such as a folder of the textfile collector
    #[arg(short, long, value_name = "FILE", requires = "metrics")]
    pub(in crate::cli) output: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Ack {
    /// As `switchback alerts` shows it, such as region-down:us-east-1; or all
    pub(in crate::cli) key: String,
}

#[derive(Debug, ClapArgs)]
#[command(group = clap::ArgGroup::new("how").required(true))]
pub(in crate::cli) struct Silence {
    /// The key of an alert, such as region-down:us-east-1; or a rule, such as replication-lag
    #[arg(value_name = "KEY|RULE")]
    pub(in crate::cli) of: String,
    /// For how long, such as 30m, 2h
    #[arg(long = "for", value_name = "DURATION", group = "how", requires = "reason")]
    pub(in crate::cli) span: Option<String>,
    /// Why: stands beside the alert, and in the log of an open incident
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) reason: Option<String>,
    /// End the silence
    #[arg(long, group = "how")]
    pub(in crate::cli) end: bool,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Tested {
    /// Its name in `[tests]`
    pub(in crate::cli) test: String,
    /// What came of it
    #[arg(long)]
    pub(in crate::cli) result: TestedResult,
    /// When it was done, RFC 3339, if not now
    #[arg(long, value_name = "TIME")]
    pub(in crate::cli) at: Option<String>,
    /// What is worth knowing about it
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) note: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Restored {
    /// Its name in `[backups]`
    pub(in crate::cli) backup: String,
    /// What came of it: it is written down
    #[arg(long)]
    pub(in crate::cli) result: Option<TestedResult>,
    /// What was done with it
    #[arg(long, default_value = "restore", requires = "result")]
    pub(in crate::cli) test: RestoredTest,
    /// When it was done, RFC 3339, if not now
    #[arg(long, value_name = "TIME", requires = "result")]
    pub(in crate::cli) at: Option<String>,
    /// What came of it: rows counted, or why it failed
    #[arg(long, value_name = "TEXT", requires = "result")]
    pub(in crate::cli) note: Option<String>,
    /// Only a test that passed so long ago at most counts, such as 35d
    #[arg(long, value_name = "DURATION", conflicts_with = "result")]
    pub(in crate::cli) within: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum RestoredTest {
    /// It was restored, and what was restored was looked at
    Restore,
    /// The stored bytes were compared with their checksums
    Checksum,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum TestedResult {
    Pass,
    Fail,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum NotifyCommand {
    /// Send a test through one channel, or all of them
    Test(NotifyTest),
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct NotifyTest {
    /// Its name in the estate's [notify] [default: all]
    pub(in crate::cli) channel: Option<String>,
    /// One JSON document instead of text
    #[arg(long)]
    pub(in crate::cli) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Beat {
    /// The heartbeat check's name
    pub(in crate::cli) name: String,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Check {
    /// Only what is not ready
    #[arg(long)]
    pub(in crate::cli) only_not_ready: bool,
    /// One JSON document instead of text
    #[arg(long)]
    pub(in crate::cli) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Doctor {
    /// What of the console's own needs goes with this region?
    #[arg(long, value_name = "REGION")]
    pub(in crate::cli) leaving: Option<String>,
    /// One JSON document instead of text
    #[arg(long)]
    pub(in crate::cli) json: bool,
}
