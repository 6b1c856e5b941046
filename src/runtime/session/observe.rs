//! Samples in, readings out; and what the recorder writes down of the world while an incident is open.

use std::sync::Arc;
use std::time::Duration;

use domain::console::Told;
use domain::engine::{Command, State};
use domain::estate::{Check, CheckKind};
use domain::ident::{CheckId, DatabaseId, RegionId};
use domain::reading::{Change, Context, Sample, Source};

use domain::replication::Lsn;

use tokio::sync::oneshot;

use super::Session;
use super::input::Input;
use crate::runtime::clock;
use crate::runtime::postgres::{WriteAnswer, clean_stop};

/// A fence that a verify waits for is tried this often.
const VERIFY_EVERY: Duration = Duration::from_secs(5);

impl Session {
    pub(super) async fn sampled(&mut self, sample: Sample) {
        if let Some(ring) = &self.ring {
            ring.record(&sample);
        }
        let changes = self.board.observe(&sample);
        if let Source::Check(check) = &sample.source {
            self.look_at_clean_stops(check);
        }
        if let (Some(probes), Source::Check(check)) = (&self.probes, &sample.source) {
            let usual = self.scene.estate.check(check).map(|check| check.interval);
            let next = self.board.next_interval(check);
            probes.hurry(check, (Some(next) != usual).then_some(next));
        }
        // Without an incident a reading that changes nothing waits for the next tick: an idle console stays cheap.
        self.dirty |= !changes.is_empty() || self.state.open().is_some();
        if self.recorder.is_some() {
            for change in changes {
                self.observe(change).await;
            }
        }
    }

    /// One clock per frame: the whole estate at one instant, told when anything in it changed.
    pub(super) fn publish(&mut self) {
        let now = clock::now();
        let status = Arc::new(self.board.status(&Context::within(self.scene.kind, &self.state), now));
        let fences =
            State { fences: self.state.fences.clone(), incident: self.state.incident.clone(), ..State::default() };
        self.shared.publish(&self.board, fences);
        if let Some(ring) = &self.ring {
            ring.publish(&status);
        }
        self.tell(Told::Status(status));
        self.refresh_prepared();
        self.dirty = false;
        self.published = tokio::time::Instant::now();
    }

    async fn observe(&mut self, change: Change) {
        if self.state.open().is_none() {
            return;
        }
        let command = match change {
            Change::Region { region, from, to, because, at } => Command::RegionChange { region, from, to, because, at },
            Change::Serving { subject, from, to, at } => Command::ServingChange { subject, from, to, at },
            Change::SplitBrain { database, regions, .. } => {
                let regions: Vec<_> = regions.iter().map(RegionId::as_str).collect();
                let text = format!("SPLIT BRAIN: {database} accepts writes in {}", regions.join(" and "));
                Command::Observe { text, subject: Some(database.to_string()) }
            }
            Change::Blind { blind: true, .. } => {
                Command::Observe { text: "this console lost its own network".to_owned(), subject: None }
            }
            Change::Blind { blind: false, .. } => {
                Command::Observe { text: "this console has its network again".to_owned(), subject: None }
            }
            Change::Check { .. } => return,
        };
        self.record(command).await;
    }

    /// Tiers whose services have held `ok` long enough stop their clocks; those that broke again go on.
    pub(super) async fn watch_tiers(&mut self) {
        if self.recorder.is_none() || self.state.open().is_none() {
            return;
        }
        let now = clock::now();
        let status = self.board.status(&Context::within(self.scene.kind, &self.state), now);
        for command in self.tiers.observe(&self.scene.estate, &self.state, &status, now) {
            self.record(command).await;
        }
    }

