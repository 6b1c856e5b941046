//! The practice estate.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand, ValueEnum};

#[derive(Debug, ClapArgs)]
pub(in crate::cli) struct Lab {
    #[command(subcommand)]
    pub(in crate::cli) act: LabAct,
    /// Where the lab lives [default: switchback-lab-UID in the folder for temporary files]
    #[arg(long, global = true, value_name = "DIR")]
    pub(in crate::cli) dir: Option<PathBuf>,
    /// One JSON document instead of text
    #[arg(long, global = true)]
    pub(in crate::cli) json: bool,
}

#[derive(Debug, Subcommand)]
pub(in crate::cli) enum LabAct {
    /// Start it; returns when it serves
    Up,
    /// What runs and who serves
    Status,
    /// Break a part of it
    Break {
        /// What fails
        what: LabPart,
    },
    /// Take what was broken back into service
    Heal {
        /// What works again
        what: LabPart,
    },
    /// The true RTO and RPO, from the client's own record of its writes
    Report,
    /// Stop everything; leaves nothing behind
    Down,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum LabPart {
    /// The database server that serves
    PrimaryDb,
    /// Everything in the region that serves
    Region,
    /// The stream to the standby
    Replication,
    /// The application that serves
    App,
}
