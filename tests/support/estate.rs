//! An estate on disk, and what the program does with it: as a console, or for a login without a screen.

use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use domain::engine::{State, replay};
use domain::log::Entry;
use switchback::runtime::journal::{self, ReadLog};
use switchback::runtime::paths::Paths;

use super::attempts::SWITCHBACK;

/// Two regions that nothing checks.
const BARE: &str = r#"
name = "orders"
runbooks = ["runbooks"]

[regions.us-east-1]
role = "primary"

[regions.us-west-2]
role = "standby"
"#;

/// Where the estate's file is, and where its incidents and readings go.
#[derive(Clone, Debug)]
pub(crate) struct Estate {
    pub(crate) file: PathBuf,
    pub(crate) state: PathBuf,
}

impl Estate {
    /// The same with more in its file.
    pub(crate) fn with(self, more: &str) -> Self {
        let text = std::fs::read_to_string(&self.file).unwrap();
        std::fs::write(&self.file, text + more).unwrap();
        self
    }

    /// An estate without checks in `dir`, with this text as the runbook `walk`.
    pub(crate) fn bare(dir: &Path, state: PathBuf, runbook: &str) -> Self {
        let (file, runbooks) = (dir.join("switchback.toml"), dir.join("runbooks"));
        std::fs::create_dir(&runbooks).unwrap();
        for (path, text) in [(&file, BARE), (&runbooks.join("walk.md"), runbook)] {
            std::fs::write(path, text).unwrap();
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
        Self { file, state }
    }

    /// Another runbook in its folder.
    pub(crate) fn add_runbook(&self, name: &str, text: &str) {
        let path = self.file.with_file_name("runbooks").join(format!("{name}.md"));
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }

    /// The words of a command about this estate and its incidents.
    pub(crate) fn command(&self, act: &[&str], person: &str) -> Vec<OsString> {
        let mut words: Vec<OsString> = vec![SWITCHBACK.into()];
        words.extend(act.iter().map(OsString::from));
        words.extend(["--config".into(), self.file.clone().into()]);
        words.extend(["--state".into(), self.state.clone().into(), "--as".into(), person.into()]);
        words
    }

    /// Another login on the same machine does this, without a screen; what it says.
    pub(crate) fn login(&self, person: &str, act: &[&str]) -> String {
        let output = self.tried(person, act);
        assert!(output.status.success(), "{person} {act:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// The same, whether it succeeds or not.
    pub(crate) fn tried(&self, person: &str, act: &[&str]) -> Output {
        let words = self.command(act, person);
        Command::new(&words[0]).args(&words[1..]).output().unwrap()
    }

    /// The folders of all incidents, newest first.
    pub(crate) fn incidents(&self) -> Vec<PathBuf> {
        let paths = Paths { state: self.state.clone(), config: self.state.clone() };
        let incidents = journal::incidents(&paths).unwrap();
        incidents.into_iter().map(|incident| incident.place.dir().to_owned()).collect()
    }

    /// Everything in the log of the only incident there is.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        let incidents = self.incidents();
        let [incident] = incidents.as_slice() else { panic!("not one incident: {incidents:?}") };
        entries(incident)
    }

    /// What that log folds to.
    pub(crate) fn replayed(&self) -> State {
        folded(self.entries())
    }
}

pub(crate) fn entries(incident: &Path) -> Vec<Entry> {
    ReadLog::open(incident).unwrap().1
}

pub(crate) fn folded(entries: Vec<Entry>) -> State {
    let entries: Vec<_> = entries.into_iter().map(Arc::new).collect();
    replay(&entries)
}
