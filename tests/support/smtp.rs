//! A real mail server on loopback: aiosmtpd, with TLS, STARTTLS or neither, and a login where one is asked for.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::wait::until;

pub(crate) struct SmtpServer {
    pub(crate) port: u16,
    child: Child,
    taken: Arc<Mutex<Vec<Value>>>,
    folder: TempDir,
}

impl SmtpServer {
    /// `mode` is `none`, `starttls` or `tls`.
    pub(crate) fn start(mode: &str, login: Option<(&str, &str)>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        certificates(&folder);
        let path = |name: &str| folder.path().join(name).display().to_string();
        let (user, password) = login.unzip();
        let asked = json!({"mode": mode, "certificate": path("server.crt"), "key": path("server.key"),
            "user": user, "password": password});
        let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/support/smtp_server.py");
        // Debian's own: that is where its package of aiosmtpd is found.
        let mut child = Command::new("/usr/bin/python3")
            .arg(script)
            .arg(asked.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = lines.next().expect("python3-aiosmtpd is installed").unwrap().parse().unwrap();
        let taken = Arc::new(Mutex::new(Vec::new()));
        let take = Arc::clone(&taken);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                take.lock().unwrap().push(serde_json::from_str(&line).unwrap());
            }
        });
        Self { port, child, taken, folder }
    }

    /// The authority of its certificate.
    pub(crate) fn authority(&self) -> PathBuf {
        self.folder.path().join("ca.crt")
    }

    /// Returns once so many messages were taken.
    pub(crate) fn took(&self, count: usize) -> Vec<Value> {
        until(&format!("{count} messages were taken"), || self.taken.lock().unwrap().len() >= count);
        self.taken.lock().unwrap().clone()
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn certificates(folder: &TempDir) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let server = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    let write = |name: &str, text: String| std::fs::write(folder.path().join(name), text).unwrap();
    write("ca.crt", authority.pem());
    write("server.crt", server.pem());
    write("server.key", key.serialize_pem());
}
