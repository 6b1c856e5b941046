//! The claim: the file that makes one attempt run at most once.
//!
//! It appears complete and already locked, and its lock lives exactly as long as the supervisor. A console that finds
//! none takes it itself: from then on it is certain that the attempt never ran.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::tree::start_time;
use crate::runtime::clock;

const CLAIM: &str = "claim";

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claim {
    pub(crate) by: Holder,
    /// Identity of the boot it was taken in.
    pub(crate) boot: String,
    pub(crate) pid: i32,
    /// Of the process, in clock ticks since boot: with `pid`, names it for ever.
    pub(crate) started: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Holder {
    Supervisor,
    /// The attempt was never started, and no longer can be.
    Console,
    /// The log goes on here from a copy: whether the attempt ran where it was intended cannot be told.
    Elsewhere,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum TakeError {
    #[error("the attempt is claimed already")]
    Taken,
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// What the claim of an attempt says.
#[derive(Debug)]
pub(crate) enum Standing {
    Free,
    /// A console took it: the attempt never ran.
    Barred,
    /// Its supervisor lives; blocking on the file's lock waits for its end.
    Held(Claim, File),
    /// Its supervisor is gone.
    Abandoned,
    /// Taken before the machine was started again.
    OtherBoot,
    /// Intended before the log went on in this place.
    Elsewhere,
}

impl Claim {
    /// A claim in the name of this process.
    pub(crate) fn mine(by: Holder) -> Self {
        let pid = rustix::process::getpid();
        Self {
            by,
            boot: clock::boot_id(),
            pid: pid.as_raw_nonzero().get(),
            started: start_time(pid).unwrap_or_default(),
        }
    }

    /// Takes the claim of the attempt with this folder. The file that comes back has to be kept for as long as the
    /// claim is to be held.
    pub(crate) fn take(&self, folder: &Path) -> Result<File, TakeError> {
        let unique = clock::boottime().as_nanos();
        let draft = folder.join(format!(".{CLAIM}-{}-{unique}", self.pid));
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
        file.write_all(&serde_json::to_vec(self).map_err(io::Error::from)?)?;
        file.lock()?;
        // A link either appears whole or fails because there is one: O_EXCL for a file that is complete and locked.
        let linked = std::fs::hard_link(&draft, folder.join(CLAIM));
        std::fs::remove_file(&draft)?;
        match linked {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(TakeError::Taken),
            linked => linked?,
        }
        sync(&file, folder)?;
        Ok(file)
    }
}

/// The claim's text and every new name that leads to it, made durable side by side: one commit of the file system takes
/// them all. Of a loss of power in between at most a claim without its text is left, and that counts as taken.
fn sync(claim: &File, folder: &Path) -> io::Result<()> {
    std::thread::scope(|scope| {
        let names = [Some(folder), folder.parent()].into_iter().flatten();
        let names: Vec<_> = names.map(|names| scope.spawn(move || File::open(names)?.sync_all())).collect();
        let text = claim.sync_all();
        let unfinished = |_| Err(io::Error::other("a sync ended unexpectedly"));
        names.into_iter().map(|names| names.join().unwrap_or_else(unfinished)).fold(text, io::Result::and)
    })
}

impl Standing {
    pub(crate) fn of(folder: &Path) -> io::Result<Self> {
        let mut file = match File::open(folder.join(CLAIM)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::Free),
            file => file?,
        };
        let mut text = String::new();
        io::Read::read_to_string(&mut file, &mut text)?;
        let claim = match serde_json::from_str::<Claim>(&text) {
            Ok(claim) if claim.by == Holder::Console => return Ok(Self::Barred),
            Ok(claim) if claim.by == Holder::Elsewhere => return Ok(Self::Elsewhere),
            Ok(claim) if claim.boot == clock::boot_id() => claim,
            // What cannot be read was cut by a loss of power: as good as from another boot.
            _ => return Ok(Self::OtherBoot),
        };
        match file.try_lock_shared() {
            Ok(()) => Ok(Self::Abandoned),
            Err(TryLockError::WouldBlock) => Ok(Self::Held(claim, file)),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}
