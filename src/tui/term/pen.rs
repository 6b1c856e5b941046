//! Who writes to the terminal: one at a time, and no frame before the screen is entered or after it is left.

use std::io;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// How long a frame may hold up whoever gives the terminal back: it may have stalled for good.
const PATIENCE: Duration = Duration::from_secs(1);

/// One terminal, one process. Panics, signals, drops and the writer meet here.
static PEN: Pen = Pen { held: Mutex::new(Held { back: None, framing: false }), free: Condvar::new() };

struct Pen {
    held: Mutex<Held>,
    free: Condvar,
}

struct Held {
    /// What takes back what the screen has changed; `None` while the terminal is not ours.
    back: Option<String>,
    /// A frame is being written.
    framing: bool,
}

fn held() -> MutexGuard<'static, Held> {
    PEN.held.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Writes `enter`. From here on frames are written, and `back` is what takes it back, even where this fails halfway.
pub(super) fn enter(enter: &str, back: String) -> io::Result<()> {
    let mut held = held();
    held.back = Some(back);
    write_all(enter.as_bytes())
}

/// A whole frame; nothing while the screen is left.
pub(super) fn frame(bytes: &[u8]) -> io::Result<()> {
    {
        let mut held = held();
        if held.back.is_none() {
            return Ok(());
        }
        held.framing = true;
    }
    let written = write_all(bytes);
    held().framing = false;
    PEN.free.notify_all();
    written
}

/// Gives the terminal back once the frame that is being written is whole: `leave` gets what takes everything back, and
/// whether that frame stays half written. Only the first call since entering does something.
pub(super) fn leave(leave: impl FnOnce(&str, bool)) {
    let mut held = held();
    if let Some(back) = held.back.take() {
        let waited = PEN.free.wait_timeout_while(held, PATIENCE, |held| held.framing);
        let (held, _) = waited.unwrap_or_else(PoisonError::into_inner);
        leave(&back, held.framing);
    }
}

/// The terminal takes something within a second.
pub(super) fn ready() -> bool {
    let stdout = rustix::stdio::stdout();
    let second = Timespec { tv_sec: 1, tv_nsec: 0 };
    let mut fds = [PollFd::new(&stdout, PollFlags::OUT)];
    poll(&mut fds, Some(&second)).is_ok_and(|ready| ready > 0) && fds[0].revents().contains(PollFlags::OUT)
}

/// Past the standard library's lock: a writer that hangs in it must not keep a panic from restoring.
pub(super) fn write_all(mut bytes: &[u8]) -> io::Result<()> {
    let stdout = rustix::stdio::stdout();
    while !bytes.is_empty() {
        match rustix::io::write(stdout, bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => bytes = &bytes[written..],
            Err(rustix::io::Errno::INTR) => {}
            Err(rustix::io::Errno::AGAIN) => {
                poll(&mut [PollFd::new(&stdout, PollFlags::OUT)], None)?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
