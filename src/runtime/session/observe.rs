//! Samples in, readings out; and what the recorder writes down of the world while an incident is open.

use std::sync::Arc;

use domain::console::Told;
use domain::engine::{Command, State};
use domain::readiness::Past;
use domain::reading::{Change, Context, Sample, Source};

use super::Session;
use crate::runtime::past::PastReader;

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
        if let Some(probes) = &self.probes {
            probes.hurry_network(self.board.doubts());
        }
        // Without an incident a reading that changes nothing waits for the next tick: an idle console stays cheap.
        self.dirty |= !changes.is_empty() || self.state.open().is_some();
        if self.recorder.is_some() {
            for change in changes {
                self.observe(change).await;
            }
        }
    }

    pub(super) fn past_reader(&self) -> PastReader {
        PastReader::new(self.paths.clone(), &self.scene.estate.name, self.scene.kind)
    }

    /// What incidents of before, and what was written down, say of this estate.
    pub(super) fn remembered(&mut self, past: Option<Arc<Past>>) {
        if let Some(past) = past {
            self.board.remember(Arc::clone(&past));
            self.evaluation.walked(past);
            self.dirty = true;
        }
    }

    /// One clock per frame: the whole estate at one instant, told when anything in it changed.
    pub(super) fn publish(&mut self) {
        let now = self.clock.now();
        let (mut status, sight) = self.board.assess(&Context::within(self.scene.kind, &self.state), now);
        self.keep_alerts(&mut status, sight, now);
        self.ring(&status);
        self.evaluate(&mut status);
        let status = Arc::new(status);
        let fences =
            State { fences: self.state.fences.clone(), incident: self.state.incident.clone(), ..State::default() };
        self.shared.publish(&self.board, fences);
        if let Some(ring) = &self.ring {
            ring.publish(&status);
        }
        if let (Some(journal), Some(_), false) = (&self.journal, &self.recorder, self.state.over()) {
            self.display.show(journal.place(), &status);
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
        if let Some(command) = Command::of_change(change) {
            self.record(command).await;
        }
    }

    /// Tiers whose services have held `ok` long enough stop their clocks; those that broke again go on.
    pub(super) async fn watch_tiers(&mut self) {
        if self.recorder.is_none() || self.state.open().is_none() {
            return;
        }
        let now = self.clock.now();
        let (status, _) = self.board.assess(&Context::within(self.scene.kind, &self.state), now);
        for command in self.tiers.observe(&self.scene.estate, &self.state, &status, now) {
            self.record(command).await;
        }
    }

    /// What failed over by itself since the impact is written down by whichever console records; what the log has is
    /// not said again.
    pub(super) async fn watch_self_healing(&mut self) {
        let Some(incident) = self.state.open().filter(|_| self.recorder.is_some()) else { return };
        let impact_at = incident.impact_at;
        let status = self.board.status(&Context::within(self.scene.kind, &self.state), self.clock.now());
        for automatic in &status.automatic {
            let settled = automatic.recent.iter().filter(|healing| healing.settled && healing.served_at >= impact_at);
            for healing in settled {
                let (name, text) = (automatic.name.clone(), automatic.sentence(healing));
                self.record(Command::SelfHealed { name, text, at: healing.served_at }).await;
            }
        }
    }
}
