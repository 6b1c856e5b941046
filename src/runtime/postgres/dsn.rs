//! A resolved connection: libpq's precedence (string, service, `PG*` variables, defaults) applied once, before anything
//! connects.

use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::conninfo::{self, Settings};
use super::environment::Environment;
use super::passfile::{self, Found, Wanted};
use super::service;

/// A password: never shown, not even by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// How much the connection is protected, as `sslmode` names it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SslMode {
    Disable,
    /// Plain first, TLS if the server insists.
    Allow,
    /// TLS first, plain if there is none.
    #[default]
    Prefer,
    /// TLS with any certificate.
    Require,
    /// TLS, the certificate signed by a known authority.
    VerifyCa,
    /// The same, and made for this host.
    VerifyFull,
}

/// Which servers of the list will do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SessionAttrs {
    #[default]
    Any,
    ReadWrite,
    ReadOnly,
    Primary,
    Standby,
    PreferStandby,
}

/// One server of the list, tried in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// A name, an address, or the folder of a Unix socket.
    pub host: String,
    /// Connect here, whatever the name resolves to.
    pub address: Option<IpAddr>,
    pub port: u16,
    pub password: Option<Secret>,
}

impl Target {
    #[must_use]
    pub fn is_socket(&self) -> bool {
        self.address.is_none() && self.host.starts_with('/')
    }
}

/// Whose signatures are believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Roots {
    /// The operating system's.
    System,
    File(PathBuf),
}

/// Everything that a connection needs, resolved.
#[derive(Clone, Debug, PartialEq)]
pub struct Dsn {
    pub targets: Vec<Target>,
    pub user: String,
    pub database: String,
    pub ssl_mode: SslMode,
    pub roots: Option<Roots>,
    /// Certificate and key of our own.
    pub client_certificate: Option<(PathBuf, PathBuf)>,
    pub application_name: String,
    pub options: Option<String>,
    pub session: SessionAttrs,
    pub require_channel_binding: bool,
    pub connect_timeout: Option<Duration>,
    /// What was found and not used, for the message of a connection that fails.
    pub notes: Vec<String>,
}

/// Why a connection string cannot be resolved. Never repeats a value that may be a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DsnError {
    #[error("{0}")]
    Syntax(String),
    #[error("`{keyword}` is not a connection parameter {help}")]
    Keyword { keyword: String, help: String },
    #[error("`{keyword}` is not supported here, and ignoring it would promise what is not kept")]
    Unsupported { keyword: String },
    #[error("`{value}` is not a value of `{keyword}`: {help}")]
    Value { keyword: &'static str, value: String, help: &'static str },
    #[error("service `{name}` is not defined in {}", files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(" or "))]
    Service { name: String, files: Vec<PathBuf> },
}

impl Dsn {
    /// Resolves `text` by the environment of this process.
    ///
    /// # Errors
    /// What is wrong with the string, the service or a variable.
    pub fn resolve(text: &str) -> Result<Self, DsnError> {
        Self::resolve_in(text, &Environment::of_process())
    }

    /// Resolves `text` by `environment`. Reads the service file and the password file.
    ///
    /// # Errors
    /// What is wrong with the string, the service or a variable.
    pub fn resolve_in(text: &str, environment: &Environment) -> Result<Self, DsnError> {
        let mut settings = conninfo::parse(text)?;
        // `dbname` itself may be a connection string; nobody writes that in a file, so it is not followed.
        let service = settings.get("service").cloned().or_else(|| environment.variable("PGSERVICE").map(str::to_owned));
        if let Some(name) = service {
            let from_service = service::look_up(&name, settings.get("servicefile").map(String::as_str), environment)?;
            for (keyword, value) in from_service {
                settings.entry(keyword).or_insert(value);
            }
        }
        for (variable, keyword) in VARIABLES {
            if let Some(value) = environment.variable(variable) {
                settings.entry((*keyword).to_owned()).or_insert_with(|| value.to_owned());
            }
        }
        settings.retain(|_, value| !value.is_empty());
        Self::from_settings(&settings, environment)
    }

