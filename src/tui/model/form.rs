//! Forms: labelled lines, each with an answer already in it where one is known.

use domain::execution::Part;
use domain::ident::{AlertKey, DatabaseId, Hash, InjectId, RegionId, RunId, StepId};
use domain::log::LessonKind;
use domain::objective::AtRisk;

use super::{Field, LeadForm};

/// What stands in a choice when none of what is known was chosen.
pub const NONE: &str = "–";

/// What a form's answers become.
#[derive(Clone, Debug, PartialEq)]
pub enum Purpose {
    /// Severity, title, impact, from, to, runbook, mode.
    Declare,
    /// Runbook, mode, from, to.
    StartRun,
    /// Evidence, which may be empty.
    Tick {
        run: RunId,
        step: StepId,
    },
    Skip {
        run: RunId,
        step: StepId,
    },
    DoneByHand {
        run: RunId,
        step: StepId,
    },
    /// What a person knows of a step whose end nobody saw.
    Settle {
        run: RunId,
        step: StepId,
        succeeded: bool,
    },
    /// Guards that stand in the way, and what each saw when the form was opened.
    Override {
        run: RunId,
        step: StepId,
        guards: Vec<(String, String)>,
    },
    AcceptLoss {
        run: RunId,
        step: StepId,
        database: DatabaseId,
        region: RegionId,
        at_risk: Option<AtRisk>,
    },
    /// How the old side was isolated, and who says so.
    StateFence {
        sides: Vec<(DatabaseId, RegionId)>,
    },
    Approve {
        run: RunId,
        step: StepId,
        digest: Hash,
    },
    Decline {
        run: RunId,
        step: StepId,
        digest: Hash,
    },
    ChangeMode {
        run: RunId,
        step: StepId,
    },
    SetValue {
        run: RunId,
    },
    Abort {
        run: RunId,
    },
    Severity,
    Impact,
    /// Command, decisions, tasks.
    Lead(LeadForm),
    Correct {
        supersedes: u64,
    },
    Close,
    /// End the exercise, or leave it as it is.
    LeaveExercise,
    /// One of these, as they stand among the choices.
    FireInject {
        injects: Vec<InjectId>,
    },
    SkipInject {
        injects: Vec<InjectId>,
    },
    /// An expected action, and how it was performed.
    Rate,
    Learn {
        kind: LessonKind,
    },
    ContinueLogAt,
    /// The name of a new file, for the document of this name and hash.
    Adopt {
        name: String,
        source: Hash,
    },
    /// For how long, this alert or all of its rule, why.
    Silence {
        key: AlertKey,
        rule: AlertKey,
    },
}

impl Purpose {
    #[must_use]
    pub const fn title(&self) -> &'static str {
        match self {
            Self::Declare => "Declare an incident",
            Self::StartRun => "Start a runbook",
            Self::Tick { .. } => "Done",
            Self::Skip { .. } => "Skip this step",
            Self::DoneByHand { .. } => "Done by hand",
            Self::Settle { succeeded: true, .. } => "It took effect",
            Self::Settle { succeeded: false, .. } => "It did not take effect",
            Self::Override { .. } => "Override a guard",
            Self::AcceptLoss { .. } => "Accept this loss",
            Self::StateFence { .. } => "State how the old side is fenced",
            Self::Approve { .. } => "Approve",
            Self::Decline { .. } => "Decline",
            Self::ChangeMode { .. } => "Change the mode",
            Self::SetValue { .. } => "Set a variable",
            Self::Abort { .. } => "Abort this run",
            Self::Severity => "Change the severity",
            Self::Lead(form) => form.title(),
            Self::Impact => "Correct the start of impact",
            Self::Correct { .. } => "Correct an entry",
            Self::Close => "Close the incident",
            Self::FireInject { .. } => "Fire an inject now",
            Self::SkipInject { .. } => "Leave an inject out",
            Self::Rate => "Rate an action",
            Self::Learn { kind: LessonKind::Strength } => "A strength",
            Self::Learn { kind: LessonKind::Improvement } => "Something to be improved",
            Self::Learn { kind: LessonKind::Action } => "An action item",
            Self::LeaveExercise => "The exercise goes on",
            Self::ContinueLogAt => "Continue the log elsewhere",
            Self::Adopt { .. } => "Adopt this document",
            Self::Silence { .. } => "Keep it quiet for a while",
        }
    }

    /// The step it is about, to be watched while the form is open.
    #[must_use]
    pub fn step(&self) -> Option<(RunId, &StepId, Part)> {
        match self {
            Self::Tick { run, step }
            | Self::Skip { run, step }
            | Self::DoneByHand { run, step }
            | Self::Settle { run, step, .. }
            | Self::Override { run, step, .. }
            | Self::AcceptLoss { run, step, .. }
            | Self::Approve { run, step, .. }
            | Self::Decline { run, step, .. }
            | Self::ChangeMode { run, step } => Some((*run, step, Part::Run)),
            _ => None,
        }
    }
}

