//! The mouse looks and selects. It never acts.

use super::turn::Turn;
use crate::input::{Mouse, MouseKind};
use crate::keys::{Code, Key};
use crate::model::{Hit, Overlay, Panel};

/// Rows a notch of the wheel moves.
const NOTCH: isize = 3;

impl Turn<'_> {
    pub(super) fn mouse(&mut self, mouse: &Mouse) {
        // A key that is being held was meant for what it was pressed on.
        self.forget_held();
        self.model.ui.prefix = None;
        match mouse.kind {
            MouseKind::WheelUp => self.wheel(mouse, -NOTCH),
            MouseKind::WheelDown => self.wheel(mouse, NOTCH),
            MouseKind::Click if self.model.ui.overlays.is_empty() => self.click(mouse),
            MouseKind::Click => {}
        }
    }

    fn click(&mut self, mouse: &Mouse) {
        match mouse.hit.clone() {
            Some(Hit::Panel(panel)) => self.focus(panel),
            Some(Hit::Row(panel, row)) => {
                self.focus(panel);
                if panel == Panel::Log {
                    let rows = self.model.ui.log.rows(&self.model.state);
                    let (seq, last) = (rows.get(row).map(|entry| entry.seq), row + 1 >= rows.len());
                    self.model.ui.log.cursor = seq;
                    self.model.ui.log.follow = last;
                }
            }
            Some(Hit::Step(step)) => {
                self.focus(Panel::Checklist);
                if let Some(run) = self.model.run().map(|run| run.id) {
                    self.model.ui.steps.insert(run, step);
                }
            }
            Some(Hit::Tab(run)) => self.model.ui.run = Some(run),
            Some(Hit::Overlay) | None => {}
        }
    }

    fn wheel(&mut self, mouse: &Mouse, by: isize) {
        match self.model.ui.overlays.last_mut() {
            None => {
                let panel = match &mouse.hit {
                    Some(Hit::Panel(panel) | Hit::Row(panel, _)) => *panel,
                    Some(Hit::Step(_) | Hit::Tab(_)) => Panel::Checklist,
                    Some(Hit::Overlay) | None => return,
                };
                self.move_by(panel, by);
            }
            Some(Overlay::Confirm(confirm)) => confirm.scroll = confirm.scroll.saturating_add_signed(by),
            Some(
                Overlay::Help(_)
                | Overlay::EntryDetail(_)
                | Overlay::AlertDetail(_)
                | Overlay::ReadinessDetail(_)
                | Overlay::StepDetail(_)
                | Overlay::Delivered(_)
                | Overlay::FacilitatorDetail(_)
                | Overlay::Message(_)
                | Overlay::UpdateHistory(_)
                | Overlay::Outbox(_)
                | Overlay::StepMenu(_),
            ) => {
                let code = if by < 0 { Code::Up } else { Code::Down };
                self.scroll_list(Key::of(code));
            }
            Some(Overlay::Palette(_)) => {
                if let Some(Overlay::Palette(palette)) = self.model.ui.overlays.pop() {
                    self.palette_key(palette, if by < 0 { Key::ctrl('p') } else { Key::ctrl('n') });
                }
            }
            Some(Overlay::Alerts(_)) => {
                if let Some(Overlay::Alerts(list)) = self.model.ui.overlays.pop() {
                    self.alerts_key(list, Key::of(if by < 0 { Code::Up } else { Code::Down }));
                }
            }
            Some(Overlay::Lead(_)) => {
                if let Some(Overlay::Lead(view)) = self.model.ui.overlays.pop() {
                    self.lead_key(view, Key::of(if by < 0 { Code::Up } else { Code::Down }));
                }
            }
            Some(Overlay::Comms(_)) => {
                if let Some(Overlay::Comms(view)) = self.model.ui.overlays.pop() {
                    self.comms_key(view, Key::of(if by < 0 { Code::Up } else { Code::Down }));
                }
            }
            Some(Overlay::Facilitator(_)) => {
                if let Some(Overlay::Facilitator(panel)) = self.model.ui.overlays.pop() {
                    self.facilitator_key(panel, Key::of(if by < 0 { Code::Up } else { Code::Down }));
                }
            }
            Some(Overlay::Score(_)) => {
                if let Some(Overlay::Score(view)) = self.model.ui.overlays.pop() {
                    self.score_key(view, Key::of(if by < 0 { Code::Up } else { Code::Down }));
                }
            }
            Some(Overlay::Messages(_)) => {
                if let Some(Overlay::Messages(list)) = self.model.ui.overlays.pop() {
                    self.messages_key(list, Key::of(if by < 0 { Code::Up } else { Code::Down }));
                }
            }
            Some(Overlay::Runbooks(_)) => {
                if let Some(Overlay::Runbooks(list)) = self.model.ui.overlays.pop() {
                    self.runbooks_key(list, Key::of(if by < 0 { Code::Up } else { Code::Down }));
                }
            }
            Some(Overlay::Document(view)) => view.move_by(by),
            Some(Overlay::Readiness(_)) => {
                if let Some(Overlay::Readiness(list)) = self.model.ui.overlays.pop() {
                    self.readiness_key(list, Key::of(if by < 0 { Code::Up } else { Code::Down }));
                }
            }
            Some(Overlay::Form(_) | Overlay::Editor(_) | Overlay::Drafting(_)) => {}
        }
    }
}
