//! Walking runbooks, and looking at them.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Mode {
    /// Both sides are well: a switchover
    Planned,
    /// One side is lost: a failover
    Forced,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Run {
    /// A name in the estate's runbook folders, or a file
    #[arg(required_unless_present = "when_recommended")]
    pub(in crate::cli) runbook: Option<String>,
    /// Whether both sides are well
    #[arg(long, default_value = "forced")]
    pub(in crate::cli) mode: Mode,
    /// The region that is left [default: the one that serves]
    #[arg(long, value_name = "REGION")]
    pub(in crate::cli) from: Option<String>,
    /// The region that takes over [default: the best candidate]
    #[arg(long, value_name = "REGION")]
    pub(in crate::cli) to: Option<String>,
    /// A value for a variable of the runbook; may be given more than once
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub(in crate::cli) set: Vec<String>,
    /// Watch, and start the runbook of the estate's [automatic] once failing over was recommended for long enough
    ///
    /// Observes unless its mode is "act". It never says that the old side is fenced, accepts no loss and approves
    /// nothing: it stops before the promotion unless a refused write or a clean stop was seen, and calls a person.
    #[arg(long, conflicts_with_all = ["runbook", "mode", "from", "to", "set", "incident", "start_at", "again",
        "fenced_by", "accept_loss", "approve", "reason", "dry_run", "yes"])]
    pub(in crate::cli) when_recommended: bool,
    /// With --when-recommended: it acted once, and may act once more
    #[arg(long, requires = "when_recommended")]
    pub(in crate::cli) rearm: bool,
    /// Walk it inside this incident instead of opening one; a run that was interrupted there goes on
    #[arg(long, value_name = "INCIDENT")]
    pub(in crate::cli) incident: Option<String>,
    /// Begin at this step of the main line; those before it are recorded as skipped, with the --reason
    #[arg(long, value_name = "STEP")]
    pub(in crate::cli) start_at: Option<String>,
    /// Run this step again although it failed and is not marked idempotent
    #[arg(long, value_name = "STEP")]
    pub(in crate::cli) again: Option<String>,
    /// How the old side was isolated: recorded as a fencing statement
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) fenced_by: Option<String>,
    /// Accept the loss that a promotion would cost; wants a --reason
    #[arg(long)]
    pub(in crate::cli) accept_loss: bool,
    /// An approval given by somebody else
    #[arg(long, value_name = "STEP=NAME")]
    pub(in crate::cli) approve: Vec<String>,
    /// Why: goes into the log
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) reason: Option<String>,
    /// Execute and record nothing: show each step as it would run, and ask its guards and verifies once
    #[arg(long)]
    pub(in crate::cli) dry_run: bool,
    /// With --dry-run: look at the phases on demand, too
    #[arg(long, requires = "dry_run")]
    pub(in crate::cli) on_demand: bool,
    /// Answer ordinary confirmations with yes
    #[arg(long)]
    pub(in crate::cli) yes: bool,
    /// One JSON document instead of text
    #[arg(long)]
    pub(in crate::cli) json: bool,
}

impl Run {
    /// The name of the runbook.
    pub(in crate::cli) fn runbook(&self) -> &str {
        self.runbook.as_deref().unwrap_or_default()
    }
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Print {
    /// A name in the estate's runbook folders, or a file
    pub(in crate::cli) runbook: String,
    /// Only the steps of this mode [default: those of both, each with its condition]
    #[arg(long)]
    pub(in crate::cli) mode: Option<Mode>,
    /// The region that is left [default: the estate's primary]
    #[arg(long, value_name = "REGION")]
    pub(in crate::cli) from: Option<String>,
    /// The region that takes over [default: the best candidate]
    #[arg(long, value_name = "REGION")]
    pub(in crate::cli) to: Option<String>,
    /// A value for a variable of the runbook; may be given more than once
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub(in crate::cli) set: Vec<String>,
    /// What is left of it in this incident, and what was done when
    #[arg(long, value_name = "INCIDENT", conflicts_with_all = ["mode", "from", "to", "set"])]
    pub(in crate::cli) incident: Option<String>,
    /// One HTML file for a printer, instead of Markdown
    #[arg(long)]
    pub(in crate::cli) html: bool,
    /// A file, instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Import {
    /// Any Markdown document; `-` is standard input
    pub(in crate::cli) file: PathBuf,
    /// Only what stands under headings that contain these words
    #[arg(long, value_name = "WORDS")]
    pub(in crate::cli) section: Option<String>,
    /// A new file, instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Lint {
    /// Runbooks (.md), scenarios (.toml), templates of updates
    #[arg(required = true)]
    pub(in crate::cli) files: Vec<PathBuf>,
    /// One JSON document instead of text
    #[arg(long)]
    pub(in crate::cli) json: bool,
}