/// One line of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormField {
    pub label: &'static str,
    pub value: Field,
    /// Up and down walk through these.
    pub choices: Vec<String>,
    /// Only a choice will do; otherwise choices are suggestions.
    pub closed: bool,
    pub required: bool,
}

impl FormField {
    #[must_use]
    pub fn text(label: &'static str, value: impl Into<String>, required: bool) -> Self {
        Self { label, value: Field::new(value), choices: Vec::new(), closed: false, required }
    }
    #[must_use]
    pub fn suggest(label: &'static str, value: impl Into<String>, choices: Vec<String>) -> Self {
        Self { choices, ..Self::text(label, value, true) }
    }
    #[must_use]
    pub fn choice(label: &'static str, value: impl Into<String>, choices: Vec<String>) -> Self {
        Self { closed: true, ..Self::suggest(label, value, choices) }
    }

    /// The choice after (or before) the one that stands in it, round and round.
    pub(crate) fn walk(&mut self, forward: bool) {
        let count = self.choices.len();
        if count == 0 {
            return;
        }
        let next = match (self.choices.iter().position(|choice| choice == self.value.text()), forward) {
            (Some(at), true) => (at + 1) % count,
            (Some(at), false) => (at + count - 1) % count,
            (None, true) => 0,
            (None, false) => count - 1,
        };
        self.value.set(self.choices[next].clone());
    }
}

/// See the module. Tab walks the fields, up and down the choices of one; Enter takes the form as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    pub purpose: Purpose,
    /// What it is about: the step's title, the guard and what it saw.
    pub about: Vec<String>,
    pub fields: Vec<FormField>,
    pub focus: usize,
    /// Why the last Enter did nothing.
    pub problem: Option<String>,
    /// The runbook that was looked at for it, which may be started with whatever is wrong with it.
    pub seen: Option<String>,
}

impl Form {
    #[must_use]
    pub fn new(purpose: Purpose, about: Vec<String>, fields: Vec<FormField>) -> Self {
        Self { purpose, about, fields, focus: 0, problem: None, seen: None }
    }

    /// One of its answers is a runbook that could be looked at.
    #[must_use]
    pub fn names_a_runbook(&self) -> bool {
        matches!(self.purpose, Purpose::Declare | Purpose::StartRun) && !matches!(self.answer("runbook"), "" | NONE)
    }

    /// Which of its choices stands in the field called `label`.
    #[must_use]
    pub fn chosen(&self, label: &str) -> Option<usize> {
        let field = self.fields.iter().find(|field| field.label == label)?;
        field.choices.iter().position(|choice| choice == field.value.text())
    }

    /// What stands in the field called `label`, trimmed.
    #[must_use]
    pub fn answer(&self, label: &str) -> &str {
        self.fields.iter().find(|field| field.label == label).map_or("", |field| field.value.text().trim())
    }
}

impl Form {
    /// Readings came in while it is open: what nobody has touched since it was filled as `before` says what is known
    /// now. What a person chose or typed stays.
    pub(crate) fn refill(&mut self, before: &Self, now: Self) {
        self.about = now.about;
        for ((field, before), now) in self.fields.iter_mut().zip(&before.fields).zip(now.fields) {
            if field.value.text() == before.value.text() && before.value.text() != now.value.text() {
                *field = now;
            }
        }
    }

    /// The field with the focus, if there is one.
    pub(crate) fn focused(&mut self) -> Option<&mut FormField> {
        self.fields.get_mut(self.focus)
    }

    pub(crate) fn insert(&mut self, c: char) {
        if let Some(field) = self.focused().filter(|field| !field.closed) {
            field.value.insert(c);
        }
    }

    pub(crate) fn paste(&mut self, text: &str) {
        if let Some(field) = self.focused().filter(|field| !field.closed) {
            field.value.insert_text(text);
        }
    }

    pub(crate) fn step_focus(&mut self, forward: bool) {
        let count = self.fields.len().max(1);
        self.focus = (self.focus + if forward { 1 } else { count - 1 }) % count;
    }
}
