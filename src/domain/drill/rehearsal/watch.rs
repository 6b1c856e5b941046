//! What the recorder of a session writes down of the world, and the tiers' clocks. The services are judged only when
//! something changed.

use std::time::Duration;

use super::Rehearsal;
use crate::engine::Command;
use crate::objective::waits_for_tiers;
use crate::reading::{Health, Status};
use crate::time::{Now, at_offset, since};

/// When the tiers are looked at next.
#[derive(Debug, Default)]
pub(super) struct Watch {
    next: Option<Duration>,
    /// Every tier that was hit has recovered.
    pub(super) recovered: bool,
}

impl Rehearsal<'_> {
    /// Time passes in the world; what the probes see meanwhile is taken in as it comes.
    pub(super) fn let_pass(&mut self, to: Now) {
        for sample in self.world.advance(to) {
            let changes = self.board.observe(&sample);
            if changes.is_empty() {
                continue;
            }
            // It is known when its answer is there.
            let known = Duration::min(sample.boot + sample.latency.unwrap_or_default(), to.boot);
            self.now = self.now.after(known.saturating_sub(self.now.boot));
            self.look_at_tiers_soon();
            for change in changes {
                if let Some(command) = Command::of_change(change) {
                    self.note(command);
                }
            }
        }
        self.now = to;
    }

    pub(super) fn look_at_tiers_soon(&mut self) {
        let soon = self.now.boot + super::TICK;
        self.watch.next = Some(self.watch.next.map_or(soon, |next| next.min(soon)));
    }

    pub(super) fn watch_tiers(&mut self) {
        if self.watch.next.is_none_or(|next| next > self.now.boot) || self.state.open().is_none() {
            return;
        }
        let status = self.board.services(self.now);
        self.watch.next = self.next_look(&status);
        for command in self.tiers.observe(&self.kit.estate, &self.state, &status, self.now) {
            self.note(command);
        }
        let incident = self.state.incident.as_ref();
        self.watch.recovered = incident.is_some_and(|incident| {
            !incident.recovered.is_empty() && !waits_for_tiers(&self.kit.estate, incident, &status)
        });
    }

    /// When the first of the tiers that are well now has been so long enough.
    fn next_look(&self, status: &Status) -> Option<Duration> {
        let incident = self.state.incident.as_ref()?;
        let open = self.kit.estate.tiers.iter().filter(|tier| !incident.recovered.contains_key(&tier.id));
        let held = open.filter_map(|tier| {
            let services = || status.services.iter().filter(|service| service.tier.as_ref() == Some(&tier.id));
            let well = services().all(|service| service.status == Health::Ok);
            let since_when = services().filter_map(|service| service.since).max().filter(|_| well)?;
            Some(since(at_offset(since_when, tier.hold), self.now.wall)).filter(|left| !left.is_zero())
        });
        held.min().map(|left| self.now.boot + left)
    }
}
