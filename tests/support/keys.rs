//! SSH keys, made by ssh-keygen, and a real ssh-agent that holds some of them.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::wait::until;

/// A key of its own kind under this name; `passphrase` may be empty.
pub(crate) fn key(folder: &Path, name: &str, kind: &str, passphrase: &str) -> PathBuf {
    let file = folder.join(name);
    let made =
        Command::new("ssh-keygen").args(["-q", "-t", kind, "-N", passphrase, "-C", name, "-f"]).arg(&file).status();
    assert!(made.unwrap().success());
    file
}

/// The line of its `.pub` file.
pub(crate) fn public(key: &Path) -> String {
    std::fs::read_to_string(key.with_extension("pub")).unwrap().trim().to_owned()
}

/// Ends with the test.
pub(crate) struct Agent {
    agent: Child,
    pub(crate) socket: PathBuf,
}

impl Agent {
    pub(crate) fn start(folder: &Path) -> Self {
        let socket = folder.join("agent");
        let agent = Command::new("ssh-agent").args(["-D", "-a"]).arg(&socket).stdout(Stdio::null()).spawn().unwrap();
        until("the agent listens", || socket.exists());
        Self { agent, socket }
    }

    pub(crate) fn add(&self, key: &Path) {
        let added = Command::new("ssh-add").arg("-q").arg(key).env("SSH_AUTH_SOCK", &self.socket).status();
        assert!(added.unwrap().success());
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        let _ = self.agent.kill();
        let _ = self.agent.wait();
    }
}
