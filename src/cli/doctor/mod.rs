//! `switchback doctor`: this machine, terminal and tools; with `--leaving REGION`, what of the console's own needs goes
//! with a region.

mod files;
mod finding;
mod kernel;
mod leaving;
mod machine;
mod terminal;
mod tools;

use super::args::{Doctor, Global};
use super::{Exit, Failure};

/// # Errors
/// There is no such region, the file is wrong, or output could not be written.
pub(super) fn run(global: &Global, asked: &Doctor) -> Result<Exit, Failure> {
    match &asked.leaving {
        Some(region) => leaving::run(global, region, asked.json),
        None => machine::run(global, asked.json),
    }
}

/// One that waits for the world.
fn wait<T>(future: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let answer = runtime.block_on(future);
    runtime.shutdown_background();
    Ok(answer)
}
