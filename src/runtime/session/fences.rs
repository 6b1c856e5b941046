//! Looking for evidence that the old side is fenced: a write through the application's own path that is refused, a
//! server that was stopped cleanly and whose standby has everything.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use domain::engine::{Command, fences_named, wants_try};
use domain::estate::{Check, CheckKind, PostgresCheck};
use domain::execution::WriteAnswer;
use domain::ident::{CheckId, DatabaseId, RegionId, RunId, StepId};
use domain::replication::Lsn;
use tokio::sync::oneshot;

use super::Session;
use super::input::Input;
use super::prepare::ASK_EVERY;
use crate::runtime::postgres::clean_stop;

/// What is being looked for. What was found is in the log.
#[derive(Debug, Default)]
pub(super) struct Fences {
    /// When a write was last tried on a side that should be fenced (time since boot).
    tried_at: BTreeMap<(DatabaseId, RegionId), Duration>,
    /// Cleanly stopped servers whose standbys were not yet seen to have everything.
    clean_stops: BTreeSet<(DatabaseId, RegionId)>,
}

impl Session {
    /// `fenced` lines of the step's guards: the write through the application's own path is tried, the stopped server's
    /// control data are read. What comes of it goes into the log as evidence. While somebody only looks, at most
    /// every [`ASK_EVERY`].
    pub(super) fn try_fences(&mut self, run: RunId, step: &StepId, at_once: bool) -> Vec<oneshot::Receiver<()>> {
        let named = self.state.run(run).and_then(|run| Some(fences_named(run, step, &run.step(step)?.guards)));
        let mut sides = named.unwrap_or_default();
        let now = self.clock.boottime();
        sides.retain(|side| {
            at_once || self.fences.tried_at.get(side).is_none_or(|tried| now.saturating_sub(*tried) >= ASK_EVERY)
        });
        sides.into_iter().filter_map(|(database, region)| self.try_fence(&database, &region)).collect()
    }

    /// Tries a write through the application's own path and reads a stopped server's control data, as far as the
    /// estate says how. What comes back is told when the answer is on its way to the session.
    fn try_fence(&mut self, database: &DatabaseId, region: &RegionId) -> Option<oneshot::Receiver<()>> {
        let known = self.scene.estate.database(database)?.clone();
        self.fences.tried_at.insert((database.clone(), region.clone()), self.clock.boottime());
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
            let named = self.state.run(run).and_then(|run| Some(fences_named(run, &step, &run.step(&step)?.verifies)));
            sides.extend(named.unwrap_or_default());
        }
        let now = self.clock.boottime();
        sides.retain(|side| wants_try(&self.state, side, self.fences.tried_at.get(side).copied(), now));
        for (database, region) in sides {
            drop(self.try_fence(&database, &region));
        }
    }

    /// Only a write refused with a known error is evidence; a failure to connect is none, and a write accepted revokes
    /// all there was.
    pub(super) async fn write_tried(&mut self, database: DatabaseId, region: RegionId, answer: WriteAnswer) {
        if let WriteAnswer::NoAnswer { why } = &answer {
            tracing::debug!(%database, %region, %why, "the write test tells nothing");
        }
        if let Some(command) = Command::of_write(database, region, answer) {
            self.record(command).await;
        }
    }

    /// The zero-loss certificate: shut down cleanly, and a standby has received past its last checkpoint. A standby
    /// that was read before the stop is read first, and then the stopped server's control data again: only together
    /// they prove anything.
    pub(super) async fn clean_stop(&mut self, database: DatabaseId, region: RegionId, checkpoint: Lsn) {
        let Some(standby) = self.board.received_past(&database, checkpoint, self.clock.now()) else {
            self.fences.clean_stops.insert((database, region));
            return;
        };
        let evidence = format!("shut down cleanly at {checkpoint}; {standby} has received past it: nothing is lost");
        self.record(Command::ObserveFence { database, region, evidence, vantages: 1, zero_loss: true }).await;
    }

    /// A standby was read: clean stops that waited for it are looked at again.
    pub(super) fn look_at_clean_stops(&mut self, check: &CheckId) {
        let Some(Check { region: Some(read), kind: CheckKind::Postgres(PostgresCheck { database, .. }), .. }) =
            self.scene.estate.check(check)
        else {
            return;
        };
        let waiting: Vec<_> = self
            .fences
            .clean_stops
            .iter()
            .filter(|(stopped, region)| stopped == database && region != read)
            .cloned()
            .collect();
        for (database, region) in waiting {
            self.fences.clean_stops.remove(&(database.clone(), region.clone()));
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
