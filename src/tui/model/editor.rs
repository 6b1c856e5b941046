//! Text of several lines being written: notes, decisions, one-off commands.

use domain::ident::{InjectId, RunId, StepId};
use tui_textarea::{TextArea, WrapMode};

/// What becomes of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditorFor {
    /// A note, about a step when one was in focus.
    Note { about: Option<(RunId, StepId, String)> },
    /// A decision; `failover` starts the execution clock, Tab changes it.
    Decide { failover: bool },
    /// What an evaluator saw, about an inject when one was chosen. Players do not read it.
    EvaluatorNote { inject: Option<InjectId> },
    /// A shell command: confirmed next, then captured to the log.
    Capture,
}

/// Enter takes the text, Alt-Enter begins a new line; a line break that is pasted is text.
#[derive(Clone, Debug)]
pub struct Editor {
    pub purpose: EditorFor,
    pub area: TextArea<'static>,
    /// Why the last attempt to take it was refused.
    pub problem: Option<String>,
}

impl Editor {
    #[must_use]
    pub fn new(purpose: EditorFor, text: &str) -> Self {
        let mut area = TextArea::new(text.lines().map(str::to_owned).collect());
        area.set_wrap_mode(WrapMode::WordOrGlyph);
        area.move_cursor(tui_textarea::CursorMove::Bottom);
        area.move_cursor(tui_textarea::CursorMove::End);
        Self { purpose, area, problem: None }
    }

    #[must_use]
    pub fn text(&self) -> String {
        self.area.lines().join("\n").trim().to_owned()
    }

    /// Line breaks stay; other control characters do not get in.
    pub(crate) fn paste(&mut self, text: &str) {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let plain: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
        self.area.insert_str(plain);
    }
}
