//! AWS on loopback: `moto_server` with state of its own, and a gate before it that loses or holds what it is told to.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use super::wait::until;

/// Where `scripts/test` puts it.
pub(crate) fn program(name: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let program = target.join("venv/bin").join(name);
    assert!(program.exists(), "{} is missing: scripts/test installs it", program.display());
    program
}

/// Ended when dropped.
pub(crate) struct Moto {
    server: Child,
    address: SocketAddr,
}

impl Moto {
    /// Returns once it answers.
    pub(crate) fn start() -> Self {
        // Somebody may take the port between our letting go of it and its being bound: then another is tried.
        for _ in 0..5 {
            let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
            let mut command = Command::new(program("moto_server"));
            command.args(["-H", "127.0.0.1", "-p", &address.port().to_string()]);
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            let mut moto = Self { server: command.spawn().unwrap(), address };
            let mut ended = false;
            until("moto answers", || {
                ended = moto.server.try_wait().unwrap().is_some();
                ended || moto.answers()
            });
            if !ended {
                return moto;
            }
        }
        panic!("moto_server does not start");
    }

    fn answers(&self) -> bool {
        let Ok(mut stream) = TcpStream::connect(self.address) else { return false };
        let asked = stream.write_all(b"GET /moto-api/ HTTP/1.1\r\nhost: moto\r\nconnection: close\r\n\r\n");
        let mut answer = Vec::new();
        asked.is_ok() && stream.read_to_end(&mut answer).is_ok() && answer.starts_with(b"HTTP/1.1 ")
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What it answers to a look at this path of a service: for who looks often, without the `aws` command.
    pub(crate) fn look(&self, service: &str, path: &str) -> String {
        let mut stream = TcpStream::connect(self.address).unwrap();
        let scope = format!("Credential=AKIDTEST/20200101/us-east-1/{service}/aws4_request");
        let head = format!("authorization: AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=none");
        write!(stream, "GET {path} HTTP/1.1\r\nhost: {}\r\n{head}\r\nconnection: close\r\n\r\n", self.address).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// What the `aws` command says, as JSON.
    pub(crate) fn aws(&self, words: &[&str]) -> Value {
        let mut command = Command::new(program("aws"));
        command.args(["--endpoint-url", &self.url(), "--output", "json"]).args(words);
        command.env_clear().envs(environment(&self.url())).env("PATH", std::env::var_os("PATH").unwrap());
        let output = command.output().unwrap();
        assert!(output.status.success(), "aws {words:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap_or(Value::Null)
    }

    /// A hosted zone of this name; its id.
    pub(crate) fn zone(&self, name: &str) -> String {
        let made = self.aws(&["route53", "create-hosted-zone", "--name", name, "--caller-reference", name]);
        made["HostedZone"]["Id"].as_str().unwrap().trim_start_matches("/hostedzone/").to_owned()
    }

    /// Puts a record set, written as the API writes it.
    pub(crate) fn put(&self, zone: &str, set: &Value) {
        let batch = serde_json::json!({"Changes": [{"Action": "UPSERT", "ResourceRecordSet": set}]});
        let batch = batch.to_string();
        self.aws(&["route53", "change-resource-record-sets", "--hosted-zone-id", zone, "--change-batch", &batch]);
    }

    /// The record sets of a name.
    pub(crate) fn sets(&self, zone: &str, name: &str) -> Vec<Value> {
        let listed = self.aws(&["route53", "list-resource-record-sets", "--hosted-zone-id", zone]);
        let sets = listed["ResourceRecordSets"].as_array().unwrap();
        let name = format!("{name}.");
        sets.iter().filter(|set| set["Name"].as_str() == Some(&name)).cloned().collect()
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// What makes a program ask the endpoint at `url`, with keys that only it takes.
pub(crate) fn environment(url: &str) -> Vec<(&'static str, String)> {
    [
        ("AWS_ENDPOINT_URL", url),
        ("AWS_ACCESS_KEY_ID", "AKIDTEST"),
        ("AWS_SECRET_ACCESS_KEY", "a-secret-that-nobody-may-read"),
        ("AWS_REGION", "us-east-1"),
        ("AWS_DEFAULT_REGION", "us-east-1"),
        ("AWS_CONFIG_FILE", "/dev/null"),
        ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .into()
}

/// What the gate does with a request, by its first line.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Way {
    Pass,
    /// It is carried out, and its answer is lost.
    LoseAnswer,
    /// Never answered, never carried out.
    Hold,
    /// Answered with this status and body; nothing is carried out.
    Say(&'static str, &'static str),
}

/// Stands before an endpoint for as long as the test runs.
pub(crate) struct Gate {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Gate {
    pub(crate) fn before(moto: &Moto, way: impl Fn(&str) -> Way + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let seen: Arc<Mutex<Vec<String>>> = Arc::default();
        let (behind, way, noted) = (moto.address, Arc::new(way), Arc::clone(&seen));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (way, noted) = (Arc::clone(&way), Arc::clone(&noted));
                std::thread::spawn(move || drop(serve(stream, behind, &*way, &noted)));
            }
        });
        Self { address, seen }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// First lines of all requests so far.
    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn serve(
    mut stream: TcpStream,
    behind: SocketAddr,
    way: &dyn Fn(&str) -> Way,
    seen: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let (line, request) = read(&stream)?;
    seen.lock().unwrap_or_else(PoisonError::into_inner).push(line.clone());
    let way = way(&line);
    match way {
        Way::Hold => stream.read_to_end(&mut Vec::new()).map(drop),
        Way::Say(status, body) => {
            let date = "date: Wed, 01 Jan 2020 00:00:00 GMT";
            write!(
                stream,
                "HTTP/1.1 {status}\r\n{date}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            )
        }
        Way::Pass | Way::LoseAnswer => {
            let mut server = TcpStream::connect(behind)?;
            server.write_all(&request)?;
            let mut answer = Vec::new();
            server.read_to_end(&mut answer)?;
            if matches!(way, Way::Pass) { stream.write_all(&answer) } else { Ok(()) }
        }
    }
}

/// The request's first line, and all of it, asking for an answer that ends with its connection.
fn read(stream: &TcpStream) -> std::io::Result<(String, Vec<u8>)> {
    let mut reader = BufReader::new(stream);
    let (mut line, mut head, mut length) = (String::new(), String::new(), 0);
    reader.read_line(&mut line)?;
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header)? <= 2 {
            break;
        }
        let lower = header.to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or_default();
        }
        if !lower.starts_with("connection:") {
            head += &header;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let mut request = format!("{line}{head}connection: close\r\n\r\n").into_bytes();
    request.extend(body);
    Ok((line.trim().to_owned(), request))
}
