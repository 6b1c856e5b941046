//! Who leads: the brief, what waits for a person, proposals, tasks, command that is offered.

use std::time::Duration;

use domain::engine::{ApprovalState, Proposal, Task};
use domain::forgotten::{About, Forgotten, Seen, Urgency, forgotten, outlasts};
use domain::report::Brief;
use domain::time::Timestamp;

use super::{Filter, LOOK, Model, Narrowed};

/// What lies over the bridge of it.
#[derive(Clone, Debug)]
pub enum LeadView {
    /// First line shown.
    Brief {
        scroll: usize,
    },
    Waiting(Chosen<About>),
    /// By their entries.
    Proposals(Chosen<u64>),
    Tasks(Chosen<u64>),
    Offered(OfferView),
}

/// Where the person stands in a list; `None`: on the first. What is chosen stays so, whatever comes meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen<T> {
    pub cursor: Option<T>,
    pub filter: Filter,
}

impl<T> Default for Chosen<T> {
    fn default() -> Self {
        Self { cursor: None, filter: Filter::none() }
    }
}

impl<T: PartialEq> Chosen<T> {
    #[must_use]
    pub const fn at(cursor: T) -> Self {
        Self { cursor: Some(cursor), filter: Filter::none() }
    }

    pub(crate) fn position<'a>(&self, rows: impl IntoIterator<Item = &'a T>) -> usize
    where
        T: 'a,
    {
        rows.into_iter().position(|row| self.cursor.as_ref() == Some(row)).unwrap_or(0)
    }
}

impl Chosen<About> {
    /// What waits and passes the filter, and what is left out.
    #[must_use]
    pub fn narrowed(&self, waiting: Vec<Forgotten>) -> Narrowed<Forgotten> {
        let terms = self.filter.terms(&[]);
        Narrowed::new(waiting, |one| terms.pass_text(&one.text), |one| one.urgency == Urgency::Now)
    }
}

impl Chosen<u64> {
    #[must_use]
    pub fn proposals<'a>(&self, open: Vec<(u64, &'a Proposal)>) -> Narrowed<(u64, &'a Proposal)> {
        let terms = self.filter.terms(&[]);
        Narrowed::new(open, |(_, one)| terms.pass_text(&format!("{} {}", one.by, one.text)), |_| false)
    }

    /// Late ones are red.
    #[must_use]
    pub fn tasks<'a>(&self, open: Vec<(u64, &'a Task)>, now: Timestamp) -> Narrowed<(u64, &'a Task)> {
        let terms = self.filter.terms(&[]);
        let owner = |task: &Task| task.owner.as_ref().map_or_else(|| "nobody".to_owned(), ToString::to_string);
        let late = |task: &Task| task.due.is_some_and(|due| due < now);
        Narrowed::new(open, |(_, one)| terms.pass_text(&format!("{} {}", owner(one), one.text)), |(_, one)| late(one))
    }
}

/// Command that is offered to the person at this console, with the brief that was given with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferView {
    /// The entry that made the offer.
    pub offer: u64,
    pub scroll: usize,
    pub(crate) opened: Duration,
}

impl OfferView {
    pub(crate) const fn new(offer: u64, now: Duration) -> Self {
        Self { offer, scroll: 0, opened: now }
    }

    /// A key pressed at `at` was meant for what stands in it.
    pub(crate) fn seen(&self, at: Duration) -> bool {
        at >= self.opened + LOOK
    }
}

impl LeadView {
    /// Of a list.
    pub(crate) const fn filter(&self) -> Option<&Filter> {
        match self {
            Self::Waiting(list) => Some(&list.filter),
            Self::Proposals(list) | Self::Tasks(list) => Some(&list.filter),
            Self::Brief { .. } | Self::Offered(_) => None,
        }
    }

    pub(crate) const fn filter_mut(&mut self) -> Option<&mut Filter> {
        match self {
            Self::Waiting(list) => Some(&mut list.filter),
            Self::Proposals(list) | Self::Tasks(list) => Some(&mut list.filter),
            Self::Brief { .. } | Self::Offered(_) => None,
        }
    }
}

