//! Keys in the box before something happens.

use domain::console::Request;
use domain::engine::{Command, Confirmation, TellAct};
use domain::execution::Danger;
use domain::ident::CaptureId;

use super::turn::Turn;
use crate::keys::{Code, Key};
use crate::model::{ConfirmBox, Exit, Overlay, Subject};

impl Turn<'_> {
    pub(super) fn confirm_key(&mut self, mut confirm: ConfirmBox, key: Key) {
        match key.code {
            Code::Esc => return,
            Code::Char('c') if key.ctrl => return,
            Code::PageDown | Code::Down => {
                confirm.scroll = confirm.scroll.saturating_add(1);
                confirm.look_again(self.at);
            }
            Code::PageUp | Code::Up => {
                confirm.scroll = confirm.scroll.saturating_sub(1);
                confirm.look_again(self.at);
            }
            _ => {
                let confirmation = match &confirm.danger {
                    Danger::ReadOnly | Danger::Changes => self.yes(&mut confirm, key),
                    Danger::Typed(_) => self.typed(&mut confirm, key),
                };
                if let Some(confirmation) = confirmation {
                    self.confirmed(confirm, confirmation);
                    return;
                }
            }
        }
        self.open(Overlay::Confirm(confirm));
    }

    /// `y`, alone, once there was time to look. Enter does nothing.
    fn yes(&mut self, confirm: &mut ConfirmBox, key: Key) -> Option<Confirmation> {
        let yes = key.types() == Some('y');
        if yes && self.may_act(key) {
            if confirm.yes_counts(self.at) {
                return Some(Confirmation::Yes);
            }
            self.refuse("look first: the box has just opened, or changed, or another key was pressed");
        }
        if !self.is_held() {
            confirm.look_again(self.at);
        }
        None
    }

    /// The text, then Enter, alone, once it has stood there matching.
    fn typed(&mut self, confirm: &mut ConfirmBox, key: Key) -> Option<Confirmation> {
        if key.code == Code::Enter {
            if !self.may_act(key) {
                return None;
            }
            if !confirm.enter_counts(self.at) {
                self.refuse("Enter works once the text matches, and has stood for half a second");
                return None;
            }
            return Some(Confirmation::Typed(confirm.typed.text().to_owned()));
        }
        super::form::edit(&mut confirm.typed, key);
        confirm.typed_at(self.at);
        None
    }

    fn confirmed(&mut self, confirm: ConfirmBox, confirmation: Confirmation) {
        match confirm.subject {
            Subject::Step { prepared, title } => self.execute(&prepared, &title, confirmation),
            Subject::Capture { text } => {
                let capture = self.new_capture();
                self.model.ui.captured = Some(capture);
                self.ask(Request::Capture { capture, text, confirmation }, "the command was not started", None);
            }
            Subject::Cancel { run, step, title } => {
                self.ask(Request::CancelStep { run, step }, format!("\"{title}\" was not ended"), None);
            }
            Subject::CancelCapture { capture, .. } => {
                self.ask(Request::CancelCapture { capture }, "the command was not ended", None);
            }
            Subject::Updates { letters } => self.send_updates(letters),
            Subject::Retry { update, way, .. } => {
                self.command(Command::Tell(Box::new(TellAct::Retry { update, way })), "it was not tried again");
            }
            Subject::Quit => self.leave(),
            Subject::EndExercise { why, because } => self.end_exercise(why, because),
        }
    }

    pub(super) fn leave(&mut self) {
        self.request(Request::Quit);
        self.model.ui.exit = Some(Exit::Quit);
    }

    /// Unlike any other of this console (the number) or of others (the seed).
    fn new_capture(&self) -> CaptureId {
        let millis = u64::try_from(self.model.real.wall.as_millisecond()).unwrap_or_default();
        let random = u128::from(self.model.ui.seed) << 16 | u128::from(self.model.ui.asked & 0xFFFF);
        CaptureId(ulid::Ulid::from_parts(millis, random))
    }
}
