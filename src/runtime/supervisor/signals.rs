//! The two signals a supervisor hears, as things that can be waited for.

use std::io::{self, Read};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;

use signal_hook::consts::{SIGCHLD, SIGTERM};
use signal_hook::low_level::pipe;

#[derive(Debug)]
pub(crate) struct Signals {
    cancel: UnixStream,
    child: UnixStream,
}

impl Signals {
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self { cancel: heard(SIGTERM)?, child: heard(SIGCHLD)? })
    }

    /// Readable from the moment somebody asked for the end of this attempt.
    pub(crate) fn cancel(&self) -> BorrowedFd<'_> {
        self.cancel.as_fd()
    }

    /// Readable when a child ended.
    pub(crate) fn child(&self) -> BorrowedFd<'_> {
        self.child.as_fd()
    }

    /// [`Self::cancel`] for code that awaits; to be called within a runtime.
    pub(crate) async fn until_cancelled(&self) -> io::Result<()> {
        tokio::net::UnixStream::from_std(self.cancel.try_clone()?)?.readable().await
    }

    pub(crate) fn cancelled(&self) -> bool {
        matches!((&self.cancel).read(&mut [0; 16]), Ok(1..))
    }

    /// Forgets the ends of children heard so far; to be called before they are collected.
    pub(crate) fn forget_children(&self) {
        while matches!((&self.child).read(&mut [0; 64]), Ok(64)) {}
    }
}

fn heard(signal: i32) -> io::Result<UnixStream> {
    let (here, there) = UnixStream::pair()?;
    here.set_nonblocking(true)?;
    pipe::register(signal, there)?;
    Ok(here)
}