/// What a form about it becomes. Entries are named by their `seq`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeadForm {
    /// To whom.
    HandOver,
    /// What was said to this offer, or that it is taken back.
    Answer(u64),
    /// Why it is not accepted.
    Decline,
    /// From somebody who has not offered it.
    TakeCommand,
    Role,
    Solo,
    /// Something proposed; strong objections are asked for.
    Propose,
    Object(u64),
    Settle(u64),
    DropProposal(u64),
    AddTask,
    AssignTask(u64),
    EndTask {
        task: u64,
        done: bool,
    },
    Status,
    /// A note about something that happened before.
    LateNote,
}

impl LeadForm {
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::HandOver => "Hand command over",
            Self::Answer(_) => "Command is offered",
            Self::Decline => "Decline command",
            Self::TakeCommand => "Take command",
            Self::Role => "Roles",
            Self::Solo => "Work alone",
            Self::Propose => "Propose: any strong objection?",
            Self::Object(_) => "Object",
            Self::Settle(_) => "Decide what was proposed",
            Self::DropProposal(_) => "Drop the proposal",
            Self::AddTask => "A task",
            Self::AssignTask(_) => "Who does it, until when",
            Self::EndTask { done: true, .. } => "The task is done",
            Self::EndTask { done: false, .. } => "The task is not needed",
            Self::Status => "Change the status",
            Self::LateNote => "Late entry",
        }
    }

    /// What Enter does.
    #[must_use]
    pub const fn submit(self) -> &'static str {
        match self {
            Self::HandOver => "offers it",
            Self::Decline => "declines",
            Self::TakeCommand => "takes command",
            Self::Propose => "proposes it",
            Self::Settle(_) => "decides",
            _ => "records it",
        }
    }
}

impl Model {
    fn seen(&self) -> Seen<'_> {
        Seen { state: &self.state, status: self.status.as_deref(), learned: &self.learned, now: self.now.wall }
    }

    /// Everything that waits for a person, most urgent first.
    #[must_use]
    pub fn waiting(&self) -> Vec<Forgotten> {
        forgotten(&self.seen())
    }

    /// How much of it is more than a thought, and whether something is wrong.
    #[must_use]
    pub fn waits(&self) -> (usize, bool) {
        let urgent: Vec<_> = self.waiting().into_iter().filter(|one| one.urgency < Urgency::Thought).collect();
        (urgent.len(), urgent.iter().any(|one| one.urgency == Urgency::Now))
    }

    /// Why the second name that was asked for like this is not waited for any longer: its absence is overridden then,
    /// with a reason.
    #[must_use]
    pub fn waits_no_longer(&self, asked: Option<&ApprovalState>) -> Option<&'static str> {
        if self.state.lead.solo.is_some() {
            return Some("nobody else is here");
        }
        let too_late = asked.is_some_and(|asked| outlasts(&self.seen(), asked.asked_at));
        too_late.then_some("the time to decide has passed")
    }

    /// `None` without an incident.
    #[must_use]
    pub fn brief(&self) -> Option<Brief> {
        Brief::of(&self.seen())
    }

    #[must_use]
    pub fn open_tasks(&self) -> Vec<(u64, &Task)> {
        self.state.lead.open_tasks().collect()
    }

    #[must_use]
    pub fn open_proposals(&self) -> Vec<(u64, &Proposal)> {
        self.state.lead.open_proposals().collect()
    }

    /// The person at this console is in command.
    #[must_use]
    pub fn commands(&self) -> bool {
        let commander = self.state.open().and_then(|incident| incident.commander.as_ref());
        commander == Some(&self.scene.actor.name)
    }

    /// Command is offered to the person at this console: the entry that says so.
    #[must_use]
    pub fn offered(&self) -> Option<u64> {
        let offer = self.state.open().and(self.state.lead.offer.as_ref())?;
        (offer.to == self.scene.actor.name).then_some(offer.seq)
    }
}
