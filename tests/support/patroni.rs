//! A real Patroni pair on etcd, on loopback, gone when dropped.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::postgres::{as_unprivileged, binary, free_port, give};
use super::wait::until;

/// One etcd, and two members with times as short as Patroni allows.
#[derive(Debug)]
pub(crate) struct Pair {
    pub(crate) members: Vec<Member>,
    etcd: Child,
    folder: TempDir,
}

#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) name: &'static str,
    pub(crate) rest: u16,
    data: PathBuf,
    agent: Child,
}

impl Pair {
    pub(crate) fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("switchback-patroni-").tempdir().unwrap();
        give(folder.path());
        let (client, peer) = (free_port(), free_port());
        let url = |port: u16| format!("http://127.0.0.1:{port}");
        let etcd = Command::new("etcd")
            .arg("--data-dir")
            .arg(folder.path().join("etcd"))
            .args(["--listen-client-urls", &url(client), "--advertise-client-urls", &url(client)])
            .args(["--listen-peer-urls", &url(peer), "--initial-advertise-peer-urls", &url(peer)])
            .args(["--initial-cluster", &format!("default={}", url(peer)), "--unsafe-no-fsync"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let etcd = etcd.unwrap_or_else(|error| panic!("etcd cannot be started ({error}): apt-get install etcd-server"));
        let members = ["pg1", "pg2"].map(|name| Member::start(name, folder.path(), client));
        Self { members: members.into(), etcd, folder }
    }

    /// Base addresses of both REST interfaces.
    pub(crate) fn urls(&self) -> Vec<String> {
        self.members.iter().map(|member| format!("http://127.0.0.1:{}", member.rest)).collect()
    }

    pub(crate) fn member(&mut self, name: &str) -> &mut Member {
        self.members.iter_mut().find(|member| member.name == name).unwrap()
    }

    /// What `patronictl` is told of the cluster, which is called `orders`.
    pub(crate) fn config(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("{name}.yml"))
    }

    /// Sends it to Patroni; the answer's body.
    pub(crate) async fn send(&self, member: &str, method: reqwest::Method, path: &str, body: &str) -> String {
        let rest = self.members.iter().find(|known| known.name == member).unwrap().rest;
        let url = format!("http://127.0.0.1:{rest}/{path}");
        let sent = reqwest::Client::new().request(method, url).body(body.to_owned()).send().await.unwrap();
        sent.text().await.unwrap()
    }

    /// What the members wrote down of themselves, for a test that fails.
    pub(crate) fn logs(&self) -> String {
        let log = |member: &Member| std::fs::read_to_string(self.folder.path().join(format!("{}.log", member.name)));
        self.members.iter().filter_map(|member| log(member).ok()).collect()
    }
}

impl Member {
    fn start(name: &'static str, folder: &Path, etcd: u16) -> Self {
        let (rest, postgres) = (free_port(), free_port());
        let data = folder.join(format!("{name}-data"));
        let bin = binary("postgres").parent().unwrap().display().to_string();
        let (place, data_text) = (folder.display(), data.display());
        let config = format!(
            r#"scope: orders
name: {name}
restapi: {{listen: "127.0.0.1:{rest}", connect_address: "127.0.0.1:{rest}"}}
etcd3: {{host: "127.0.0.1:{etcd}"}}
bootstrap:
  dcs: {{ttl: 20, loop_wait: 1, retry_timeout: 3, postgresql: {{use_slots: true}}}}
  initdb: [{{encoding: UTF8}}, {{locale: C}}, {{auth: trust}}, no-sync]
postgresql:
  listen: "127.0.0.1:{postgres}"
  connect_address: "127.0.0.1:{postgres}"
  data_dir: "{data_text}"
  bin_dir: "{bin}"
  pgpass: "{place}/{name}-pgpass"
  authentication: {{superuser: {{username: postgres, password: x}}, replication: {{username: replicator, password: x}}}}
  pg_hba: ["host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust"]
  parameters: {{unix_socket_directories: "{place}", fsync: "off", shared_buffers: 16MB, wal_receiver_status_interval: 1s}}
"#
        );
        let file = folder.join(format!("{name}.yml"));
        std::fs::write(&file, config).unwrap();
        let log = std::fs::File::create(folder.join(format!("{name}.log"))).unwrap();
        let program = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
            .map(|folder| folder.join("patroni"))
            .find(|path| path.is_file())
            .expect("patroni is not installed: apt-get install patroni");
        let agent = as_unprivileged(&program).arg(&file).stdout(Stdio::null()).stderr(log).spawn().unwrap();
        Self { name, rest, data, agent }
    }

    fn postmaster(&self) -> Option<i32> {
        std::fs::read_to_string(self.data.join("postmaster.pid")).ok()?.lines().next()?.trim().parse().ok()
    }

    /// Where its PostgreSQL listens, once it has started.
    pub(crate) fn postgres(&self) -> Option<u16> {
        let file = std::fs::read_to_string(self.data.join("postmaster.pid")).ok()?;
        file.lines().nth(3)?.trim().parse().ok()
    }

    /// The machine is gone: agent and postmaster at once.
    pub(crate) fn kill(&mut self) {
        let agent = i32::try_from(self.agent.id()).unwrap();
        for pid in [Some(agent), self.postmaster()].into_iter().flatten().filter_map(Pid::from_raw) {
            let _ = kill_process(pid, Signal::KILL);
        }
        let _ = self.agent.wait();
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        if let Ok(None) = self.agent.try_wait() {
            // It stops its server before it ends.
            let _ = kill_process(Pid::from_raw(i32::try_from(self.agent.id()).unwrap()).unwrap(), Signal::TERM);
            let agent = &mut self.agent;
            until("the agent ended", || matches!(agent.try_wait(), Ok(Some(_))));
        }
    }
}

impl Drop for Pair {
    fn drop(&mut self) {
        self.members.clear();
        let _ = self.etcd.kill();
        let _ = self.etcd.wait();
    }
}
