//! `tcp`: a port that takes a connection, and perhaps answers.

use super::super::fields::Fields;
use super::super::schema::{Kind, Variant, key, needed};
use super::super::value;

pub(super) const KIND: Variant = Variant {
    word: "tcp",
    about: "A port that takes a connection. That alone proves less than it seems to: a server that is stopped, or that \
            has no free worker, still takes one. So let it say something: `send` a question, or `expect` its greeting. \
            At most 64 KiB of what it says are read.",
    keys: &[
        needed("address", Kind::HostPort, "What is connected to."),
        key("tls", Kind::Bool, "false", "Whether TLS is spoken; its certificate must be valid."),
        key(
            "server_name",
            Kind::Text,
            "the host of `address`",
            "With `tls`: the name its certificate must be made for.",
        ),
        key("ca", Kind::Text, "the system's authorities", "With `tls`: PEM file of the certificates that are trusted."),
        key("send", Kind::Bytes, "nothing", "What is sent. `\\r \\n \\t \\0 \\\\ \\xHH` stand for bytes, in '…' too."),
        key("expect", Kind::Bytes, "nothing", "What must stand in its answer, written likewise."),
        key("expect_regex", Kind::Regex, "none", "Expression that must match in its answer."),
    ],
    example: r#"[[checks]]
name = "cache@us-east-1"
type = "tcp"
address = "cache.us-east-1.example.com:6379"
# tls = false
# server_name = "cache.example.com"
# ca = "/etc/ssl/internal-ca.pem"
send = 'PING\r\n'
expect = "+PONG"
# expect_regex = '^\+PONG'
"#,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TcpCheck {
    pub host: String,
    pub port: u16,
    pub tls: Option<TcpTls>,
    pub send: Option<Vec<u8>>,
    pub expect: Option<Vec<u8>>,
    pub expect_regex: Option<String>,
}

/// TLS around what is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TcpTls {
    /// The host unless written.
    pub server_name: Option<String>,
    /// Path of a PEM file; the system's authorities unless written.
    pub ca: Option<String>,
}

impl TcpCheck {
    /// Only that it takes a connection.
    #[must_use]
    pub fn open(host: impl Into<String>, port: u16) -> Self {
        Self { host: host.into(), port, tls: None, send: None, expect: None, expect_regex: None }
    }

    pub(super) fn read(fields: &Fields<'_, '_>) -> Option<Self> {
        let (host, port) = fields.take("address", value::host_port)?;
        let tls = fields.take("tls", value::boolean).unwrap_or(false);
        Some(Self {
            tls: tls.then(|| TcpTls { server_name: fields.text("server_name"), ca: fields.text("ca") }),
            send: fields.take("send", value::bytes),
            expect: fields.take("expect", value::bytes),
            expect_regex: fields.take("expect_regex", value::regex),
            ..Self::open(host, port)
        })
    }
}
