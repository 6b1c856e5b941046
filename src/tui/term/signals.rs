//! Signals, as wakes of the loop.

use std::sync::mpsc::SyncSender;
use std::{io, thread};

use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

use super::Wake;

/// From here on these signals leave, stop, continue and resize in order.
pub(crate) fn watch(wake: SyncSender<Wake>) -> io::Result<()> {
    let mut signals = Signals::new([SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH])?;
    let watch = move || {
        for signal in signals.forever() {
            let what = match signal {
                SIGTSTP => Wake::Stop,
                SIGCONT => Wake::Continued,
                SIGWINCH => Wake::Resized,
                _ => Wake::Leave,
            };
            // The screen is gone: whoever presses Ctrl-C now is tired of waiting for what still leaves.
            if wake.send(what).is_err() {
                drop(emulate_default_handler(signal));
            }
        }
    };
    thread::Builder::new().name("signals".to_owned()).spawn(watch)?;
    Ok(())
}
