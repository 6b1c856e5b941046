//! A healthy estate: ten checks of a local server, two regions, and a place to keep what the program keeps.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::{fs, thread};

use super::target::CHECKS;

const SERVICES: [&str; 5] = ["orders", "checkout", "accounts", "search", "reports"];

pub(crate) struct Estate {
    folder: tempfile::TempDir,
    pub(crate) file: PathBuf,
    pub(crate) state: String,
}

impl Estate {
    /// Five services in two regions, answered by a server in this process.
    pub(crate) fn healthy() -> Self {
        let address = serve();
        let mut text = String::new();
        for service in SERVICES {
            text.push_str(&format!("\n[services.{service}]\ntier = 1\n\n[services.{service}.health]\n"));
            for region in ["us-east-1", "us-west-2"] {
                text.push_str(&format!("{region} = \"http://{address}/{service}/health\"\n"));
            }
        }
        Self::of(&text)
    }

    /// As many checks as are measured, of half as many services in two regions.
    pub(crate) fn of_checks(url: impl Fn(usize) -> String) -> Self {
        let mut text = String::new();
        for number in (0..CHECKS).step_by(2) {
            let (east, west) = (url(number), url(number + 1));
            text.push_str(&format!(
                "\n[services.service-{number}]\ntier = 1\nhealth = {{ us-east-1 = \"{east}\", us-west-2 = \"{west}\" }}\n"
            ));
        }
        Self::of(&text)
    }

    /// Two regions and a tier, in which nothing is checked.
    pub(crate) fn bare() -> Self {
        Self::of("")
    }

    fn of(services: &str) -> Self {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let file = folder.path().join("switchback.toml");
        let text = format!(
            "name = \"bench\"\nrunbooks = [\".\"]\n\n[regions.us-east-1]\nrole = \"primary\"\n\n[regions.us-west-2]\n\
             role = \"standby\"\n\n[tiers.1]\nrto = \"5m\"\nrpo = \"1m\"\n{services}"
        );
        fs::write(&file, text).unwrap();
        let state = folder.path().join("state").to_str().unwrap().to_owned();
        Self { folder, file, state }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn arguments(&self) -> [&str; 2] {
        ["--config", self.file.to_str().unwrap()]
    }
}

/// Answers every request with "ok", until this process ends.
fn serve() -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok");
        }
    });
    address
}
