//! The program's own log, for those who look into the program: a file, only when `--log-filter` asks for it.

use std::os::unix::fs::OpenOptionsExt;
use std::sync::Mutex;

use tracing_subscriber::EnvFilter;

use super::args::Global;
use super::{Exit, Failure};
use crate::runtime::paths::{Paths, private_dir};

/// Starts writing `switchback.log` in the state folder.
///
/// # Errors
/// The filter is not one, or the file cannot be written.
pub(super) fn start(global: &Global) -> Result<(), Failure> {
    let Some(spec) = &global.log_filter else { return Ok(()) };
    let filter = EnvFilter::try_new(spec)
        .map_err(|error| Failure::new(Exit::Usage, format!("--log-filter {spec}: {error}; write switchback=debug")))?;
    let folder = Paths::from_environment(global.state.as_deref()).state;
    private_dir(&folder)?;
    let file = std::fs::OpenOptions::new().append(true).create(true).mode(0o600).open(folder.join("switchback.log"))?;
    let subscriber =
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(Mutex::new(file)).finish();
    tracing::subscriber::set_global_default(subscriber).map_err(|error| Failure::new(Exit::No, error.to_string()))
}
