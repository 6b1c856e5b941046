//! The ledger of restore tests, read with each look.

use std::path::Path;

use domain::backup::{BackupReading, Ledger};
use domain::estate::RestoreTests;
use tokio::io::AsyncReadExt;

use crate::runtime::clock;
use crate::runtime::probe::process::run;

/// How much of a ledger is read: some ten thousand tests.
const MOST: usize = 4 << 20;
/// The newest tests stand at its end: its beginning alone would hide the one that failed.
const TOO_LONG: &str = "they are longer than 4 MiB";

/// Adds what the ledger tells of `backup`. A ledger that is not there yet tells nothing; one that cannot be read is
/// told of.
pub(super) async fn add(tests: &RestoreTests, backup: &str, env: &[String], commands: bool, to: &mut BackupReading) {
    match text(tests, env, commands).await {
        Ok(text) => Ledger::read(&text, backup, clock::now().wall).add_to(to),
        Err(why) => to.warnings.push(format!("the restore tests cannot be read: {why}")),
    }
}

async fn text(tests: &RestoreTests, env: &[String], commands: bool) -> Result<String, String> {
    match tests {
        RestoreTests::Path(path) => file(Path::new(path)).await,
        RestoreTests::Command(_) if !commands => Err(crate::runtime::probe::NOT_STARTED.to_owned()),
        RestoreTests::Command(argv) => {
            let finished = run(argv, env, MOST).await?;
            if finished.stdout.len() == MOST {
                return Err(TOO_LONG.to_owned());
            }
            if !finished.status.success() {
                let said = finished.first_line().map_or_else(String::new, |said| format!(": {said}"));
                return Err(format!("{}{said}", finished.ending()));
            }
            Ok(String::from_utf8_lossy(&finished.stdout).into_owned())
        }
    }
}

async fn file(path: &Path) -> Result<String, String> {
    let opened = match tokio::fs::File::open(path).await {
        Ok(opened) => opened,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(String::new()),
        Err(error) => return Err(format!("{}: {error}", path.display())),
    };
    let mut bytes = Vec::new();
    let read = opened.take(MOST as u64).read_to_end(&mut bytes).await;
    read.map_err(|error| format!("{}: {error}", path.display()))?;
    if bytes.len() == MOST {
        return Err(format!("{}: {TOO_LONG}", path.display()));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
