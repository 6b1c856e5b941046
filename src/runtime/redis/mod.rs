//! A small client of Redis: one connection, a few questions, every answer bounded. The caller bounds the time.

mod error;
mod info;
mod value;

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use domain::estate::RedisAddress;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, BufReader, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

pub use error::Error;
pub use info::Info;
pub use value::Value;

use crate::runtime::tls;

/// Who asks.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// `None`: the default user.
    pub user: Option<String>,
    pub password: String,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Login").field("user", &self.user).finish_non_exhaustive()
    }
}

/// A connection.
#[derive(Debug)]
pub struct Client {
    stream: BufReader<Stream>,
    peer: SocketAddr,
}

impl Client {
    /// Connects, and logs in when a login is given.
    ///
    /// # Errors
    /// Nothing listens there, TLS fails, or the login is refused.
    pub async fn connect(address: &RedisAddress, tls_verify: bool, login: Option<&Login>) -> Result<Self, Error> {
        let tcp = TcpStream::connect((address.host.as_str(), address.port)).await.map_err(Error::Connect)?;
        let peer = tcp.peer_addr().map_err(Error::Connect)?;
        let stream = if address.tls {
            Stream::Tls(Box::new(encrypted(tcp, address, tls_verify).await?))
        } else {
            Stream::Plain(tcp)
        };
        let mut client = Self { stream: BufReader::new(stream), peer };
        if let Some(Login { user, password }) = login {
            let words: Vec<&str> = ["AUTH"].into_iter().chain(user.as_deref()).chain([password.as_str()]).collect();
            client.ask(&words).await?;
        }
        Ok(client)
    }

    /// The address that was connected to.
    #[must_use]
    pub const fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// One command and its answer.
    ///
    /// # Errors
    /// The connection breaks, what comes is no answer of Redis, or the answer is an error.
    pub async fn ask(&mut self, words: &[&str]) -> Result<Value, Error> {
        self.stream.get_mut().write_all(&value::command(words)).await.map_err(Error::Broken)?;
        match value::read(&mut self.stream).await? {
            Value::Error(said) => Err(Error::Refused(said)),
            value => Ok(value),
        }
    }

    /// A section of INFO.
    ///
    /// # Errors
    /// As [`Client::ask`]; and where the answer is no text.
    pub async fn info(&mut self, section: &str) -> Result<Info, Error> {
        let answer = self.ask(&["INFO", section]).await?;
        answer.text().map(Info::parse).ok_or(Error::Protocol("INFO is answered without a text"))
    }
}

async fn encrypted(tcp: TcpStream, address: &RedisAddress, verify: bool) -> Result<TlsStream<TcpStream>, Error> {
    let config = if verify { tls::client_config() } else { tls::unverified_config() };
    let config = config.map_err(|error| Error::Tls(error.to_string()))?;
    let name = ServerName::try_from(address.host.clone()).map_err(|error| Error::Tls(error.to_string()))?;
    let connected = TlsConnector::from(Arc::new(config)).connect(name, tcp).await;
    connected.map_err(|error| Error::Tls(error.to_string()))
}

#[derive(Debug)]
enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(context, into),
            Self::Tls(stream) => Pin::new(stream).poll_read(context, into),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(context, bytes),
            Self::Tls(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }
    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(context),
            Self::Tls(stream) => Pin::new(stream).poll_flush(context),
        }
    }
    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}
