//! `[channels.NAME]`: where updates to audiences are sent. Never an alert, as no update goes through `[notify.NAME]`.

mod file;
mod shared;
mod statuspage;

pub use file::FileOutlet;
pub use statuspage::{StatuspageImpact, StatuspageOutlet};

use std::time::Duration;

use super::channel::{CommandChannel, EmailChannel, WebhookChannel};
use super::fields::Fields;
use super::schema::Variant;
use super::value;
use crate::diagnostic::Diagnostic;
use crate::ident::{ChannelId, RegionId};

/// One way to audiences.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlet {
    pub id: ChannelId,
    pub kind: OutletKind,
    /// Where its endpoint runs: what is in the region that fails tells nobody.
    pub region: Option<RegionId>,
    /// Of one attempt.
    pub timeout: Duration,
}

#[derive(Clone, Debug, PartialEq)]
pub enum OutletKind {
    Statuspage(StatuspageOutlet),
    Webhook(WebhookChannel),
    Email(EmailChannel),
    Command(CommandChannel),
    File(FileOutlet),
}

/// The words of `type`, in the order of the documents.
pub(super) const KINDS: &[Variant] = &[statuspage::KIND, shared::WEBHOOK, shared::EMAIL, shared::COMMAND, file::KIND];

/// Of one attempt, where nothing else is written.
const TIMEOUT: Duration = Duration::from_secs(15);

impl Outlet {
    /// What `fields` describe; `None` where something is missing or wrong, which was reported.
    pub(super) fn read(name: &str, fields: &Fields<'_, '_>, report: &mut Vec<Diagnostic>) -> Option<Self> {
        Some(Self {
            id: ChannelId::from(name),
            kind: OutletKind::read(fields, report)?,
            region: fields.name("region").map(RegionId::new),
            timeout: fields.take("timeout", value::duration).unwrap_or(TIMEOUT),
        })
    }
}

impl OutletKind {
    /// The word used in files and documents.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Statuspage(_) => statuspage::KIND.word,
            Self::Webhook(_) => shared::WEBHOOK.word,
            Self::Email(_) => shared::EMAIL.word,
            Self::Command(_) => shared::COMMAND.word,
            Self::File(_) => file::KIND.word,
        }
    }

    fn read(fields: &Fields<'_, '_>, report: &mut Vec<Diagnostic>) -> Option<Self> {
        Some(match fields.variant("type", KINDS)?.word {
            "statuspage" => Self::Statuspage(StatuspageOutlet::read(fields)?),
            "webhook" => Self::Webhook(WebhookChannel::read(fields)?),
            "email" => Self::Email(EmailChannel::read(fields, report)?),
            "command" => Self::Command(CommandChannel::read(fields)?),
            "file" => Self::File(FileOutlet::read(fields)?),
            _ => return None,
        })
    }
}
