//! Where a console, or `status --watch`, deals with alerts: keeps the book or reads that of another, takes answers, and
//! hands on what people are to be told.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use domain::alert::{AlertSettings, AlertTurn, Answers, Audience, Book, Notice, Recorded, Sight, Which, to_record};
use domain::engine::Refusal;
use domain::ident::{AlertKey, PersonId};
use domain::reading::{AlertStatus, Status};
use domain::time::{Now, Timestamp, since};
use tokio::sync::mpsc::error::TrySendError;

use super::{Notices, Shelf, ShelfError};
use crate::runtime::readings::Recorder;

/// An unchanged book is written again after this long, so that readers can tell that somebody keeps it.
const AGAIN: Duration = Duration::from_secs(30);
/// Notices that wait while whoever sends them on does not keep up; the oldest are given up beyond it.
const WAITING: usize = 1000;

/// Whether this console keeps the book.
#[derive(Clone, Copy, Debug)]
pub enum Keeps<'a> {
    /// It keeps the readings, and the book with them.
    With(&'a Recorder),
    /// Its world is its own: there is no other.
    Alone,
    /// Another does; or nobody, and this one may not write.
    No,
}

/// See the module.
#[derive(Debug)]
pub struct Desk {
    book: Book,
    answers: Answers,
    shelf: Option<Shelf>,
    notices: Option<Notices>,
    waiting: VecDeque<Notice>,
    /// What could not be told when the rules last looked.
    unknown: BTreeSet<AlertKey>,
    /// The book is that of the estate, not one this console made up because nobody keeps it.
    current: bool,
    keeping: bool,
    written: Option<Arc<Book>>,
}

impl Desk {
    /// `shelf`: none in a simulated world. `notices`: none where nobody is told.
    #[must_use]
    pub fn new(shelf: Option<Shelf>, notices: Option<Notices>) -> Self {
        Self {
            book: Book::default(),
            answers: Answers::default(),
            shelf,
            notices,
            waiting: VecDeque::new(),
            unknown: BTreeSet::new(),
            current: false,
            keeping: false,
            written: None,
        }
    }

    /// Takes in what the rules see now, and puts the alerts into the status. Only who keeps the book tells people.
    pub fn keep(
        &mut self,
        status: &mut Status,
        sight: Sight,
        settings: &AlertSettings,
        audience: &Audience<'_>,
        keeps: Keeps<'_>,
        now: Now,
    ) {
        if let Some(shelf) = &mut self.shelf {
            self.answers.clone_from(shelf.answers());
        }
        let keeping = !matches!(keeps, Keeps::No);
        if keeping && !std::mem::replace(&mut self.keeping, keeping) {
            self.take_over();
        }
        self.keeping = keeping;
        self.unknown.clone_from(&sight.unknown);
        let kept = self.shelf.as_mut().filter(|_| !keeping).and_then(|shelf| shelf.kept_book(now.wall));
        self.current = keeping || kept.is_some();
        match kept {
            Some(kept) => {
                self.book.clone_from(kept);
                self.book.reword(sight);
            }
            None => {
                let notices = self.book.keep(sight, settings, &self.answers, audience, now);
                if keeping && self.notices.is_some() {
                    self.waiting.extend(notices);
                }
            }
        }
        self.hand_on();
        if let Keeps::With(recorder) = keeps {
            self.write(recorder);
        }
        status.alerts = self.statuses(now.wall);
    }

    /// The book of the one who kept it before, if that is newer. One this console made up while nobody kept any counts
    /// for nothing: it says that people were told, and nobody was.
    fn take_over(&mut self) {
        if !self.current {
            self.book = Book::default();
        }
        if let Some(kept) = self.shelf.as_mut().and_then(Shelf::book)
            && kept.at > self.book.at
        {
            self.book.clone_from(kept);
        }
    }

