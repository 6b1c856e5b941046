//! `tcp`: a port that takes a connection.

use super::super::fields::Fields;
use super::super::schema::{Kind, Variant, needed};
use super::super::value;

pub(super) const KIND: Variant = Variant {
    word: "tcp",
    about: "A port that takes a connection. It proves less than it seems to: a server that is stopped, or that has \
            no free worker, still takes one.",
    keys: &[needed("address", Kind::HostPort, "What is connected to.")],
    example: r#"[[checks]]
name = "cache@us-east-1"
type = "tcp"
address = "cache.us-east-1.example.com:6379"
"#,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TcpCheck {
    pub host: String,
    pub port: u16,
}

impl TcpCheck {
    pub(super) fn read(fields: &Fields<'_, '_>) -> Option<Self> {
        let (host, port) = fields.take("address", value::host_port)?;
        Some(Self { host, port })
    }
}