    /// Tries a write through the application's own path and reads a stopped server's control data, as far as the
    /// estate says how.
    ///
    /// What comes back is told when the answer is on its way to the session.
    pub(super) fn try_fence(&mut self, database: &DatabaseId, region: &RegionId) -> Option<oneshot::Receiver<()>> {
        let known = self.scene.estate.database(database)?.clone();
        self.tried_at.insert((database.clone(), region.clone()), clock::boottime());
        let asker = self.capability.asker();
        self.read_control_data(database, region);
        let (database, region) = (database.clone(), region.clone());
        let inputs = self.inputs.clone();
        let (done, answered) = oneshot::channel();
        tokio::spawn(async move {
            let answer = asker.try_write(&known, &region).await;
            let answer =
                answer.unwrap_or_else(|| WriteAnswer::NoAnswer { why: "the estate says no way to try".to_owned() });
            let _ = inputs.send(Input::WriteTried { database, region, answer }).await;
            let _ = done.send(());
        });
        Some(answered)
    }

    /// Sides that a step being verified wants fenced: evidence is looked for until there is some.
    pub(super) fn look_for_verified_fences(&mut self) {
        let polled: Vec<_> = self.polling.iter().map(|(run, step, _)| (*run, step.clone())).collect();
        let mut sides: Vec<_> = Vec::new();
        for (run, step) in polled {
            let Some(step) = self.state.run(run).and_then(|known| known.step(&step)) else { continue };
            sides.extend(self.fences_named(run, &step.id, &step.verifies));
        }
        let now = clock::boottime();
        sides.retain(|side| {
            let proven = self.state.fences.get(side).is_some_and(|fence| fence.observed.is_some());
            let rested = self.tried_at.get(side).is_none_or(|tried| now.saturating_sub(*tried) >= VERIFY_EVERY);
            !proven && rested
        });
        for (database, region) in sides {
            drop(self.try_fence(&database, &region));
        }
    }

    /// Only a write refused with a known error is evidence; a failure to connect is none, and a write accepted revokes
    /// all there was.
    pub(super) async fn write_tried(&mut self, database: DatabaseId, region: RegionId, answer: WriteAnswer) {
        let command = match answer {
            WriteAnswer::Refused { error } => Command::ObserveFence {
                database,
                region,
                evidence: format!("write refused: {error}"),
                vantages: 1,
                zero_loss: false,
            },
            WriteAnswer::Accepted => Command::RevokeFence {
                database,
                region,
                evidence: "a write was accepted through the application's path".to_owned(),
            },
            WriteAnswer::NoAnswer { why } => {
                tracing::debug!(%database, %region, %why, "the write test tells nothing");
                return;
            }
        };
        self.record(command).await;
    }

    /// The zero-loss certificate: shut down cleanly, and a standby has received past its last checkpoint. A standby
    /// that was read before the stop is read first, and then the stopped server's control data again: only together
    /// they prove anything.
    pub(super) async fn clean_stop(&mut self, database: DatabaseId, region: RegionId, checkpoint: Lsn) {
        let Some(standby) = self.board.received_past(&database, checkpoint, clock::now()) else {
            self.clean_stops.insert((database, region));
            return;
        };
        let evidence = format!("shut down cleanly at {checkpoint}; {standby} has received past it: nothing is lost");
        self.record(Command::ObserveFence { database, region, evidence, vantages: 1, zero_loss: true }).await;
    }

    /// A standby was read: clean stops that waited for it are looked at again.
    fn look_at_clean_stops(&mut self, check: &CheckId) {
        let Some(Check { region: Some(read), kind: CheckKind::Postgres { database, .. }, .. }) =
            self.scene.estate.check(check)
        else {
            return;
        };
        let waiting: Vec<_> = self
            .clean_stops
            .iter()
            .filter(|(stopped, region)| stopped == database && region != read)
            .cloned()
            .collect();
        for (database, region) in waiting {
            self.clean_stops.remove(&(database.clone(), region.clone()));
            self.read_control_data(&database, &region);
        }
    }

    fn read_control_data(&self, database: &DatabaseId, region: &RegionId) {
        let known = self.scene.estate.database(database).filter(|_| self.capability.reaches_out());
        let Some(argv) = known.and_then(|known| known.control_data.get(region)).cloned() else { return };
        let (database, region) = (database.clone(), region.clone());
        self.spawn(async move {
            let checkpoint = clean_stop(&argv).await;
            Input::CleanStop { database, region, checkpoint }
        });
    }
}
