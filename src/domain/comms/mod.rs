//! What audiences are told of an incident, and by when the next update is due.

mod check;
mod clock;
mod draft;
mod facts;
mod fold;
mod outgoing;
mod templates;

pub use check::{Checked, check};
pub use clock::{Cadence, Due, cadence, due};
pub use draft::{Draft, EXERCISE, likely_status, marked, marked_subject, ways};
pub use facts::{Facts, VARIABLES, Variable};
pub(crate) use fold::fold;
pub use outgoing::Outgoing;
pub use templates::{LONGEST, TemplateError, Templates};

use std::collections::BTreeMap;
use std::time::Duration;

use crate::estate::Estate;
use crate::ident::{AudienceId, ChannelId, PersonId};
use crate::log::{IncidentStatus, Way};
use crate::time::{Timestamp, since};

/// Those who are told together: `[comms.NAME]` of the estate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audience {
    pub id: AudienceId,
    /// The first update is due this long after the declaration.
    pub first: Duration,
    /// Each further one at most this long after the one before.
    pub every: Duration,
    /// Where it is sent; by hand when empty.
    pub channels: Vec<ChannelId>,
    /// Name of its templates: `public`, `customers`, `executives`.
    pub template: String,
    /// They belong to the house: updates may name people and losses.
    pub internal: bool,
    /// The short head hash stands below each update, as an anchor outside the log.
    pub anchor: bool,
}

impl Audience {
    /// Who is told where an estate names nobody: the public in 5 minutes and then every 20, executives every 30,
    /// customers hourly.
    #[must_use]
    pub fn usual() -> Vec<Self> {
        let audience = |name: &str, first: u64, every: u64| Self {
            id: AudienceId::from(name),
            first: Duration::from_secs(first * 60),
            every: Duration::from_secs(every * 60),
            channels: Vec::new(),
            template: name.to_owned(),
            internal: name == "executives",
            anchor: false,
        };
        vec![audience("public", 5, 20), audience("executives", 30, 30), audience("customers", 60, 60)]
    }
}

/// One update, as the log tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    pub audience: AudienceId,
    pub status: IncidentStatus,
    pub subject: String,
    pub text: String,
    pub by: PersonId,
    pub at: Timestamp,
    pub ways: BTreeMap<Way, WayState>,
}

/// Where an update stands on one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WayState {
    /// It is being sent, or was when its console ended: nobody knows whether it arrived.
    Sending {
        since: Timestamp,
        /// An attempt before this one may have arrived.
        doubt: bool,
    },
    Delivered {
        at: Timestamp,
        receipt: Option<String>,
    },
    /// Nothing of an exercise or a demonstration leaves the machine.
    Shown {
        at: Timestamp,
    },
    Failed {
        at: Timestamp,
        why: String,
        remedy: Option<String>,
        /// It may have arrived all the same: there was no answer.
        unsure: bool,
    },
}

/// Of an attempt through a channel that the estate does not know, or by hand.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How long one attempt on this way may take.
#[must_use]
pub fn timeout(estate: &Estate, way: &Way) -> Duration {
    let outlet = estate.outlets.iter().find(|outlet| matches!(way, Way::Channel(id) if *id == outlet.id));
    outlet.map_or(TIMEOUT, |outlet| outlet.timeout)
}

/// Beyond the time an attempt may take: after this whoever was sending is taken for gone.
const GONE: Duration = Duration::from_secs(10);

impl WayState {
    /// Nobody knows whether it arrived: its console ended, or there was no answer. `timeout` is that of an attempt.
    #[must_use]
    pub fn unknown(&self, timeout: Duration, now: Timestamp) -> bool {
        match self {
            Self::Sending { since: began, .. } => since(now, *began) > timeout + GONE,
            Self::Failed { unsure, .. } => *unsure,
            Self::Delivered { .. } | Self::Shown { .. } => false,
        }
    }

    /// Nobody can rule out that what was tried has arrived.
    #[must_use]
    pub const fn doubted(&self) -> bool {
        match self {
            Self::Sending { doubt, .. } => *doubt,
            Self::Failed { unsure, .. } => *unsure,
            Self::Delivered { .. } | Self::Shown { .. } => false,
        }
    }

    /// It reached somebody, as far as anybody knows.
    #[must_use]
    pub const fn reached(&self) -> bool {
        matches!(self, Self::Delivered { .. } | Self::Shown { .. })
    }
}

/// What a receiver may know of already, when an update is sent to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Before {
    /// What it calls what it was told last.
    pub receipt: Option<String>,
    /// This very update may have arrived there.
    pub doubt: bool,
}

/// All updates of an incident, by the `seq` of the entry that issued them.
#[derive(Clone, Debug, Default)]
pub struct Updates {
    pub issued: BTreeMap<u64, Update>,
}

impl Updates {
    /// What was last told to an audience.
    #[must_use]
    pub fn last(&self, audience: &AudienceId) -> Option<(u64, &Update)> {
        self.issued.iter().rev().find(|(_, update)| update.audience == *audience).map(|(seq, update)| (*seq, update))
    }

    /// What the receiver behind a channel may know, before it is told `update`.
    #[must_use]
    pub fn before(&self, update: u64, channel: &ChannelId) -> Before {
        let state = self.issued.get(&update).and_then(|update| update.ways.get(&Way::Channel(channel.clone())));
        let doubt = state.is_some_and(WayState::doubted);
        Before { receipt: self.receipt(channel).map(str::to_owned), doubt }
    }

    /// What the receiver behind a channel calls what it was told last.
    fn receipt(&self, channel: &ChannelId) -> Option<&str> {
        let way = Way::Channel(channel.clone());
        self.issued.values().rev().find_map(|update| match update.ways.get(&way) {
            Some(WayState::Delivered { receipt: Some(receipt), .. }) => Some(receipt.as_str()),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests;
