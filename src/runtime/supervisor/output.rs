//! The output of an attempt on its way to its file: redacted first, then hashed and written, up to a bound.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use domain::execution::OutputRef;
use domain::redact::{RedactStream, Redactor};
use domain::untrusted::{Sanitiser, sanitise_line};
use sha2::{Digest, Sha256};

use super::process::Channel;

pub(crate) const OUTPUT: &str = "output";
/// What comes after it is counted, and no longer kept.
const LARGEST_FILE: u64 = 256 << 20;
/// Of standard output, for `out=`.
const LARGEST_CAPTURE: usize = 64 * 1024;
/// Of the end, for the summary.
const LAST: usize = 4096;
const LONGEST_SUMMARY: usize = 200;

pub(crate) struct Output {
    file: File,
    stdout: RedactStream,
    stderr: RedactStream,
    hash: Sha256,
    /// Written to the file; what was seen after the file was full or failed is in `bytes` alone.
    written: u64,
    bytes: u64,
    last: Vec<u8>,
    captured: Vec<u8>,
}

impl std::fmt::Debug for Output {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Output").field("bytes", &self.bytes).finish_non_exhaustive()
    }
}

impl Output {
    pub(crate) fn create(folder: &Path, redactor: &Redactor) -> io::Result<Self> {
        let file = OpenOptions::new().append(true).create_new(true).mode(0o600).open(folder.join(OUTPUT))?;
        Ok(Self {
            file,
            stdout: redactor.stream(),
            stderr: redactor.stream(),
            hash: Sha256::new(),
            written: 0,
            bytes: 0,
            last: Vec::new(),
            captured: Vec::new(),
        })
    }

    pub(crate) fn push(&mut self, channel: Channel, bytes: &[u8]) {
        let safe = match channel {
            Channel::Stdout => {
                let room = LARGEST_CAPTURE.saturating_sub(self.captured.len());
                self.captured.extend_from_slice(&bytes[..bytes.len().min(room)]);
                self.stdout.push(bytes)
            }
            Channel::Stderr => self.stderr.push(bytes),
        };
        self.keep(&safe);
    }

    fn keep(&mut self, safe: &[u8]) {
        let room = usize::try_from(LARGEST_FILE - self.written).unwrap_or(usize::MAX);
        // Once something is missing in the middle, nothing is written after it.
        let whole = self.written == self.bytes;
        let fits = if whole { &safe[..safe.len().min(room)] } else { &[] };
        if self.file.write_all(fits).is_ok() {
            self.hash.update(fits);
            self.written += fits.len() as u64;
        }
        self.bytes += safe.len() as u64;
        self.last.extend_from_slice(&safe[safe.len().saturating_sub(LAST)..]);
        if self.last.len() > 2 * LAST {
            self.last.drain(..self.last.len() - LAST);
        }
    }

    /// Takes the place of standard output as the value.
    pub(crate) fn value(&mut self, value: &str) {
        self.captured = value.as_bytes()[..value.len().min(LARGEST_CAPTURE)].to_vec();
    }

    /// No more comes.
    pub(crate) fn end(&mut self) {
        for rest in [self.stdout.finish(), self.stderr.finish()] {
            self.keep(&rest);
        }
    }

    /// `name` is the attempt's folder relative to the incident's.
    pub(crate) fn reference(&self, name: &Path) -> OutputRef {
        let digest: [u8; 32] = self.hash.clone().finalize().into();
        OutputRef {
            path: name.join(OUTPUT).to_string_lossy().into_owned(),
            bytes: self.bytes,
            sha256: digest.into(),
            cut: self.written < self.bytes,
        }
    }

    /// The last line that says something.
    pub(crate) fn summary(&self) -> String {
        let mut sanitiser = Sanitiser::default();
        let text = sanitiser.push(&self.last) + &sanitiser.finish();
        let line = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
        sanitise_line(line.trim()).chars().take(LONGEST_SUMMARY).collect()
    }

    /// Standard output alone, trimmed; `None` when it is too long for a value.
    pub(crate) fn stdout(&self) -> Option<String> {
        (self.captured.len() < LARGEST_CAPTURE).then(|| String::from_utf8_lossy(&self.captured).trim().to_owned())
    }
}
