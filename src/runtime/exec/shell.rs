//! A shell that reads its text from a file descriptor: no text is ever part of a command line.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsRawFd;
use std::process::Command;

use domain::runbook::Lang;
use rustix::fs::{MemfdFlags, memfd_create};

/// The command that runs `text`, and the text, which has to stay open until the shell has ended.
///
/// The shell opens the text through this process (`/proc/PID/fd/N`), so that it inherits no descriptor, and neither
/// does anything else that is started at the same moment.
pub(crate) fn command(lang: Lang, text: &str) -> io::Result<(Command, File)> {
    let mut script = File::from(memfd_create("block", MemfdFlags::CLOEXEC)?);
    script.write_all(text.as_bytes())?;
    let (shell, strict): (_, &[&str]) = match lang {
        Lang::Sh => ("sh", &["-eu"]),
        _ => ("bash", &["-euo", "pipefail"]),
    };
    let mut command = Command::new(shell);
    command.args(strict).arg(format!("/proc/{}/fd/{}", std::process::id(), script.as_raw_fd()));
    Ok((command, script))
}
