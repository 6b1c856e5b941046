//! A plain-text message by SMTP (RFC 5321), over the same TLS as everything else.

use domain::alert::Notice;
use domain::estate::{EmailChannel, EmailTls};
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use super::super::secret::Used;
use super::{Again, Fault};
use crate::runtime::tls;

/// What is sent.
#[derive(Debug)]
pub(in crate::runtime) struct Letter {
    pub(in crate::runtime) subject: String,
    pub(in crate::runtime) body: String,
    /// Receivers do not see each other's addresses.
    pub(in crate::runtime) apart: bool,
}

pub(super) async fn send(channel: &EmailChannel, notice: &Notice, used: &mut Used) -> Result<(), Fault> {
    let body = notice.lines().join("\n");
    deliver(channel, Letter { subject: notice.headline(), body, apart: false }, used).await
}

pub(in crate::runtime) async fn deliver(channel: &EmailChannel, letter: Letter, used: &mut Used) -> Result<(), Fault> {
    let message = message(channel, letter)?;
    match transport(channel, used).await?.send(message).await {
        Ok(_) => Ok(()),
        Err(error) => Err(explain(&error, channel)),
    }
}

/// Connects, secures the connection and logs in; sends nothing.
pub(in crate::runtime) async fn look(channel: &EmailChannel, used: &mut Used) -> Result<(), Fault> {
    match transport(channel, used).await?.test_connection().await {
        Ok(true) => Ok(()),
        Ok(false) => Err(Fault::pointless("the server does not answer as one should", "check `server` and `tls`")),
        Err(error) => Err(explain(&error, channel)),
    }
}

async fn transport(channel: &EmailChannel, used: &mut Used) -> Result<AsyncSmtpTransport<Tokio1Executor>, Fault> {
    let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(channel.host.clone())
        .port(channel.port)
        .tls(security(channel)?);
    if let Some((user, password)) = &channel.login {
        transport = transport.credentials(Credentials::new(user.clone(), used.read(password).await?));
    }
    Ok(transport.build())
}

fn message(channel: &EmailChannel, letter: Letter) -> Result<Message, Fault> {
    let mailbox = |text: &String| -> Result<Mailbox, Fault> {
        text.parse().map_err(|error| Fault::pointless(format!("`{text}`: {error}"), "write it as name@example.com"))
    };
    let mut builder = Message::builder().from(mailbox(&channel.from)?).subject(letter.subject);
    let apart = letter.apart && channel.to.len() > 1;
    for to in &channel.to {
        builder = if apart { builder.bcc(mailbox(to)?) } else { builder.to(mailbox(to)?) };
    }
    builder
        .header(ContentType::TEXT_PLAIN)
        .body(letter.body.replace("\r\n", "\n").replace('\n', "\r\n") + "\r\n")
        .map_err(|error| Fault::pointless(format!("the message cannot be made: {error}"), "check `from` and `to`"))
}

fn security(channel: &EmailChannel) -> Result<Tls, Fault> {
    // The process's one source of cryptography comes first.
    let _ = tls::provider();
    let parameters = || {
        TlsParameters::new_rustls(channel.host.clone())
            .map_err(|error| Fault::pointless(format!("TLS cannot be set up: {error}"), "check the name of the server"))
    };
    Ok(match channel.tls {
        EmailTls::StartTls => Tls::Required(parameters()?),
        EmailTls::Tls => Tls::Wrapper(parameters()?),
        EmailTls::None => Tls::None,
    })
}

fn explain(error: &Error, channel: &EmailChannel) -> Fault {
    let mut why = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        let said = inner.to_string();
        if !why.contains(&said) {
            why = format!("{why}: {said}");
        }
        cause = inner.source();
    }
    let code = error.status().map(u16::from);
    let access = match &channel.login {
        Some((user, password)) => format!("check `user` ({user}) and {password}"),
        None => "it may want a login: `user` and `password`".to_owned(),
    };
    let (remedy, again) = match code {
        Some(530 | 534 | 535 | 538) => (access, Again::Pointless),
        Some(550..=553) => ("check `from` and `to`".to_owned(), Again::Pointless),
        _ if error.is_permanent() || error.is_client() => {
            ("check `server`, `tls` and who may send there".to_owned(), Again::Pointless)
        }
        _ if why.contains("certificate") => (
            "its certificate must be valid for that name, and be signed by an authority this machine trusts".to_owned(),
            Again::Soon,
        ),
        _ => ("does this machine reach the mail server, and is `tls` what it speaks?".to_owned(), Again::Soon),
    };
    // Without the server's last word, once it was reached.
    let unsure = error.is_timeout() || why.to_ascii_lowercase().starts_with("network error");
    Fault { why, remedy, again, unsure }
}
