//! Does a port take a connection. An open port proves that a kernel runs, nothing about the server behind it.

use domain::reading::Payload;
use tokio::net::TcpStream;

use super::Seen;

#[derive(Debug)]
pub(super) struct TcpProbe {
    host: String,
    port: u16,
}

impl TcpProbe {
    pub(super) fn new(host: &str, port: u16) -> Self {
        Self { host: host.to_owned(), port }
    }

    pub(super) fn host(&self) -> &str {
        &self.host
    }

    pub(super) async fn see(&self) -> Seen {
        match TcpStream::connect((self.host.as_str(), self.port)).await {
            Ok(_) => Seen::good(Payload::Text { text: "open".into() }),
            Err(error) => Seen::bad(format!("cannot connect: {error}")),
        }
    }
}
