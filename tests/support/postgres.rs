//! Real PostgreSQL servers for tests: a primary from one shared `initdb` template, streaming standbys beside it.
//!
//! Servers listen on loopback, live in a temporary folder, and are gone when dropped. Started as root, they run as an
//! unprivileged account, as PostgreSQL demands.

use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Mutex, PoisonError};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::wait::until;

/// One server. The superuser is `postgres`; everybody on loopback is trusted.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) port: u16,
    folder: TempDir,
    process: Option<Child>,
    killed: bool,
}

impl Server {
    /// A primary that accepts connections, from the shared template.
    pub(crate) fn primary() -> Self {
        let server = Self::in_new_folder();
        copy(&template(), &server.data());
        server.give_away();
        server.configure("wal_level = replica\nwal_sender_timeout = 60s\nautovacuum = off");
        server.started()
    }

    /// A standby that streams from `primary`, which calls it `name`.
    pub(crate) fn standby(primary: &Self, name: &str) -> Self {
        let server = Self::in_new_folder();
        let source = format!("host=127.0.0.1 port={} user=postgres application_name={name}", primary.port);
        let data = server.data();
        let copied = as_unprivileged(&binary("pg_basebackup"))
            .args([
                "--dbname",
                &source,
                "--checkpoint=fast",
                "--wal-method=stream",
                "--write-recovery-conf",
                "--pgdata",
            ])
            .arg(&data)
            .output()
            .unwrap();
        assert!(copied.status.success(), "pg_basebackup: {}", String::from_utf8_lossy(&copied.stderr));
        server.configure("wal_receiver_status_interval = 1s\nwal_retrieve_retry_interval = 100ms");
        server.started()
    }

    /// A connection string for the superuser.
    pub(crate) fn dsn(&self) -> String {
        format!("host=127.0.0.1 port={} user=postgres dbname=postgres", self.port)
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The folder of its Unix socket.
    pub(crate) fn socket_folder(&self) -> &Path {
        self.folder.path()
    }

    /// Appends lines to `postgresql.conf`; they hold from the next start or [`Server::reload`].
    pub(crate) fn configure(&self, lines: &str) {
        let path = self.data().join("postgresql.conf");
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("{text}\n{lines}\n")).unwrap();
    }

    /// Replaces `pg_hba.conf`; it holds from the next start or [`Server::reload`].
    pub(crate) fn admit(&self, lines: &str) {
        std::fs::write(self.data().join("pg_hba.conf"), format!("{lines}\n")).unwrap();
    }

    /// Writes a file into the data folder, owned by the server, 0600: keys, certificates.
    pub(crate) fn write_file(&self, name: &str, text: &str) {
        use std::os::unix::fs::PermissionsExt;
        let path = self.data().join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        self.give_away();
    }

