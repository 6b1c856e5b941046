//! What the system under the console does for it: keeps the time, and holds the wall to reading.

use std::path::Path;

use domain::readiness::Verdict;

use super::finding::Finding;
use crate::runtime::wall::confine;

/// Written by systemd-timesyncd once the time was set from a server.
const SYNCHRONISED: &str = "/run/systemd/timesync/synchronized";

/// Where others that keep the time say that they run.
const OTHERS: [(&str, &str); 4] = [
    ("/run/chrony/chronyd.pid", "chrony"),
    ("/run/chronyd.pid", "chrony"),
    ("/run/ntpd.pid", "ntpd"),
    ("/run/openntpd.pid", "openntpd"),
];

/// Every time in a log is this machine's: it has to be kept right by something.
pub(super) fn clock() -> Finding {
    if Path::new(SYNCHRONISED).exists() {
        return Finding::new("clock", Verdict::Ready, "set from a time server by systemd-timesyncd");
    }
    match OTHERS.iter().find(|(path, _)| Path::new(path).exists()) {
        Some((_, name)) => Finding::new("clock", Verdict::Ready, format!("kept by {name}")),
        None => Finding::new("clock", Verdict::Unknown, "nothing here says that it is kept right").remedy(
            "`apt-get install chrony`, unless the machine around this one keeps it: every time in a log rests on it",
        ),
    }
}

/// Tried on a thread that ends at once, so that nothing else of this program is held.
pub(super) fn wall() -> Finding {
    let held = std::thread::spawn(|| confine().map_err(|why| why.to_string())).join();
    match held {
        Ok(Ok(())) => Finding::new("wall", Verdict::Ready, "the kernel (seccomp) holds it to reading"),
        Ok(Err(why)) => {
            Finding::new("wall", Verdict::NeedsVerification, format!("only its own code holds it to reading: {why}"))
                .remedy("show it where the kernel has seccomp, on x86-64 or AArch64")
        }
        Err(_) => Finding::new("wall", Verdict::Unknown, "whether the kernel holds it to reading could not be tried"),
    }
}
