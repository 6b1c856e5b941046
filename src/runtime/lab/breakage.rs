//! Breaking the lab as things break for real, and mending it.

use super::daemon::Role;
use super::plan::{Lab, Side};
use super::process::Processes;
use super::{LabError, cluster};

/// What can be broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The database of the side that serves: SIGKILL.
    PrimaryDb,
    /// Everything in the region that serves: SIGKILL.
    Region,
    /// The standby no longer receives from the primary.
    Replication,
    /// The application of the side that serves: SIGKILL.
    App,
}

impl Lab {
    /// Breaks it; the region it was broken in.
    ///
    /// # Errors
    /// When the lab is not running.
    pub fn break_part(&self, part: Part) -> Result<&'static str, LabError> {
        let side = self.primary().unwrap_or(Side::East);
        match part {
            Part::PrimaryDb => self.kill_database(side),
            Part::Region => {
                self.kill(Role::App(side));
                self.kill_database(side);
            }
            Part::Replication => self.cut_replication(side.other())?,
            Part::App => self.kill(Role::App(side)),
        }
        Ok(side.region())
    }

    /// Mends what `break` broke. An old primary whose standby was promoted comes back as a standby, never as a second
    /// primary.
    ///
    /// # Errors
    /// When a server cannot be started or rebuilt.
    pub fn heal(&self, part: Part) -> Result<String, LabError> {
        let mut said = Vec::new();
        if matches!(part, Part::PrimaryDb | Part::Region) {
            for side in Side::BOTH {
                if self.postmaster(side).is_none() {
                    said.push(self.bring_back(side)?);
                }
            }
        }
        if matches!(part, Part::App | Part::Region) {
            for side in Side::BOTH {
                let role = Role::App(side);
                if !self.runs(role.name()) {
                    self.start(role)?;
                    said.push(format!("{} started", role.name()));
                }
            }
        }
        if part == Part::Replication
            && let Some(primary) = self.primary()
        {
            self.join_replication(primary.other())?;
            said.push(format!("{} receives again", primary.other().region()));
        }
        Ok(if said.is_empty() { "nothing was broken".to_owned() } else { said.join("; ") })
    }

    /// A server that was killed: started as it was, or rebuilt from the side that was promoted meanwhile.
    fn bring_back(&self, side: Side) -> Result<String, LabError> {
        let promoted = self.primary() == Some(side.other());
        let was_standby = self.data(side).join("standby.signal").exists();
        if promoted && !was_standby {
            let old =
                self.dir.join(side.name()).join(format!("data-{}", crate::runtime::clock::now().wall.as_second()));
            std::fs::rename(self.data(side), &old).map_err(LabError::io(&old))?;
            self.make_standby(side)?;
            return Ok(format!("{} rebuilt as a standby; its old data are in {}", side.region(), old.display()));
        }
        self.start_database(side)?;
        Ok(format!("{} started as it was", side.region()))
    }

    fn cut_replication(&self, standby: Side) -> Result<(), LabError> {
        self.psql(standby, "postgres", "ALTER SYSTEM SET primary_conninfo = ''; SELECT pg_reload_conf();")
    }

    fn join_replication(&self, standby: Side) -> Result<(), LabError> {
        self.psql(standby, "postgres", "ALTER SYSTEM RESET primary_conninfo; SELECT pg_reload_conf();")?;
        let connection = format!(
            "host=127.0.0.1 port={} user={} application_name={} passfile={} sslmode=disable",
            self.databases.of(standby.other()),
            cluster::ADMIN,
            standby.region(),
            self.passfile().display()
        );
        self.psql(
            standby,
            "postgres",
            &format!("ALTER SYSTEM SET primary_conninfo = '{connection}'; SELECT pg_reload_conf();"),
        )
    }

    fn kill(&self, role: Role) {
        if let Some(process) = Processes::in_lab(&self.dir).find(role.name()) {
            process.kill();
        }
    }

    fn kill_database(&self, side: Side) {
        if let Some(process) = Processes::in_lab(&self.dir).find(&format!("database-{}", side.name())) {
            process.kill();
        }
    }

    /// The side whose server runs and is no standby.
    pub(super) fn primary(&self) -> Option<Side> {
        Side::BOTH
            .into_iter()
            .find(|side| self.postmaster(*side).is_some() && !self.data(*side).join("standby.signal").exists())
    }

    pub(super) fn runs(&self, name: &str) -> bool {
        Processes::in_lab(&self.dir).find(name).is_some_and(|process| process.alive())
    }
}
