//! The thread that reads keys.

use std::sync::mpsc::SyncSender;
use std::{io, thread};

use super::{Wake, now};
use crate::input;

/// Sends what is typed, stamped as it arrives, until the terminal is gone.
pub(crate) fn read(wake: SyncSender<Wake>) -> io::Result<()> {
    let read = move || {
        loop {
            let Ok(event) = crossterm::event::read() else {
                // Whoever waits on the other side may be gone too.
                let _ = wake.send(Wake::HungUp);
                return;
            };
            if let Some(input) = input::from_terminal(event, now().boot)
                && wake.send(Wake::Input(input)).is_err()
            {
                return;
            }
        }
    };
    thread::Builder::new().name("keys".to_owned()).spawn(read)?;
    Ok(())
}
