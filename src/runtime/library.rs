//! Where runbooks come from: the estate's folders, then those that ship with the program.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::console::RunbookEntry;
use domain::diagnostic::Severity;
use domain::document::Standing;
use domain::estate::Estate;
use domain::runbook::RunbookKind;
use domain::untrusted::sanitise_line;

use crate::runtime::estate_file::{self, ReadError};

/// Those that ship with the program, by name.
const SHIPPED: &[(&str, &str)] = &[
    ("regional-failover", include_str!("../../runbooks/regional-failover.md")),
    ("database-failover", include_str!("../../runbooks/database-failover.md")),
    ("application-failover", include_str!("../../runbooks/application-failover.md")),
    ("network-outage", include_str!("../../runbooks/network-outage.md")),
    ("failback", include_str!("../../runbooks/failback.md")),
    ("cache-failure", include_str!("../../runbooks/cache-failure.md")),
    ("api-degradation", include_str!("../../runbooks/api-degradation.md")),
    ("complete-data-loss", include_str!("../../runbooks/complete-data-loss.md")),
    ("data-corruption", include_str!("../../runbooks/data-corruption.md")),
    ("monthly-drill", include_str!("../../runbooks/monthly-drill.md")),
    ("quarterly-dr-test", include_str!("../../runbooks/quarterly-dr-test.md")),
    ("backup-full", include_str!("../../runbooks/backup-full.md")),
    ("point-in-time-recovery", include_str!("../../runbooks/point-in-time-recovery.md")),
    ("backup-verification", include_str!("../../runbooks/backup-verification.md")),
];

/// Runbooks by name: the file's name without its ending.
#[derive(Clone, Debug, Default)]
pub struct Library {
    folders: Vec<PathBuf>,
}

#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    #[error("there is no runbook `{0}`")]
    NoSuchRunbook(String),
    #[error(transparent)]
    Read(#[from] ReadError),
}

impl Library {
    /// The estate's folders, relative to the folder of its file.
    #[must_use]
    pub fn new(estate: &Estate, beside: Option<&Path>) -> Self {
        let beside = beside.unwrap_or_else(|| Path::new("."));
        Self { folders: estate.runbooks.iter().map(|folder| beside.join(folder)).collect() }
    }

    /// Everything that can be started: the estate's own in order of name, then those that ship with the program and
    /// are not hidden by one of the same name.
    #[must_use]
    pub fn list(&self, estate: &Estate) -> Vec<RunbookEntry> {
        self.names().into_iter().map(|name| self.entry(name, estate)).collect()
    }

    /// Their names, in that order.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.folders.iter().flat_map(|folder| names_in(folder)).collect();
        names.sort();
        names.dedup();
        let shipped = SHIPPED.iter().map(|(name, _)| (*name).to_owned());
        let shipped: Vec<_> = shipped.filter(|name| !names.contains(name)).collect();
        names.into_iter().chain(shipped).collect()
    }

    #[must_use]
    pub fn folders(&self) -> &[PathBuf] {
        &self.folders
    }

    /// Those of the estate's folders that are files now.
    #[must_use]
    pub fn files(&self) -> Vec<PathBuf> {
        let of = |folder: &PathBuf| {
            names_in(folder).into_iter().map(|name| folder.join(format!("{name}.md"))).collect::<Vec<_>>()
        };
        self.folders.iter().flat_map(of).collect()
    }

    /// What cannot be read is told of, too: who relies on it learns that before it is needed.
    fn entry(&self, name: String, estate: &Estate) -> RunbookEntry {
        let runbook = match self.read(&name) {
            Ok(text) => domain::runbook::parse(text, Some(estate)),
            Err(error) => {
                let standing = Standing::Unreadable { why: sanitise_line(&error.to_string()) };
                return RunbookEntry { title: name.clone(), name, kind: RunbookKind::default(), errors: 0, standing };
            }
        };
        let errors = runbook.diagnostics.iter().filter(|found| found.severity == Severity::Error).count();
        let standing = Standing::of(&runbook);
        RunbookEntry { name, title: runbook.title, kind: runbook.kind, errors, standing }
    }

    /// The file of a runbook of the estate's folders.
    #[must_use]
    pub fn place(&self, name: &str) -> Option<PathBuf> {
        if name.contains('/') {
            return None;
        }
        self.folders.iter().map(|folder| folder.join(format!("{name}.md"))).find(|path| path.is_file())
    }

    /// Whether anything in the estate's folders, or among what ships, goes by this name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        let there = |folder: &PathBuf| std::fs::symlink_metadata(folder.join(format!("{name}.md"))).is_ok();
        self.folders.iter().any(there) || SHIPPED.iter().any(|(known, _)| *known == name)
    }

    /// What a runbook that was read as `opener` means by the name of another: the file beside its own, where there is
    /// one, else that name of the library.
    #[must_use]
    pub fn beside(opener: &str, name: &str) -> String {
        let path = opener.ends_with(".md") || opener.contains('/');
        let beside = Path::new(opener).with_file_name(format!("{name}.md"));
        if path && beside.is_file() { beside.display().to_string() } else { name.to_owned() }
    }

    /// The text of a runbook: a name of the library, or the path of a file.
    ///
    /// # Errors
    /// When there is none of that name, or its file could have been changed by others.
    pub fn read(&self, name: &str) -> Result<Arc<str>, LibraryError> {
        if name.ends_with(".md") || name.contains('/') {
            return text_of(Path::new(name));
        }
        if let Some(path) = self.place(name) {
            return text_of(&path);
        }
        let shipped = SHIPPED.iter().find(|(known, _)| *known == name);
        shipped.map(|(_, text)| Arc::from(*text)).ok_or_else(|| LibraryError::NoSuchRunbook(name.to_owned()))
    }
}

