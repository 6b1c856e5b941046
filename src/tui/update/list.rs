//! Menus, and texts to read.

use domain::ident::{RunId, StepId};

use super::turn::Turn;
use crate::action::{self, Id, Scope};
use crate::keys::{Code, Key};
use crate::model::{Menu, Overlay, Panel};

impl Turn<'_> {
    pub(super) fn menu_key(&mut self, menu: Menu, key: Key) {
        if closes(key) {
            return;
        }
        let under_the_cursor = menu.items.get(menu.cursor).filter(|_| key.code == Code::Enter);
        // The keys that stand beside the items work too.
        let named = action::for_key(key, self.model).map(|action| action.id);
        let chosen = under_the_cursor.or_else(|| menu.items.iter().find(|item| Some(item.action) == named));
        let chosen = chosen.map(|item| item.action);
        let about = (menu.run, menu.step.clone());
        self.open(Overlay::StepMenu(menu));
        match chosen {
            Some(id) => self.choose_for(&about, id, key),
            None => self.scroll_list(key),
        }
    }

    /// Takes an action of what is on top, if the cursor still is on the step that is about.
    fn choose_for(&mut self, about: &(RunId, StepId), id: Id, key: Key) {
        let here = self.model.step().map(|(run, step)| (run.id, step.id.clone()));
        if here.as_ref() == Some(about) {
            self.choose(id, key);
        } else {
            self.model.ui.overlays.pop();
            self.refuse("the cursor is on another step now");
        }
    }

    /// Takes an action of the list on top, which closes.
    fn choose(&mut self, id: Id, key: Key) {
        if self.may_take(id, key) {
            self.model.ui.overlays.pop();
            self.act(id);
        }
    }

    pub(super) fn reading_key(&mut self, overlay: Overlay, key: Key) {
        if closes(key) || key.code == Code::Enter {
            return;
        }
        let action = action::for_key(key, self.model);
        match (&overlay, action) {
            // What can be done about a step can be done from its detail.
            (Overlay::StepDetail(detail), Some(action)) if action.scope == Scope::In(Panel::Checklist) => {
                let about = detail.of.clone();
                self.open(overlay);
                self.choose_for(&about, action.id, key);
            }
            _ => {
                self.open(overlay);
                self.scroll_list(key);
            }
        }
    }

    /// Moves the cursor of a menu, or the first line of a text.
    pub(super) fn scroll_list(&mut self, key: Key) {
        let Some(by) = key.moves() else { return };
        let moved = |cursor: usize, count: usize| cursor.saturating_add_signed(by).min(count.saturating_sub(1));
        // Of a text only the view knows how long it is: it shows the last page when fewer lines remain.
        let scrolled = |scroll: usize| scroll.saturating_add_signed(by).min(10_000);
        match self.model.ui.overlays.last_mut() {
            Some(Overlay::StepMenu(menu)) => menu.cursor = moved(menu.cursor, menu.items.len()),
            Some(Overlay::Help(help)) => help.scroll = scrolled(help.scroll),
            Some(Overlay::EntryDetail(detail)) => detail.scroll = scrolled(detail.scroll),
            Some(Overlay::AlertDetail(detail)) => detail.scroll = scrolled(detail.scroll),
            Some(Overlay::ReadinessDetail(detail)) => detail.scroll = scrolled(detail.scroll),
            Some(Overlay::FacilitatorDetail(detail)) => detail.scroll = scrolled(detail.scroll),
            Some(Overlay::Delivered(message)) => message.scroll = scrolled(message.scroll),
            Some(Overlay::StepDetail(detail)) => detail.scroll = scrolled(detail.scroll),
            Some(Overlay::Message(message)) => message.scroll = scrolled(message.scroll),
            Some(Overlay::UpdateHistory(history)) => history.scroll = scrolled(history.scroll),
            Some(Overlay::Outbox(outbox)) => outbox.scroll = scrolled(outbox.scroll),
            Some(
                Overlay::Form(_)
                | Overlay::Palette(_)
                | Overlay::Editor(_)
                | Overlay::Confirm(_)
                | Overlay::Alerts(_)
                | Overlay::Lead(_)
                | Overlay::Comms(_)
                | Overlay::Drafting(_)
                | Overlay::Runbooks(_)
                | Overlay::Document(_)
                | Overlay::Messages(_)
                | Overlay::Facilitator(_)
                | Overlay::Score(_)
                | Overlay::Readiness(_),
            )
            | None => {}
        }
    }
}

pub(super) fn closes(key: Key) -> bool {
    key.code == Code::Esc || key == Key::char('q') || key == Key::ctrl('c')
}
