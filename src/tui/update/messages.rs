//! Messages of an exercise: opened as they come, acknowledged, read again.

use domain::engine::ExerciseAct;
use domain::ident::InjectId;

use super::list::closes;
use super::turn::Turn;
use crate::action::{self, Id};
use crate::keys::{Code, Key};
use crate::model::{MessageList, MessageView, Overlay, Scrolled};

impl Turn<'_> {
    /// The oldest message that nobody has read opens above the bridge, once, and only where nothing else is open and no
    /// key is waited for: until then it is counted at the top of the screen.
    pub(super) fn deliver(&mut self) {
        let ui = &self.model.ui;
        let busy = !ui.overlays.is_empty() || ui.waits();
        let Some(exercise) = self.model.exercise().filter(|exercise| exercise.running() && !busy) else { return };
        let mut unread = exercise.unread().into_iter().map(|(inject, _)| &inject.id);
        if let Some(inject) = unread.find(|id| !ui.opened.contains(*id)).cloned() {
            self.open_message(inject);
        }
    }

    fn open_message(&mut self, inject: InjectId) {
        self.model.ui.opened.insert(inject.clone());
        self.open(Overlay::Delivered(MessageView::new(inject, self.at)));
    }

    /// The oldest one that nobody has acknowledged.
    pub(super) fn read_message(&mut self) {
        let unread = self.model.exercise().and_then(|exercise| Some(exercise.unread().first()?.0.id.clone()));
        if let Some(inject) = unread {
            self.open_message(inject);
        }
    }

    pub(super) fn message_key(&mut self, message: MessageView, key: Key) {
        if closes(key) {
            return;
        }
        let (inject, seen) = (message.inject.clone(), message.seen(self.at));
        self.open(Overlay::Delivered(message));
        match key.code {
            Code::Char('?') => self.open(Overlay::Help(Scrolled::default())),
            Code::Char('a') if !key.ctrl && !seen => self.refuse("read first: the message has just come"),
            Code::Char('a') if !key.ctrl => self.acknowledge_message(&inject, key),
            _ if key.moves().is_some() => self.scroll_list(key),
            _ => self.beside_the_message(key),
        }
    }

    /// The facilitator is no reader: the panel, the list and the pause are at hand whatever has just been delivered.
    /// Any other key waits for the message, and says so.
    fn beside_the_message(&mut self, key: Key) {
        match action::for_key(key, self.model).map(|action| action.id) {
            Some(id @ (Id::Facilitator | Id::Messages)) => {
                let within =
                    |o: &Overlay| matches!(o, Overlay::Delivered(_) | Overlay::Messages(_) | Overlay::Facilitator(_));
                self.model.ui.overlays.retain(|overlay| !within(overlay));
                self.take(id, key);
            }
            Some(id @ Id::PauseExercise) => self.take(id, key),
            _ if self.model.exercising() => {
                self.refuse("a message is open: a acknowledges it, esc leaves it for later");
            }
            _ => {}
        }
    }

    /// It closes: the next one opens by itself.
    fn acknowledge_message(&mut self, inject: &InjectId, key: Key) {
        let by = self.model.message(inject).and_then(|message| message.acknowledged).map(|(by, _)| by.to_string());
        if let Some(by) = by {
            self.refuse(format!("{by} has acknowledged it"));
        } else if self.may_take(Id::AcknowledgeMessage, key) {
            if let Some(Overlay::Delivered(_)) = self.model.overlay() {
                self.model.ui.overlays.pop();
            }
            self.exercise_act(ExerciseAct::Acknowledge { inject: inject.clone() }, "it was not acknowledged");
        }
    }

    pub(super) fn messages_key(&mut self, mut list: MessageList, key: Key) {
        if closes(key) || key == Key::char('m') {
            return;
        }
        let delivered = list.narrowed(self.model.delivered()).rows;
        let at = list.position(&delivered);
        let to = key.moves().map_or(at, |by| at.saturating_add_signed(by).min(delivered.len().saturating_sub(1)));
        // What is read stays under the cursor, whatever comes meanwhile.
        list.cursor = delivered.get(to).map(|message| message.inject.id.clone());
        let here = list.cursor.clone();
        self.open(Overlay::Messages(list));
        match (key.code, here) {
            (Code::Char('?'), _) => self.open(Overlay::Help(Scrolled::default())),
            (Code::Enter, Some(here)) => self.open_message(here),
            (Code::Char('a'), Some(here)) if !key.ctrl => self.acknowledge_message(&here, key),
            _ => {}
        }
    }
}
