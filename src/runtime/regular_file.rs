//! Files that others name for us: a pipe that nobody writes to must not hang who opens it.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::OFlags;

/// The text of a regular file, and what the system says of the very file that was read, if `believed` lets it through.
///
/// # Errors
/// It cannot be opened or read, is no regular file, or is not UTF-8 text.
pub(crate) fn text(path: &Path, believed: impl FnOnce(&Metadata) -> bool) -> io::Result<Option<String>> {
    let (mut file, metadata) = open(path)?;
    if !believed(&metadata) {
        return Ok(None);
    }
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    Ok(Some(text))
}

/// The bytes of a regular file; `None` where there are more than `longest`.
///
/// # Errors
/// It cannot be opened or read, or is no regular file.
pub(crate) fn bytes(path: &Path, longest: usize) -> io::Result<Option<Vec<u8>>> {
    let (file, _) = open(path)?;
    let mut bytes = Vec::new();
    file.take(longest as u64 + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() <= longest).then_some(bytes))
}

fn open(path: &Path) -> io::Result<(File, Metadata)> {
    let flags = i32::try_from((OFlags::NONBLOCK | OFlags::CLOEXEC).bits()).unwrap_or_default();
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
    }
    Ok((file, metadata))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pipe_that_nobody_writes_to_is_refused_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &path, rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR).unwrap();
        assert_eq!(text(&path, |_| true).unwrap_err().kind(), io::ErrorKind::InvalidInput);
        let plain = folder.path().join("plain");
        std::fs::write(&plain, "a").unwrap();
        assert_eq!(text(&plain, |_| true).unwrap().as_deref(), Some("a"));
        assert_eq!(text(&plain, |_| false).unwrap(), None);
    }
}
