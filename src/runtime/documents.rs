//! Documents of the runbook folders: reading one to be looked at, and writing what was proposed for a foreign one.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::console::Scene;
use domain::document::{Document, FileName, Proposal, Standing};
use domain::estate::Estate;
use domain::ident::Hash;
use domain::runbook::LIMIT;

use crate::runtime::library::{Library, LibraryError};

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum AdoptError {
    #[error(transparent)]
    Library(#[from] LibraryError),
    #[error("`{0}` ships with the program or has no steps: there is nothing to adopt")]
    NothingToAdopt(String),
    #[error("`{0}` has changed since the proposal was shown: look at it again")]
    Changed(String),
    #[error("there is a runbook `{0}` already, and nothing is ever overwritten: choose another name")]
    Taken(String),
    #[error("what would be written is longer than {} KiB, and would not be read again: adopt a part with `switchback import --section`", LIMIT / 1024)]
    TooLong,
    #[error("{} cannot be written: {why}", .path.display())]
    Write { path: PathBuf, why: io::Error },
}

/// May write new files beside documents. Only a console that may act has one.
#[derive(Clone, Copy, Debug)]
pub struct Adopter(());

impl Adopter {
    /// `None` for a console that only looks, and in an exercise, which touches no file of the estate.
    #[must_use]
    pub fn of(scene: &Scene) -> Option<Self> {
        (!scene.read_only && !scene.kind.is_exercise()).then_some(Self(()))
    }

    /// The document with what would be written, where something would.
    fn propose(self, library: &Library, document: Document, source: &str) -> Document {
        let mut file = FileName::beside(&document.name);
        for number in 2.. {
            if !library.has(file.name()) {
                break;
            }
            file = FileName::beside(&format!("{}-{number}", document.name));
        }
        document.proposing(source, file)
    }

    /// Writes the proposal for the document with this hash as a new file beside it: whole or not at all, for this user
    /// alone, and never over another.
    ///
    /// # Errors
    /// The document is gone, was changed meanwhile, or has no steps; the name is taken; the folder takes no file.
    pub fn adopt(self, library: &Library, name: &str, file: FileName, source: Hash) -> Result<(), AdoptError> {
        let nothing = || AdoptError::NothingToAdopt(name.to_owned());
        let text = library.read(name)?;
        let place = library.place(name).ok_or_else(nothing)?;
        if Hash::of(text.as_bytes()) != source {
            return Err(AdoptError::Changed(name.to_owned()));
        }
        let runbook = domain::runbook::parse(Arc::clone(&text), None);
        if !matches!(Standing::of(&runbook), Standing::Foreign { steps: 1.. }) {
            return Err(nothing());
        }
        if library.has(file.name()) {
            return Err(AdoptError::Taken(file.name().to_owned()));
        }
        let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let proposal = Proposal::of(&text, file);
        if proposal.text.len() > LIMIT {
            return Err(AdoptError::TooLong);
        }
        let path = folder.join(proposal.file.as_str());
        write_new(folder, &path, proposal.text.as_bytes()).map_err(|why| match why.kind() {
            io::ErrorKind::AlreadyExists => AdoptError::Taken(proposal.file.name().to_owned()),
            _ => AdoptError::Write { path, why },
        })
    }
}

/// The document of this name; with a proposal where `adopter` may write what is proposed.
///
/// # Errors
/// There is none, or it cannot be read: why, and what would help.
pub fn document(
    library: &Library,
    estate: &Estate,
    name: &str,
    adopter: Option<Adopter>,
) -> Result<Document, LibraryError> {
    let source = library.read(name)?;
    let place = library.place(name);
    let path = place.as_ref().map(|place| domain::untrusted::sanitise_line(&place.to_string_lossy().as_bytes()));
    let document = Document::read(name, path, &source, estate);
    Ok(match adopter.filter(|_| place.is_some()) {
        Some(adopter) => adopter.propose(library, document, &source),
        None => document,
    })
}

/// Under another name first, and then linked: a link never replaces, and what it leads to is whole and on the disk.
fn write_new(folder: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = folder.join(format!(".switchback-{}", ulid::Ulid::generate()));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| std::fs::hard_link(&new, path));
    let removed = std::fs::remove_file(&new);
    written.and(removed)?;
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt;

    use domain::log::Kind;
    use domain::people::Actor;

    use super::*;

    const PLAN: &str = "# Plan\n\n## Failover\n\n1. Stop writes\n2. Promote\n";

    struct Folder {
        dir: tempfile::TempDir,
        library: Library,
    }

    fn folder() -> Folder {
        let dir = tempfile::tempdir().unwrap();
        let estate = Estate { runbooks: vec![dir.path().display().to_string()], ..Estate::default() };
        std::fs::write(dir.path().join("plan.md"), PLAN).unwrap();
        Folder { library: Library::new(&estate, None), dir }
    }

    fn adopter(read_only: bool) -> Option<Adopter> {
        Adopter::of(&Scene {
            kind: Kind::Live,
            estate: Arc::default(),
            actor: Actor::claimed("mara", "bastion"),
            read_only,
            runbooks: Vec::new(),
            templates: Arc::default(),
        })
    }

    impl Folder {
        fn look(&self, name: &str, read_only: bool) -> Document {
            document(&self.library, &Estate::default(), name, adopter(read_only)).unwrap()
        }

        fn adopt(&self, file: &str, source: Hash) -> Result<(), AdoptError> {
            adopter(false).unwrap().adopt(&self.library, "plan", FileName::read(file).unwrap(), source)
        }

        fn files(&self) -> Vec<String> {
            let files = std::fs::read_dir(self.dir.path()).unwrap();
            let mut names: Vec<_> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
            names.sort();
            names
        }
    }

    #[test]
    fn what_was_proposed_is_written_beside_the_document_for_its_owner_alone() {
        let folder = folder();
        let seen = folder.look("plan", false);
        let proposal = seen.proposal.unwrap();
        assert_eq!(proposal.file.as_str(), "plan.runbook.md");
        folder.adopt(proposal.file.as_str(), seen.hash).unwrap();
        let written = folder.dir.path().join("plan.runbook.md");
        assert_eq!(std::fs::read_to_string(&written).unwrap(), &*proposal.text);
        assert_eq!(std::fs::metadata(&written).unwrap().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_to_string(folder.dir.path().join("plan.md")).unwrap(), PLAN);
        assert_eq!(folder.files(), ["plan.md", "plan.runbook.md"], "nothing else is left behind");
        let adopted = folder.look("plan.runbook", false);
        assert_eq!((adopted.standing.clone(), adopted.errors()), (Standing::Native, 0));
        assert_eq!(folder.look("plan", false).proposal.unwrap().file.as_str(), "plan-2.runbook.md");
    }

    #[test]
    fn nothing_is_overwritten_whatever_it_is() {
        let folder = folder();
        let seen = folder.look("plan", false);
        std::fs::write(folder.dir.path().join("mine.md"), "mine").unwrap();
        std::os::unix::fs::symlink("/nonexistent", folder.dir.path().join("link.md")).unwrap();
        for file in ["mine.md", "link.md", "plan.md", "regional-failover.md"] {
            assert!(matches!(folder.adopt(file, seen.hash), Err(AdoptError::Taken(_))), "{file}");
        }
        assert_eq!(std::fs::read_to_string(folder.dir.path().join("mine.md")).unwrap(), "mine");
        assert_eq!(folder.files(), ["link.md", "mine.md", "plan.md"]);
    }

    #[test]
    fn a_document_that_changed_under_the_eyes_of_a_person_is_not_adopted() {
        let folder = folder();
        let seen = folder.look("plan", false);
        std::fs::write(folder.dir.path().join("plan.md"), format!("{PLAN}3. Delete everything\n")).unwrap();
        assert!(matches!(folder.adopt("plan.runbook.md", seen.hash), Err(AdoptError::Changed(_))));
        assert_eq!(folder.files(), ["plan.md"]);
    }

    #[test]
    fn a_console_that_only_looks_is_offered_nothing() {
        let folder = folder();
        assert!(adopter(true).is_none());
        assert_eq!(folder.look("plan", true).proposal, None);
        assert_eq!(folder.look("plan", true).standing, Standing::Foreign { steps: 2 });
    }

    #[test]
    fn what_ships_is_looked_at_and_never_adopted() {
        let folder = folder();
        let shipped = folder.look("regional-failover", false);
        assert_eq!((shipped.path, shipped.proposal), (None, None));
    }
}
