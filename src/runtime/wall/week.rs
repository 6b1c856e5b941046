//! A week on the wall, accelerated: what it holds in memory does not grow with what it has shown.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use domain::console::{Scene, Told};
use domain::drill::demo_estate;
use domain::ident::{Hash, IncidentId};
use domain::log::{Draft, Event, Header, Kind, LOG_VERSION, Sev};
use domain::people::Actor;
use domain::reading::{Board, Context, Status};
use domain::report::Names;
use domain::time::Now;

use super::follower::{Follower, Wall};
use crate::runtime::journal::{Journal, Place};
use crate::runtime::paths::Paths;
use crate::runtime::{clock, display};

const CHILD: &str = "SWITCHBACK_TEST_WEEK";
const DAYS: u64 = 7;
/// Entries and statuses of a day; then its incident is closed.
const A_DAY: u64 = 150;

struct Room {
    paths: Paths,
    follower: Follower,
    told: Receiver<Told>,
    wall: tui::wall::Wall,
    now: Now,
    status: Status,
}

impl Room {
    fn new(state: PathBuf) -> Self {
        let paths = Paths { config: state.clone(), state };
        let (tell, told) = sync_channel(64);
        let show = Wall { places: vec![paths.clone()], estate: None, pinned: None, names: Names::Roles };
        let (estate, now) = (demo_estate(), clock::now());
        let status = Board::new(Arc::clone(&estate)).status(&Context::calm(Kind::Live), now);
        let actor = Actor::claimed("", "");
        let templates = Arc::default();
        let scene = Scene { kind: Kind::Live, estate, actor, read_only: true, runbooks: Vec::new(), templates };
        let wall = tui::wall::Wall::new(scene, now, None);
        Self { paths, follower: Follower::new(show, tell), told, wall, now, status }
    }

    /// A new status, a look, and what is told of it taken.
    fn passes(&mut self, place: &Place) {
        self.now = self.now.after(Duration::from_secs(86_400 / A_DAY));
        self.status.at = self.now.wall;
        display::write(place.dir(), &self.status).unwrap();
        self.follower.look(self.now).unwrap();
        for told in self.told.try_iter() {
            tui::wall::update(&mut self.wall, tui::Input::Told(told), self.now);
        }
    }

    /// An incident of a day, from its declaration to its end.
    fn day(&mut self, day: u64) {
        let incident = IncidentId(ulid::Ulid::from_parts(day + 1, 1));
        let label = format!("INC-2026-{:04}", day + 1);
        let header = Header {
            version: LOG_VERSION,
            incident,
            label: label.clone(),
            kind: Kind::Live,
            created_at: clock::now().wall,
            created_by: "switchback".to_owned(),
        };
        let journal = Journal::create(&self.paths, header).unwrap();
        let mut head: Option<Hash> = None;
        let mut say = |event, at| {
            let actor = Actor::claimed("mara", "bastion");
            let draft = Draft { occurred_at: at, kind: Kind::Live, actor, event };
            head = journal.append_blocking(head, vec![draft]).unwrap().last().map(|entry| entry.hash);
        };
        let estate = demo_estate().source.clone();
        let now = self.now.wall;
        let opened = Event::IncidentOpened {
            incident,
            label: label.clone(),
            kind: Kind::Live,
            severity: Sev(1),
            title: "A long one".to_owned(),
            impact_at: now,
            impact_basis: "seen".to_owned(),
            from: None,
            to: None,
            estate,
        };
        say(opened, now);
        for number in 1..A_DAY {
            say(Event::NoteAdded { text: format!("note {number}"), run: None, step: None }, now);
            self.passes(journal.place());
        }
        assert_eq!(self.wall.model.state.label(), Some(label.as_str()));
        assert_eq!(self.wall.model.state.entries.len() as u64, A_DAY);
        say(Event::IncidentClosed { reason: "over".to_owned() }, now);
        self.passes(journal.place());
        self.passes(journal.place());
        assert!(!self.wall.busy(), "all is calm again");
    }
}

/// Resident memory of this process, kB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Memory is a process's: this test runs itself alone in one of its own.
#[test]
fn a_week_of_incidents_leaves_nothing_behind() {
    if std::env::var_os(CHILD).is_none() {
        let name = "runtime::wall::week::a_week_of_incidents_leaves_nothing_behind";
        let alone = [name, "--exact", "--nocapture", "--test-threads=1"];
        let child = Command::new(std::env::current_exe().unwrap()).args(alone).env(CHILD, "1").output().unwrap();
        let said = String::from_utf8_lossy(&child.stdout);
        println!("{said}");
        assert!(
            child.status.success() && said.contains("1 passed"),
            "{said}{}",
            String::from_utf8_lossy(&child.stderr)
        );
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut room = Room::new(folder.path().join("state"));
    let mut after = Vec::new();
    for day in 0..DAYS {
        room.day(day);
        after.push(resident());
        println!("day {}: {} kB", day + 1, after[after.len() - 1]);
    }
    // The first days warm allocators and caches up.
    let grown = after[after.len() - 1].saturating_sub(after[1]);
    assert!(grown < 4096, "{grown} kB in five days");
}
