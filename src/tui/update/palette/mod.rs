//! Keys in the palette: searching, completing, going back through what was taken, and taking what is under the cursor.

mod choices;
mod give;
mod offers;
mod rank;

use super::form::edit;
use super::turn::Turn;
use crate::action::{Id, argument, needs_argument};
use crate::keys::{Code, Key};
use crate::model::{Field, Given, Offer, Overlay, Palette, TakenLine};

impl Turn<'_> {
    pub(super) fn open_palette(&mut self) {
        self.open(Overlay::Palette(Palette::default()));
        self.refresh_palette();
    }

    /// The palette, with the name of an action that does nothing by itself.
    pub(super) fn ask_which(&mut self, id: Id) {
        let query = Field::new(format!("{} ", id.name()));
        self.open(Overlay::Palette(Palette { query, ..Palette::default() }));
        self.refresh_palette();
    }

    pub(super) fn palette_key(&mut self, mut palette: Palette, key: Key) {
        if key.code == Code::Esc || key == Key::ctrl('c') {
            self.model.ui.looks.revert();
            return;
        }
        match key.code {
            Code::Enter => {
                let chosen = palette.chosen().cloned();
                self.open(Overlay::Palette(palette));
                if let Some(offer) = chosen {
                    self.take_offer(offer, key);
                }
                return;
            }
            Code::Up if palette.cursor == 0 && self.recall(&mut palette, true) => {}
            Code::Down if self.recall(&mut palette, false) => {}
            Code::Tab => complete(&mut palette),
            _ => match moves(key) {
                Some(by) => {
                    let last = palette.offers.len().saturating_sub(1);
                    palette.cursor = palette.cursor.saturating_add_signed(by).min(last);
                    self.open(Overlay::Palette(palette));
                    self.try_on();
                    return;
                }
                None => {
                    edit(&mut palette.query, key);
                    palette.recalled = None;
                }
            },
        }
        palette.cursor = 0;
        self.open(Overlay::Palette(palette));
        self.refresh_palette();
    }

    pub(super) fn refresh_palette(&mut self) {
        let Some(Overlay::Palette(palette)) = self.model.overlay() else { return };
        let (of, offers) = offers::offers(self.model, palette.query.text());
        if let Some(Overlay::Palette(palette)) = self.model.ui.overlays.last_mut() {
            palette.cursor = palette.cursor.min(offers.len().saturating_sub(1));
            (palette.of, palette.offers) = (of, offers);
        }
        self.try_on();
    }

    /// A theme under the cursor is shown at once; another row shows the one that is kept.
    fn try_on(&mut self) {
        let Some(Overlay::Palette(palette)) = self.model.overlay() else { return };
        let name = match palette.chosen() {
            Some(Offer { action: Id::Theme, given: Some(given), lately: false, .. }) => given.text().to_owned(),
            _ => return self.model.ui.looks.revert(),
        };
        if let Err(why) = self.model.ui.looks.preview(&name) {
            self.model.ui.looks.revert();
            self.refuse(why.to_string());
        }
    }

    /// What lies under the cursor: an action by itself or with what it is given. One that does nothing by itself is asked
    /// for the rest.
    fn take_offer(&mut self, offer: Offer, key: Key) {
        if offer.given.is_none() && needs_argument(offer.action) {
            if let Some(Overlay::Palette(palette)) = self.model.ui.overlays.last_mut() {
                palette.query = Field::new(format!("{} ", offer.action.name()));
                palette.cursor = 0;
            }
            self.refresh_palette();
            return;
        }
        if !self.may_take(offer.action, key) {
            return;
        }
        self.model.ui.overlays.pop();
        self.model.ui.taken.remember(TakenLine::of(&offer));
        match offer.given {
            None => self.act(offer.action),
            Some(given) => self.act_given(offer.action, given.text()),
        }
    }

    /// Puts an earlier line, or a later one, into the query; whether that is what the key was for.
    fn recall(&mut self, palette: &mut Palette, back: bool) -> bool {
        let lines = self.model.ui.taken.lines();
        let at = match (palette.recalled, back) {
            (None, true) if palette.query.text().is_empty() && !lines.is_empty() => Some(0),
            (Some(at), true) => Some((at + 1).min(lines.len().saturating_sub(1))),
            (Some(at), false) => at.checked_sub(1),
            (None, _) => return false,
        };
        palette.recalled = at;
        let line = at.and_then(|at| lines.get(at)).map(ToString::to_string);
        palette.query = Field::new(line.unwrap_or_default());
        true
    }
}

/// The line as far as the row under the cursor says it: its name, and then its choice.
fn complete(palette: &mut Palette) {
    let Some(offer) = palette.chosen() else { return };
    let name = offer.action.name();
    palette.query = Field::new(match &offer.given {
        Some(Given::Choice { value, .. }) => format!("{name} {value}"),
        Some(Given::Words(text)) => format!("{name} {text}"),
        None if argument(offer.action).is_some() => format!("{name} "),
        None => name.to_owned(),
    });
    palette.recalled = None;
}

/// How far a key moves the cursor. Letters are text here.
const fn moves(key: Key) -> Option<isize> {
    Some(match (key.code, key.ctrl) {
        (Code::Down, _) | (Code::Char('n' | 'j'), true) => 1,
        (Code::Up, _) | (Code::Char('p' | 'k'), true) => -1,
        (Code::PageDown, _) => 10,
        (Code::PageUp, _) => -10,
        _ => return None,
    })
}
