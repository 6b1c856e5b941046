//! What lies over the bridge. The topmost one has the keys.

use domain::execution::Part;
use domain::ident::{AlertKey, AudienceId, RunId, StepId};
use domain::readiness::RowKey;

use super::{
    AlertList, CommsView, ConfirmBox, DocumentView, Drafting, Editor, FacilitatorPanel, FacilitatorRow, Filter, Form,
    LeadView, Menu, MessageList, MessageView, Outbox, Palette, ReadinessList, RunbookList, ScoreView, Watched,
};

/// A text that scrolls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scrolled<T> {
    pub of: T,
    pub scroll: usize,
}

/// Something to be read and closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub title: String,
    pub lines: Vec<String>,
}

#[derive(Clone, Debug)]
pub enum Overlay {
    /// Declare, reasons, evidence, mode, approval: see [`super::Purpose`].
    Form(Form),
    /// Note, decision, one-off command.
    Editor(Editor),
    Confirm(ConfirmBox),
    StepMenu(Menu),
    Palette(Palette),
    Alerts(AlertList),
    AlertDetail(Scrolled<AlertKey>),
    /// The brief, what waits for a person, proposals, tasks, command that is offered.
    Lead(LeadView),
    /// Audiences, and what they were told.
    Comms(CommsView),
    UpdateHistory(Scrolled<AudienceId>),
    /// The text of an update.
    Drafting(Drafting),
    /// What is about to be sent.
    Outbox(Outbox),
    /// The runbooks and documents there are.
    Runbooks(RunbookList),
    Document(DocumentView),
    Readiness(ReadinessList),
    ReadinessDetail(Scrolled<RowKey>),
    /// What an inject of the exercise says.
    Delivered(MessageView),
    /// All that were delivered.
    Messages(MessageList),
    /// The master scenario events list, and what the simulated world asks.
    Facilitator(FacilitatorPanel),
    FacilitatorDetail(Scrolled<FacilitatorRow>),
    /// What the exercise measured, and the hotwash.
    Score(ScoreView),
    /// The keys that work where it was opened.
    Help(Scrolled<()>),
    /// Of the entry with this `seq`.
    EntryDetail(Scrolled<u64>),
    StepDetail(Scrolled<(RunId, StepId)>),
    Message(Scrolled<Message>),
}

impl Overlay {
    /// What a list is narrowed to; `None`: it is no list that can be.
    #[must_use]
    pub fn filter(&self) -> Option<&Filter> {
        match self {
            Self::Alerts(list) => Some(&list.filter),
            Self::Lead(view) => view.filter(),
            Self::Runbooks(list) => Some(&list.filter),
            Self::Readiness(list) => Some(&list.filter),
            Self::Messages(list) => Some(&list.filter),
            _ => None,
        }
    }

    pub(crate) fn filter_mut(&mut self) -> Option<&mut Filter> {
        match self {
            Self::Alerts(list) => Some(&mut list.filter),
            Self::Lead(view) => view.filter_mut(),
            Self::Runbooks(list) => Some(&mut list.filter),
            Self::Readiness(list) => Some(&mut list.filter),
            Self::Messages(list) => Some(&mut list.filter),
            _ => None,
        }
    }

    /// The step it is about, which stays resolved and guarded while it is open.
    #[must_use]
    pub fn watches(&self) -> Option<Watched> {
        let (run, step, part) = match self {
            Self::Form(form) => form.purpose.step()?,
            Self::Confirm(confirm) => confirm.step()?,
            Self::StepMenu(menu) => (menu.run, &menu.step, Part::Run),
            Self::StepDetail(detail) => (detail.of.0, &detail.of.1, Part::Run),
            Self::Editor(_)
            | Self::Palette(_)
            | Self::Alerts(_)
            | Self::AlertDetail(_)
            | Self::Lead(_)
            | Self::Comms(_)
            | Self::UpdateHistory(_)
            | Self::Drafting(_)
            | Self::Outbox(_)
            | Self::Runbooks(_)
            | Self::Document(_)
            | Self::Readiness(_)
            | Self::ReadinessDetail(_)
            | Self::Delivered(_)
            | Self::Messages(_)
            | Self::Facilitator(_)
            | Self::FacilitatorDetail(_)
            | Self::Score(_)
            | Self::Help(_)
            | Self::EntryDetail(_)
            | Self::Message(_) => {
                return None;
            }
        };
        Some(Watched { run, step: step.clone(), part })
    }
}
