//! `[log] mirror`: entries copied as they come to another folder or a command, in a thread that appending never waits for.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::estate::Mirror as Target;
use domain::time::Timestamp;

use super::disk::{no_follow, parent};
use super::follow::ReadLog;
use super::place::Place;
use crate::runtime::clock;
use crate::runtime::paths::private_dir;

const LOOK_EVERY: Duration = Duration::from_millis(250);
const RETRY_EVERY: Duration = Duration::from_secs(5);
/// How long leaving waits for the last entries to be copied.
const LEAVE_WITHIN: Duration = Duration::from_secs(2);

/// How the copy stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MirrorStatus {
    /// The last entry that was handed over.
    pub seq: u64,
    /// When the copy last held everything; its age is counted from here.
    pub complete_at: Option<Timestamp>,
    /// Why it does not at present.
    pub failed: Option<String>,
}

/// Copies the log of one incident while it lives. A folder gets `<incident id>.jsonl`; a command gets the lines on its
/// standard input, and all of them again each time it has to be restarted.
#[derive(Debug)]
pub struct Mirror {
    shared: Arc<Shared>,
    leave: Option<mpsc::Sender<()>>,
    left: mpsc::Receiver<()>,
}

#[derive(Debug, Default)]
struct Shared {
    status: Mutex<MirrorStatus>,
    command: Mutex<Option<Child>>,
}

impl Mirror {
    /// # Errors
    /// When the thread cannot be started. That the target cannot be reached is in [`Self::status`].
    pub fn start(place: &Place, target: &Target) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let (leave, leaving) = mpsc::channel();
        let (done, left) = mpsc::channel();
        let (place, target) = (place.clone(), target.clone());
        let copying = Arc::clone(&shared);
        std::thread::Builder::new().name("log mirror".to_owned()).spawn(move || {
            copy_until_left(&place, &target, &copying, &leaving);
            drop(done);
        })?;
        Ok(Self { shared, leave: Some(leave), left })
    }

    #[must_use]
    pub fn status(&self) -> MirrorStatus {
        held(&self.shared.status).clone()
    }
}

impl Drop for Mirror {
    fn drop(&mut self) {
        self.leave = None;
        if self.left.recv_timeout(LEAVE_WITHIN) == Err(RecvTimeoutError::Timeout) {
            // It does not read what it is given: the pipe breaks with it, and the thread ends.
            self.shared.end_command();
        }
    }
}

impl Shared {
    fn end_command(&self) {
        if let Some(mut command) = held(&self.command).take() {
            drop(command.kill());
            drop(command.wait());
        }
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn copy_until_left(place: &Place, target: &Target, shared: &Shared, leaving: &mpsc::Receiver<()>) {
    loop {
        let failed = match copy(place, target, shared, leaving) {
            Ok(()) => return,
            Err(error) => error.to_string(),
        };
        held(&shared.status).failed = Some(failed);
        shared.end_command();
        if leaving.recv_timeout(RETRY_EVERY) != Err(RecvTimeoutError::Timeout) {
            return;
        }
    }
}

/// Copies from the start until told to leave.
fn copy(place: &Place, target: &Target, shared: &Shared, leaving: &mpsc::Receiver<()>) -> io::Result<()> {
    let (mut log, _) = ReadLog::open(place.dir()).map_err(io::Error::other)?;
    let mut sink = Sink::open(&log, target, shared)?;
    let mut sent = sink.holds(&log)?;
    let mut last_look = false;
    loop {
        let lines = log.lines(sent)?;
        if !lines.is_empty() {
            sink.take(&lines)?;
            sent += lines.len() as u64;
        }
        sink.check(shared)?;
        *held(&shared.status) =
            MirrorStatus { seq: log.chain().seq(), complete_at: Some(clock::now().wall), failed: None };
        if last_look {
            return sink.close(shared);
        }
        last_look = leaving.recv_timeout(LOOK_EVERY) != Err(RecvTimeoutError::Timeout);
        log.poll().map_err(io::Error::other)?;
    }
}

enum Sink {
    File { file: File, path: PathBuf },
    Command { input: ChildStdin },
}

impl Sink {
    fn open(log: &ReadLog, target: &Target, shared: &Shared) -> io::Result<Self> {
        match target {
            Target::Path(folder) => {
                let path = Path::new(folder).join(format!("{}.jsonl", log.header().incident));
                private_dir(parent(&path))?;
                let file = no_follow().read(true).append(true).create(true).mode(0o600).open(&path)?;
                Ok(Self::File { file, path })
            }
            Target::Command(words) => {
                let (program, arguments) =
                    words.split_first().ok_or_else(|| io::Error::other("the mirror's command is empty"))?;
                let mut child = Command::new(program)
                    .args(arguments)
                    .stdin(Stdio::piped())
                    .stdout(Stdio::null())
                    .stderr(Stdio::null())
                    .spawn()?;
                let input = child.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
                *held(&shared.command) = Some(child);
                Ok(Self::Command { input })
            }
        }
    }

    /// How much of the log it has already.
    fn holds(&mut self, log: &ReadLog) -> io::Result<u64> {
        let Self::File { file, path } = self else { return Ok(0) };
        let mut copied = Vec::new();
        file.read_to_end(&mut copied)?;
        if log.lines(0)?.starts_with(&copied) {
            return Ok(copied.len() as u64);
        }
        Err(io::Error::other(format!("{} holds something else than this log", path.display())))
    }

    fn take(&mut self, lines: &[u8]) -> io::Result<()> {
        match self {
            Self::File { file, .. } => {
                file.write_all(lines)?;
                file.sync_data()
            }
            Self::Command { input } => {
                input.write_all(lines)?;
                input.flush()
            }
        }
    }

    /// A command that ended takes nothing more, even while nothing is written to it.
    fn check(&self, shared: &Shared) -> io::Result<()> {
        let Self::Command { .. } = self else { return Ok(()) };
        let ended = held(&shared.command).as_mut().map_or(Ok(None), Child::try_wait)?;
        ended.map_or(Ok(()), |status| Err(io::Error::other(format!("the mirror's command ended: {status}"))))
    }

    /// The command sees the end of its input, and may finish what it does with it.
    fn close(self, shared: &Shared) -> io::Result<()> {
        let Self::Command { input } = self else { return Ok(()) };
        drop(input);
        let Some(mut command) = held(&shared.command).take() else { return Ok(()) };
        command.wait().map(drop)
    }
}
