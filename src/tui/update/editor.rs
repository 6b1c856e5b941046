//! Keys in an editor of several lines.

use domain::console::Request;
use domain::engine::{Command, ExerciseAct};
use domain::execution::Danger;

use super::turn::Turn;
use crate::keys::{Code, Key};
use crate::model::{ConfirmBox, Editor, EditorFor, Overlay, Subject};

impl Turn<'_> {
    pub(super) fn editor_key(&mut self, mut editor: Editor, key: Key) {
        let problem = editor.problem.take();
        match key.code {
            Code::Esc | Code::Char('c') if key.code == Code::Esc || key.ctrl => {
                // A decision's text was filled in for the person; a note's was not.
                let written = !matches!(editor.purpose, EditorFor::Decide { .. }) && !editor.text().is_empty();
                if !written || problem.is_some() {
                    return;
                }
                editor.problem = Some("esc once more throws this text away".to_owned());
            }
            Code::Enter if key.alt || key.ctrl => editor.area.insert_newline(),
            Code::Enter => {
                self.editor_enter(editor, key);
                return;
            }
            Code::Tab => match &mut editor.purpose {
                EditorFor::Decide { failover } => *failover = !*failover,
                EditorFor::Note { .. } | EditorFor::EvaluatorNote { .. } | EditorFor::Capture => {
                    editor.area.insert_tab();
                }
            },
            _ => {
                editor.area.input(for_area(key));
            }
        }
        self.open(Overlay::Editor(editor));
    }

    /// Takes the text. In a burst it is a line break, as text that was pasted without saying so has it.
    fn editor_enter(&mut self, mut editor: Editor, key: Key) {
        let text = editor.text();
        if self.press == super::press::Press::Burst {
            editor.area.insert_newline();
        } else if text.is_empty() {
            editor.problem = Some("there is no text yet".to_owned());
        } else if self.may_act(key) {
            self.editor_taken(editor, text);
            return;
        }
        self.open(Overlay::Editor(editor));
    }

    fn editor_taken(&mut self, editor: Editor, text: String) {
        let command = match &editor.purpose {
            EditorFor::Capture => {
                let subject = Subject::Capture { text };
                self.open(Overlay::Confirm(ConfirmBox::new(subject, Danger::Changes, self.model.real.boot)));
                return;
            }
            EditorFor::Note { about } => {
                let (run, step) = about.clone().map_or((None, None), |(run, step, _)| (Some(run), Some(step)));
                Command::Note { text, run, step, occurred_at: None }
            }
            EditorFor::EvaluatorNote { inject } => {
                Command::Exercise(Box::new(ExerciseAct::Note { text, inject: inject.clone() }))
            }
            EditorFor::Decide { failover } => Command::Decide { text, failover: *failover },
        };
        let what = match &editor.purpose {
            EditorFor::Decide { .. } => "the decision was not recorded",
            EditorFor::Note { .. } | EditorFor::EvaluatorNote { .. } | EditorFor::Capture => {
                "the note was not recorded"
            }
        };
        self.ask(Request::Act(Box::new(command)), what, Some(Overlay::Editor(editor)));
    }
}

pub(super) fn for_area(key: Key) -> tui_textarea::Input {
    use tui_textarea::Key as Area;
    let code = match key.code {
        Code::Char(c) => Area::Char(c),
        Code::Enter => Area::Enter,
        Code::Esc => Area::Esc,
        Code::Tab | Code::BackTab => Area::Tab,
        Code::Backspace => Area::Backspace,
        Code::Delete => Area::Delete,
        Code::Up => Area::Up,
        Code::Down => Area::Down,
        Code::Left => Area::Left,
        Code::Right => Area::Right,
        Code::Home => Area::Home,
        Code::End => Area::End,
        Code::PageUp => Area::PageUp,
        Code::PageDown => Area::PageDown,
    };
    tui_textarea::Input { key: code, ctrl: key.ctrl, alt: key.alt, shift: false }
}
