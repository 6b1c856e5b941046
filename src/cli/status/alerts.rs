//! Alerts of a status that is looked at, or watched.

use std::path::Path;

use domain::alert::{Audience, Delivery};
use domain::estate::Estate;
use domain::log::Kind;
use domain::reading::{Board, Context, Status};
use tokio::time::{Duration, Instant};

use crate::runtime::alerts::{Desk, Keeps, Notices, OpenIncident, Shelf};
use crate::runtime::clock;
use crate::runtime::notify;
use crate::runtime::paths::Paths;
use crate::runtime::readings::Recorder;

/// How often alerts are looked at when no sample comes.
const AGAIN: Duration = Duration::from_secs(5);

/// The alerts of an estate, within the incident that is open.
#[derive(Debug)]
pub(super) struct Watched {
    kind: Kind,
    desk: Desk,
    incident: OpenIncident,
    looked: Instant,
}

impl Watched {
    pub(super) fn new(estate: &Estate, kind: Kind, paths: &Paths, notices: Option<Notices>) -> Self {
        Self {
            kind,
            desk: Desk::new(Some(Shelf::new(&paths.estate(&estate.name))), notices),
            incident: OpenIncident::new(paths, kind, &estate.name),
            looked: Instant::now(),
        }
    }

    /// Nothing was looked at for a while.
    pub(super) fn look_again(&self) -> bool {
        self.looked.elapsed() >= AGAIN
    }

    /// What came of telling people goes into the log of the incident that is open.
    pub(super) fn record(&self, delivery: Delivery) {
        let Some(dir) = self.incident.dir().map(Path::to_path_buf) else { return };
        tokio::task::spawn_blocking(move || {
            if let Err(why) = notify::record(&dir, delivery) {
                tracing::warn!(why, "what people were told is not recorded");
            }
        });
    }

    /// The status with its alerts. Who records the readings keeps the book; a single look reads it.
    pub(super) fn status(&mut self, board: &Board, recorder: Option<&Recorder>) -> Status {
        self.looked = Instant::now();
        let (estate, now) = (board.estate(), clock::now());
        let state = self.incident.state();
        let label = state.and_then(|state| state.open()).map(|incident| incident.label.as_str());
        let audience = Audience { estate: &estate.name, kind: self.kind, incident: label };
        let context = state.map_or(Context::calm(self.kind), |state| Context::within(self.kind, state));
        let (mut status, sight) = board.assess(&context, now);
        let keeps = recorder.map_or(Keeps::No, Keeps::With);
        self.desk.keep(&mut status, sight, &estate.alerts, &audience, keeps, now);
        status
    }
}
