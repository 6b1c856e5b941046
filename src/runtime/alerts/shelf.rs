//! Two small files per estate: `alerts.json`, the book, written by the one who keeps the readings; and
//! `alert-answers.json`, changed by everybody under a lock.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use domain::alert::{Answers, Book};
use domain::engine::Refusal;
use domain::time::{Timestamp, since};
use serde::de::DeserializeOwned;

use crate::runtime::clock;
use crate::runtime::paths::private_dir;
use crate::runtime::replace::{Purpose, replace};

const BOOK: &str = "alerts.json";
const ANSWERS: &str = "alert-answers.json";
const LOCK: &str = "alert-answers.lock";

/// A book that was not written for so long is kept by nobody any more.
const KEPT: Duration = Duration::from_secs(90);

/// How long the lock is waited for: whoever holds it writes a few lines.
const PATIENCE: Duration = Duration::from_secs(1);

/// What of it was read last, and which file that was.
#[derive(Clone, Debug, Default)]
struct Seen<T> {
    stamp: Option<(u64, i64, i64, u64)>,
    value: T,
}

/// The files of one estate.
#[derive(Clone, Debug)]
pub struct Shelf {
    folder: PathBuf,
    book: Seen<Option<Book>>,
    answers: Seen<Answers>,
    /// What happened to answers that could not be read, for people.
    lost: Option<String>,
}

/// Why an answer was not taken.
#[derive(Debug, thiserror::Error)]
pub enum ShelfError {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("the answer cannot be kept in {}: {source}", folder.display())]
    Io { folder: PathBuf, source: io::Error },
}

impl Shelf {
    /// Of the estate whose folder this is. Nothing is made until somebody answers.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_path_buf(), book: Seen::default(), answers: Seen::default(), lost: None }
    }

    /// The book as it was last written, by whomever.
    pub fn book(&mut self) -> Option<&Book> {
        // A book is written anew from what is seen: nothing is lost with one that cannot be read.
        let _ = reread(&self.folder.join(BOOK), &mut self.book);
        self.book.value.as_ref()
    }

    /// The same, when somebody keeps it.
    pub fn kept_book(&mut self, now: Timestamp) -> Option<&Book> {
        self.book().filter(|book| book.at.is_some_and(|at| since(now, at) < KEPT))
    }

    pub fn answers(&mut self) -> &Answers {
        if let Some(why) = reread(&self.folder.join(ANSWERS), &mut self.answers) {
            let path = self.folder.join(ANSWERS);
            self.lost = Some(format!(
                "{} cannot be read ({why}): who acknowledged or silenced what is not known, and everything is told anew. \
                 The next answer keeps that file aside",
                path.display()
            ));
        }
        &self.answers.value
    }

    /// That answers were lost, and what became of their file; once.
    pub fn lost(&mut self) -> Option<String> {
        self.lost.take()
    }

    /// A file that cannot be read is not written over: it may be all that says who took on what.
    fn keep_aside(&self) -> io::Result<()> {
        let path = self.folder.join(ANSWERS);
        match std::fs::read(&path) {
            Ok(text) if serde_json::from_slice::<Answers>(&text).is_err() => {
                let stamp = clock::now().wall.strftime("%Y%m%dT%H%M%SZ");
                std::fs::rename(&path, self.folder.join(format!("{ANSWERS}.unreadable-{stamp}")))
            }
            _ => Ok(()),
        }
    }

    /// Answers, on the newest of what others said.
    ///
    /// # Errors
    /// What `answer` refuses, or the file cannot be written. Nothing is changed then.
    pub fn answer<T>(
        &mut self,
        book: &Book,
        answer: impl FnOnce(&mut Answers) -> Result<T, Refusal>,
    ) -> Result<T, ShelfError> {
        let io = |source| ShelfError::Io { folder: self.folder.clone(), source };
        private_dir(&self.folder).map_err(io)?;
        let lock = lock(&self.folder.join(LOCK)).map_err(io)?;
        let mut answers = self.answers().clone();
        let answered = answer(&mut answers)?;
        answers.prune(book, clock::now().wall);
        let io = |source| ShelfError::Io { folder: self.folder.clone(), source };
        let text = serde_json::to_vec(&answers).map_err(|error| io(error.into()))?;
        self.keep_aside().map_err(io)?;
        let io = |source| ShelfError::Io { folder: self.folder.clone(), source };
        replace(&self.folder.join(ANSWERS), &text, Purpose::Record).map_err(io)?;
        drop(lock);
        Ok(answered)
    }
}