    fn hand_on(&mut self) {
        let Some(notices) = &self.notices else { return };
        while let Some(notice) = self.waiting.pop_front() {
            match notices.try_send(notice) {
                Ok(()) => {}
                Err(TrySendError::Full(notice)) => {
                    self.waiting.push_front(notice);
                    break;
                }
                Err(TrySendError::Closed(notice)) => {
                    tracing::warn!(key = %notice.key, "nobody sends notices on");
                    self.waiting.clear();
                    break;
                }
            }
        }
        let given_up = self.waiting.len().saturating_sub(WAITING);
        if given_up > 0 {
            tracing::warn!(given_up, "notices were not taken for too long");
            self.waiting.drain(..given_up);
        }
    }

    /// Hands on what it can, and lets go of those who tell people.
    pub fn close(&mut self) {
        self.hand_on();
        self.notices = None;
    }

    fn write(&mut self, recorder: &Recorder) {
        let same = self.written.as_ref().is_some_and(|written| {
            let age = written.at.zip(self.book.at).map(|(written, at)| since(at, written));
            written.says_the_same_as(&self.book) && age.is_some_and(|age| age < AGAIN)
        });
        if !same {
            let book = Arc::new(self.book.clone());
            recorder.keep_alerts(&book);
            self.written = Some(book);
        }
    }

    /// That answers were lost; once.
    pub fn lost(&mut self) -> Option<String> {
        self.shelf.as_mut().and_then(Shelf::lost)
    }

    #[must_use]
    pub fn statuses(&self, now: Timestamp) -> Vec<AlertStatus> {
        self.book.statuses(&self.answers, now)
    }

    /// What the log of an open incident does not say yet; nothing while this console does not know the estate's book.
    #[must_use]
    pub fn to_record(&self, recorded: &Recorded, now: Timestamp) -> Vec<AlertTurn> {
        if !self.current {
            return Vec::new();
        }
        to_record(&self.book, &self.answers, &self.unknown, recorded, now)
    }

    /// Takes on what fires. Waits for the lock of the answers, a second at most, and for the disk.
    ///
    /// # Errors
    /// It does not fire, somebody is on it, or the answer cannot be kept.
    pub fn acknowledge(&mut self, which: &Which, by: &PersonId, at: Timestamp) -> Result<Vec<AlertKey>, ShelfError> {
        let book = self.book.clone();
        self.answer(|answers| answers.acknowledge(&book, which, by, at))
    }

    /// Quiet until then; `None` ends it. Waits as [`Self::acknowledge`] does.
    ///
    /// # Errors
    /// There is no such alert or rule, nothing to end, no reason; or the answer cannot be kept.
    pub fn silence(
        &mut self,
        of: &AlertKey,
        until: Option<Timestamp>,
        by: &PersonId,
        reason: &str,
        at: Timestamp,
    ) -> Result<(), ShelfError> {
        self.answer(|answers| answers.silence(of, until, by, reason, at))
    }

    fn answer<T>(&mut self, answer: impl FnOnce(&mut Answers) -> Result<T, Refusal>) -> Result<T, ShelfError> {
        match &mut self.shelf {
            Some(shelf) => {
                // A book that is not the estate's tells of no answer that it is over.
                let unknown = Book::default();
                let answered = shelf.answer(if self.current { &self.book } else { &unknown }, answer)?;
                self.answers.clone_from(shelf.answers());
                Ok(answered)
            }
            None => Ok(answer(&mut self.answers)?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{AUDIENCE, east_is_down};
    use super::*;
    use crate::runtime::clock;

    #[tokio::test]
    async fn who_takes_over_tells_what_nobody_was_told_while_nobody_kept_the_book() {
        let folder = tempfile::tempdir().unwrap();
        let (notices, mut told) = tokio::sync::mpsc::channel(8);
        let mut desk = Desk::new(Some(Shelf::new(folder.path())), Some(notices));
        let now = clock::now();
        let sight = east_is_down(now);
        let (settings, mut status) = (AlertSettings::default(), Status::default());
        desk.keep(&mut status, sight.clone(), &settings, &AUDIENCE, Keeps::No, now);
        assert!(told.try_recv().is_err() && status.alerts.len() == 1);
        desk.keep(&mut status, sight.clone(), &settings, &AUDIENCE, Keeps::Alone, now);
        assert!(told.try_recv().is_ok());
        desk.keep(&mut status, sight, &settings, &AUDIENCE, Keeps::Alone, now);
        assert!(told.try_recv().is_err());
    }
}
