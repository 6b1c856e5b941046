//! Alerts as the session deals with them: kept with the readings, answered by its person, recorded while an incident is
//! open.

use domain::alert::{Audience, Sight, Which};
use domain::console::BannerAbout;
use domain::engine::{Command, Reason, Refusal};
use domain::ident::AlertKey;
use domain::reading::Status;
use domain::time::{Now, Timestamp};

use super::Session;
use crate::runtime::alerts::{Keeps, ShelfError};
use crate::runtime::readings;

/// Every so many ticks a console asks whether it may keep the readings, while another one does.
const TAKE_OVER: u32 = 5;

impl Session {
    /// Puts the alerts into the status.
    pub(super) fn keep_alerts(&mut self, status: &mut Status, sight: Sight, now: Now) {
        let incident = self.state.open().map(|incident| incident.label.as_str());
        let audience = Audience { estate: &self.scene.estate.name, kind: self.scene.kind, incident };
        let keeps = match &self.ring {
            Some(recorder) => Keeps::With(recorder),
            None if self.probes.is_none() => Keeps::Alone,
            None => Keeps::No,
        };
        self.alerts.keep(status, sight, &self.scene.estate.alerts, &audience, keeps, now);
        if let Some(lost) = self.alerts.lost() {
            self.banner(BannerAbout::Alerts, Some(lost));
        }
    }

    /// The log of the open incident is told what it does not say yet, by the one who writes down what the world does.
    pub(super) async fn record_alerts(&mut self) {
        if self.recorder.is_none() || self.state.open().is_none() {
            return;
        }
        for turn in self.alerts.to_record(&self.state.alerts, self.clock.now().wall) {
            self.record(Command::RecordAlert(turn)).await;
        }
    }

    /// Who kept the readings may have gone: somebody has to keep them, and the alerts with them.
    pub(super) fn take_over_readings(&mut self) {
        if self.ring.is_some() || self.probes.is_none() || self.scene.read_only {
            return;
        }
        self.asked_for_readings += 1;
        if !self.asked_for_readings.is_multiple_of(TAKE_OVER) {
            return;
        }
        match readings::Recorder::start(&self.paths.estate(&self.scene.estate.name)) {
            Ok(recorder) => self.ring = recorder,
            Err(error) => tracing::debug!(%error, "readings are not kept"),
        }
    }

    pub(super) fn acknowledge(&mut self, which: &Which) -> Result<(), Refusal> {
        self.may_answer()?;
        let by = self.scene.actor.name.clone();
        let taken = self.alerts.acknowledge(which, &by, self.clock.now().wall);
        self.answered(taken.is_ok());
        taken.map(drop).map_err(refusal)
    }

    pub(super) fn silence(&mut self, of: &AlertKey, until: Option<Timestamp>, reason: &str) -> Result<(), Refusal> {
        self.may_answer()?;
        let by = self.scene.actor.name.clone();
        let at = self.clock.now().wall;
        let silenced = self.alerts.silence(of, until, &by, reason, at);
        self.answered(silenced.is_ok());
        silenced.map_err(refusal)
    }

    /// With a new answer the file can be read again.
    fn answered(&mut self, kept: bool) {
        self.dirty = true;
        if kept {
            self.banner(BannerAbout::Alerts, None);
        }
    }

    fn may_answer(&self) -> Result<(), Refusal> {
        if self.scene.read_only {
            return Err(Refusal::new(Reason::ReadOnly, "this console is read-only"));
        }
        Ok(())
    }
}

fn refusal(error: ShelfError) -> Refusal {
    match error {
        ShelfError::Refused(refusal) => refusal,
        error @ ShelfError::Io { .. } => Refusal::new(Reason::ReadOnly, error.to_string()),
    }
}