/// Writes the book. For the recorder's thread.
pub(in crate::runtime) fn write_book(folder: &Path, book: &Book) -> io::Result<()> {
    replace(&folder.join(BOOK), &serde_json::to_vec(book)?, Purpose::Record)
}

fn lock(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)?;
    let patience = Instant::now() + PATIENCE;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if Instant::now() < patience => std::thread::sleep(PATIENCE / 100),
            Err(TryLockError::WouldBlock) => {
                return Err(io::Error::other("another console is answering and does not end"));
            }
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
}

/// Reads the file again when it is another one than before. What cannot be read is as if it were not there; why it cannot
/// is given back, once.
fn reread<T: DeserializeOwned + Default>(path: &Path, seen: &mut Seen<T>) -> Option<String> {
    let stamp = std::fs::metadata(path).ok().map(|file| (file.ino(), file.mtime(), file.mtime_nsec(), file.size()));
    if stamp == seen.stamp {
        return None;
    }
    seen.stamp = stamp;
    let (value, wrong) = match std::fs::read(path).map(|text| serde_json::from_slice(&text)) {
        Ok(Ok(value)) => (value, None),
        Ok(Err(error)) => {
            tracing::warn!(%error, path = %path.display(), "what it says of alerts is left out");
            (T::default(), Some(error.to_string()))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => (T::default(), None),
        Err(error) => (T::default(), Some(error.to_string())),
    };
    seen.value = value;
    wrong
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use domain::alert::Which;
    use domain::ident::PersonId;

    use super::super::testing::firing;
    use super::*;

    #[test]
    fn what_one_says_another_sees_and_it_is_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let estate = folder.path().join("orders");
        let (mut one, mut other) = (Shelf::new(&estate), Shelf::new(&estate));
        assert_eq!(other.answers(), &Answers::default());
        let book = firing(clock::now());
        let (now, ana) = (clock::now().wall, PersonId::from("ana"));
        one.answer(&book, |answers| answers.acknowledge(&book, &Which::All, &ana, now)).unwrap();
        let alert = book.alerts().next().unwrap();
        assert_eq!(other.answers().acknowledgement(alert).map(|taken| taken.by.clone()), Some(ana.clone()));
        let key = Which::One(alert.finding.key.clone());
        let again = other.answer(&book, |answers| answers.acknowledge(&book, &key, &PersonId::from("raj"), now));
        assert!(matches!(again, Err(ShelfError::Refused(_))));
        for file in std::fs::read_dir(&estate).unwrap().map(|file| file.unwrap()) {
            assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.path());
        }
    }

    #[test]
    fn answers_that_cannot_be_read_are_told_of_and_kept_aside() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(ANSWERS), "{\"acknowledged\": [").unwrap();
        let mut shelf = Shelf::new(folder.path());
        assert_eq!(shelf.answers(), &Answers::default());
        assert!(shelf.lost().unwrap().contains("alert-answers.json cannot be read"));
        assert_eq!((shelf.answers().clone(), shelf.lost()), (Answers::default(), None), "it is told once");
        let book = firing(clock::now());
        shelf
            .answer(&book, |answers| answers.acknowledge(&book, &Which::All, &PersonId::from("ana"), clock::now().wall))
            .unwrap();
        let aside: Vec<_> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.starts_with("alert-answers.json.unreadable-"))
            .collect();
        assert_eq!(std::fs::read_to_string(folder.path().join(&aside[0])).unwrap(), "{\"acknowledged\": [");
    }

    #[test]
    fn a_book_is_read_whole_or_not_at_all_and_one_that_nobody_keeps_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let mut shelf = Shelf::new(folder.path());
        assert_eq!(shelf.book(), None);
        let book = firing(clock::now());
        write_book(folder.path(), &book).unwrap();
        assert_eq!(shelf.book().map(|kept| kept.firing().count()), Some(1));
        let at = book.at.unwrap();
        assert!(shelf.kept_book(at + Duration::from_secs(10)).is_some());
        assert!(shelf.kept_book(at + Duration::from_secs(100)).is_none());
        std::fs::write(folder.path().join(BOOK), "{\"at\": 7").unwrap();
        assert_eq!(shelf.book(), None);
    }
}
