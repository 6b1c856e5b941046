//! The thread that owns writing: a terminal that stalls keeps it waiting, and nobody else.

use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::thread;

use super::{Wake, pen};

/// Synchronized output (mode 2026): the terminal shows a frame whole, or not yet.
const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";

/// Takes one frame at a time, and says [`Wake::Taken`] when it is written.
#[derive(Debug)]
pub(crate) struct Writer {
    frames: SyncSender<Vec<u8>>,
    busy: bool,
}

impl Writer {
    pub(crate) fn start(wake: SyncSender<Wake>) -> std::io::Result<Self> {
        let (frames, taken) = sync_channel::<Vec<u8>>(1);
        thread::Builder::new().name("terminal".to_owned()).spawn(move || {
            for frame in taken {
                if pen::frame(&frame).is_err() || wake.send(Wake::Taken).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { frames, busy: false })
    }

    /// The last frame was written.
    pub(crate) const fn free(&self) -> bool {
        !self.busy
    }

    pub(crate) const fn taken(&mut self) {
        self.busy = false;
    }

    /// Hands a frame over. False when the writer is gone, with the terminal.
    pub(crate) fn write(&mut self, frame: &[u8]) -> bool {
        let whole = [BEGIN, frame, END].concat();
        match self.frames.try_send(whole) {
            Ok(()) | Err(TrySendError::Full(_)) => {
                self.busy = true;
                true
            }
            Err(TrySendError::Disconnected(_)) => false,
        }
    }
}
