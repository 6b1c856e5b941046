//! Moving about: focus, zoom, cursors, tabs.

use domain::ident::StepId;

use super::turn::Turn;
use crate::action::Id;
use crate::model::{LogView, Panel};

/// Rows of a page, when nothing better is known.
const PAGE: isize = 10;

impl Turn<'_> {
    pub(super) fn look(&mut self, id: Id) {
        match id {
            Id::FocusRegions => self.focus(Panel::Regions),
            Id::FocusReplication => self.focus(Panel::Replication),
            Id::FocusObjectives => self.focus(Panel::Objectives),
            Id::FocusBackups => self.focus(Panel::Backups),
            Id::FocusChecklist => self.focus(Panel::Checklist),
            Id::FocusLog => self.focus(Panel::Log),
            Id::NextPanel => self.focus_beside(1),
            Id::PreviousPanel => self.focus_beside(Panel::ALL.len() - 1),
            Id::Zoom => self.model.ui.zoomed = !self.model.ui.zoomed,
            Id::Unzoom => self.back(),
            Id::Down => self.move_by(self.model.ui.focus, 1),
            Id::Up => self.move_by(self.model.ui.focus, -1),
            Id::PageDown => self.move_by(self.model.ui.focus, PAGE),
            Id::PageUp => self.move_by(self.model.ui.focus, -PAGE),
            Id::Top => self.move_by(self.model.ui.focus, isize::MIN),
            Id::Bottom => self.move_by(self.model.ui.focus, isize::MAX),
            Id::PreviousRun => self.tab(false),
            Id::NextRun => self.tab(true),
            Id::ToParent => self.back_to_parent(),
            Id::Filter => self.begin_filter(),
            _ => {}
        }
    }

    pub(super) fn focus(&mut self, panel: Panel) {
        self.model.ui.focus = panel;
    }

    fn focus_beside(&mut self, by: usize) {
        let at = self.model.ui.focus as usize;
        self.focus(Panel::ALL[(at + by) % Panel::ALL.len()]);
    }

    /// One step back towards the bridge as it was.
    fn back(&mut self) {
        let ui = &mut self.model.ui;
        if ui.focus == Panel::Checklist && ui.checklist.shows() {
            ui.checklist.clear();
        } else if ui.focus == Panel::Log && ui.log.filter.shows() {
            ui.log = LogView::default();
        } else if ui.zoomed {
            ui.zoomed = false;
        } else if ui.focus == Panel::Log && !ui.log.follow {
            ui.log = LogView::default();
        } else if let Some(run) = self.model.run().map(|run| run.id) {
            // A run that was opened for a step of another: the cursor first, then the way back to that step.
            if self.model.ui.steps.remove(&run).is_none() {
                self.back_to_parent();
            }
        }
    }

    pub(super) fn move_by(&mut self, panel: Panel, by: isize) {
        match panel {
            Panel::Checklist => self.move_step(by),
            Panel::Log => self.move_entry(by),
            Panel::Regions | Panel::Replication | Panel::Objectives | Panel::Backups => {
                let last = self.rows_of(panel).saturating_sub(1);
                let scroll = self.model.ui.scroll.entry(panel).or_default();
                *scroll = scroll.saturating_add_signed(by).min(last);
            }
        }
    }

    /// No panel has more rows than this; the view shows the last page when fewer remain.
    fn rows_of(&self, panel: Panel) -> usize {
        let Some(status) = &self.model.status else { return 0 };
        match panel {
            Panel::Regions => status.regions.iter().map(|region| 1 + region.checks.len()).sum(),
            Panel::Replication => {
                status.replication.len() * 2
                    + status.automatic.iter().map(|automatic| 1 + automatic.recent.len()).sum::<usize>()
            }
            Panel::Objectives => status.objectives.len() + 1,
            Panel::Backups => status.backups.len(),
            Panel::Checklist | Panel::Log => 0,
        }
    }

    fn move_step(&mut self, by: isize) {
        let Some((run, step)) = self.model.step() else { return };
        let steps: Vec<&StepId> = self.model.steps().rows.iter().map(|step| &step.id).collect();
        let at = steps.iter().position(|id| **id == step.id).unwrap_or(0);
        let to = at.saturating_add_signed(by).min(steps.len().saturating_sub(1));
        let (run, step) = (run.id, steps[to].clone());
        self.model.ui.steps.insert(run, step);
    }

    fn move_entry(&mut self, by: isize) {
        let log = &self.model.ui.log;
        let rows = log.rows(&self.model.state);
        let last = rows.len().saturating_sub(1);
        let to = log.position(&rows).saturating_add_signed(by).min(last);
        let seq = rows.get(to).map(|entry| entry.seq);
        self.model.ui.log.follow = to == last;
        self.model.ui.log.cursor = seq;
    }

    fn tab(&mut self, forward: bool) {
        let runs = &self.model.state.runs;
        let Some(at) = self.model.run().and_then(|run| runs.iter().position(|other| other.id == run.id)) else {
            return;
        };
        let to = (at + if forward { 1 } else { runs.len() - 1 }) % runs.len();
        self.model.ui.run = Some(runs[to].id);
    }

    /// The run that the one in front was opened for, at its step.
    pub(super) fn back_to_parent(&mut self) {
        let Some((run, step)) = self.model.run().and_then(|run| self.model.state.parent_of(run)) else { return };
        let (run, step) = (run.id, step.id.clone());
        self.model.ui.run = Some(run);
        if self.step_open(run, &step) {
            self.model.ui.steps.insert(run, step);
        } else {
            self.model.ui.steps.remove(&run);
        }
    }
}
