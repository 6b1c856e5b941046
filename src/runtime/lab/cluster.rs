//! The two PostgreSQL servers: made, started, stopped, rebuilt.

use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use super::LabError;
use super::plan::{Account, Lab, Side};
use super::process::{Process, Processes};

/// The account of administration; the application's own is [`APP`].
pub(super) const ADMIN: &str = "switchback";
pub(super) const APP: &str = "orders_app";

const SETTINGS: &str = "\
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
wal_level = replica
wal_log_hints = on
max_wal_senders = 5
wal_keep_size = '256MB'
hot_standby = on
wal_receiver_status_interval = '1s'
wal_retrieve_retry_interval = '500ms'
shared_buffers = '32MB'
fsync = on
logging_collector = off
";

impl Lab {
    pub(super) fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.bindir.join(name));
        command.current_dir(&self.dir).stdin(Stdio::null()).env("LC_ALL", "C").env("PGPASSFILE", self.passfile());
        if let Some(account) = &self.account {
            command.uid(account.uid).gid(account.gid);
        }
        command
    }

    fn run(&self, mut command: Command) -> Result<String, LabError> {
        let program = command.get_program().to_string_lossy().into_owned();
        let output = command.output().map_err(LabError::io(&program))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let said = if output.stderr.is_empty() { output.stdout } else { output.stderr };
        let said = String::from_utf8_lossy(&said);
        let last: Vec<_> = said.lines().rev().take(3).collect();
        Err(LabError::Program { program, output: last.into_iter().rev().collect::<Vec<_>>().join("; ") })
    }

    /// Makes the primary: cluster, accounts, the table of orders.
    pub(super) fn make_primary(&self, admin_password: &str, app_password: &str) -> Result<(), LabError> {
        let data = self.data(Side::East);
        let secret = self.dir.join("initdb-password");
        self.write_private(&secret, admin_password)?;
        let mut initdb = self.program("initdb");
        initdb.arg("--pgdata").arg(&data).args(["--username", ADMIN, "--auth", "scram-sha-256", "--encoding", "UTF8"]);
        initdb.args(["--locale", "C", "--no-sync", "--pwfile"]).arg(&secret);
        let made = self.run(initdb);
        let _ = std::fs::remove_file(&secret);
        made?;
        self.append(&data.join("postgresql.conf"), SETTINGS)?;
        self.start_database(Side::East)?;
        let sql = format!(
            "CREATE ROLE {APP} LOGIN PASSWORD '{app_password}';
             CREATE DATABASE orders OWNER {APP};"
        );
        self.psql(Side::East, "postgres", &sql)?;
        let sql = format!(
            "CREATE TABLE orders (id bigint PRIMARY KEY, region text NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp());
             ALTER TABLE orders OWNER TO {APP};"
        );
        self.psql(Side::East, "orders", &sql)
    }

    /// Makes `side` a streaming standby of the other side, from a base backup.
    pub(super) fn make_standby(&self, side: Side) -> Result<(), LabError> {
        let source = side.other();
        let mut backup = self.program("pg_basebackup");
        let connection = format!(
            "host=127.0.0.1 port={} user={ADMIN} application_name={} passfile={} sslmode=disable",
            self.databases.of(source),
            side.region(),
            self.passfile().display()
        );
        backup.args([
            "--dbname",
            &connection,
            "--checkpoint=fast",
            "--wal-method=stream",
            "--write-recovery-conf",
            "--no-sync",
        ]);
        backup.arg("--pgdata").arg(self.data(side));
        self.run(backup)?;
        self.start_database(side)
    }

    pub(super) fn start_database(&self, side: Side) -> Result<(), LabError> {
        let name = format!("database-{}", side.name());
        let log = self.log(&name);
        let mut start = self.program("pg_ctl");
        start.args(["start", "--wait", "--timeout", "60", "--silent", "--pgdata"]).arg(self.data(side));
        start.arg("--log").arg(&log);
        start.arg("--options").arg(format!("-p {}", self.databases.of(side)));
        start.stdout(Stdio::null()).stderr(Stdio::null());
        let status = start.status().map_err(LabError::io("pg_ctl"))?;
        if !status.success() {
            return Err(LabError::Silent { what: format!("PostgreSQL in {}", side.region()), seconds: 60, log });
        }
        let pid = self
            .postmaster(side)
            .ok_or_else(|| LabError::Other(format!("{name} ended at once: see {}", log.display())))?;
        let process = Process::of(&name, pid)
            .ok_or_else(|| LabError::Other(format!("{name} ended at once: see {}", log.display())))?;
        Processes::in_lab(&self.dir).remember(&process)
    }

    pub(super) fn stop_database(&self, side: Side) -> Result<(), LabError> {
        if self.postmaster(side).is_none() {
            return Ok(());
        }
        let mut stop = self.program("pg_ctl");
        stop.args(["stop", "--mode", "immediate", "--wait", "--silent", "--pgdata"]).arg(self.data(side));
        self.run(stop).map(drop)
    }

    /// Pid of the running postmaster, from its own file.
    pub(super) fn postmaster(&self, side: Side) -> Option<i32> {
        let text = std::fs::read_to_string(self.data(side).join("postmaster.pid")).ok()?;
        let pid = text.lines().next()?.trim().parse().ok()?;
        Process::of("postmaster", pid).filter(Process::alive).map(|process| process.pid)
    }

    /// Runs SQL as the administrator; the text arrives on standard input.
    pub(super) fn psql(&self, side: Side, database: &str, sql: &str) -> Result<(), LabError> {
        use std::io::Write as _;
        let mut psql = self.program("psql");
        psql.args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname"]);
        psql.arg(self.dsn(side, ADMIN).replace("dbname=orders", &format!("dbname={database}")));
        psql.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = psql.spawn().map_err(LabError::io("psql"))?;
        if let Some(mut input) = child.stdin.take() {
            input.write_all(sql.as_bytes()).map_err(LabError::io("psql"))?;
        }
        let output = child.wait_with_output().map_err(LabError::io("psql"))?;
        if output.status.success() {
            return Ok(());
        }
        Err(LabError::Program {
            program: "psql".to_owned(),
            output: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        })
    }

    /// A file of the lab that only its account reads.
    pub(super) fn write_private(&self, path: &Path, text: &str) -> Result<(), LabError> {
        std::fs::write(path, text).map_err(LabError::io(path))?;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).map_err(LabError::io(path))?;
        self.give(path)
    }

    /// Makes the account PostgreSQL runs as the owner.
    pub(super) fn give(&self, path: &Path) -> Result<(), LabError> {
        match &self.account {
            Some(Account { uid, gid, .. }) => chown(path, Some(*uid), Some(*gid)).map_err(LabError::io(path)),
            None => Ok(()),
        }
    }

    fn append(&self, path: &Path, text: &str) -> Result<(), LabError> {
        let before = std::fs::read_to_string(path).map_err(LabError::io(path))?;
        std::fs::write(path, format!("{before}\n{text}")).map_err(LabError::io(path))
    }
}
