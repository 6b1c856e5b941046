//! When a file was last written, or the time that it holds.

use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::estate::HeartbeatCheck;
use domain::reading::{Outcome, beat_time};
use domain::time::Timestamp;
use rustix::fs::OFlags;
use tokio::sync::Semaphore;

use super::{Look, Looking, Seen};
use crate::runtime::clock;

/// The beginning of a file that is read for its time.
const BYTES: u64 = 256;

#[derive(Debug)]
pub(super) struct HeartbeatProbe {
    check: HeartbeatCheck,
    file: PathBuf,
    /// One look at a time: a network file system that hangs must not collect threads.
    looking: Arc<Semaphore>,
}

impl HeartbeatProbe {
    /// `Err` says why it can never be asked.
    pub(super) fn new(check: &HeartbeatCheck) -> Result<Self, String> {
        let file = check.file.as_ref().ok_or("it is not known where its beats are kept: write `file`")?;
        Ok(Self { check: check.clone(), file: file.into(), looking: Arc::new(Semaphore::new(1)) })
    }

    async fn look(&self) -> Seen {
        let Ok(permit) = Arc::clone(&self.looking).try_acquire_owned() else {
            return Seen::unknown("its file has not answered since an earlier look");
        };
        let (file, content) = (self.file.clone(), self.check.content);
        let read = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            if content { written(&file) } else { modified(&file).map(Ok) }
        });
        let last = match read.await.unwrap_or_else(|error| Err(io::Error::other(error))) {
            Ok(Ok(last)) => Some(last),
            Ok(Err(why)) => return Seen::unknown(format!("{}: {why}", self.file.display())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Seen::unknown(format!("{} cannot be read: {error}", self.file.display())),
        };
        let outcome = self.check.judge(last, clock::now().wall);
        Seen::new(match outcome {
            Outcome::Bad { why, payload } if last.is_none() => {
                Outcome::Bad { why: format!("{why}: there is no {}", self.file.display()), payload }
            }
            other => other,
        })
    }
}

fn modified(file: &Path) -> io::Result<Timestamp> {
    Timestamp::try_from(std::fs::metadata(file)?.modified()?).map_err(io::Error::other)
}

/// The time it holds; the inner error is what is wrong with its text.
fn written(file: &Path) -> io::Result<Result<Timestamp, String>> {
    // Not blocking: opening a pipe that nobody writes to must not hang.
    let flags = i32::try_from((OFlags::NONBLOCK | OFlags::CLOEXEC).bits()).unwrap_or_default();
    let file = std::fs::OpenOptions::new().read(true).custom_flags(flags).open(file)?;
    let mut bytes = Vec::new();
    file.take(BYTES).read_to_end(&mut bytes)?;
    Ok(beat_time(&String::from_utf8_lossy(&bytes)))
}

impl Look for HeartbeatProbe {
    fn see(&self) -> Looking<'_> {
        Box::pin(self.look())
    }
    fn silence_is_down(&self) -> bool {
        false
    }
}
