//! A panic leaves a usable terminal, and its message on it.

use std::panic;
use std::sync::Mutex;
use std::thread;

use super::restore;
use crate::fault::sentences;

/// What panicked while the screen stood: printed over it, it would be lost under the next frame.
static UNSAID: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// How many are kept.
const KEPT: usize = 20;

/// Chains a hook that restores the terminal before the one that was there speaks. A panic of another thread does not
/// take the screen away: [`say`] prints it once the screen has been left.
pub(crate) fn catch() {
    let drawing = thread::current().id();
    let earlier = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if thread::current().id() == drawing {
            restore();
            earlier(info);
        } else if let Ok(mut unsaid) = UNSAID.lock()
            && unsaid.len() < KEPT
        {
            unsaid.push(sentences(info));
        }
    }));
}

/// To standard error, after the screen has been left.
pub(crate) fn say() {
    let unsaid = UNSAID.lock().map(|mut unsaid| std::mem::take(&mut *unsaid)).unwrap_or_default();
    for message in unsaid {
        eprintln!("{message}");
    }
}
