//! A ring on disk: two files of JSON lines, the current one and the one before it. When the current one is old or large
//! enough it takes the other's place.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::reading::Sample;
use domain::time::{Timestamp, since};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The name and the bounds of a ring.
#[derive(Debug)]
pub(super) struct Ring {
    pub(super) name: &'static str,
    /// It always holds at least this much time, unless `bytes` is too little for it.
    pub(super) span: Duration,
    /// At most this much per file.
    pub(super) bytes: u64,
}

impl Ring {
    /// Everything of the last quarter of an hour that thinning leaves.
    pub(super) const RECENT: Self = Self { name: "recent", span: Duration::from_secs(15 * 60), bytes: 4 << 20 };
    /// Changes, and a sample now and then, of the last day.
    pub(super) const DAY: Self = Self { name: "day", span: Duration::from_secs(24 * 3600), bytes: 4 << 20 };
    pub(super) const ALL: [Self; 2] = [Self::DAY, Self::RECENT];

    fn current(&self, folder: &Path) -> PathBuf {
        folder.join(format!("{}.jsonl", self.name))
    }
    fn previous(&self, folder: &Path) -> PathBuf {
        folder.join(format!("{}.previous.jsonl", self.name))
    }
}

/// Written whenever a writer begins: times since boot below it are of this boot.
#[derive(Debug, Serialize, Deserialize)]
struct Header {
    boot_id: String,
    /// When this file was begun.
    began: Timestamp,
}

/// The end of a ring that is written.
#[derive(Debug)]
pub(super) struct Segment {
    ring: Ring,
    folder: PathBuf,
    boot_id: String,
    file: File,
    began: Timestamp,
    size: u64,
}

impl Segment {
    pub(super) fn open(folder: &Path, ring: Ring, boot_id: &str, now: Timestamp) -> io::Result<Self> {
        let path = ring.current(folder);
        let mut file =
            OpenOptions::new().read(true).append(true).create(true).truncate(false).mode(0o600).open(&path)?;
        let began = began(&file).unwrap_or(now);
        let mut size = file.metadata()?.len();
        if size > 0 && last_byte(&mut file)? != b'\n' {
            // A writer was cut off in the middle of a line; the line is lost, the next one is not.
            file.write_all(b"\n")?;
            size += 1;
        }
        let mut segment = Self { ring, folder: folder.to_path_buf(), boot_id: boot_id.to_owned(), file, began, size };
        segment.write_header()?;
        Ok(segment)
    }

    /// Appends lines in one write; turns the ring when it is time.
    pub(super) fn append(&mut self, samples: &[Sample], now: Timestamp) -> io::Result<()> {
        if samples.is_empty() {
            return Ok(());
        }
        if since(now, self.began) >= self.ring.span || self.size >= self.ring.bytes {
            self.turn(now)?;
        }
        let mut text = String::new();
        for sample in samples {
            let mut value = serde_json::to_value(sample)?;
            drop_nulls(&mut value);
            text.push_str(&value.to_string());
            text.push('\n');
        }
        self.write(text.as_bytes())
    }

    fn turn(&mut self, now: Timestamp) -> io::Result<()> {
        let path = self.ring.current(&self.folder);
        std::fs::rename(&path, self.ring.previous(&self.folder))?;
        self.file = OpenOptions::new().append(true).create_new(true).mode(0o600).open(&path)?;
        self.began = now;
        self.size = 0;
        self.write_header()
    }

    fn write_header(&mut self) -> io::Result<()> {
        let header = Header { boot_id: self.boot_id.clone(), began: self.began };
        let line = serde_json::to_string(&header)?;
        self.write(format!("{line}\n").as_bytes())
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.size += bytes.len() as u64;
        Ok(())
    }
}

fn began(file: &File) -> Option<Timestamp> {
    let mut line = String::new();
    BufReader::new(file.take(4096)).read_line(&mut line).ok()?;
    serde_json::from_str::<Header>(&line).ok().map(|header| header.began)
}

fn last_byte(file: &mut File) -> io::Result<u8> {
    let mut byte = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut byte)?;
    Ok(byte[0])
}

/// What is not known is not written: a third of a server's reading.
fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, field| !field.is_null());
            fields.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

/// Every sample of both files that can be read, the older file first.
pub(super) fn read(folder: &Path, ring: &Ring, boot_id: &str) -> Vec<Sample> {
    let mut samples = Vec::new();
    for path in [ring.previous(folder), ring.current(folder)] {
        let Ok(file) = File::open(&path) else { continue };
        let mut this_boot = false;
        // A file that is larger than its bound was not written by us.
        for line in BufReader::new(file.take(ring.bytes * 2)).split(b'\n').map_while(Result::ok) {
            if let Ok(sample) = serde_json::from_slice::<Sample>(&line) {
                samples.push(if this_boot { sample } else { sample.of_earlier_boot() });
            } else if let Ok(header) = serde_json::from_slice::<Header>(&line) {
                this_boot = header.boot_id == boot_id;
            }
        }
    }
    samples
}

#[cfg(test)]
mod tests {
    use super::super::thinning::tests::sample;
    use super::*;

    const SMALL: Ring = Ring { name: "small", span: Duration::from_secs(100), bytes: 2000 };

    fn open(folder: &Path, boot: &str, second: u64) -> Segment {
        Segment::open(folder, Ring { ..SMALL }, boot, sample("a", second, true).at).unwrap()
    }

    fn seconds(folder: &Path) -> Vec<u64> {
        read(folder, &SMALL, "this").iter().map(|sample| sample.boot.as_secs()).collect()
    }

    #[test]
    fn the_ring_forgets_by_age_and_always_holds_its_span() {
        let folder = tempfile::tempdir().unwrap();
        let mut segment = open(folder.path(), "this", 0);
        for second in (0..=250).step_by(50) {
            let sample = sample("a", second, true);
            segment.append(std::slice::from_ref(&sample), sample.at).unwrap();
        }
        assert_eq!(seconds(folder.path()), [100, 150, 200, 250]);
    }

    #[test]
    fn the_ring_is_bounded_in_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let mut segment = open(folder.path(), "this", 0);
        for _ in 0..1000 {
            let sample = sample("a", 1, false);
            segment.append(std::slice::from_ref(&sample), sample.at).unwrap();
        }
        let size: u64 = std::fs::read_dir(folder.path()).unwrap().map(|f| f.unwrap().metadata().unwrap().len()).sum();
        assert!(size < 3 * SMALL.bytes, "{size}");
    }

    #[test]
    fn a_torn_line_loses_only_itself() {
        let folder = tempfile::tempdir().unwrap();
        let first = sample("a", 1, true);
        open(folder.path(), "this", 0).append(std::slice::from_ref(&first), first.at).unwrap();
        let path = SMALL.current(folder.path());
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("{text}{{\"source\":{{\"che")).unwrap();
        let third = sample("a", 3, true);
        open(folder.path(), "this", 2).append(std::slice::from_ref(&third), third.at).unwrap();
        assert_eq!(read(folder.path(), &SMALL, "this"), [first, third]);
    }

    #[test]
    fn samples_of_an_earlier_boot_are_marked() {
        let folder = tempfile::tempdir().unwrap();
        let (before, after) = (sample("a", 90, true), sample("a", 5, true));
        open(folder.path(), "earlier", 90).append(std::slice::from_ref(&before), before.at).unwrap();
        open(folder.path(), "this", 5).append(std::slice::from_ref(&after), before.at).unwrap();
        assert_eq!(read(folder.path(), &SMALL, "this"), [before.of_earlier_boot(), after]);
    }
}
