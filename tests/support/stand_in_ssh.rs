//! A stand-in for `ssh`: what a runbook does on another host happens on this one, as the account without rights that
//! PostgreSQL runs as. Like the real one it joins its words by blanks, and a shell over there splits them again.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::postgres::unprivileged;

#[derive(Debug)]
pub(crate) struct StandInSsh {
    folder: TempDir,
}

const SCRIPT: &str = r#"#!/bin/sh
while :; do
  case $1 in
    -[BbcDEeFIiJLlmOopQRSWw]) shift 2 ;;
    -*) shift ;;
    *) break ;;
  esac
done
host=$1
shift
printf '%s\n' "$host" >>"@LOG@"
cd /
exec @AS@ env -i PATH=/usr/bin:/bin HOME=/ LANG=C.UTF-8 @ENV@ sh -c "$*"
"#;

impl StandInSsh {
    /// The shell over there has these variables, as `NAME=value`.
    pub(crate) fn with(environment: &[&str]) -> Self {
        let folder = tempfile::Builder::new().prefix("switchback-ssh-").tempdir().unwrap();
        let account = unprivileged()
            .map_or_else(String::new, |(uid, gid)| format!("setpriv --reuid={uid} --regid={gid} --clear-groups"));
        let log = folder.path().join("hosts").display().to_string();
        let script = SCRIPT.replace("@LOG@", &log).replace("@AS@", &account).replace("@ENV@", &environment.join(" "));
        let program = folder.path().join("ssh");
        std::fs::write(&program, script).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        Self { folder }
    }

    /// `PATH` on which it comes first, then the program under test.
    pub(crate) fn path(&self) -> String {
        let switchback = Path::new(super::attempts::SWITCHBACK).parent().unwrap().to_path_buf();
        let inherited = std::env::var_os("PATH").unwrap_or_default();
        let folders: Vec<PathBuf> = [self.folder.path().to_path_buf(), switchback]
            .into_iter()
            .chain(std::env::split_paths(&inherited))
            .collect();
        std::env::join_paths(folders).unwrap().into_string().unwrap()
    }

    /// Puts a stand-in for another program beside it, which prints `answer` and remembers how it was called.
    pub(crate) fn beside(&self, name: &str, answer: &str) {
        let (log, said) = (self.folder.path().join("called"), self.folder.path().join(format!("{name}.answer")));
        std::fs::write(&said, answer).unwrap();
        let program = self.folder.path().join(name);
        let script = format!("#!/bin/sh\necho \"{name} $*\" >>'{}'\ncat '{}'\n", log.display(), said.display());
        std::fs::write(&program, script).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// How the programs beside it were called, in order, the name first.
    pub(crate) fn called(&self) -> Vec<String> {
        let log = std::fs::read_to_string(self.folder.path().join("called")).unwrap_or_default();
        log.lines().map(str::to_owned).collect()
    }

    /// The hosts that were spoken to, in order.
    pub(crate) fn hosts(&self) -> Vec<String> {
        let log = std::fs::read_to_string(self.folder.path().join("hosts")).unwrap_or_default();
        log.lines().map(str::to_owned).collect()
    }
}
