//! Telling audiences: one attempt on one channel, over the same clients as alerts; and looks that publish nothing.
//!
//! What is sent is in the log already. Nothing here tries twice by itself.

mod file;
mod look;
mod statuspage;

use std::sync::Arc;

use domain::comms::{Before, Outgoing};
use domain::engine::Became;
use domain::estate::{Estate, Outlet, OutletKind};
use domain::ident::ChannelId;
use domain::log::Kind;

pub use file::write_beside;
pub use look::look;

use crate::runtime::notify::Fault;
use crate::runtime::notify::post::email::Letter;
use crate::runtime::notify::post::{Again, command, email, in_time, webhook};
use crate::runtime::notify::secret::Used;

/// What a console may do about updates.
#[derive(Clone, Debug)]
pub enum Courier {
    /// Live and lab: they leave this machine.
    Live(Arc<Estate>),
    /// Exercises and the demonstration: no network, no process and no file in it.
    Shown,
}

impl Courier {
    #[must_use]
    pub fn of(kind: Kind, estate: &Arc<Estate>) -> Self {
        if kind.executes() { Self::Live(Arc::clone(estate)) } else { Self::Shown }
    }

    /// One attempt through a channel. `before` is what its receiver may know.
    pub async fn send(&self, channel: &ChannelId, outgoing: &Outgoing, before: &Before) -> Became {
        let Self::Live(estate) = self else { return Became::Shown };
        if !outgoing.kind.executes() {
            return Became::Shown;
        }
        match estate.outlets.iter().find(|outlet| outlet.id == *channel) {
            Some(outlet) => became(attempt(outlet, outgoing, before).await),
            None => Became::Failed {
                why: "this console's estate has no such channel".to_owned(),
                remedy: Some(format!("add [channels.{channel}], or send it by hand")),
                unsure: false,
            },
        }
    }
}

fn became(sent: Result<Option<String>, Fault>) -> Became {
    match sent {
        Ok(receipt) => Became::Delivered { receipt },
        Err(fault) => {
            Became::Failed { why: fault.why, remedy: Some(remedy(fault.remedy, fault.again)), unsure: fault.unsure }
        }
    }
}

fn remedy(remedy: String, again: Again) -> String {
    match again {
        Again::After(wait) => format!("{remedy}; it takes nothing for {}", domain::time::human(wait)),
        Again::Soon | Again::Pointless => remedy,
    }
}

/// One attempt, within the channel's timeout; gives what the receiver calls it.
async fn attempt(outlet: &Outlet, outgoing: &Outgoing, before: &Before) -> Result<Option<String>, Fault> {
    let mut used = Used::default();
    let json = || serde_json::to_vec(outgoing).unwrap_or_default();
    let sending = async {
        match &outlet.kind {
            OutletKind::Statuspage(page) => statuspage::send(page, outgoing, before, &mut used).await.map(Some),
            OutletKind::Webhook(hook) => {
                webhook::deliver(hook, json(), &outgoing.whole(), &mut used).await.map(|()| None)
            }
            OutletKind::Email(mail) => {
                let letter = Letter { subject: outgoing.subject.clone(), body: outgoing.text.clone(), apart: true };
                email::deliver(mail, letter, &mut used).await.map(|()| None)
            }
            OutletKind::Command(program) => command::deliver(program, json(), &mut used).await.map(|()| None),
            OutletKind::File(file) => file::write(&file.path, &outgoing.whole()).await.map(|()| None),
        }
    };
    in_time(outlet.timeout, sending).await.map_err(|fault| fault.clean(&used))
}
