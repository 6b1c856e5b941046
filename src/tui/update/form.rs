//! Keys in a form.

use domain::console::Request;
use domain::log::EndEx;

use super::press::Press;
use super::turn::Turn;
use crate::keys::{Code, Key};
use crate::model::{Field, Form, Overlay, Purpose};

impl Turn<'_> {
    pub(super) fn form_key(&mut self, mut form: Form, key: Key) {
        form.problem = None;
        match key.code {
            Code::Esc => return,
            Code::Char('c') if key.ctrl => return,
            Code::Enter => {
                self.form_enter(form, key);
                return;
            }
            Code::Char('o') if key.ctrl && form.names_a_runbook() => {
                let name = form.answer("runbook").to_owned();
                self.open(Overlay::Form(form));
                self.read_document(&name);
                return;
            }
            Code::Tab => form.step_focus(true),
            Code::BackTab => form.step_focus(false),
            _ => field_key(&mut form, key),
        }
        self.open(Overlay::Form(form));
    }

    /// Takes the form as it stands. In a burst it is text.
    fn form_enter(&mut self, mut form: Form, key: Key) {
        if self.press == Press::Burst {
            form.insert(' ');
        } else if self.may_act(key) {
            self.submit(form);
            return;
        }
        self.open(Overlay::Form(form));
    }

    /// Asks for what the form says; it stays open where something is wrong with it, or has to be looked at first.
    pub(super) fn submit(&mut self, mut form: Form) {
        match super::submit::request(self.model, &form) {
            Ok((request, what)) => {
                self.open(Overlay::Form(form.clone()));
                if self.look_first(&form) {
                    return;
                }
                self.model.ui.overlays.pop();
                match &request {
                    Request::Adopt { file, .. } => {
                        self.model.ui.reading = file.strip_suffix(".md").map(str::to_owned);
                    }
                    // What was looked at to choose it has served.
                    Request::Declare(_) | Request::StartRun { .. } => {
                        let chosen_from =
                            |overlay: &Overlay| matches!(overlay, Overlay::Runbooks(_) | Overlay::Document(_));
                        self.model.ui.overlays.retain(|overlay| !chosen_from(overlay));
                    }
                    _ => {}
                }
                let left =
                    form.purpose == Purpose::LeaveExercise && super::exercise::leaving(&form) == EndEx::Abandoned;
                self.ask(request, what, Some(Overlay::Form(form)));
                if left {
                    self.leave();
                }
            }
            Err((field, problem)) => {
                form.focus = form.fields.iter().position(|other| other.label == field).unwrap_or(form.focus);
                form.problem = Some(problem);
                self.open(Overlay::Form(form));
            }
        }
    }
}

fn field_key(form: &mut Form, key: Key) {
    let Some(field) = form.focused() else { return };
    let choices = !field.choices.is_empty();
    match key.code {
        Code::Down if choices => field.walk(true),
        Code::Up if choices => field.walk(false),
        Code::Right if field.closed => field.walk(true),
        Code::Left if field.closed => field.walk(false),
        Code::Down => form.step_focus(true),
        Code::Up => form.step_focus(false),
        Code::Char(letter) if field.closed => {
            let starts = |choice: &&String| choice.to_lowercase().starts_with(letter.to_ascii_lowercase());
            if let Some(choice) = field.choices.iter().find(starts).cloned() {
                field.value.set(choice);
            }
        }
        _ if field.closed => {}
        _ => edit(&mut field.value, key),
    }
}

/// The keys of one line of text.
pub(super) fn edit(field: &mut Field, key: Key) {
    match (key.code, key.ctrl) {
        (Code::Char('w'), true) => field.delete_word(),
        (Code::Char('u'), true) => field.clear(),
        (Code::Char('a'), true) | (Code::Home, _) => field.home(),
        (Code::Char('e'), true) | (Code::End, _) => field.end(),
        (Code::Backspace, _) => field.backspace(),
        (Code::Delete, _) => field.delete(),
        (Code::Left, _) => field.left(),
        (Code::Right, _) => field.right(),
        (Code::Char(c), false) if !key.alt => field.insert(c),
        _ => {}
    }
}
