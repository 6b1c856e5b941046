//! Finding PostgreSQL's server programs and the account to run them as.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::LabError;
use super::plan::Account;

/// The folder that holds `initdb`: on `PATH`, as `pg_config` says, or the newest of Debian's.
pub(super) fn bindir() -> Result<PathBuf, LabError> {
    on_path().or_else(by_pg_config).or_else(newest_of_debian).ok_or(LabError::NoPostgres)
}

fn has_all(folder: &Path) -> bool {
    ["initdb", "pg_ctl", "postgres", "pg_basebackup", "pg_controldata"]
        .iter()
        .all(|program| folder.join(program).is_file())
}

fn on_path() -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?).find(|folder| has_all(folder))
}

fn by_pg_config() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().ok()?;
    let folder = PathBuf::from(String::from_utf8(output.stdout).ok()?.trim());
    has_all(&folder).then_some(folder)
}

fn newest_of_debian() -> Option<PathBuf> {
    let version = |folder: &PathBuf| folder.file_name()?.to_str()?.parse::<u32>().ok();
    let folders = std::fs::read_dir("/usr/lib/postgresql").ok()?.flatten().map(|entry| entry.path());
    folders.filter(|folder| has_all(&folder.join("bin"))).max_by_key(version).map(|folder| folder.join("bin"))
}

/// PostgreSQL refuses to run as root: then it runs as `postgres`, or else as `nobody`.
pub(super) fn account() -> Result<Option<Account>, LabError> {
    if !rustix::process::getuid().is_root() {
        return Ok(None);
    }
    let passwd = std::fs::read_to_string("/etc/passwd").map_err(LabError::io("/etc/passwd"))?;
    ["postgres", "nobody"].into_iter().find_map(|name| entry(&passwd, name)).map(Some).ok_or_else(|| {
        LabError::Other("PostgreSQL does not run as root, and there is no account `postgres` or `nobody`".to_owned())
    })
}

fn entry(passwd: &str, name: &str) -> Option<Account> {
    passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        (fields.next()? == name).then_some(())?;
        let uid = fields.nth(1)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        Some(Account { name: name.to_owned(), uid, gid })
    })
}