fn text_of(path: &Path) -> Result<Arc<str>, LibraryError> {
    Ok(Arc::from(estate_file::read(path)?))
}

fn names_in(folder: &Path) -> Vec<String> {
    let Ok(files) = std::fs::read_dir(folder) else { return Vec::new() };
    files
        .filter_map(|file| {
            let path = file.ok()?.path();
            (path.extension()? == "md").then(|| path.file_stem()?.to_str().map(str::to_owned)).flatten()
        })
        .filter(|name| !name.eq_ignore_ascii_case("readme"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_runbooks_have_nothing_to_find_in_any_estate() {
        let (demonstration, lab) = (domain::drill::demo_estate(), crate::runtime::lab::example_estate());
        for (name, text) in SHIPPED {
            for estate in [None, Some(&*demonstration), Some(&lab)] {
                let runbook = domain::runbook::parse(Arc::from(*text), estate);
                let found: Vec<_> =
                    runbook.diagnostics.iter().filter(|found| found.severity != Severity::Note).collect();
                let place = estate.map_or("no estate", |estate| estate.name.as_str());
                assert!(runbook.native && found.is_empty(), "{name} in {place}: {found:#?}");
            }
        }
    }

    #[test]
    fn the_estates_own_runbooks_come_first_and_hide_shipped_ones_of_their_name() {
        let dir = tempfile::tempdir().unwrap();
        let text = "---\nrunbook: 1\n---\n\n# Ours\n\n## Do\n\n- [ ] **Look** <!-- id: look -->\n";
        for name in ["zone-failover.md", "regional-failover.md"] {
            std::fs::write(dir.path().join(name), text).unwrap();
        }
        let estate = Estate { runbooks: vec![dir.path().display().to_string()], ..Estate::default() };
        let listed = Library::new(&estate, None).list(&estate);
        assert!(listed.iter().all(|entry| entry.standing == Standing::Native));
        let names: Vec<_> = listed.iter().map(|entry| (entry.name.as_str(), entry.title == "Ours")).collect();
        let opener = dir.path().join("zone-failover.md").display().to_string();
        assert!(Library::beside(&opener, "regional-failover").starts_with(&dir.path().display().to_string()));
        assert_eq!(Library::beside(&opener, "database-failover"), "database-failover");
        assert_eq!(Library::beside("zone-failover", "regional-failover"), "regional-failover");
        assert_eq!(names[..2], [("regional-failover", true), ("zone-failover", true)]);
        let shipped = SHIPPED.iter().map(|(name, _)| (*name, false)).filter(|(name, _)| *name != "regional-failover");
        assert_eq!(names[2..], shipped.collect::<Vec<_>>());
    }

    #[test]
    fn other_documents_are_listed_with_their_steps_and_unreadable_ones_with_the_reason() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("plan.md"), "# Plan\n\n## Failover\n\n1. Stop\n2. Promote\n").unwrap();
        std::fs::write(dir.path().join("binary.md"), [0xff, 0xfe]).unwrap();
        let estate = Estate { runbooks: vec![dir.path().display().to_string()], ..Estate::default() };
        let listed = Library::new(&estate, None).list(&estate);
        assert_eq!((listed[1].title.as_str(), &listed[1].standing), ("Plan", &Standing::Foreign { steps: 2 }));
        let Standing::Unreadable { why } = &listed[0].standing else { panic!("{:?}", listed[0]) };
        assert!(why.contains("binary.md is not UTF-8"), "{why}");
    }
}
