//! Does a port take a connection. An open port proves that a kernel runs, nothing about the server behind it.

use domain::estate::TcpCheck;
use domain::reading::Payload;
use tokio::net::TcpStream;

use super::{Look, Looking, Seen};

#[derive(Debug)]
pub(super) struct TcpProbe {
    host: String,
    port: u16,
}

impl TcpProbe {
    pub(super) fn new(check: &TcpCheck) -> Self {
        Self { host: check.host.clone(), port: check.port }
    }

    async fn connect(&self) -> Seen {
        match TcpStream::connect((self.host.as_str(), self.port)).await {
            Ok(_) => Seen::good(Payload::Text { text: "open".into() }),
            Err(error) => Seen::bad(format!("cannot connect: {error}")),
        }
    }
}

impl Look for TcpProbe {
    fn see(&self) -> Looking<'_> {
        Box::pin(self.connect())
    }
    fn host(&self) -> &str {
        &self.host
    }
}
