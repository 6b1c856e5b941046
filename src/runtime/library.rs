//! Where runbooks come from: the estate's folders, then those that ship with the program.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::console::RunbookEntry;
use domain::diagnostic::Severity;
use domain::document::Standing;
use domain::estate::Estate;
use domain::runbook::RunbookKind;
use domain::untrusted::sanitise_line;

use crate::runtime::estate_file::ReadError;
use crate::runtime::shelf::Shelf;

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
#[derive(Clone, Debug)]
pub struct Library(Shelf);

impl Default for Library {
    /// What ships, in no estate.
    fn default() -> Self {
        Self(Shelf::shipped(".md", SHIPPED))
    }
}

#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    #[error("there is no runbook `{name}`: {help}")]
    NoSuchRunbook { name: String, help: String },
    #[error(transparent)]
    Read(#[from] ReadError),
}

impl Library {
    /// With the estate's folders, relative to the folder of its file.
    #[must_use]
    pub fn new(estate: &Estate, beside: Option<&Path>) -> Self {
        Self(Self::default().0.and_in(&estate.runbooks, beside))
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
        self.0.names()
    }

    #[must_use]
    pub fn folders(&self) -> &[PathBuf] {
        self.0.folders()
    }

    /// Those of the estate's folders that are files now.
    #[must_use]
    pub fn files(&self) -> Vec<PathBuf> {
        self.0.files()
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
        self.0.place(name)
    }

    /// Whether anything in the estate's folders, or among what ships, goes by this name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.has(name)
    }

    /// What a runbook that was read as `opener` means by the name of another: the file beside its own, where there is
    /// one, else that name of the library.
    #[must_use]
    pub fn beside(opener: &str, name: &str) -> String {
        let beside = Path::new(opener).with_file_name(format!("{name}.md"));
        let there = Self::default().0.is_path(opener) && beside.is_file();
        if there { beside.display().to_string() } else { name.to_owned() }
    }

    /// The text of a runbook: a name of the library, or the path of a file.
    ///
    /// # Errors
    /// When there is none of that name, or its file could have been changed by others.
    pub fn read(&self, name: &str) -> Result<Arc<str>, LibraryError> {
        self.0.read(name)?.ok_or_else(|| self.unknown(name))
    }

    fn unknown(&self, name: &str) -> LibraryError {
        let names = self.names();
        let near = domain::diagnostic::did_you_mean(name, names.iter().map(String::as_str));
        let help = near.unwrap_or_else(|| format!("there is {}", names.join(", ")));
        LibraryError::NoSuchRunbook { name: name.to_owned(), help }
    }
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
