//! What an action can be given in the palette, behind its name: a choice that the model knows, or words.
//!
//! Whatever acts still opens its form or box, with this filled in.

use super::Id;

/// What stands behind the name of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// One of the choices that its form offers under this label.
    Answer(&'static str),
    /// Words for this line of its form.
    Line(&'static str),
    /// The text that its editor begins with.
    Text,
    /// What the checklist or the log is narrowed to.
    Filter,
    Theme,
    Run,
    Task,
    Alert,
    Document,
}

impl Argument {
    /// It is chosen among things, and may be remembered; words are never kept.
    #[must_use]
    pub const fn is_choice(self) -> bool {
        !matches!(self, Self::Line(_) | Self::Text | Self::Filter)
    }

    /// How it stands in a line of usage.
    #[must_use]
    pub fn placeholder(self) -> String {
        let word = match self {
            Self::Answer(label) | Self::Line(label) => label,
            Self::Text => "text",
            Self::Filter => "words",
            Self::Theme => "theme",
            Self::Run => "run",
            Self::Task => "task",
            Self::Alert => "alert",
            Self::Document => "name",
        };
        word.to_uppercase()
    }
}

/// `None`: it takes nothing.
#[must_use]
pub const fn argument(id: Id) -> Option<Argument> {
    Some(match id {
        Id::Declare | Id::Severity => Argument::Answer("severity"),
        Id::StartRun => Argument::Answer("runbook"),
        Id::Mode => Argument::Answer("mode"),
        Id::Status => Argument::Answer("status"),
        Id::Role => Argument::Answer("role"),
        Id::HandOver => Argument::Answer("to"),
        Id::StateFence => Argument::Answer("side"),
        Id::Override => Argument::Answer("guard"),
        Id::SetValue => Argument::Answer("name"),
        Id::FireInject | Id::SkipInject => Argument::Answer("inject"),
        Id::Skip | Id::Abort | Id::Close => Argument::Line("reason"),
        Id::DoneByHand => Argument::Line("evidence"),
        Id::LateNote => Argument::Line("what"),
        Id::Propose => Argument::Line("proposal"),
        Id::AddTask => Argument::Line("task"),
        Id::Impact => Argument::Line("impact"),
        Id::Correct => Argument::Line("correction"),
        Id::Note | Id::Decide | Id::Capture | Id::EvaluatorNote => Argument::Text,
        Id::Filter => Argument::Filter,
        Id::Theme => Argument::Theme,
        Id::GoToRun => Argument::Run,
        Id::Tasks => Argument::Task,
        Id::Alerts | Id::Silence => Argument::Alert,
        Id::Runbooks => Argument::Document,
        _ => return None,
    })
}

/// It does nothing without one.
#[must_use]
pub const fn needs_argument(id: Id) -> bool {
    matches!(id, Id::Theme | Id::GoToRun | Id::Silence)
}
