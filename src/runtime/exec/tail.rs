//! The output of an attempt on its way to the screen: bounded, and made safe to show. Its file was redacted when it
//! was written.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use domain::untrusted::Sanitiser;

use crate::runtime::supervisor::OUTPUT;

/// More than this at once is not readable; the beginning of it is left out.
const MOST_AT_ONCE: u64 = 64 * 1024;

#[derive(Debug)]
pub struct Tail {
    path: PathBuf,
    file: Option<File>,
    at: u64,
    sanitiser: Sanitiser,
}

impl Tail {
    /// Of the attempt with this folder.
    pub(crate) fn of(folder: &Path) -> Self {
        Self { path: folder.join(OUTPUT), file: None, at: 0, sanitiser: Sanitiser::default() }
    }

    /// The lines that were completed since the last call; `None` when there are none.
    pub fn more(&mut self) -> Option<String> {
        let text = self.read().unwrap_or_default();
        (!text.is_empty()).then_some(text)
    }

    /// The same once it has ended: with a last line that nothing completes.
    pub fn rest(&mut self) -> Option<String> {
        let mut text = self.read().unwrap_or_default();
        text.push_str(&self.sanitiser.finish());
        (!text.is_empty()).then_some(text)
    }

    fn read(&mut self) -> io::Result<String> {
        if self.file.is_none() {
            self.file = Some(File::open(&self.path)?);
        }
        let Some(file) = &mut self.file else { return Ok(String::new()) };
        let length = file.metadata()?.len();
        let mut text = String::new();
        let waiting = length.saturating_sub(self.at);
        if waiting > MOST_AT_ONCE {
            let left_out = waiting - MOST_AT_ONCE;
            text = self.sanitiser.finish();
            text.push_str(&format!("\n… {left_out} bytes are in the file only …\n"));
            self.at += left_out;
        }
        file.seek(SeekFrom::Start(self.at))?;
        let mut bytes = Vec::new();
        self.at += file.take(MOST_AT_ONCE).read_to_end(&mut bytes)? as u64;
        text.push_str(&self.sanitiser.push(&bytes));
        Ok(text)
    }
}
