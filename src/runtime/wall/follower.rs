//! The thread that looks: at the folders of incidents, at the log that is shown, at the readings that belong to it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{SendError, SyncSender};
use std::time::Duration;

use domain::console::{Feed, Told};
use domain::log::Kind;
use domain::report::{Display, Names};
use domain::time::Now;

use super::choose::{Changed, Choice};
use super::followed::Followed;
use super::readings::{Look, Newest};
use crate::runtime::clock;
use crate::runtime::learned::learned;
use crate::runtime::paths::Paths;

/// How often the log is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// How often everything else is.
const SCAN_EVERY: Duration = Duration::from_secs(1);
/// A new folder is looked into for so many scans: its log begins a moment after it was made.
const SCANS: u32 = 10;
/// A log that cannot be followed is opened again this often.
const AGAIN: Duration = Duration::from_secs(5);
/// The screen is told at least this often that somebody looks.
const BEAT: Duration = Duration::from_secs(2);

/// What a wall shows.
#[derive(Clone, Debug)]
pub struct Wall {
    /// Where incidents and readings are kept.
    pub places: Vec<Paths>,
    /// Only incidents and readings of this estate; `None`: whatever there is.
    pub estate: Option<String>,
    /// This log and no other.
    pub pinned: Option<PathBuf>,
    pub names: Names,
}

/// Looks until nobody listens any more.
///
/// # Errors
/// The thread cannot be started.
pub fn follow(wall: Wall, tell: SyncSender<Told>) -> io::Result<()> {
    let mut follower = Follower::new(wall, tell);
    let run = move || {
        while follower.look(clock::now()).is_ok() {
            std::thread::sleep(LOOK_EVERY);
        }
    };
    std::thread::Builder::new().name("follow".to_owned()).spawn(run)?;
    Ok(())
}

/// Nobody listens.
#[derive(Debug)]
pub(super) struct Gone;

impl From<SendError<Told>> for Gone {
    fn from(_: SendError<Told>) -> Self {
        Self
    }
}

#[derive(Debug)]
pub(super) struct Follower {
    choice: Choice,
    pinned: Option<PathBuf>,
    names: Names,
    followed: Option<Followed>,
    changed: Option<Changed>,
    /// Left of [`SCANS`].
    scans: u32,
    newest: Newest,
    feed: Feed,
    /// When the screen was last told of the feed, when the next scan is due, and the next try to open a log.
    told_at: Option<Duration>,
    scan_at: Duration,
    again_at: Duration,
    /// Of which kind of incident durations were told.
    learned: Option<Kind>,
    tell: SyncSender<Told>,
}

impl Follower {
    pub(super) fn new(wall: Wall, tell: SyncSender<Told>) -> Self {
        let Wall { places, estate, pinned, names } = wall;
        let feed = Feed { pinned: pinned.is_some(), ..Feed::default() };
        Self {
            choice: Choice { places, estate },
            pinned,
            names,
            followed: None,
            changed: None,
            scans: 0,
            newest: Newest::default(),
            feed,
            told_at: None,
            scan_at: Duration::ZERO,
            again_at: Duration::ZERO,
            learned: None,
            tell,
        }
    }

    pub(super) fn look(&mut self, now: Now) -> Result<(), Gone> {
        let before = Feed { looked_at: now.wall, ..self.feed.clone() };
        self.feed.looked_at = now.wall;
        if self.followed.as_mut().is_some_and(Followed::read) {
            self.tell_incident(now)?;
        }
        if now.boot >= self.scan_at {
            self.scan_at = now.boot + SCAN_EVERY;
            self.choose(now)?;
            self.find(now)?;
            self.read_status()?;
        }
        if let Some(followed) = &self.followed {
            self.feed.log = followed.trouble();
        }
        let due = self.told_at.is_none_or(|told| now.boot.saturating_sub(told) >= BEAT);
        if due || self.feed != before {
            self.told_at = Some(now.boot);
            self.tell.send(Told::Feed(self.feed.clone()))?;
        }
        Ok(())
    }

