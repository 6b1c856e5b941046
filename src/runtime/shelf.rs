//! Named texts: files in the estate's folders, then those that ship with the program.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::runtime::estate_file::{self, ReadError};

/// Texts by name: the file's name without its ending.
#[derive(Clone, Debug)]
pub struct Shelf {
    folders: Vec<PathBuf>,
    /// With its dot: `.md`.
    ending: &'static str,
    /// Name and text.
    shipped: &'static [(&'static str, &'static str)],
}

impl Shelf {
    /// What ships, in no estate.
    #[must_use]
    pub const fn shipped(ending: &'static str, shipped: &'static [(&'static str, &'static str)]) -> Self {
        Self { folders: Vec::new(), ending, shipped }
    }

    /// With an estate's folders, relative to that of its file.
    #[must_use]
    pub fn and_in(self, folders: &[String], beside: Option<&Path>) -> Self {
        let beside = beside.unwrap_or_else(|| Path::new("."));
        Self { folders: folders.iter().map(|folder| beside.join(folder)).collect(), ..self }
    }

    #[must_use]
    pub fn folders(&self) -> &[PathBuf] {
        &self.folders
    }

    /// The estate's own in order of name, then those that ship and are not hidden by one of the same name.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.folders.iter().flat_map(|folder| self.names_in(folder)).collect();
        names.sort();
        names.dedup();
        let shipped = self.shipped.iter().map(|(name, _)| (*name).to_owned());
        let shipped: Vec<_> = shipped.filter(|name| !names.contains(name)).collect();
        names.into_iter().chain(shipped).collect()
    }

    /// Those of the estate's folders that are files now.
    #[must_use]
    pub fn files(&self) -> Vec<PathBuf> {
        let of = |folder: &PathBuf| {
            self.names_in(folder).into_iter().map(|name| self.file(folder, &name)).collect::<Vec<_>>()
        };
        self.folders.iter().flat_map(of).collect()
    }

    /// The file of a name in the estate's folders.
    #[must_use]
    pub fn place(&self, name: &str) -> Option<PathBuf> {
        if name.contains('/') {
            return None;
        }
        self.folders.iter().map(|folder| self.file(folder, name)).find(|path| path.is_file())
    }

    /// Whether anything in the estate's folders, or among what ships, goes by this name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        let there = |folder: &PathBuf| std::fs::symlink_metadata(self.file(folder, name)).is_ok();
        self.folders.iter().any(there) || self.shipped.iter().any(|(known, _)| *known == name)
    }

    /// The path of a file is meant, not a name.
    #[must_use]
    pub fn is_path(&self, given: &str) -> bool {
        given.ends_with(self.ending) || given.contains('/')
    }

    /// The text of a name, or of the file of a path; `None` where there is nothing of that name.
    ///
    /// # Errors
    /// When its file cannot be read, or could have been changed by others.
    pub fn read(&self, given: &str) -> Result<Option<Arc<str>>, ReadError> {
        let path = if self.is_path(given) { Some(PathBuf::from(given)) } else { self.place(given) };
        if let Some(path) = path {
            return Ok(Some(Arc::from(estate_file::read(&path)?)));
        }
        let shipped = self.shipped.iter().find(|(known, _)| *known == given);
        Ok(shipped.map(|(_, text)| Arc::from(*text)))
    }

    fn file(&self, folder: &Path, name: &str) -> PathBuf {
        folder.join(format!("{name}{}", self.ending))
    }

    /// What explains a folder is none of its texts.
    fn names_in(&self, folder: &Path) -> Vec<String> {
        let Ok(files) = std::fs::read_dir(folder) else { return Vec::new() };
        let name = |file: std::fs::DirEntry| {
            let file = file.file_name();
            let name = file.to_str()?.strip_suffix(self.ending)?;
            (!name.is_empty() && !name.eq_ignore_ascii_case("readme")).then(|| name.to_owned())
        };
        files.flatten().filter_map(name).collect()
    }
}
