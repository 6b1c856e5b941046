//! Why Redis did not tell.

use std::io;

use domain::untrusted::sanitise_line;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot connect: {0}")]
    Connect(io::Error),
    #[error("TLS failed: {0}")]
    Tls(String),
    #[error("the connection broke: {0}")]
    Broken(io::Error),
    /// What came is no answer of Redis.
    #[error("this is no answer of Redis: {0}")]
    Protocol(&'static str),
    /// Redis says so: `NOAUTH Authentication required.`
    #[error("{}", sanitise_line(.0))]
    Refused(String),
}

impl Error {
    /// The word that Redis begins its errors with: `NOAUTH`, `LOADING`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused(said) => said.split_whitespace().next(),
            _ => None,
        }
    }

    /// Our own configuration is wrong, a password that is missing or a right: nothing was learned about the server.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        matches!(self.code(), Some("NOAUTH" | "NOPERM"))
            || matches!(self, Self::Refused(said) if said.starts_with("ERR AUTH"))
    }

    /// What it means and what helps, where Redis says it in a word.
    #[must_use]
    pub fn explained(&self) -> String {
        let help = match self.code() {
            Some("NOAUTH") => "it asks for a password: write password = \"env:NAME\"",
            Some("WRONGPASS") => "the login is refused: the user or the password is wrong",
            Some("NOPERM") => "its user needs +ping +info +role (and +sentinel of a Sentinel): ACL SETUSER",
            Some("LOADING") => "it loads its data and answers nothing meanwhile",
            Some("MASTERDOWN") => "its master is gone, and it serves no stale data",
            Some("MISCONF") => "it cannot save to its disk, and takes no writes",
            _ => return self.to_string(),
        };
        format!("{}: {help}", self.code().unwrap_or_default())
    }
}
