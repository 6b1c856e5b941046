//! `email`: one message per notice, by SMTP.

use super::super::fields::Fields;
use super::super::schema::{Key, Kind, Variant, key, needed};
use super::super::source::SecretSource;
use super::super::value;
use crate::diagnostic::Diagnostic;

/// Updates to audiences go through the same.
pub(in crate::estate) const KEYS: &[Key] = &[
    needed("server", Kind::HostPort, "The SMTP server: 587 for STARTTLS, 465 for TLS from the start."),
    key("tls", Kind::Word(&["starttls", "tls", "none"]), "\"starttls\"", "How the connection is secured."),
    key("user", Kind::Text, "none", "Who logs in."),
    key("password", Kind::Secret, "none", "With `user`."),
    needed("from", Kind::Mailbox, "The sender."),
    needed("to", Kind::MailboxList, "Who gets it."),
];

pub(super) const KIND: Variant = Variant {
    word: "email",
    about: "A plain-text message by SMTP. With `starttls` a server that offers none is refused: nothing is ever sent in \
            the clear by accident, and with `tls = \"none\"` no password.",
    keys: KEYS,
    example: r#"[notify.mail]
type = "email"
server = "smtp.example.com:587"
# tls = "starttls"
user = "switchback"
password = "env:SMTP_PASSWORD"
from = "Switchback <switchback@example.com>"
to = ["on-call@example.com", "Raj <raj@example.com>"]
"#,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailChannel {
    pub host: String,
    pub port: u16,
    pub tls: EmailTls,
    pub login: Option<(String, SecretSource)>,
    /// `ana@example.com` or `Ana <ana@example.com>`.
    pub from: String,
    pub to: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EmailTls {
    #[default]
    StartTls,
    Tls,
    None,
}

impl EmailChannel {
    pub(in crate::estate) fn read(fields: &Fields<'_, '_>, report: &mut Vec<Diagnostic>) -> Option<Self> {
        let (host, port) = fields.take("server", value::host_port)?;
        let tls = match fields.word("tls", &["starttls", "tls", "none"]) {
            Some("tls") => EmailTls::Tls,
            Some("none") => EmailTls::None,
            _ => EmailTls::StartTls,
        };
        let login = match (fields.text("user"), fields.take("password", value::secret)) {
            (Some(user), Some(password)) => Some((user, password)),
            (None, None) => None,
            (Some(_), None) => return half(fields, "user", "password", report),
            (None, Some(_)) => return half(fields, "password", "user", report),
        };
        if login.is_some() && tls == EmailTls::None {
            let message = "a password would be sent in the clear";
            let help = "write tls = \"starttls\" or tls = \"tls\", or leave `user` and `password` out";
            report.push(Diagnostic::error("estate::notify", fields.span_of("tls"), message).help(help));
        }
        Some(Self {
            host,
            port,
            tls,
            login,
            from: fields.take("from", value::mailbox)?,
            to: fields.take("to", value::mailboxes)?,
        })
    }
}

fn half(fields: &Fields<'_, '_>, written: &str, other: &str, report: &mut Vec<Diagnostic>) -> Option<EmailChannel> {
    if !fields.has(other) {
        let message = format!("`{written}` without `{other}`");
        let help = format!("add `{other}`, or remove `{written}` where nobody has to log in");
        report.push(Diagnostic::error("estate::notify", fields.span_of(written), message).help(help));
    }
    None
}
