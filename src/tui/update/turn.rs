//! One input being taken.

use std::time::Duration;

use domain::console::{Ask, Request};
use domain::engine::Command;

use super::press::Press;
use crate::model::{Model, Notice, Overlay, Pending};

/// The model, what is being asked because of this input, and how the key was pressed.
#[derive(Debug)]
pub(super) struct Turn<'a> {
    pub model: &'a mut Model,
    pub press: Press,
    /// When what is being taken happened: the arrival of the key.
    pub at: Duration,
    asks: Vec<Ask>,
}

impl<'a> Turn<'a> {
    pub(super) const fn new(model: &'a mut Model, at: Duration) -> Self {
        Self { model, press: Press::Burst, at, asks: Vec::new() }
    }

    /// What is in focus now is what the session should be preparing.
    pub(super) fn finish(mut self) -> Vec<Ask> {
        self.offer_command();
        self.ring_overdue();
        self.deliver();
        self.show_score();
        self.rescore();
        self.model.now = self.model.instant(self.model.real);
        let focus = if self.model.state.open().is_some() { self.model.in_focus() } else { None };
        if focus != self.model.ui.watching {
            self.model.ui.watching.clone_from(&focus);
            self.request(match focus {
                Some(watched) => Request::Watch { run: watched.run, step: watched.step, part: watched.part },
                None => Request::Unwatch,
            });
        }
        self.asks
    }

    /// Asks without expecting an answer worth showing.
    pub(super) fn request(&mut self, request: Request) -> u64 {
        self.model.ui.asked += 1;
        let number = self.model.ui.asked;
        self.asks.push(Ask { number, request });
        number
    }

    /// Asks, and tells the person when it is refused; `form` comes back then, with what was typed.
    pub(super) fn ask(&mut self, request: Request, what: impl Into<String>, form: Option<Overlay>) {
        let number = self.request(request);
        self.model.ui.pending.insert(number, Pending { what: what.into(), form });
    }

    pub(super) fn command(&mut self, command: Command, what: &str) {
        self.ask(Request::Act(Box::new(command)), what, None);
    }

    pub(super) fn say(&mut self, text: impl Into<String>) {
        self.model.ui.notice = Some(Notice { text: text.into(), refused: false });
    }

    pub(super) fn refuse(&mut self, text: impl Into<String>) {
        self.model.ui.notice = Some(Notice { text: text.into(), refused: true });
    }

    pub(super) fn open(&mut self, overlay: Overlay) {
        self.model.ui.overlays.push(overlay);
    }
}
