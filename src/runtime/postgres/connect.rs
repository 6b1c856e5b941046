//! Connections with one timer around the whole: a stopped postmaster accepts TCP and then says nothing for ever.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::untrusted::sanitise_line;
use tokio::task::AbortHandle;
use tokio::time::timeout;
use tokio_postgres::{AsyncMessage, Connection, SimpleQueryMessage, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::dsn::{Dsn, SessionAttrs, SslMode, Target};
use super::error::Error;
use super::verify;

/// Notices kept for whoever asks; older ones are let go.
const NOTICES: usize = 200;

/// A conversation with one server. Dropping it closes the connection at once.
#[derive(Debug)]
pub struct Client {
    inner: tokio_postgres::Client,
    driver: AbortHandle,
    notices: Notices,
    /// How to reach the server a second time, for a cancel request; `None` without TLS.
    tls: Option<MakeTls>,
    /// Which server of the list it is: `127.0.0.1:5433`.
    pub server: String,
}

/// One row of a simple query, as text. `None` is NULL.
pub type Row = Vec<Option<String>>;

type Notices = Arc<Mutex<VecDeque<String>>>;

#[derive(Clone)]
struct MakeTls(MakeRustlsConnect);

impl std::fmt::Debug for MakeTls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MakeTls")
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

impl Client {
    /// The driver's own client, for what is not here.
    #[must_use]
    pub const fn driver(&self) -> &tokio_postgres::Client {
        &self.inner
    }

    /// Runs one or several statements without parameters; the rows of all of them, as text.
    ///
    /// # Errors
    /// The server refused ([`Error::Refused`]) or the connection broke.
    pub async fn query(&self, sql: &str) -> Result<Vec<Row>, Error> {
        let messages = self.inner.simple_query(sql).await.map_err(|error| Error::talking(&error))?;
        let rows = messages.iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some((0..row.len()).map(|at| row.get(at).map(str::to_owned)).collect()),
            _ => None,
        });
        Ok(rows.collect())
    }

    /// The first field of the first row, when there is one and it is not NULL.
    ///
    /// # Errors
    /// As [`Client::query`].
    pub async fn value(&self, sql: &str) -> Result<Option<String>, Error> {
        Ok(self.query(sql).await?.into_iter().next().and_then(|row| row.into_iter().next().flatten()))
    }

    /// Takes the notices and warnings that came since the last time, oldest first and safe to show: `WARNING: …`.
    #[must_use]
    pub fn take_notices(&self) -> Vec<String> {
        self.notices.lock().unwrap_or_else(PoisonError::into_inner).drain(..).collect()
    }

    /// Asks the server to end the running statement. That it was asked does not say that it ended.
    ///
    /// # Errors
    /// The request did not reach the server within `deadline`.
    pub async fn cancel(&self, deadline: Duration) -> Result<(), Error> {
        let token = self.inner.cancel_token();
        let asked = async {
            match &self.tls {
                Some(MakeTls(tls)) => token.cancel_query(tls.clone()).await,
                None => token.cancel_query(tokio_postgres::NoTls).await,
            }
        };
        match timeout(deadline, asked).await {
            Ok(answer) => answer.map_err(|error| Error::connecting(&error)),
            Err(_) => Err(Error::TimedOut { after: deadline }),
        }
    }
}

/// Connects to the first server of `dsn` that will do. `deadline` covers name, socket, TLS, login and every server.
///
/// # Errors
/// Why the last server was not taken. A refusal with a SQLSTATE is told from everything that proves nothing.
pub async fn connect(dsn: &Dsn, deadline: Duration) -> Result<Client, Error> {
    let deadline = dsn.connect_timeout.map_or(deadline, |own| own.min(deadline));
    timeout(deadline, connect_any(dsn, deadline)).await.unwrap_or(Err(Error::TimedOut { after: deadline }))
}

/// Each server has its share of the time, so that one that hangs does not hide the next.
async fn connect_any(dsn: &Dsn, deadline: Duration) -> Result<Client, Error> {
    let share = deadline / u32::try_from(dsn.targets.len()).unwrap_or(u32::MAX).max(1);
    let mut last = Error::Unreachable { why: "no server is named".into() };
    let mut second_choice = None;
    for target in &dsn.targets {
        let tried = async {
            let client = connect_one(dsn, target).await?;
            let suits = suits(&client, dsn.session).await?;
            Ok((client, suits))
        };
        match timeout(share, tried).await.unwrap_or(Err(Error::TimedOut { after: share })) {
            Ok((client, true)) => return Ok(client),
            Ok((client, false)) if dsn.session == SessionAttrs::PreferStandby => {
                second_choice.get_or_insert(client);
            }
            Ok((client, false)) => {
                last = Error::Unreachable { why: format!("{} is not the kind of server asked for", client.server) };
            }
            Err(error) => last = error,
        }
    }
    second_choice.ok_or_else(|| with_notes(last, &dsn.notes))
}

