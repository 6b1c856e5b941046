//! One entry into the log, against the same bytes written and synced without anything around them.

use std::fs::OpenOptions;
use std::io::Write;
use std::time::Instant;

use domain::ident::IncidentId;
use domain::log::{Draft, Event, Header, Kind, LOG_VERSION};
use domain::people::Actor;
use domain::time::Timestamp;
use switchback::runtime::journal::Journal;
use switchback::runtime::paths::Paths;

use super::report::{Aim, Row};

const APPENDS: usize = 400;

/// By turns, so that what else the disk does falls on both.
pub(crate) fn measure() -> Vec<Row> {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let paths = Paths { state: folder.path().join("state"), config: folder.path().join("config") };
    let journal = Journal::create(&paths, header()).unwrap();
    let log = journal.place().log();
    let mut bare = OpenOptions::new().append(true).create_new(true).open(folder.path().join("bare")).unwrap();
    let (mut appends, mut writes, mut head) = (Vec::new(), Vec::new(), None);
    for number in 0..APPENDS {
        let before = std::fs::metadata(&log).unwrap().len();
        let began = Instant::now();
        let entries = journal.append_blocking(head, vec![note(number)]).unwrap();
        appends.push(began.elapsed());
        head = entries.last().map(|entry| entry.hash);
        let bytes = vec![b'.'; usize::try_from(std::fs::metadata(&log).unwrap().len() - before).unwrap()];
        let began = Instant::now();
        bare.write_all(&bytes).unwrap();
        bare.sync_data().unwrap();
        writes.push(began.elapsed());
    }
    vec![
        Row::times("append of one entry to the log", &appends)
            .beside("write + fdatasync", &writes)
            .aiming_at(Aim::TimesPeer(1.3)),
    ]
}

fn header() -> Header {
    Header {
        version: LOG_VERSION,
        incident: IncidentId(ulid::Ulid::generate()),
        label: "INC-0001".to_owned(),
        kind: Kind::Lab,
        created_at: Timestamp::now(),
        created_by: "bench".to_owned(),
    }
}

fn note(number: usize) -> Draft {
    Draft {
        occurred_at: Timestamp::now(),
        kind: Kind::Lab,
        actor: Actor::claimed("bench", "localhost"),
        event: Event::NoteAdded { text: format!("note {number} of a long incident"), run: None, step: None },
    }
}
