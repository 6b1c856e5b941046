//! A fault of this program itself is told in the words of [`tui::fault`], with a trace where one is asked for.

use std::fmt;
use std::panic::PanicHookInfo;

use color_eyre::config::HookBuilder;
use color_eyre::section::PanicMessage;

/// From now on a panic is told like this. The screen puts a hook of its own before it while it stands.
pub fn tell() {
    let hooks = HookBuilder::new().display_env_section(false).panic_message(Fault);
    if let Err(error) = hooks.install() {
        eprintln!("switchback: a fault of this program would be told without its details: {error}");
    }
}

struct Fault;

impl PanicMessage for Fault {
    fn display(&self, info: &PanicHookInfo<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&tui::fault::sentences(info))
    }
}
