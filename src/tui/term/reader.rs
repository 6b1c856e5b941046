//! The thread that reads the terminal.

use std::sync::mpsc::{SendError, SyncSender};
use std::time::Duration;
use std::{io, thread};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::decode::Decoder;
use super::{Wake, now};
use crate::input::Input;

/// Sends what is typed, stamped as it arrives, until the terminal is gone.
pub(crate) fn read(wake: SyncSender<Wake>) -> io::Result<()> {
    let read = move || {
        let mut decoder = Decoder::default();
        let mut buffer = [0; 4096];
        let send = |inputs: Vec<Input>| -> Result<(), SendError<Wake>> {
            inputs.into_iter().try_for_each(|input| wake.send(Wake::Input(input)))
        };
        loop {
            let inputs = match next(&mut buffer, decoder.due()) {
                Ok(Some(count @ 1..)) => decoder.feed(&buffer[..count], now().boot),
                Ok(None) => decoder.settle(now().boot),
                Ok(Some(0)) | Err(_) => {
                    // Whoever waits on the other side may be gone too.
                    let _ = wake.send(Wake::HungUp);
                    return;
                }
            };
            if send(inputs).is_err() {
                return;
            }
        }
    };
    thread::Builder::new().name("keys".to_owned()).spawn(read)?;
    Ok(())
}

/// How many bytes came; `None`: nothing did until `due`.
fn next(buffer: &mut [u8], due: Option<Duration>) -> rustix::io::Result<Option<usize>> {
    let stdin = rustix::stdio::stdin();
    loop {
        let mut fds = [PollFd::new(&stdin, PollFlags::IN)];
        let wait = due.map(|due| due.saturating_sub(now().boot)).and_then(|wait| Timespec::try_from(wait).ok());
        let came = poll(&mut fds, wait.as_ref())
            .and_then(|ready| if ready == 0 { Ok(None) } else { rustix::io::read(stdin, &mut *buffer).map(Some) });
        match came {
            Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => {}
            came => return came,
        }
    }
}
