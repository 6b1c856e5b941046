//! Starting a lab whole, seeing what runs of it, and leaving nothing behind.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::time::Duration;

use serde::Serialize;

use super::cluster::{ADMIN, APP};
use super::daemon::Role;
use super::plan::{Lab, Side};
use super::process::Processes;
use super::{LabError, binaries};

/// How long the parts may take to answer.
const READY: Duration = Duration::from_secs(30);

/// What runs, and who serves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LabStatus {
    pub dir: String,
    pub estate: String,
    /// The region whose database accepts writes.
    pub primary: Option<&'static str>,
    /// The region the edge passes on to.
    pub active: Option<String>,
    pub processes: Vec<ProcessStatus>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProcessStatus {
    pub name: String,
    pub pid: i32,
    pub running: bool,
}

impl Lab {
    /// Makes and starts everything; returns when orders are being acknowledged. What cannot be finished is taken down
    /// again. `progress` is told each thing before it is done.
    ///
    /// # Errors
    /// When a tool is missing, a lab is there already, or a part does not come up.
    pub fn up(dir: &Path, mut progress: impl FnMut(&str)) -> Result<Self, LabError> {
        if dir.join("lab.json").exists() {
            return Err(LabError::Exists(dir.to_path_buf()));
        }
        let bindir = binaries::bindir()?;
        let account = binaries::account()?;
        let lab = Self::make_folders(dir, bindir, account)?;
        let started = lab.start_all(&mut progress);
        if started.is_err() {
            // The first failure is the one worth telling.
            let _ = lab.down();
        }
        started.map(|()| lab)
    }

    fn make_folders(
        dir: &Path,
        bindir: std::path::PathBuf,
        account: Option<super::plan::Account>,
    ) -> Result<Self, LabError> {
        crate::runtime::paths::private_dir(dir).map_err(LabError::io(dir))?;
        let dir = dir.canonicalize().map_err(LabError::io(dir))?;
        // The default place is in a folder that all share: somebody may have been there first.
        if std::fs::metadata(&dir).map_err(LabError::io(&dir))?.uid() != rustix::process::geteuid().as_raw() {
            return Err(LabError::Other(format!(
                "{} belongs to another user: name a folder with --dir",
                dir.display()
            )));
        }
        let lab = Self::plan(&dir, bindir, account)?;
        for name in ["east", "west", "logs", "processes"] {
            let folder = dir.join(name);
            crate::runtime::paths::private_dir(&folder).map_err(LabError::io(&folder))?;
        }
        if let Some(account) = &lab.account {
            // PostgreSQL's account passes through the folder, and owns what is its own in it.
            std::fs::set_permissions(&dir, std::fs::Permissions::from_mode(0o711)).map_err(LabError::io(&dir))?;
            for name in ["east", "west", "logs"] {
                lab.give(&dir.join(name))?;
            }
            reachable(&lab, account)?;
        }
        Ok(lab)
    }

    fn start_all(&self, progress: &mut impl FnMut(&str)) -> Result<(), LabError> {
        self.save()?;
        let (admin, app) = (password(), password());
        let lines: String = [ADMIN, APP]
            .iter()
            .zip([&admin, &app])
            .map(|(user, password)| format!("127.0.0.1:*:*:{user}:{password}\n"))
            .collect();
        self.write_private(&self.passfile(), &lines)?;
        progress("making the primary in us-east-1");
        self.make_primary(&admin, &app)?;
        progress("making the standby in us-west-2");
        self.make_standby(Side::West)?;
        progress("starting the applications, the edge and the client");
        self.write_files()?;
        for role in [Role::App(Side::East), Role::App(Side::West), Role::Edge, Role::Client] {
            self.start(role)?;
        }
        progress("waiting for the first acknowledged order");
        self.serving()
    }

    /// Waits until the client has an order acknowledged.
    fn serving(&self) -> Result<(), LabError> {
        let end = crate::runtime::clock::boottime() + READY;
        while !super::report::read(&self.acknowledged()).iter().any(|tried| tried.acknowledged.is_some()) {
            if crate::runtime::clock::boottime() > end {
                return Err(LabError::Silent {
                    what: "the edge".to_owned(),
                    seconds: READY.as_secs(),
                    log: self.log("edge"),
                });
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    #[must_use]
    pub fn status(&self) -> LabStatus {
        let processes = Processes::in_lab(&self.dir).all();
        let active = std::fs::read_to_string(self.dir.join("edge.json"))
            .ok()
            .and_then(|text| serde_json::from_str::<Side>(&text).ok());
        LabStatus {
            dir: self.dir.display().to_string(),
            estate: self.dir.join("switchback.toml").display().to_string(),
            primary: self.primary().map(Side::region),
            active: Some(active.unwrap_or(Side::East).region().to_owned()).filter(|_| self.runs("edge")),
            processes: processes
                .into_iter()
                .map(|process| ProcessStatus { running: process.alive(), pid: process.pid, name: process.name })
                .collect(),
        }
    }

    /// Ends every process and removes the folder.
    ///
    /// # Errors
    /// When the folder cannot be removed.
    pub fn down(&self) -> Result<(), LabError> {
        let (databases, others): (Vec<_>, Vec<_>) =
            Processes::in_lab(&self.dir).all().into_iter().partition(|process| process.name.starts_with("database-"));
        for process in &others {
            process.stop();
        }
        for side in Side::BOTH {
            // What does not stop in its own way is killed below.
            let _ = self.stop_database(side);
        }
        for process in &databases {
            process.kill();
        }
        std::fs::remove_dir_all(&self.dir).map_err(LabError::io(&self.dir))
    }
}

/// The account can get to its data: every folder above lets it pass.
fn reachable(lab: &Lab, account: &super::plan::Account) -> Result<(), LabError> {
    let mut look = lab.program("postgres");
    look.arg("--version").current_dir(lab.dir.join("east"));
    match look.output() {
        Ok(output) if output.status.success() => Ok(()),
        _ => Err(LabError::Unreachable(account.name.clone(), lab.dir.display().to_string())),
    }
}

fn password() -> String {
    ulid::Ulid::generate().to_string()
}
