//! The status for Prometheus: once to standard output, or to a file that a collector reads again and again.

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

use domain::estate::Estate;
use domain::reading::Status;
use domain::report::{Exposed, Runbooks, prometheus};

use crate::runtime::library::Library;
use crate::runtime::replace::{Purpose, replace};

/// What the page needs beside the status, and where it goes.
#[derive(Clone, Debug, Default)]
pub struct MetricsPage {
    pub library: Library,
    /// Replaced as a whole, and readable by everybody; standard output when `None`.
    pub file: Option<PathBuf>,
}

impl MetricsPage {
    /// # Errors
    /// What the system said, with the file it was about.
    pub(super) fn write(
        &self,
        estate: &Estate,
        status: &Status,
        took: Option<Duration>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let runbooks = self.library.list(estate);
        let broken = runbooks.iter().filter(|runbook| runbook.errors > 0).count();
        let runbooks = Runbooks { usable: runbooks.len() - broken, broken };
        let page = prometheus(&Exposed { status, version: env!("CARGO_PKG_VERSION"), took, runbooks });
        match &self.file {
            None => out.write_all(page.as_bytes()),
            Some(file) => replace(file, page.as_bytes(), Purpose::Reading)
                .map_err(|error| io::Error::new(error.kind(), format!("cannot write {}: {error}", file.display()))),
        }
    }
}