    fn from_settings(settings: &Settings, environment: &Environment) -> Result<Self, DsnError> {
        let get = |keyword: &str| settings.get(keyword).map(String::as_str);
        let account = environment.account.as_deref().unwrap_or("postgres");
        let user = get("user").unwrap_or(account).to_owned();
        let database = get("dbname").unwrap_or(&user).to_owned();
        let mut notes = Vec::new();
        let mut targets = targets(settings)?;
        let passfile =
            get("passfile").map_or_else(|| environment.under_home(".pgpass"), |at| Some(environment.expand(at)));
        for target in &mut targets {
            target.password = match (get("password"), &passfile) {
                (Some(password), _) => Some(Secret(password.to_owned())),
                (None, Some(path)) => {
                    let host = Some(target.host.as_str()).filter(|host| !host.is_empty());
                    let wanted = Wanted {
                        host: host.unwrap_or("localhost"),
                        port: target.port,
                        database: &database,
                        user: &user,
                    };
                    from_passfile(path, wanted, &mut notes)
                }
                (None, None) => None,
            };
        }
        let ssl_mode = ssl_mode(get("sslmode"), get("sslrootcert"))?;
        let roots = match get("sslrootcert") {
            Some("system") => Some(Roots::System),
            Some(path) => Some(Roots::File(environment.expand(path))),
            None => environment.under_home(".postgresql/root.crt").filter(|path| path.exists()).map(Roots::File),
        };
        // With an authority at hand, `require` checks the chain, as libpq does.
        let ssl_mode = if ssl_mode == SslMode::Require && roots.is_some() { SslMode::VerifyCa } else { ssl_mode };
        Ok(Self {
            targets,
            user,
            database,
            ssl_mode,
            roots,
            client_certificate: client_certificate(settings, environment),
            application_name: get("application_name")
                .or_else(|| get("fallback_application_name"))
                .unwrap_or("switchback")
                .to_owned(),
            options: get("options").map(str::to_owned),
            session: session_attrs(get("target_session_attrs"))?,
            require_channel_binding: get("channel_binding") == Some("require"),
            connect_timeout: connect_timeout(get("connect_timeout"))?,
            notes,
        })
    }

