//! Is a log whole and unaltered, and are the outputs it names?

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Component, Path, PathBuf};

use domain::execution::OutputRef;
use domain::ident::Hash;
use domain::log::{Damage, Entry, Event, Header, decode_header};
use domain::time::Timestamp;
use sha2::{Digest, Sha256};

use super::disk::no_follow;
use super::error::{OpenError, Problem};
use super::follow::ReadLog;

/// What verifying found. A chain shows edits and removals; that its end was not cut off at a whole line, only someone
/// who noted [`Self::head`] elsewhere can tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// `None` when already the first line is damaged.
    pub header: Option<Header>,
    /// Entries that verify.
    pub entries: u64,
    /// Hash of the last line that verifies.
    pub head: Option<Hash>,
    /// When the first and the last of them were recorded.
    pub first: Option<Timestamp>,
    pub last: Option<Timestamp>,
    /// The first line that does not verify.
    pub problem: Option<Problem>,
    /// Entries of a newer version: whole, but not understood.
    pub newer: Option<String>,
    pub outputs: Vec<OutputCheck>,
}

/// One output file that the log names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputCheck {
    /// The entry that names it.
    pub seq: u64,
    pub path: String,
    pub verdict: OutputVerdict,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputVerdict {
    Whole,
    /// It is not what was recorded.
    Altered,
    /// Not beside the log: as with a copy of the log alone.
    Missing,
}

impl Report {
    /// The log, and every output that is there, is as it was recorded.
    #[must_use]
    pub fn whole(&self) -> bool {
        self.problem.is_none() && self.outputs.iter().all(|output| output.verdict != OutputVerdict::Altered)
    }

    const fn of_damaged_header(damage: Damage) -> Self {
        Self {
            header: None,
            entries: 0,
            head: None,
            first: None,
            last: None,
            problem: Some(Problem { line: 1, offset: 0, damage }),
            newer: None,
            outputs: Vec::new(),
        }
    }
}

/// Verifies a log by its file or its folder.
///
/// # Errors
/// When it cannot be read. Damage is no error: it is in the report.
pub fn verify(at: &Path) -> Result<Report, OpenError> {
    verify_entries(at).map(|(report, _)| report)
}

/// [`verify`], and the entries that verified.
///
/// # Errors
/// As [`verify`].
pub fn verify_entries(at: &Path) -> Result<(Report, Vec<Entry>), OpenError> {
    let nothing = |damage| Ok((Report::of_damaged_header(damage), Vec::new()));
    let (log, entries) = match ReadLog::open(at) {
        Ok(read) => read,
        Err(OpenError::NotALog { damage, .. }) => return nothing(damage),
        Err(OpenError::Unfinished { path }) => {
            let bytes = std::fs::read(&path).map_err(|source| OpenError::Io { path, source })?;
            let damage = decode_header(bytes.trim_ascii_end()).err().unwrap_or(Damage::NoHash);
            return nothing(damage);
        }
        Err(error) => return Err(error),
    };
    let outputs = entries.iter().filter_map(|entry| Some((entry.seq, output(entry)?)));
    let report = Report {
        header: Some(log.header().clone()),
        entries: log.chain().seq(),
        head: Some(log.chain().head()),
        first: entries.first().map(|entry| entry.recorded_at),
        last: entries.last().map(|entry| entry.recorded_at),
        problem: log.problem().or(log.unfinished()).cloned(),
        newer: log.chain().newer(),
        outputs: outputs.map(|(seq, output)| check(log.place().dir(), seq, output)).collect(),
    };
    Ok((report, entries))
}

fn output(entry: &Entry) -> Option<&OutputRef> {
    match &entry.event {
        Event::StepFinished { outcome, .. } | Event::CaptureFinished { outcome, .. } => outcome.output.as_ref(),
        _ => None,
    }
}

fn check(dir: &Path, seq: u64, output: &OutputRef) -> OutputCheck {
    let verdict = match inside(dir, &output.path).map(|path| digest(&path)) {
        Some(Ok((bytes, sha256))) if (bytes, sha256) == (output.bytes, output.sha256) => OutputVerdict::Whole,
        Some(Err(error)) if error.kind() == io::ErrorKind::NotFound => OutputVerdict::Missing,
        _ => OutputVerdict::Altered,
    };
    OutputCheck { seq, path: output.path.clone(), verdict }
}

/// A log from elsewhere must not make us read files outside of its folder.
fn inside(dir: &Path, path: &str) -> Option<PathBuf> {
    let path = Path::new(path);
    path.components().all(|part| matches!(part, Component::Normal(_))).then(|| dir.join(path))
}

fn digest(path: &Path) -> io::Result<(u64, Hash)> {
    let mut file = BufReader::with_capacity(1 << 16, open(path)?);
    let mut digest = Sha256::new();
    let mut buffer = [0; 1 << 14];
    let mut bytes = 0;
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok((bytes, Hash::from(<[u8; 32]>::from(digest.finalize()))));
        }
        digest.update(&buffer[..read]);
        bytes += read as u64;
    }
}

fn open(path: &Path) -> io::Result<File> {
    no_follow().read(true).open(path)
}
