//! Why nobody vouches for this console: what is the matter, and what to do about it.

use std::path::PathBuf;
use std::time::Duration;

/// Entries stay claimed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unproven {
    #[error("no ssh-agent is in reach ($SSH_AUTH_SOCK is not set)")]
    NoAgent,
    #[error("ssh-agent holds no key of {person}")]
    NotHeld { person: String },
    #[error("{} asks for a passphrase", .file.display())]
    Passphrase { file: PathBuf },
    #[error("{} is signed with {fingerprint}, which the estate does not list for {person}", .file.display())]
    NotTheirs { file: PathBuf, person: String, fingerprint: String },
    #[error("ssh-keygen did not sign within {} s", .0.as_secs())]
    Late(Duration),
    #[error("ssh-keygen cannot be started: {0}")]
    NoProgram(String),
    #[error("ssh-keygen did not sign: {0}")]
    Refused(String),
    #[error("no session key can be made: {0}")]
    NoSessionKey(String),
}

impl Unproven {
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::NoAgent | Self::NotHeld { .. } => "run ssh-add, or name the key: --key FILE".to_owned(),
            Self::Passphrase { file } => format!("run ssh-add {}", file.display()),
            Self::NotTheirs { .. } => "name another with --key, or list this one under [people]".to_owned(),
            Self::Late(_) => "touch the security key, or confirm at the agent, and try again".to_owned(),
            Self::NoProgram(_) => "install the OpenSSH client".to_owned(),
            Self::Refused(_) => {
                "check the agent, or the file that --key, $SWITCHBACK_SSH_KEY or [console] key names".to_owned()
            }
            Self::NoSessionKey(_) => "open the console anew".to_owned(),
        }
    }

    /// It may be otherwise in a moment, and asking again disturbs nobody.
    #[must_use]
    pub const fn may_be_asked_again(&self) -> bool {
        matches!(self, Self::NoAgent | Self::NotHeld { .. })
    }
}