    /// For people, without a password: `postgres@127.0.0.1:5433/orders`.
    #[must_use]
    pub fn describe(&self) -> String {
        let hosts: Vec<String> = self
            .targets
            .iter()
            .map(|target| match target.host.as_str() {
                "" => target.address.map_or_else(String::new, |address| address.to_string()),
                host => host.to_owned(),
            })
            .zip(self.targets.iter().map(|target| target.port))
            .map(|(host, port)| if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") })
            .collect();
        format!("{}@{}/{}", self.user, hosts.join(","), self.database)
    }
}

const VARIABLES: &[(&str, &str)] = &[
    ("PGHOST", "host"),
    ("PGHOSTADDR", "hostaddr"),
    ("PGPORT", "port"),
    ("PGDATABASE", "dbname"),
    ("PGUSER", "user"),
    ("PGPASSWORD", "password"),
    ("PGPASSFILE", "passfile"),
    ("PGOPTIONS", "options"),
    ("PGAPPNAME", "application_name"),
    ("PGSSLMODE", "sslmode"),
    ("PGSSLROOTCERT", "sslrootcert"),
    ("PGSSLCERT", "sslcert"),
    ("PGSSLKEY", "sslkey"),
    ("PGCONNECT_TIMEOUT", "connect_timeout"),
    ("PGTARGETSESSIONATTRS", "target_session_attrs"),
    ("PGCHANNELBINDING", "channel_binding"),
];

fn targets(settings: &Settings) -> Result<Vec<Target>, DsnError> {
    let list = |keyword: &str| -> Vec<&str> {
        settings.get(keyword).map(|value| value.split(',').map(str::trim).collect()).unwrap_or_default()
    };
    let (hosts, addresses, ports) = (list("host"), list("hostaddr"), list("port"));
    let count = hosts.len().max(addresses.len()).max(1);
    if (!hosts.is_empty() && !addresses.is_empty() && hosts.len() != addresses.len())
        || (ports.len() > 1 && ports.len() != count)
    {
        return Err(DsnError::Syntax("`host`, `hostaddr` and `port` name different numbers of servers".into()));
    }
    (0..count)
        .map(|at| {
            let address = match addresses.get(at).copied().filter(|address| !address.is_empty()) {
                None => None,
                Some(text) => Some(text.parse().map_err(|_| DsnError::Value {
                    keyword: "hostaddr",
                    value: text.to_owned(),
                    help: "write an IP address, and a name under `host`",
                })?),
            };
            let host = match hosts.get(at).copied().filter(|host| !host.is_empty()) {
                Some(host) => host.to_owned(),
                None if address.is_some() => String::new(),
                None => default_host(),
            };
            let port =
                ports.get(at).or_else(|| ports.first()).copied().filter(|port| !port.is_empty()).unwrap_or("5432");
            let port = port.parse().ok().filter(|port| *port != 0).ok_or_else(|| DsnError::Value {
                keyword: "port",
                value: port.to_owned(),
                help: "a number from 1 to 65535",
            })?;
            Ok(Target { host, address, port, password: None })
        })
        .collect()
}

/// The socket folder that this system's libpq was built with.
fn default_host() -> String {
    let debian = Path::new("/var/run/postgresql");
    if debian.is_dir() { debian.display().to_string() } else { "/tmp".to_owned() }
}

fn from_passfile(path: &Path, wanted: Wanted<'_>, notes: &mut Vec<String>) -> Option<Secret> {
    match passfile::look_up(path, wanted) {
        Found::Password(password) => Some(Secret(password)),
        Found::Nothing => None,
        Found::OpenToOthers => {
            let note = format!("{} is ignored because others may read it: chmod 600", path.display());
            if !notes.contains(&note) {
                notes.push(note);
            }
            None
        }
    }
}

fn ssl_mode(value: Option<&str>, root: Option<&str>) -> Result<SslMode, DsnError> {
    Ok(match value {
        None if root == Some("system") => SslMode::VerifyFull,
        None | Some("prefer") => SslMode::Prefer,
        Some("disable") => SslMode::Disable,
        Some("allow") => SslMode::Allow,
        Some("require") => SslMode::Require,
        Some("verify-ca") => SslMode::VerifyCa,
        Some("verify-full") => SslMode::VerifyFull,
        Some(other) => {
            return Err(DsnError::Value {
                keyword: "sslmode",
                value: other.to_owned(),
                help: "disable, allow, prefer, require, verify-ca or verify-full",
            });
        }
    })
}

fn session_attrs(value: Option<&str>) -> Result<SessionAttrs, DsnError> {
    Ok(match value {
        None | Some("any") => SessionAttrs::Any,
        Some("read-write") => SessionAttrs::ReadWrite,
        Some("read-only") => SessionAttrs::ReadOnly,
        Some("primary") => SessionAttrs::Primary,
        Some("standby") => SessionAttrs::Standby,
        Some("prefer-standby") => SessionAttrs::PreferStandby,
        Some(other) => {
            return Err(DsnError::Value {
                keyword: "target_session_attrs",
                value: other.to_owned(),
                help: "any, read-write, read-only, primary, standby or prefer-standby",
            });
        }
    })
}

fn connect_timeout(value: Option<&str>) -> Result<Option<Duration>, DsnError> {
    let Some(text) = value else { return Ok(None) };
    let seconds: i64 = text.parse().map_err(|_| DsnError::Value {
        keyword: "connect_timeout",
        value: text.to_owned(),
        help: "whole seconds, 0 for none",
    })?;
    // libpq never waits less than two seconds.
    Ok((seconds > 0).then(|| Duration::from_secs(seconds.unsigned_abs().max(2))))
}

fn client_certificate(settings: &Settings, environment: &Environment) -> Option<(PathBuf, PathBuf)> {
    let file = |keyword: &str, usual: &str| match settings.get(keyword) {
        Some(path) => Some(environment.expand(path)),
        None => environment.under_home(usual).filter(|path| path.exists()),
    };
    file("sslcert", ".postgresql/postgresql.crt").zip(file("sslkey", ".postgresql/postgresql.key"))
}

#[cfg(test)]
#[path = "dsn_tests.rs"]
mod tests;
