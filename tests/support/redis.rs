//! Real Redis servers for tests, on loopback, gone when dropped.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::postgres::free_port;
use super::wait::until;

#[derive(Debug)]
pub(crate) struct Redis {
    pub(crate) port: u16,
    _folder: TempDir,
    process: Option<Child>,
}

impl Redis {
    /// A server with these settings, that takes connections.
    pub(crate) fn with(settings: &[&str]) -> Self {
        Self::start(|port| vec!["--port".into(), port.to_string()], settings)
    }

    pub(crate) fn replica_of(master: u16, settings: &[&str]) -> Self {
        let master = master.to_string();
        Self::with(&[&["--replicaof", "127.0.0.1", &master], settings].concat())
    }

    /// One that speaks TLS alone; `folder` holds `cert.pem` and `key.pem`.
    pub(crate) fn with_tls(folder: &Path) -> Self {
        let file = |name: &str| folder.join(name).display().to_string();
        let (cert, key) = (file("cert.pem"), file("key.pem"));
        let settings =
            ["--tls-cert-file", &cert, "--tls-key-file", &key, "--tls-ca-cert-file", &cert, "--tls-auth-clients", "no"];
        Self::start(|port| vec!["--port".into(), "0".into(), "--tls-port".into(), port.to_string()], &settings)
    }

    /// A Sentinel that alone decides about `cache`, whose master is there.
    pub(crate) fn sentinel(master: u16) -> Self {
        let folder = tempfile::Builder::new().prefix("switchback-redis-").tempdir().unwrap();
        let (port, file) = (free_port(), folder.path().join("sentinel.conf"));
        let text = format!(
            "port {port}\nbind 127.0.0.1\nsentinel monitor cache 127.0.0.1 {master} 1\n\
             sentinel down-after-milliseconds cache 500\nsentinel failover-timeout cache 3000\n"
        );
        std::fs::write(&file, text).unwrap();
        let mut command = Command::new("redis-server");
        command.arg(&file).arg("--sentinel").arg("--dir").arg(folder.path());
        Self { port, process: Some(spawn(&mut command)), _folder: folder }.answering()
    }

    fn start(listen: impl Fn(u16) -> Vec<String>, settings: &[&str]) -> Self {
        let folder = tempfile::Builder::new().prefix("switchback-redis-").tempdir().unwrap();
        let port = free_port();
        let mut command = Command::new("redis-server");
        command.args(listen(port)).args([
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--repl-diskless-sync-delay",
            "0",
            "--dir",
        ]);
        command.arg(folder.path()).args(settings);
        Self { port, process: Some(spawn(&mut command)), _folder: folder }.answering()
    }

    fn answering(self) -> Self {
        until("the server takes connections", || TcpStream::connect(("127.0.0.1", self.port)).is_ok());
        self
    }

    /// One command in the inline form, and the beginning of its answer.
    pub(crate) fn say(&self, command: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.write_all(format!("{command}\r\n").as_bytes()).unwrap();
        let mut answer = vec![0; 16 * 1024];
        let read = stream.read(&mut answer).unwrap();
        String::from_utf8_lossy(&answer[..read]).into_owned()
    }

    /// Waits until this replica's link to its master is up, in the eyes of both: the replica knows it first.
    pub(crate) fn wait_for_link(&self, master: &Self) {
        until("the replica's link is up", || self.say("INFO replication").contains("master_link_status:up"));
        until("its master counts it as online", || master.say("INFO replication").contains("state=online"));
    }

    pub(crate) fn kill(&mut self) {
        self.signal(Signal::KILL);
        if let Some(mut process) = self.process.take() {
            let _ = process.wait();
        }
    }

    /// It takes connections, and says nothing.
    pub(crate) fn freeze(&self) {
        self.signal(Signal::STOP);
    }

    fn signal(&self, signal: Signal) {
        if let Some(process) = &self.process {
            let _ = kill_process(Pid::from_raw(i32::try_from(process.id()).unwrap()).unwrap(), signal);
        }
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.kill();
    }
}

fn spawn(command: &mut Command) -> Child {
    let started = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    started.unwrap_or_else(|error| panic!("redis-server cannot be started ({error}): apt-get install redis-server"))
}
