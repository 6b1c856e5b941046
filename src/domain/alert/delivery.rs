//! What became of a notice on one channel.

use crate::alert::NoticeState;
use crate::ident::{AlertKey, ChannelId};
use crate::time::Timestamp;

/// Told to the console that sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    pub channel: ChannelId,
    pub key: AlertKey,
    pub state: NoticeState,
    /// What people were, or should have been, told.
    pub text: String,
    pub at: Timestamp,
    pub outcome: Delivered,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivered {
    Sent,
    /// Nothing of a drill or a demonstration leaves the machine.
    WouldBeSent,
    /// It is tried again, for as long as it is worth something. Free of secrets and control characters.
    Failed {
        why: String,
        remedy: String,
    },
    /// It was tried for long enough, or there were too many: nobody will be told of it here.
    GivenUp {
        why: String,
    },
}
