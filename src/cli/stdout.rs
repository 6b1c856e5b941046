//! What a command prints. A reader that goes away, as `head` does, is no failure.

use std::io::{self, BufWriter, ErrorKind, Write};

/// Whether anybody still reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reader {
    Here,
    Gone,
}

/// Writes to standard output, and flushes.
///
/// # Errors
/// What the system said, unless it is that nobody reads any more.
pub(super) fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<Reader> {
    let mut out = BufWriter::new(io::stdout().lock());
    let written = write(&mut out).and_then(|()| out.flush());
    // What could not be written is not tried again when the buffer is dropped.
    drop(out.into_parts());
    match written {
        Ok(()) => Ok(Reader::Here),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(Reader::Gone),
        Err(error) => Err(error),
    }
}

/// A line about what was done. It is done, whether anybody reads of it or not.
pub(super) fn say(line: impl std::fmt::Display) {
    let _ = print(|out| writeln!(out, "{line}"));
}

/// One JSON document, indented for people, with its newline.
///
/// # Errors
/// As [`print`].
pub(super) fn print_json(document: &impl serde::Serialize) -> io::Result<Reader> {
    print(|out| {
        serde_json::to_writer_pretty(&mut *out, document)?;
        writeln!(out)
    })
}
