//! `tls`: the certificate that a server presents.

use super::super::fields::Fields;
use super::super::schema::{Kind, Variant, key, needed};
use super::super::value;

const PLAIN_FIRST: &[&str] = &["smtp", "postgres", "ldap"];

pub(super) const KIND: Variant = Variant {
    word: "tls",
    about: "A handshake, and the certificate that comes with it: down when it has expired, is not valid yet, is made for \
            another name, or is signed by nobody who is trusted here (each told apart); degraded when it soon expires. \
            No client certificate is sent; a server that insists on one under TLS 1.2 is down.",
    keys: &[
        needed("address", Kind::HostPort, "What is connected to."),
        key(
            "server_name",
            Kind::Text,
            "the host of `address`",
            "The name that it must be made for, and that is asked for.",
        ),
        key("ca", Kind::Text, "the system's authorities", "PEM file of the certificates that are trusted instead."),
        key("days", Kind::Count { min: 0, max: 3650 }, "14", "With fewer days left than this it is degraded."),
        key("starttls", Kind::Word(PLAIN_FIRST), "none", "The protocol that is spoken before TLS is asked for."),
    ],
    example: r#"[[checks]]
name = "certificate@us-east-1"
type = "tls"
address = "192.0.2.10:443"
server_name = "www.example.com"
# ca = "/etc/ssl/internal-ca.pem"
# days = 14
# starttls = "postgres"
interval = "5m"
"#,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsCheck {
    pub host: String,
    pub port: u16,
    /// The host unless written.
    pub server_name: Option<String>,
    /// Path of a PEM file; the system's authorities unless written.
    pub ca: Option<String>,
    /// Fewer days left than this are *degraded* (14).
    pub days: u32,
    pub starttls: Option<StartTls>,
}

/// What is spoken before TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartTls {
    /// RFC 3207.
    Smtp,
    /// `SSLRequest`.
    Postgres,
    /// RFC 4511, 4.14.
    Ldap,
}

impl TlsCheck {
    pub(super) fn read(fields: &Fields<'_, '_>) -> Option<Self> {
        let (host, port) = fields.take("address", value::host_port)?;
        Some(Self {
            host,
            port,
            server_name: fields.text("server_name"),
            ca: fields.text("ca"),
            days: fields.small("days").unwrap_or(14),
            starttls: fields.word("starttls", PLAIN_FIRST).map(|word| match word {
                "smtp" => StartTls::Smtp,
                "ldap" => StartTls::Ldap,
                _ => StartTls::Postgres,
            }),
        })
    }
}
