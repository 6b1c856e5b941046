//! Audiences are told by real receivers, each once; what did not arrive is known, and what nobody knows is said to be so.

mod acts;
mod doubt;
mod page;
mod screen;
mod ways;

use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::attempts::SWITCHBACK;
use crate::support::statuspage::{KEY, StatusPage};

/// An estate with an incident, told of without the screen.
struct Bench {
    folder: TempDir,
}

impl Bench {
    /// With these audiences and channels.
    fn new(comms: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let estate = format!(
            "name = \"orders\"\n[regions.east]\nrole = \"primary\"\n[regions.west]\n\
             [services.shop]\nhealth = {{ east = \"http://127.0.0.1:9/\", west = \"http://127.0.0.1:9/\" }}\n{comms}"
        );
        std::fs::write(folder.path().join("switchback.toml"), estate).unwrap();
        let bench = Self { folder };
        let declared = bench.run(&["declare", "east is down", "--from", "east", "--to", "west"]);
        assert_eq!(declared.status.code(), Some(0), "{}", said(&declared));
        bench
    }

    /// Whose public is told on this page.
    fn on(page: &StatusPage, more: &str) -> Self {
        let url = page.url();
        Self::new(&format!(
            "[comms.public]\nchannels = [\"page\"]\n[comms.executives]\n[channels.page]\ntype = \"statuspage\"\n\
             page = \"kctbh9vrtdwd\"\napi_key = \"env:PAGE_KEY\"\nurl = \"{url}\"\ncomponents = [\"c1\"]\n\
             component_status = {{ investigating = \"partial_outage\" }}\n{more}\n"
        ))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(SWITCHBACK);
        command
            .args(arguments)
            .args(["--as", "mara", "--config"])
            .arg(self.folder.path().join("switchback.toml"))
            .arg("--state")
            .arg(self.folder.path().join("state"))
            .env("PAGE_KEY", KEY)
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    fn start(&self, arguments: &[&str]) -> Child {
        self.command(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// The answer, and the exit code.
    fn update(&self, arguments: &[&str]) -> (Value, Option<i32>) {
        let output = self.run(&[&["update", "--json"], arguments].concat());
        let told = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(&output)));
        (told, output.status.code())
    }

    /// Entries of these kinds, as they stand.
    fn entries(&self, kind: &str) -> Vec<Value> {
        let log = self.run(&["log", "--json"]);
        let entries = String::from_utf8(log.stdout).unwrap();
        let entries = entries.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        entries.filter(|entry| entry["type"] == kind || entry["event"]["type"] == kind).collect()
    }

    fn log(&self) -> String {
        String::from_utf8(self.run(&["log", "--json"]).stdout).unwrap()
    }
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}
