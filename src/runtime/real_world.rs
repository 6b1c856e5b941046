//! The live estate beyond an exercise, glimpsed by what its consoles leave on this machine: `live.json`, and incidents that
//! are declared meanwhile. Nothing of the estate itself is looked at.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::sync::Arc;
use std::time::Duration;

use domain::engine::replay;
use domain::log::Kind;
use domain::reading::{AlertSeverity, AlertState, Health, Status};
use domain::time::{Timestamp, since};
use domain::untrusted::sanitise_line;
use tokio::sync::watch;

use super::journal::ReadLog;
use super::paths::Paths;
use super::{clock, readings};

/// On the machine's clock: what is real does not go faster with an exercise.
const LOOK_EVERY: Duration = Duration::from_secs(3);

/// An unchanged status is written every 30 seconds: what is much older was left by a console that is gone.
const FRESH: Duration = Duration::from_secs(90);

/// The estate that an exercise is a copy of.
#[derive(Debug)]
pub struct RealWorld {
    paths: Paths,
    estate: String,
    kind: Kind,
    /// Folders of incidents that say nothing new: they were there before, or are not of this estate.
    passed: BTreeSet<OsString>,
}

/// What is red, in a line, whenever that changes; until the receiver is dropped.
#[must_use]
pub fn follow(mut world: RealWorld) -> watch::Receiver<Option<String>> {
    let (sender, receiver) = watch::channel(None);
    tokio::spawn(async move {
        loop {
            let looking = tokio::task::spawn_blocking(move || {
                let red = world.look();
                (world, red)
            });
            let Ok((again, red)) = looking.await else { return };
            world = again;
            sender.send_if_modified(|known| {
                let other = *known != red;
                *known = red;
                other
            });
            tokio::select! {
                () = sender.closed() => return,
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    });
    receiver
}

impl RealWorld {
    /// As from now: incidents that are open already are known to whoever begins an exercise.
    #[must_use]
    pub fn new(paths: Paths, estate: &str, kind: Kind) -> Self {
        let mut world = Self { paths, estate: estate.to_owned(), kind, passed: BTreeSet::new() };
        world.passed = world.folders();
        world
    }

    /// Reads files: not for a task that others wait for.
    fn look(&mut self) -> Option<String> {
        // Names that differ in a character that is none of a folder share one.
        let status = readings::live(&self.paths.estate(&self.estate)).filter(|status| status.estate == self.estate);
        let mut red = status.map(|status| red(&status, clock::now().wall)).unwrap_or_default();
        red.extend(self.declared());
        (!red.is_empty()).then(|| sanitise_line(&red.join("; ")))
    }

    fn folders(&self) -> BTreeSet<OsString> {
        let listed = std::fs::read_dir(self.paths.incidents());
        listed.into_iter().flatten().flatten().map(|folder| folder.file_name()).collect()
    }

    /// Incidents of the live estate that were declared meanwhile, and are open.
    fn declared(&mut self) -> Vec<String> {
        let mut declared = Vec::new();
        for folder in self.folders() {
            if self.passed.contains(&folder) {
                continue;
            }
            let Ok((log, entries)) = ReadLog::open(&self.paths.incidents().join(&folder)) else { continue };
            if log.header().kind != self.kind {
                self.passed.insert(folder);
                continue;
            }
            let state = replay(&entries.into_iter().map(Arc::new).collect::<Vec<_>>());
            // Its first entry follows in a moment.
            let Some(incident) = &state.incident else { continue };
            if incident.closed_at.is_some() || incident.estate.name != self.estate {
                self.passed.insert(folder);
                continue;
            }
            declared.push(format!("{} was declared: {}", incident.label, incident.title));
        }
        declared
    }
}

/// What of a status would end any exercise.
fn red(status: &Status, now: Timestamp) -> Vec<String> {
    // Of a clock that was set back since, nobody knows how old it is; a console that lives writes it anew.
    if since(now, status.at).max(since(status.at, now)) > FRESH {
        return Vec::new();
    }
    let down = status.regions.iter().filter(|region| region.status == Health::Down);
    let mut red: Vec<String> = down.map(|region| format!("{} is down", region.name)).collect();
    let critical = status.alerts.iter().filter(|alert| {
        alert.severity == AlertSeverity::Critical
            && alert.state == AlertState::Firing
            && alert.silenced_until.is_none_or(|until| until <= now)
    });
    red.extend(critical.map(|alert| alert.text.clone()).filter(|text| !red.contains(text)).collect::<Vec<_>>());
    red
}

#[cfg(test)]
mod tests {
    use domain::drill::demo_estate;
    use domain::reading::{Board, Context};
    use domain::time::at_offset;

    use super::*;
    use crate::runtime::readings::Recorder;

    fn paths(home: &tempfile::TempDir) -> Paths {
        Paths { state: home.path().join("state"), config: home.path().join("config") }
    }

    /// What a live console of that estate left, when its clock said `at`.
    fn left(paths: &Paths, estate: &str, at: Timestamp) -> Recorder {
        let mut status = Board::new(demo_estate()).status(&Context::calm(Kind::Live), clock::now());
        status.alerts.clear();
        (status.at, status.estate) = (at, estate.to_owned());
        status.regions[0].status = Health::Down;
        let recorder = Recorder::start(&paths.estate(estate)).unwrap().unwrap();
        recorder.publish(&Arc::new(status));
        recorder
    }

    #[test]
    fn only_what_is_of_now_and_of_this_very_estate_is_red() {
        let minute = Duration::from_secs(60);
        let now = Timestamp::now();
        let ago = |span: Duration| {
            Timestamp::from_millisecond(now.as_millisecond() - i64::try_from(span.as_millis()).unwrap()).unwrap()
        };
        let told = [
            ("a shop/2", now, true),
            ("a shop:2", now, false),
            ("a shop/2", ago(minute * 10), false),
            ("a shop/2", at_offset(now, minute * 10), false),
        ];
        for (estate, at, red) in told {
            let home = tempfile::tempdir().unwrap();
            drop(left(&paths(&home), estate, at));
            let mut world = RealWorld::new(paths(&home), "a shop/2", Kind::Live);
            assert_eq!(world.look().is_some(), red, "{estate} at {at}");
        }
    }
}