/// One server, with or without TLS as `sslmode` prefers.
async fn connect_one(dsn: &Dsn, target: &Target) -> Result<Client, Error> {
    let first = match dsn.ssl_mode {
        _ if target.is_socket() => return plain(dsn, target).await,
        SslMode::Disable => return plain(dsn, target).await,
        SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull => return encrypted(dsn, target).await,
        SslMode::Allow => plain(dsn, target).await,
        SslMode::Prefer => encrypted(dsn, target).await,
    };
    // A server that refuses one way (`pg_hba.conf` says hostssl or hostnossl, or it has no TLS) may take the other.
    match first {
        Err(Error::Refused { state, .. }) if state == "28000" && dsn.ssl_mode == SslMode::Allow => {
            encrypted(dsn, target).await
        }
        Err(Error::Refused { state, .. }) if state == "28000" => plain(dsn, target).await,
        Err(Error::Tls { .. }) => plain(dsn, target).await,
        other => other,
    }
}

async fn plain(dsn: &Dsn, target: &Target) -> Result<Client, Error> {
    let config = config(dsn, target, tokio_postgres::config::SslMode::Disable);
    let (inner, connection) = config.connect(tokio_postgres::NoTls).await.map_err(|error| Error::connecting(&error))?;
    Ok(drive(inner, connection, None, target))
}

async fn encrypted(dsn: &Dsn, target: &Target) -> Result<Client, Error> {
    let config = config(dsn, target, tokio_postgres::config::SslMode::Require);
    let tls = MakeRustlsConnect::new(verify::config(dsn)?);
    let (inner, connection) = config.connect(tls.clone()).await.map_err(|error| Error::connecting(&error))?;
    Ok(drive(inner, connection, Some(MakeTls(tls)), target))
}

fn config(dsn: &Dsn, target: &Target, mode: tokio_postgres::config::SslMode) -> tokio_postgres::Config {
    let mut config = tokio_postgres::Config::new();
    config
        .user(&dsn.user)
        .dbname(&dsn.database)
        .port(target.port)
        .ssl_mode(mode)
        .application_name(&dsn.application_name);
    match target.address {
        Some(address) if target.host.is_empty() => config.host(address.to_string()).hostaddr(address),
        Some(address) => config.host(&target.host).hostaddr(address),
        None => config.host(&target.host),
    };
    if let Some(password) = &target.password {
        config.password(password.expose());
    }
    if let Some(options) = &dsn.options {
        config.options(options);
    }
    if dsn.require_channel_binding {
        config.channel_binding(tokio_postgres::config::ChannelBinding::Require);
    }
    config
}

fn drive<T>(
    inner: tokio_postgres::Client,
    mut connection: Connection<Socket, T>,
    tls: Option<MakeTls>,
    target: &Target,
) -> Client
where
    T: tokio_postgres::tls::TlsStream + Unpin + Send + 'static,
{
    let notices = Notices::default();
    let kept = Arc::clone(&notices);
    let driver = tokio::spawn(async move {
        while let Some(Ok(message)) = std::future::poll_fn(|context| connection.poll_message(context)).await {
            if let AsyncMessage::Notice(notice) = message {
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                if kept.len() == NOTICES {
                    kept.pop_front();
                }
                kept.push_back(sanitise_line(&format!("{}: {}", notice.severity(), notice.message())));
            }
        }
    });
    let host = target.address.map_or_else(|| target.host.clone(), |address| address.to_string());
    Client { inner, driver: driver.abort_handle(), notices, tls, server: format!("{host}:{}", target.port) }
}

async fn suits(client: &Client, session: SessionAttrs) -> Result<bool, Error> {
    let asked = match session {
        SessionAttrs::Any => return Ok(true),
        SessionAttrs::Primary => "SELECT NOT pg_is_in_recovery()",
        SessionAttrs::Standby | SessionAttrs::PreferStandby => "SELECT pg_is_in_recovery()",
        SessionAttrs::ReadWrite => {
            "SELECT NOT pg_is_in_recovery() AND current_setting('default_transaction_read_only') = 'off'"
        }
        SessionAttrs::ReadOnly => {
            "SELECT pg_is_in_recovery() OR current_setting('default_transaction_read_only') = 'on'"
        }
    };
    Ok(client.value(asked).await?.as_deref() == Some("t"))
}

/// A login that failed may have failed because of what was found and not used.
fn with_notes(error: Error, notes: &[String]) -> Error {
    match error {
        Error::Authentication { why } if !notes.is_empty() => {
            Error::Authentication { why: format!("{why} ({})", notes.join("; ")) }
        }
        other => other,
    }
}
