//! What libpq takes from around the process: variables, the home folder, the name of the account.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Read once and passed on, so that tests need not change the environment of the process.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    pub variables: BTreeMap<String, String>,
    pub home: Option<PathBuf>,
    /// The operating system's name of this account.
    pub account: Option<String>,
}

impl Environment {
    /// Of this process.
    #[must_use]
    pub fn of_process() -> Self {
        let variables: BTreeMap<String, String> = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .filter(|(name, _)| name.starts_with("PG"))
            .collect();
        let entry = passwd_entry(rustix::process::getuid().as_raw());
        let home = std::env::var_os("HOME").map(PathBuf::from).or_else(|| Some(entry.as_ref()?.1.clone()));
        let account = entry.map(|(name, _)| name).or_else(|| std::env::var("USER").ok());
        Self { variables, home, account }
    }

    /// A variable that is set and not empty.
    pub(super) fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// A file under the home folder.
    pub(super) fn under_home(&self, path: &str) -> Option<PathBuf> {
        Some(self.home.as_deref()?.join(path))
    }

    /// A path as libpq writes it: `~/` is not expanded by libpq, but people expect it in an estate's file.
    pub(super) fn expand(&self, path: &str) -> PathBuf {
        match (path.strip_prefix("~/"), &self.home) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => Path::new(path).to_path_buf(),
        }
    }
}

fn passwd_entry(uid: u32) -> Option<(String, PathBuf)> {
    let passwd = std::fs::read_to_string("/etc/passwd").ok()?;
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(uid)).then_some(())?;
        Some((name.to_owned(), PathBuf::from(fields.nth(2)?)))
    })
}
