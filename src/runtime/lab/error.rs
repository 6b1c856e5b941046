//! What can keep a lab from working, with the remedy.

use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub enum LabError {
    #[error("PostgreSQL's server programs were not found: apt-get install postgresql")]
    NoPostgres,
    #[error("there is no lab in {}: start one with `switchback lab up`", .0.display())]
    NoLab(PathBuf),
    #[error("there is a lab in {} already: `switchback lab down` ends it", .0.display())]
    Exists(PathBuf),
    #[error("{program} failed: {output}")]
    Program { program: String, output: String },
    #[error("{what} did not answer within {seconds} s; see {}", .log.display())]
    Silent { what: String, seconds: u64, log: PathBuf },
    #[error("{}: {source}", .path.display())]
    Io { path: PathBuf, source: std::io::Error },
    #[error("the account `{0}` that PostgreSQL would run as cannot reach {1}: choose another --dir")]
    Unreachable(String, String),
    #[error("{0}")]
    Other(String),
}

impl LabError {
    pub(super) fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }
}