    /// Runs statements as the superuser and returns the unaligned output without its last newline.
    pub(crate) fn sql(&self, statements: &str) -> String {
        let output = Command::new(binary("psql"))
            .args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-d", &self.dsn(), "-c", statements])
            .output()
            .unwrap();
        assert!(output.status.success(), "{statements}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }

    /// Reads its configuration again, and waits until it did.
    pub(crate) fn reload(&self) {
        let before = self.sql("SELECT pg_conf_load_time()");
        self.signal(Signal::HUP);
        until("the server read its configuration again", || self.sql("SELECT pg_conf_load_time()") != before);
    }

    /// Starts it again after [`Server::stop`] or [`Server::kill`].
    pub(crate) fn start(&mut self) {
        self.process = Some(self.spawn());
        self.wait_until_ready();
        self.killed = false;
    }

    /// A clean stop that lets standbys receive everything.
    pub(crate) fn stop(&mut self) {
        self.signal(Signal::INT);
        self.reap();
    }

    /// SIGKILL to the postmaster; its children follow.
    pub(crate) fn kill(&mut self) {
        self.signal(Signal::KILL);
        self.killed = true;
        self.reap();
    }

    /// SIGSTOP to the postmaster: it accepts TCP and says nothing.
    pub(crate) fn freeze(&self) {
        self.signal(Signal::STOP);
    }

    pub(crate) fn thaw(&self) {
        self.signal(Signal::CONT);
    }

    /// Waits until a standby of this primary has everything written so far.
    pub(crate) fn wait_for_standby(&self, name: &str) {
        let end = self.sql("SELECT pg_current_wal_lsn()");
        let asked = format!(
            "SELECT count(*) FROM pg_stat_replication WHERE application_name='{name}' AND state='streaming' \
             AND replay_lsn >= '{end}'::pg_lsn"
        );
        until("the standby replayed everything written so far", || self.sql(&asked) == "1");
    }

    fn in_new_folder() -> Self {
        let folder = tempfile::Builder::new().prefix("switchback-pg-").tempdir().unwrap();
        give(folder.path());
        Self { port: free_port(), folder, process: None, killed: false }
    }

    fn started(mut self) -> Self {
        self.start();
        self
    }

    fn spawn(&self) -> Child {
        let log = std::fs::File::create(self.folder.path().join("log")).unwrap();
        as_unprivileged(&binary("postgres"))
            .arg("-D")
            .arg(self.data())
            .args(["-p", &self.port.to_string(), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"])
            .args(["-c", "shared_buffers=16MB", "-c", "max_wal_size=256MB", "-c"])
            .arg(format!("unix_socket_directories={}", self.folder.path().display()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap()
    }

    fn wait_until_ready(&mut self) {
        let status = self.data().join("postmaster.pid");
        let log = self.folder.path().join("log");
        let process = self.process.as_mut().unwrap();
        until("the server accepts connections", || {
            if let Some(exit) = process.try_wait().unwrap() {
                panic!("postgres ended ({exit}): {}", std::fs::read_to_string(&log).unwrap_or_default());
            }
            std::fs::read_to_string(&status)
                .is_ok_and(|text| text.lines().nth(7).is_some_and(|line| line.trim() == "ready"))
        });
    }

    fn signal(&self, signal: Signal) {
        if let Some(process) = &self.process {
            let pid = Pid::from_raw(i32::try_from(process.id()).unwrap()).unwrap();
            let _ = kill_process(pid, signal);
        }
    }

    fn reap(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.wait();
        }
    }

    fn give_away(&self) {
        let mut folders = vec![self.data()];
        while let Some(folder) = folders.pop() {
            give(&folder);
            for entry in std::fs::read_dir(&folder).unwrap().map(Result::unwrap) {
                if entry.file_type().unwrap().is_dir() {
                    folders.push(entry.path());
                } else {
                    give(&entry.path());
                }
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let segment = std::fs::read_to_string(self.data().join("postmaster.pid")).ok();
        self.signal(Signal::QUIT);
        self.signal(Signal::CONT);
        self.reap();
        // A killed postmaster leaves its few bytes of shared memory to the next start, which will not come.
        let segment = segment.as_deref().and_then(|text| text.lines().nth(6)?.split_whitespace().nth(1));
        if let (true, Some(segment)) = (self.killed, segment) {
            let _ = Command::new("ipcrm").args(["-m", segment]).stderr(Stdio::null()).status();
        }
    }
}

/// Where a program of PostgreSQL is; panics saying what to install.
pub(crate) fn binary(name: &str) -> PathBuf {
    let debian = glob::glob("/usr/lib/postgresql/*/bin").unwrap().filter_map(Result::ok);
    let mut folders: Vec<PathBuf> = debian.collect();
    folders.sort();
    folders.reverse();
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    let found = folders.into_iter().map(|folder| folder.join(name)).find(|path| path.is_file());
    found.unwrap_or_else(|| panic!("{name} is not installed: apt-get install postgresql"))
}

/// A command that runs as an unprivileged account when the tests run as root.
pub(crate) fn as_unprivileged(program: &Path) -> Command {
    let Some((uid, gid)) = unprivileged() else { return Command::new(program) };
    let mut command = Command::new("setpriv");
    command.arg(format!("--reuid={uid}")).arg(format!("--regid={gid}")).arg("--clear-groups").arg(program);
    command.current_dir("/");
    command
}

/// `None` when we are not root, and need not change.
pub(crate) fn unprivileged() -> Option<(u32, u32)> {
    if !rustix::process::getuid().is_root() {
        return None;
    }
    let accounts = std::fs::read_to_string("/etc/passwd").unwrap();
    let ids = |wanted: &str| {
        let mut fields =
            accounts.lines().map(|line| line.split(':')).find(|fields| fields.clone().next() == Some(wanted))?;
        Some((fields.nth(2)?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    Some(ids("postgres").or_else(|| ids("nobody")).expect("an account `postgres` or `nobody` is needed"))
}

/// Makes the account of [`as_unprivileged`] its owner.
pub(crate) fn give(path: &Path) {
    if let Some((uid, gid)) = unprivileged() {
        chown(path, Some(uid), Some(gid)).unwrap();
    }
}

/// A fresh cluster, made once and kept beside the build.
fn template() -> PathBuf {
    static MAKING: Mutex<()> = Mutex::new(());
    let _one_at_a_time = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
    let initdb = binary("initdb");
    let version = String::from_utf8(Command::new(&initdb).arg("--version").output().unwrap().stdout).unwrap();
    let version: String = version.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("initdb-{version}"));
    if kept.is_dir() {
        return kept;
    }
    let folder = tempfile::tempdir().unwrap();
    give(folder.path());
    let fresh = folder.path().join("data");
    let made = as_unprivileged(&initdb)
        .args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--pgdata"])
        .arg(&fresh)
        .output()
        .unwrap();
    assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
    let beside = kept.with_extension(std::process::id().to_string());
    copy(&fresh, &beside);
    if std::fs::rename(&beside, &kept).is_err() {
        // Another run was first.
        std::fs::remove_dir_all(&beside).unwrap();
    }
    kept
}

fn copy(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-R").arg("-p").arg(from).arg(to).status().unwrap();
    assert!(copied.success());
}

/// A port that nobody listens on, below the range that outgoing connections take theirs from.
pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start = u16::try_from(std::process::id() % 9000).unwrap();
    loop {
        let port = 21_000 + (start + NEXT.fetch_add(1, Ordering::Relaxed)) % 11_000;
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
