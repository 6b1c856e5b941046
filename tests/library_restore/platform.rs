//! A database with real backups in two repositories, the estate that watches them, and a host to restore on.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use domain::execution::{Part, RunContext, resolve};
use domain::ident::{RegionId, RunId};
use domain::log::{Kind, Mode};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use switchback::runtime::library::Library;
use tempfile::TempDir;

use crate::support::estate::{Estate, entries, folded};
use crate::support::pgbackrest::two_repositories;
use crate::support::postgres::{Server, as_unprivileged, binary, free_port};
use crate::support::service::Service;
use crate::support::stand_in_ssh::StandInSsh;
use crate::support::wait::until;

pub(super) struct Platform {
    pub(super) server: Server,
    pub(super) ssh: StandInSsh,
    pub(super) _service: Service,
    pub(super) estate: Estate,
    config: String,
    _standby: Option<Server>,
    _folder: TempDir,
}

/// How an unattended run ended.
pub(super) struct Ended {
    pub(super) code: i32,
    pub(super) said: String,
    outcome: Value,
}

impl Platform {
    /// A primary in us-east-1 that archives into two repositories, with ten thousand orders and one full backup in
    /// the first.
    pub(super) fn new() -> Self {
        Self::made(None)
    }

    /// The same with a standby in us-west-2, and an address that tells which region traffic goes to.
    pub(super) fn in_two_regions(edge: &str) -> Self {
        Self::made(Some(edge))
    }

    fn made(edge: Option<&str>) -> Self {
        let mut server = Server::primary();
        server.stop();
        let checksums = as_unprivileged(&binary("pg_checksums")).arg("--enable").arg("-D").arg(server.data()).output();
        assert!(checksums.unwrap().status.success());
        let config = two_repositories(&server);
        server.configure(&format!(
            "archive_mode = on\narchive_command = 'pgbackrest --config={config} --stanza=orders archive-push %p'"
        ));
        server.start();
        let folder = tempfile::Builder::new().prefix("switchback-restore-").tempdir().unwrap();
        let service = Service::up();
        let west = edge.map(|edge| (edge, Server::standby(&server, "west")));
        let text = estate(&server, &service, &config, west.as_ref().map(|(edge, standby)| (*edge, standby)));
        let estate = Estate { file: folder.path().join("switchback.toml"), state: folder.path().join("state") };
        std::fs::write(&estate.file, text).unwrap();
        std::fs::set_permissions(&estate.file, std::fs::Permissions::from_mode(0o600)).unwrap();
        let home = format!("PGHOST={}", server.socket_folder().display());
        let ssh = StandInSsh::with(&[&format!("PGBACKREST_CONFIG={config}"), &home]);
        let standby = west.map(|(_, standby)| standby);
        let platform = Self { server, _standby: standby, ssh, _service: service, estate, config, _folder: folder };
        platform.pgbackrest(&["stanza-create"]);
        platform.server.sql("CREATE TABLE orders AS SELECT id, now() AS at FROM generate_series(1, 10000) AS id");
        platform.server.sql("ALTER TABLE orders ADD PRIMARY KEY (id)");
        platform.pgbackrest(&["--repo=1", "--type=full", "backup"]);
        platform
    }

    /// A moment to come back to: what was committed before lies before it, to the second.
    pub(super) fn moment(&self) -> String {
        let moment = "SELECT to_char(now() AT TIME ZONE 'UTC' + interval '1 s', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')";
        let moment = self.server.sql(moment);
        let passed = format!("SELECT now() > '{moment}'::timestamptz");
        until("the moment has passed", || self.server.sql(&passed) == "t");
        moment
    }

    /// Waits until everything that was written is in the repositories.
    pub(super) fn archived(&self) {
        let waiting = "SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready'";
        until("the log is archived", || self.server.sql(waiting) == "0");
    }

    /// Where runbooks may put a cluster of their own.
    pub(super) fn scratch(&self) -> PathBuf {
        self.server.socket_folder().join("scratch")
    }

    pub(super) fn repository(&self, number: u8) -> PathBuf {
        self.server.socket_folder().join(format!("repo{number}"))
    }

    pub(super) fn pgbackrest(&self, arguments: &[&str]) -> String {
        let mut command = as_unprivileged(Path::new("pgbackrest"));
        let done = command.args(["--config", &self.config, "--stanza", "orders"]).args(arguments).output().unwrap();
        let said = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "pgbackrest {arguments:?}: {said}");
        said
    }

    /// Walks a shipped runbook to its end, or to where it stops.
    pub(super) fn run(&self, runbook: &str, more: &[&str]) -> Ended {
        walk(&self.estate, &self.ssh, runbook, more)
    }

    /// What the newest incident is called.
    pub(super) fn label(&self) -> String {
        label(&self.estate)
    }

    /// Runs the rollback of a step of the newest incident, as it would be offered.
    pub(super) fn undo(&self, runbook: &str, step: &str, given: &[(&str, &str)]) {
        undo(&self.estate, &self.ssh, runbook, step, given);
    }

    /// What the panel says of the backup.
    pub(super) fn backup(&self) -> Value {
        let output = self.estate.tried("raj", &["status", "--json"]);
        let status: Value = serde_json::from_slice(&output.stdout).unwrap();
        status["backups"][0].clone()
    }

    /// The lines of the ledger of restore tests.
    pub(super) fn ledger(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.estate.state.join("restore-tests.jsonl")).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// Walks a shipped runbook to its end, or to where it stops, within one region unless it says where to.
