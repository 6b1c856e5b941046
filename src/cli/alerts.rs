//! Alerts without the screen: what fires, taking it on, keeping it quiet for a while.

use std::io::Write;
use std::time::{Duration, Instant};

use domain::alert::{Book, Rule, Which};
use domain::ident::AlertKey;
use domain::reading::AlertStatus;
use domain::time::{Timestamp, at_offset, clock, human, parse_duration, rfc3339, since};
use serde::Serialize;

use super::args::{Ack, Global, List, Silence};
use super::setup::Setup;
use super::status::alert_line;
use super::{Exit, Failure};
use crate::runtime::alerts::{Shelf, ShelfError};
use crate::runtime::clock::now;

/// Whoever keeps the book has written it after this long.
const WRITTEN: Duration = Duration::from_secs(2);

/// Stands for every alert that fires.
const ALL: &str = "all";

/// `alerts --json`.
#[derive(Debug, Serialize)]
struct Listed {
    estate: String,
    /// When the alerts were last looked at; `null`: never.
    at: Option<String>,
    /// A console or `status --watch` looks at them.
    watched: bool,
    /// In the shape of `status --json`.
    alerts: Vec<AlertStatus>,
    silences: Vec<Silenced>,
}

#[derive(Debug, Serialize)]
struct Silenced {
    of: AlertKey,
    until: String,
    by: String,
    reason: String,
}

/// What fires, and what is about to. Nothing is looked at for it: a console or `status --watch` does that.
///
/// # Errors
/// There is no estate, or output could not be written.
pub(super) fn list(global: &Global, list: &List) -> Result<Exit, Failure> {
    let (setup, mut shelf) = shelf(global)?;
    let now = now().wall;
    let watched = shelf.kept_book(now).is_some();
    let answers = shelf.answers().clone();
    lost(&mut shelf);
    let book = shelf.book().cloned().unwrap_or_default();
    let alerts = book.statuses(&answers, now);
    let fires = book.firing().next().is_some();
    let mut out = std::io::stdout().lock();
    if list.json {
        let silences = answers.silences(now).map(|(of, silence)| Silenced {
            of: of.clone(),
            until: rfc3339(silence.until),
            by: silence.by.to_string(),
            reason: silence.reason.clone(),
        });
        let silences = silences.collect();
        let listed = Listed { estate: setup.estate.name.clone(), at: book.at.map(rfc3339), watched, alerts, silences };
        writeln!(out, "{}", serde_json::to_string(&listed).map_err(std::io::Error::from)?)?;
    } else {
        unwatched(watched, book.at, now);
        if alerts.is_empty() {
            writeln!(out, "No alert fires.")?;
        }
        for alert in &alerts {
            writeln!(out, "{}", alert_line(alert))?;
        }
        for (of, silence) in answers.silences(now) {
            writeln!(out, "Silenced until {} by {}: {of} ({})", clock(silence.until), silence.by, silence.reason)?;
        }
    }
    Ok(match (watched, fires) {
        (false, _) => Exit::Unknown,
        (true, true) => Exit::No,
        (true, false) => Exit::Yes,
    })
}

/// # Errors
/// It does not fire, somebody is on it, or the answer cannot be kept.
pub(super) fn acknowledge(global: &Global, ack: &Ack) -> Result<Exit, Failure> {
    let (setup, mut shelf) = shelf_to_answer(global)?;
    let book = book_with(&mut shelf, &AlertKey::new(&ack.key));
    let which = if ack.key == ALL { Which::All } else { Which::One(AlertKey::new(&ack.key)) };
    let (by, at) = (&setup.actor.name, now().wall);
    unwatched(shelf.kept_book(at).is_some(), book.at, at);
    let taken = shelf.answer(&book, |answers| answers.acknowledge(&book, &which, by, at))?;
    lost(&mut shelf);
    let mut out = std::io::stdout().lock();
    for key in &taken {
        writeln!(out, "{by} acknowledges {key}.")?;
    }
    if taken.is_empty() {
        writeln!(out, "Nothing fires that nobody has acknowledged.")?;
    }
    Ok(Exit::Yes)
}

/// # Errors
/// There is no such alert or rule, the duration or the reason is missing, or the answer cannot be kept.
pub(super) fn silence(global: &Global, silence: &Silence) -> Result<Exit, Failure> {
    let (setup, mut shelf) = shelf_to_answer(global)?;
    let book = shelf.book().cloned().unwrap_or_default();
    let (by, at) = (&setup.actor.name, now().wall);
    let span = silence.span.as_deref().map(parse_duration).transpose();
    let span = span.map_err(|why| Failure::new(Exit::Usage, format!("--for: {why}")))?;
    let until = span.filter(|_| !silence.end).map(|span| at_offset(at, span));
    let (of, reason) = (AlertKey::new(&silence.of), silence.reason.as_deref().unwrap_or_default());
    shelf.answer(&book, |answers| answers.silence(&of, until, by, reason, at))?;
    lost(&mut shelf);
    let mut out = std::io::stdout().lock();
    match until {
        Some(until) => writeln!(out, "{of} is silenced until {} by {by}.", rfc3339(until))?,
        None => writeln!(out, "{of} is no longer silenced.")?,
    }
    Ok(Exit::Yes)
}

/// What fires is on a screen, and in the log, a moment before it is in the book: that moment is waited out. Who takes on
/// everything means what is on the screen, too, so for that all of the moment is.
fn book_with(shelf: &mut Shelf, key: &AlertKey) -> Book {
    let patience = Instant::now() + WRITTEN;
    loop {
        let book = shelf.book().cloned().unwrap_or_default();
        let fires = book.alert(key).is_some_and(|alert| alert.fired_at().is_some());
        let named = Rule::of(key).is_some() || key.as_str() == ALL;
        let wrong = !named || shelf.kept_book(now().wall).is_none();
        if fires || wrong || Instant::now() >= patience {
            return book;
        }
        std::thread::sleep(WRITTEN / 20);
    }
}

fn shelf(global: &Global) -> Result<(Setup, Shelf), Failure> {
    let setup = Setup::of_estate(global)?;
    if setup.kind == domain::log::Kind::Demo {
        let message = "there is no estate: alerts of the demonstration live in its console alone";
        return Err(Failure::new(Exit::Config, message));
    }
    let shelf = Shelf::new(&setup.paths.estate(&setup.estate.name));
    Ok((setup, shelf))
}

fn shelf_to_answer(global: &Global) -> Result<(Setup, Shelf), Failure> {
    if global.read_only {
        return Err(Failure::new(Exit::Refused, "--read-only: nothing is answered"));
    }
    shelf(global)
}

/// Says that earlier answers are not known.
fn lost(shelf: &mut Shelf) {
    if let Some(lost) = shelf.lost() {
        eprintln!("{lost}.");
    }
}

/// Says how old this is when nobody watches.
fn unwatched(watched: bool, at: Option<Timestamp>, now: Timestamp) {
    if watched {
        return;
    }
    let age = at.map_or_else(|| "never were".to_owned(), |at| format!("last were {} ago", human(since(now, at))));
    eprintln!("Nobody watches: alerts {age}. Open a console, or run `switchback status --watch`.");
}

impl From<ShelfError> for Failure {
    fn from(error: ShelfError) -> Self {
        Self::new(Exit::Refused, error.to_string())
    }
}
