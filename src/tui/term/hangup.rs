//! A terminal that goes away without a word: its reader would spin on it for ever.

use std::sync::mpsc::SyncSender;
use std::{io, process, thread};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::{Wake, restore};

/// How long the program may take to leave by itself, seconds.
const GRACE: u64 = 5;

/// Wakes the loop when the terminal hangs up; ends the process when that does not.
pub(crate) fn watch(wake: SyncSender<Wake>) -> io::Result<()> {
    let watch = move || {
        let stdin = rustix::stdio::stdin();
        loop {
            // Only what is reported unasked: hang-up and errors.
            let mut fds = [PollFd::new(&stdin, PollFlags::empty())];
            match poll(&mut fds, None) {
                Ok(_) if fds[0].revents().intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) => break,
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(_) => return,
            }
        }
        restore();
        // Full or closed, the loop does not take it: then the end below is all that is left.
        let _ = wake.try_send(Wake::HungUp);
        let nothing: &mut [PollFd<'_>] = &mut [];
        let _ = poll(nothing, Some(&Timespec { tv_sec: GRACE.cast_signed(), tv_nsec: 0 }));
        process::exit(129);
    };
    thread::Builder::new().name("hang-up".to_owned()).spawn(watch)?;
    Ok(())
}
