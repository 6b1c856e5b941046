//! Programs on `PATH`, and scripts beside the estate's file.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use domain::runbook::Runbook;

/// Everything that the runbooks need, and where it is.
pub(super) fn tools(runbooks: &[(&str, &Runbook)], beside: Option<&Path>) -> BTreeMap<String, Option<String>> {
    let named = runbooks.iter().flat_map(|(_, runbook)| domain::readiness::tools(runbook).into_keys());
    named
        .map(|name| {
            let found = if name.contains('/') { script(&name, beside) } else { on_path(&name) };
            let shown = found.map(|path| path.display().to_string());
            (name, shown)
        })
        .collect()
}

/// The first program of that name on `PATH`.
#[must_use]
pub fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|path| executable(path))
}

fn script(name: &str, beside: Option<&Path>) -> Option<PathBuf> {
    let path = beside.unwrap_or_else(|| Path::new(".")).join(name);
    executable(&path).then_some(path)
}

fn executable(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}