pub(super) fn walk(estate: &Estate, ssh: &StandInSsh, runbook: &str, more: &[&str]) -> Ended {
    let act = ["run", runbook, "--yes", "--json", "--from", "us-east-1"];
    let here: &[&str] = if more.contains(&"--to") { &[] } else { &["--to", "us-east-1"] };
    let words = estate.command(&[&act, here, more].concat(), "mara");
    let output = Command::new(&words[0]).args(&words[1..]).env("PATH", ssh.path()).output().unwrap();
    Ended::of(estate, &output)
}

fn label(estate: &Estate) -> String {
    folded(entries(&estate.incidents()[0])).incident.unwrap().label
}

/// Runs the rollback of a step: a command line offers none, only a person takes it.
pub(super) fn undo(estate: &Estate, ssh: &StandInSsh, runbook: &str, step: &str, given: &[(&str, &str)]) {
    let incident = label(estate);
    let estate = domain::estate::parse(&std::fs::read_to_string(&estate.file).unwrap()).estate;
    let text = Library::new(&estate, None).read(runbook).unwrap();
    let east = RegionId::from("us-east-1");
    let values = given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let context = RunContext {
        run: RunId(ulid::Ulid::generate()),
        incident: &incident,
        kind: Kind::Live,
        mode: Mode::Forced,
        from: Some(&east),
        to: Some(&east),
        values: &values,
        undo: None,
    };
    let runbook = domain::runbook::parse(text, Some(&estate));
    let block = resolve(&runbook, &context, &step.into(), Part::Rollback, 1, &estate).unwrap();
    let mut bash = Command::new("bash");
    bash.args(["-euo", "pipefail", "-c", &block.text]).envs(&block.env).env("PATH", ssh.path());
    let done = bash.output().unwrap();
    assert!(done.status.success(), "{step}: {}", String::from_utf8_lossy(&done.stderr));
}

/// What the steps of all runs printed.
fn printed(estate: &Estate) -> String {
    let files = estate.incidents().into_iter().flat_map(|incident| {
        let pattern = incident.join("**/output").display().to_string();
        glob::glob(&pattern).unwrap().filter_map(Result::ok).collect::<Vec<_>>()
    });
    files.map(|file| String::from_utf8_lossy(&std::fs::read(file).unwrap()).into_owned()).collect()
}

impl Drop for Platform {
    /// A runbook may have started the server again: then it is no child of ours.
    fn drop(&mut self) {
        let status = std::fs::read_to_string(self.server.data().join("postmaster.pid")).unwrap_or_default();
        let process = status.lines().next().and_then(|pid| Pid::from_raw(pid.trim().parse().ok()?));
        if let Some(process) = process {
            let _ = kill_process(process, Signal::QUIT);
        }
    }
}

impl Ended {
    pub(super) fn of(estate: &Estate, output: &Output) -> Self {
        let said = String::from_utf8_lossy(&output.stderr).into_owned() + &printed(estate);
        let outcome = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {said}"));
        Self { code: output.status.code().unwrap(), said, outcome }
    }

    /// Every step was done, and the run says so.
    pub(super) fn completed(&self) {
        assert_eq!((self.code, self.outcome["outcome"].as_str()), (0, Some("completed")), "{}", self.said);
    }

    pub(super) fn state(&self, step: &str) -> &str {
        let steps = self.outcome["steps"].as_array().unwrap();
        let step = steps.iter().find(|known| known["id"] == step).unwrap_or_else(|| panic!("no step {step}"));
        step["state"].as_str().unwrap()
    }
}

fn estate(server: &Server, service: &Service, config: &str, west: Option<(&str, &Server)>) -> String {
    let home = server.socket_folder().display();
    let (database, health, serving) = west.map_or_else(Default::default, |(edge, standby)| {
        let line = |value: &str| format!("us-west-2 = \"{value}\"");
        let serving = format!("[services.api.serving]\nurl = \"{edge}\"\njson = \"region\"");
        (line(&standby.dsn()), line(&service.url()), serving)
    });
    format!(
        r#"
name = "shop"
runbooks = ["runbooks"]

[regions.us-east-1]
role = "primary"

[regions.us-west-2]

[databases.orders-db.servers]
us-east-1 = "{dsn}"
{database}

[services.api.health]
us-east-1 = "{api}"
{health}

{serving}

[backups.orders-db]
type = "pgbackrest"
stanza = "orders"
every = "1d"
argv = ["pgbackrest", "info", "--output=json", "--stanza=orders", "--config={config}"]
timeout = "30s"

[health]
interval = "1s"
timeout = "5s"

[vars]
STANZA = "orders"
PG_BIN = "{bin}"
DATABASE_SSH = "db.us-east-1.example"
DATABASE_PORT = "{database_port}"
PGDATA = "{data}"
START_DATABASE = '{bin}/pg_ctl start -D {data} -w -l {home}/started -o "-p {database_port} -c unix_socket_directories={home}"'
BESIDE = "{home}/beside"
BESIDE_PORT = "{beside_port}"
SCRATCH_SSH = "scratch.example"
SCRATCH = "{home}/scratch"
SCRATCH_PORT = "{port}"
SMOKE = "SELECT max(at) > now() - interval '1 hour' FROM orders"
"#,
        dsn = server.dsn(),
        api = service.url(),
        bin = binary("pg_ctl").parent().unwrap().display(),
        data = server.data().display(),
        port = free_port(),
        beside_port = free_port(),
        database_port = server.port,
    )
}