    fn choose(&mut self, now: Now) -> Result<(), Gone> {
        if let Some(path) = self.pinned.clone() {
            if self.followed.is_none() && now.boot >= self.again_at {
                self.again_at = now.boot + AGAIN;
                self.open(&path, now)?;
            }
            return Ok(());
        }
        let changed = self.choice.changed();
        if self.changed.as_ref() != Some(&changed) {
            (self.changed, self.scans) = (Some(changed), SCANS);
        }
        let lapsed = self.followed.as_ref().is_some_and(|followed| followed.lapsed(now.wall));
        if self.scans == 0 && !lapsed {
            return Ok(());
        }
        self.scans = self.scans.saturating_sub(1);
        let open = self.choice.open(now.wall);
        let shown = self.followed.as_ref().map(|followed| followed.place().dir().to_path_buf());
        match open {
            Some(dir) if shown.as_ref() != Some(&dir) => self.open(&dir, now),
            None if lapsed => self.calm(),
            _ => Ok(()),
        }
    }

    fn open(&mut self, path: &Path, now: Now) -> Result<(), Gone> {
        match Followed::open(path, self.names) {
            Ok(followed) => {
                self.followed = Some(followed);
                self.newest.forget();
                self.feed.readings = None;
                self.tell_incident(now)
            }
            Err(why) => {
                self.feed.log = Some(why);
                Ok(())
            }
        }
    }

    fn calm(&mut self) -> Result<(), Gone> {
        self.followed = None;
        self.newest.forget();
        (self.feed.log, self.feed.readings) = (None, None);
        Ok(self.tell.send(Told::Incident(None))?)
    }

    fn find(&mut self, now: Now) -> Result<(), Gone> {
        let Some(followed) = &mut self.followed else { return Ok(()) };
        if followed.trouble().is_some() && now.boot < self.again_at {
            return Ok(());
        }
        self.again_at = now.boot + AGAIN;
        if followed.find() {
            self.tell_incident(now)?;
        }
        Ok(())
    }

    /// The incident as it may be shown; and, when it is of another kind than before, how long its steps usually take.
    fn tell_incident(&mut self, now: Now) -> Result<(), Gone> {
        let Some(followed) = &self.followed else { return Ok(()) };
        self.tell.send(Told::Incident(Some(Box::new(followed.display().state()))))?;
        if let Some(pace) = followed.pace(now) {
            self.tell.send(Told::Pace(pace))?;
        }
        let kind = followed.state().incident.as_ref().map(|incident| incident.kind);
        if let Some(kind) = kind.filter(|kind| self.learned != Some(*kind)) {
            self.learned = Some(kind);
            let dir = followed.place().dir();
            let home = self.choice.places.iter().find(|paths| dir.starts_with(paths.incidents()));
            if let Some(paths) = home.or(self.choice.places.first()) {
                self.tell.send(Told::Learned(Arc::new(learned(paths, kind))))?;
            }
        }
        Ok(())
    }

    fn read_status(&mut self) -> Result<(), Gone> {
        let calm = Display::new(self.names);
        let (look, display) = match &self.followed {
            Some(followed) => {
                let estate = followed.state().incident.as_ref().filter(|incident| incident.kind.executes());
                let live = estate.zip(self.choice.places.first());
                let live = live.map(|(incident, paths)| paths.estate(&incident.estate.name));
                (self.newest.of_incident(followed.place(), live), followed.display())
            }
            None => (self.newest.of_estates(&self.choice.places, self.choice.estate.as_deref()), &calm),
        };
        match look {
            Look::Same => {}
            Look::New(read) => {
                self.feed.readings = Some(read.written);
                self.tell.send(Told::Status(Arc::new(display.readings(&read.status))))?;
            }
            Look::Nothing => self.feed.readings = None,
        }
        Ok(())
    }
}
