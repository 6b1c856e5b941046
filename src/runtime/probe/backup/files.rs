//! Files that match a pattern.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::backup::FoundFile;
use domain::time::Timestamp;
use tokio::sync::Semaphore;

/// A folder with more files than this is not looked through.
const MOST_FILES: usize = 100_000;

#[derive(Debug)]
pub(super) struct Files {
    pattern: String,
    /// One walk at a time: a network file system that hangs must not collect threads.
    walking: Arc<Semaphore>,
}

impl Files {
    pub(super) fn new(pattern: String) -> Self {
        Self { pattern, walking: Arc::new(Semaphore::new(1)) }
    }

    pub(super) async fn found(&self) -> Result<Vec<FoundFile>, String> {
        let permit = Arc::clone(&self.walking)
            .try_acquire_owned()
            .map_err(|_| "the folder has not answered since an earlier look".to_owned())?;
        let pattern = self.pattern.clone();
        let walk = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            walk(&pattern)
        });
        walk.await.map_err(|error| error.to_string())?
    }
}

fn walk(pattern: &str) -> Result<Vec<FoundFile>, String> {
    let paths = glob::glob(pattern).map_err(|error| format!("`{pattern}` is not a pattern: {error}"))?;
    let mut found = Vec::new();
    for path in paths {
        let path: PathBuf = path.map_err(|error| format!("{}: {}", error.path().display(), error.error()))?;
        if found.len() == MOST_FILES {
            return Err(format!("more than {MOST_FILES} files match"));
        }
        found.extend(describe(&path));
    }
    Ok(found)
}

/// `None` for what is no file, or is gone by now.
fn describe(path: &Path) -> Option<FoundFile> {
    let metadata = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?;
    let modified = Timestamp::try_from(metadata.modified().ok()?).ok()?;
    let name = domain::untrusted::sanitise_line(path.file_name()?.as_encoded_bytes());
    Some(FoundFile { name, bytes: metadata.len(), modified })
}
