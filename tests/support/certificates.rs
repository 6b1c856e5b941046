//! TLS servers with certificates of every sort, made in the test.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use tempfile::TempDir;

pub(crate) const DAY: Duration = Duration::from_secs(86_400);

/// Signs certificates, and lies in a file.
#[derive(Debug)]
pub(crate) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    folder: TempDir,
}

/// From when, until when: before and after now.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Valid {
    For(Duration),
    Until(Duration),
    NotFor(Duration),
}

impl Authority {
    pub(crate) fn new() -> Self {
        Self::named("ours")
    }

    pub(crate) fn named(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ca.pem"), issuer.pem()).unwrap();
        Self { issuer, folder }
    }

    /// The file with its certificate.
    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// What a server for `name` presents.
    pub(crate) fn config(&self, name: &str, valid: Valid) -> ServerConfig {
        let key = KeyPair::generate().unwrap();
        let certificate = params(name, valid).signed_by(&key, &self.issuer).unwrap();
        config(certificate.der().clone(), &key)
    }
}

/// What a server presents that signed for itself.
pub(crate) fn self_signed(name: &str) -> ServerConfig {
    let key = KeyPair::generate().unwrap();
    let certificate = params(name, Valid::For(DAY * 90)).self_signed(&key).unwrap();
    config(certificate.der().clone(), &key)
}

fn params(name: &str, valid: Valid) -> CertificateParams {
    let now = SystemTime::now();
    let (from, until) = match valid {
        Valid::For(left) => (now - DAY, now + left),
        Valid::Until(ago) => (now - ago - DAY, now - ago),
        Valid::NotFor(wait) => (now + wait, now + wait + DAY),
    };
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.not_before = from.into();
    params.not_after = until.into();
    params
}

fn config(certificate: rustls::pki_types::CertificateDer<'static>, key: &KeyPair) -> ServerConfig {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap()
}

/// What is spoken before TLS.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Before {
    Nothing,
    /// The lines of a mail server; `false`: it knows no STARTTLS.
    Smtp(bool),
    /// LDAP, with this result code.
    Ldap(u8),
}

/// Serves until the test's process ends. Inside TLS it answers every line as HTTP would.
pub(crate) fn serve(config: ServerConfig, before: Before) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let config = Arc::new(config);
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let config = Arc::clone(&config);
            std::thread::spawn(move || answer(stream, config, before));
        }
    });
    address
}

fn answer(mut stream: TcpStream, config: Arc<ServerConfig>, before: Before) -> std::io::Result<()> {
    match before {
        Before::Nothing => {}
        Before::Smtp(knows) => {
            stream.write_all(b"220-mail.example.com\r\n220 ready\r\n")?;
            let mut lines = BufReader::new(stream.try_clone()?);
            let mut line = String::new();
            lines.read_line(&mut line)?;
            stream.write_all(b"250-mail.example.com\r\n250 STARTTLS\r\n")?;
            lines.read_line(&mut line)?;
            stream.write_all(if knows { b"220 go ahead\r\n" } else { b"502 5.5.1 unknown\x1b[31m\r\n" })?;
        }
        Before::Ldap(code) => {
            stream.read_exact(&mut [0; 31])?;
            stream.write_all(&[0x30, 0x0c, 0x02, 0x01, 0x01, 0x78, 0x07, 0x0a, 0x01, code, 0x04, 0x00, 0x04, 0x00])?;
        }
    }
    let session = ServerConnection::new(config).map_err(std::io::Error::other)?;
    let mut tls = StreamOwned::new(session, stream);
    let mut line = String::new();
    BufReader::new(&mut tls).read_line(&mut line)?;
    tls.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok")?;
    tls.conn.send_close_notify();
    tls.flush()?;
    // Ends when the client has read all of it.
    tls.sock.read_to_end(&mut Vec::new()).map(drop)
}
