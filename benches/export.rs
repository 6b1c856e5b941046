//! A log of a hundred thousand entries opened, verified and exported, beside `jq`, which makes a table of the same file
//! and checks nothing.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::engine::replay;
use domain::ident::{IncidentId, RegionId};
use domain::log::{Draft, Event, Header, Kind, LOG_VERSION, Sev};
use domain::people::Actor;
use domain::reading::Health;
use domain::time::{Timestamp, at_offset};
use switchback::runtime::journal::{Journal, ReadLog};
use switchback::runtime::paths::Paths;

use super::report::{Aim, Row};

const ENTRIES: u64 = 100_000;
const RUNS: usize = 9;
const TABLE: &str = "[.seq, .occurred_at, .recorded_at, .kind, .actor.name, .event.type, .event.text, .hash] | @csv";

pub(crate) fn measure() -> Vec<Row> {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let paths = Paths { state: folder.path().join("state"), config: folder.path().join("config") };
    let log = log(&paths);
    let opened = times(|| {
        let (_, entries) = ReadLog::open(&log).unwrap();
        let entries: Vec<_> = entries.into_iter().map(Arc::new).collect();
        assert_eq!(replay(&entries).entries.len() as u64, ENTRIES);
    });
    let mut rows = vec![
        Row::times("open and fold 100,000 entries", &opened)
            .beside("sha256sum", &command("sha256sum", &[log.to_str().unwrap()]))
            .aiming_at(Aim::AtMost(500.0)),
    ];
    let table = command("jq", &["-r", TABLE, log.to_str().unwrap()]);
    for format in ["md", "html", "csv", "jsonl"] {
        let args = ["export", log.to_str().unwrap(), "--format", format];
        let took = command(env!("CARGO_BIN_EXE_switchback"), &args);
        let row = Row::times(format!("export 100,000 entries, {format}"), &took).beside("jq, a table", &table);
        rows.push(row.aiming_at(Aim::AtMost(1000.0)));
    }
    rows
}

fn times(mut what: impl FnMut()) -> Vec<Duration> {
    let once = |_| {
        let began = Instant::now();
        what();
        began.elapsed()
    };
    (0..RUNS).map(once).collect()
}

/// None where there is no such program.
fn command(program: &str, args: &[&str]) -> Vec<Duration> {
    let run = || Command::new(program).args(args).stdin(Stdio::null()).stdout(Stdio::null()).status();
    if run().is_err() {
        return Vec::new();
    }
    times(|| assert!(run().unwrap().success()))
}

fn log(paths: &Paths) -> std::path::PathBuf {
    let header = Header {
        version: LOG_VERSION,
        incident: IncidentId(ulid::Ulid::generate()),
        label: "INC-0001".to_owned(),
        kind: Kind::Live,
        created_at: Timestamp::now(),
        created_by: "bench".to_owned(),
    };
    let opened = opened(&header);
    let journal = Journal::create(paths, header).unwrap();
    let begun = Timestamp::now();
    let draft = |number: u64| {
        let event = if number == 0 { opened.clone() } else { told(number) };
        let occurred_at = at_offset(begun, Duration::from_millis(number * 100));
        Draft { occurred_at, kind: Kind::Live, actor: Actor::claimed("mara", "bastion"), event }
    };
    let (mut head, batch) = (None, 1000);
    for first in (0..ENTRIES).step_by(batch) {
        let drafts = (first..first + batch as u64).map(draft).collect();
        head = journal.append_blocking(head, drafts).unwrap().last().map(|entry| entry.hash);
    }
    let path: &Path = &journal.place().log();
    path.to_path_buf()
}

fn opened(header: &Header) -> Event {
    Event::IncidentOpened {
        incident: header.incident,
        label: header.label.clone(),
        kind: Kind::Live,
        severity: Sev(1),
        title: "us-east-1 is down".to_owned(),
        impact_at: Timestamp::now(),
        impact_basis: "as declared".to_owned(),
        from: Some(RegionId::from("us-east-1")),
        to: Some(RegionId::from("us-west-2")),
        estate: "name = \"orders-platform\"\n[regions.us-east-1]\n[regions.us-west-2]\n[tiers.1]\nrto = \"5m\"\n"
            .to_owned(),
    }
}

/// What fills a long log: what was seen, what was noted.
fn told(number: u64) -> Event {
    match number % 3 {
        0 => Event::NoteAdded {
            text: format!("note {number}: the provider still says all is well"),
            run: None,
            step: None,
        },
        1 => Event::RegionChanged {
            region: RegionId::from("us-east-1"),
            from: Health::Ok,
            to: Health::Down,
            because: "3 of 5 critical checks are down".to_owned(),
        },
        _ => Event::Observation {
            text: format!("replication is frozen: {number} kB not received"),
            subject: Some("orders-db".to_owned()),
        },
    }
}
