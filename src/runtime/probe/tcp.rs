//! Does a port take a connection, and does what is behind it say what it should. An open port alone proves that a kernel
//! runs, nothing about the server behind it.

use std::path::Path;
use std::sync::Arc;

use domain::estate::{TcpCheck, TcpTls};
use domain::reading::Payload;
use domain::untrusted::sanitise_line;
use regex::bytes::Regex;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::process::shorten;
use super::{Look, Looking, Seen};
use crate::runtime::{http, tls};

/// How much of an answer is read.
const ANSWER: usize = 64 * 1024;

#[derive(Debug)]
pub(super) struct TcpProbe {
    check: TcpCheck,
    pattern: Option<Regex>,
}

impl TcpProbe {
    /// `Err` says why it can never be asked.
    pub(super) fn new(check: &TcpCheck) -> Result<Self, String> {
        let pattern = check.expect_regex.as_deref().map(Regex::new).transpose().map_err(|error| error.to_string())?;
        Ok(Self { check: check.clone(), pattern })
    }

    async fn look(&self) -> Seen {
        let stream = match TcpStream::connect((self.check.host.as_str(), self.check.port)).await {
            Ok(stream) => stream,
            Err(error) => return Seen::bad(format!("cannot connect: {}", http::explain_connect(&error))),
        };
        let Some(wanted) = &self.check.tls else { return self.converse(stream).await };
        let connector = match self.connector(wanted) {
            Ok(connector) => connector,
            Err(why) => return Seen::unknown(why),
        };
        match connector.0.connect(connector.1, stream).await {
            Ok(stream) => self.converse(stream).await,
            Err(error) => Seen::bad(format!("the handshake fails: {}", http::with_causes(&error))),
        }
    }

    fn connector(&self, wanted: &TcpTls) -> Result<(TlsConnector, ServerName<'static>), String> {
        let name = wanted.server_name.as_ref().unwrap_or(&self.check.host).clone();
        let name = ServerName::try_from(name.clone()).map_err(|_| format!("`{name}` is no name that a server has"))?;
        let config = match &wanted.ca {
            None => tls::client_config().map_err(|error| error.to_string()),
            Some(path) => tls::config_trusting(Path::new(path)),
        };
        Ok((TlsConnector::from(Arc::new(config?)), name))
    }

    async fn converse(&self, mut stream: impl AsyncRead + AsyncWrite + Unpin) -> Seen {
        if let Some(words) = &self.check.send
            && let Err(error) = async {
                stream.write_all(words).await?;
                stream.flush().await
            }
            .await
        {
            return Seen::bad(format!("it cannot be sent to: {error}"));
        }
        if self.check.expect.is_none() && self.pattern.is_none() {
            return Seen::good(Payload::Text { text: "open".into() });
        }
        let mut answer = Vec::new();
        let mut chunk = vec![0; 8 * 1024];
        loop {
            if self.says(&answer) {
                let first = answer.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
                return Seen::good(Payload::Text { text: shorten(&sanitise_line(first), 60) });
            }
            if answer.len() >= ANSWER {
                return Seen::bad("its first 64 KiB do not hold what is expected");
            }
            match stream.read(&mut chunk).await {
                Ok(0) if answer.is_empty() => return Seen::bad("it closes the connection without a word"),
                Ok(0) => {
                    let said = shorten(&sanitise_line(&answer), 80);
                    return Seen::bad(format!("it answers `{said}`, which is not what is expected"));
                }
                Ok(read) => answer.extend_from_slice(&chunk[..read.min(ANSWER - answer.len())]),
                Err(error) => return Seen::bad(format!("the connection breaks: {error}")),
            }
        }
    }

    fn says(&self, answer: &[u8]) -> bool {
        let holds = |wanted: &Vec<u8>| answer.windows(wanted.len().max(1)).any(|window| window == wanted);
        self.check.expect.as_ref().is_none_or(holds) && self.pattern.as_ref().is_none_or(|it| it.is_match(answer))
    }
}

impl Look for TcpProbe {
    fn see(&self) -> Looking<'_> {
        Box::pin(self.look())
    }
    fn host(&self) -> &str {
        &self.check.host
    }
}
