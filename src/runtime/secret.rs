//! Secrets where the estate says they are, read when they are needed: one that was rotated works at once.

use domain::estate::SecretSource;
use tokio::io::AsyncReadExt;

/// How much of a file is read.
const LIMIT: u64 = 16 * 1024;

/// What it is, or what is wrong with its place.
pub(crate) async fn read(source: &SecretSource) -> Result<String, String> {
    match source {
        SecretSource::Env(variable) => of_variable(variable),
        SecretSource::File(path) => first_line(path).await.map_err(|why| format!("{path} {why}")),
    }
}

pub(crate) fn of_variable(variable: &str) -> Result<String, String> {
    match std::env::var(variable) {
        Ok(value) if !value.trim().is_empty() => Ok(value.trim().to_owned()),
        Ok(_) => Err(format!("the variable {variable} is empty")),
        Err(_) => Err(format!("the variable {variable} is not set")),
    }
}

async fn first_line(path: &str) -> Result<String, String> {
    let mut bytes = Vec::new();
    let file = tokio::fs::File::open(path).await.map_err(|error| format!("cannot be read: {error}"))?;
    file.take(LIMIT).read_to_end(&mut bytes).await.map_err(|error| format!("cannot be read: {error}"))?;
    let text = String::from_utf8(bytes).map_err(|_| "is not text".to_owned())?;
    match text.lines().next().map(str::trim) {
        Some(line) if !line.is_empty() => Ok(line.to_owned()),
        _ => Err("is empty".to_owned()),
    }
}
