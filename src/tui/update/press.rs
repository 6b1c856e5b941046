//! Keys on their way in: bursts told from a person's presses, and each key to what is on top.

use std::time::Duration;

use super::turn::Turn;
use crate::action::{self, Acts, Scope};
use crate::keys::{Code, Found, Key};
use crate::model::{Filter, HeldKey, LOOK, Overlay, Panel, Prefix};

/// Keys closer together than this were not pressed by a person: a paste, a stuck key, a cat.
pub const BURST: Duration = Duration::from_millis(10);

/// More of a paste, in characters, is nothing that anybody looks for: each word of it is held against every row.
const LOOKED_FOR: usize = 4096;

/// How the key being taken was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Press {
    /// Nothing came just before it; what comes just after is not known yet.
    First,
    /// Nothing came just before or just after it.
    Alone,
    /// One of several.
    Burst,
}

impl Turn<'_> {
    pub(super) fn key(&mut self, key: Key, at: Duration) {
        let mut burst = self.model.ui.last_key.is_some_and(|last| at < last + BURST);
        if let Some(held) = self.model.ui.held.take() {
            if at < held.at + BURST {
                burst = true;
                self.held_was_text(held.key);
            } else {
                self.alone(held);
            }
        }
        self.model.ui.last_key = Some(at);
        self.at = at;
        self.press = if burst { Press::Burst } else { Press::First };
        self.dispatch(key);
    }

    /// A held key that nothing followed was pressed alone.
    pub(super) fn tick(&mut self) {
        if let Some(held) = self.model.ui.held.take_if(|held| self.at >= held.at + BURST) {
            self.alone(held);
        }
        self.forget_wanted();
    }

    fn alone(&mut self, held: HeldKey) {
        let now = self.at;
        self.model.ui.prefix = held.prefix;
        self.press = Press::Alone;
        self.at = held.at;
        self.dispatch(held.key);
        self.at = now;
    }

    /// Whether `key`, which acts, may act now. If not it is held, or dropped because it came in a burst.
    pub(super) fn may_act(&mut self, key: Key) -> bool {
        match self.press {
            Press::Alone => true,
            Press::First => {
                self.model.ui.held = Some(HeldKey { key, at: self.at, prefix: None });
                false
            }
            Press::Burst => {
                self.refuse("keys came in a burst: nothing was done");
                false
            }
        }
    }

    /// The key that waits was meant for what stood there before something else came.
    pub(super) fn forget_held(&mut self) {
        if let Some(held) = self.model.ui.held.take()
            && let Some(Overlay::Confirm(confirm)) = self.model.ui.overlays.last_mut()
        {
            confirm.look_again(held.at);
        }
    }

    /// The key being taken waits until it is certain that it came alone.
    pub(super) const fn is_held(&self) -> bool {
        self.model.ui.held.is_some()
    }

    /// Others followed at once: inside a text it was text, elsewhere it was nothing.
    fn held_was_text(&mut self, key: Key) {
        match self.model.ui.overlays.last_mut() {
            Some(Overlay::Form(form)) if key.code == Code::Enter => form.insert(' '),
            Some(Overlay::Editor(editor)) if key.code == Code::Enter => editor.area.insert_newline(),
            Some(Overlay::Drafting(drafting)) if key.code == Code::Enter => {
                drafting.area.insert_newline();
                drafting.edited = true;
            }
            _ => self.refuse("keys came in a burst: nothing was done"),
        }
    }

    fn dispatch(&mut self, key: Key) {
        self.model.ui.notice = None;
        if self.model.ui.filtering() {
            self.filter_key(key);
            return;
        }
        let begun = self.model.ui.prefix.take();
        if self.pre_empts(key) {
            self.take(action::Id::RealWorld, key);
            return;
        }
        if begun.is_some() && !self.model.ui.overlays.is_empty() {
            self.refuse("something has opened meanwhile: nothing was done");
            return;
        }
        if self.list_filter_key(key) {
            return;
        }
        // An overlay is taken off while it deals with the key, and puts itself back to stay.
        match self.model.ui.overlays.pop() {
            Some(Overlay::Form(form)) => self.form_key(form, key),
            Some(Overlay::Editor(editor)) => self.editor_key(editor, key),
            Some(Overlay::Confirm(confirm)) => self.confirm_key(confirm, key),
            Some(Overlay::StepMenu(menu)) => self.menu_key(menu, key),
            Some(Overlay::Palette(palette)) => self.palette_key(palette, key),
            Some(Overlay::Alerts(list)) => self.alerts_key(list, key),
            Some(Overlay::AlertDetail(detail)) => self.alert_key(detail, key),
            Some(Overlay::Lead(view)) => self.lead_key(view, key),
            Some(Overlay::Comms(view)) => self.comms_key(view, key),
            Some(Overlay::Drafting(drafting)) => self.drafting_key(drafting, key),
            Some(Overlay::Outbox(outbox)) => self.outbox_key(outbox, key),
            Some(Overlay::Runbooks(list)) => self.runbooks_key(list, key),
            Some(Overlay::Document(view)) => self.document_key(view, key),
            Some(Overlay::Readiness(list)) => self.readiness_key(list, key),
            Some(Overlay::ReadinessDetail(detail)) => self.readiness_row_key(detail, key),
            Some(Overlay::Delivered(message)) => self.message_key(message, key),
            Some(Overlay::Facilitator(panel)) => self.facilitator_key(panel, key),
            Some(Overlay::FacilitatorDetail(detail)) => self.facilitator_row_key(detail, key),
            Some(Overlay::Score(view)) => self.score_key(view, key),
            Some(Overlay::Messages(list)) => self.messages_key(list, key),
            Some(
                reading @ (Overlay::Help(_)
                | Overlay::EntryDetail(_)
                | Overlay::StepDetail(_)
                | Overlay::UpdateHistory(_)
                | Overlay::Message(_)),
            ) => self.reading_key(reading, key),
            None => self.bridge_key(begun.unwrap_or_default(), key),
        }
    }

    /// A key of the bridge, after those of its chord that came before it.
    fn bridge_key(&mut self, begun: Prefix, key: Key) {
        if !begun.keys.is_empty() && goes_back(key) {
            return;
        }
        let panel = self.model.ui.focus;
        let mut keys = begun.keys.clone();
        keys.push(key);
        match self.model.ui.keymap.on_bridge(panel, &keys) {
            Found::Bound(id) => {
                if begun.burst {
                    self.press = Press::Burst;
                }
                self.take(id, key);
                if let Some(held) = &mut self.model.ui.held {
                    held.prefix = Some(begun).filter(|begun| !begun.keys.is_empty());
                }
            }
            Found::Begun => {
                let burst = begun.burst || self.press == Press::Burst;
                self.model.ui.prefix = Some(Prefix { keys, burst });
            }
            Found::Nothing => self.stands_for_nothing(&keys),
        }
    }

    fn stands_for_nothing(&mut self, keys: &[Key]) {
        let pressed = keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let keymap = &self.model.ui.keymap;
        if let Some(panel) = keymap.elsewhere(self.model.ui.focus, keys) {
            self.refuse(format!("{pressed} works in the {} ({})", panel.title().to_lowercase(), panel.number()));
        } else if keys.len() > 1 {
            self.refuse(format!("{pressed} stands for nothing"));
        }
    }

    /// Takes an action if it can be taken, and if its key may act.
    pub(super) fn take(&mut self, id: action::Id, key: Key) {
        if self.may_take(id, key) {
            self.act(id);
        }
    }

    pub(super) fn may_take(&mut self, id: action::Id, key: Key) -> bool {
        if let Err(why) = action::enabled(self.model, id) {
            self.refuse(why);
            return false;
        }
        let action = action::row(id);
        if action.acts == Acts::Looks {
            return true;
        }
        let of_the_step = action.scope == Scope::In(Panel::Checklist);
        if of_the_step && self.model.ui.moved.is_some_and(|moved| self.at < moved + LOOK) {
            self.refuse("the cursor has just moved to another step: look, then press again");
            return false;
        }
        self.may_act(key)
    }

    /// Pasted text is text where text is written; it never acts.
    pub(super) fn paste(&mut self, text: &str) {
        self.forget_held();
        self.model.ui.prefix = None;
        self.model.ui.notice = None;
        if let Some(filter) = self.model.ui.typed_filter().and_then(Filter::typed) {
            filter.insert_text(looked_for(text));
            return;
        }
        match self.model.ui.overlays.last_mut() {
            Some(Overlay::Form(form)) => form.paste(text),
            Some(Overlay::Editor(editor)) => editor.paste(text),
            Some(Overlay::Drafting(drafting)) => drafting.paste(text),
            Some(Overlay::Palette(palette)) => {
                palette.query.insert_text(looked_for(text));
                self.refresh_palette();
            }
            Some(Overlay::Confirm(_)) => self.refuse("what confirms is typed: a paste was ignored"),
            _ => self.refuse("a paste does nothing here"),
        }
    }
}

/// The way out of whatever was begun.
fn goes_back(key: Key) -> bool {
    key.code == Code::Esc || key == Key::ctrl('c')
}

fn looked_for(pasted: &str) -> &str {
    pasted.char_indices().nth(LOOKED_FOR).map_or(pasted, |(end, _)| &pasted[..end])
}
