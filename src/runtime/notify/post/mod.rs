//! One attempt to tell people: one file per kind of channel.

pub(in crate::runtime) mod answer;
pub(in crate::runtime) mod command;
pub(in crate::runtime) mod email;
mod opsgenie;
mod page;
mod pagerduty;
pub(in crate::runtime) mod webhook;

use std::time::Duration;

use domain::alert::Notice;
use domain::estate::{
    Channel, ChannelKind, CommandChannel, EmailChannel, OpsgenieChannel, PagerDutyChannel, WebhookChannel,
};
use domain::time::human;
use domain::untrusted::sanitise_line;
use tokio::time::timeout;

use super::secret::Used;

/// How much is said of what went wrong, in characters.
const SAID: usize = 300;

/// At most `most` characters.
pub(in crate::runtime) fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// Why an attempt failed. Free of secrets and of control characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub why: String,
    pub remedy: String,
    pub again: Again,
    /// It may have arrived all the same: there was no answer.
    pub unsure: bool,
}

/// Whether trying again may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    Soon,
    /// The receiver said when.
    After(Duration),
    /// Not until a person has mended something.
    Pointless,
}

/// How the notices of a channel are sent.
#[derive(Clone, Debug)]
pub struct Post {
    how: How,
    timeout: Duration,
}

#[derive(Clone, Debug)]
enum How {
    PagerDuty(PagerDutyChannel),
    Opsgenie(OpsgenieChannel),
    Webhook(WebhookChannel),
    Email(EmailChannel),
    Command(CommandChannel),
}

impl Post {
    /// `None`: it needs the terminal of a console.
    #[must_use]
    pub fn of(channel: &Channel) -> Option<Self> {
        let how = match channel.kind.clone() {
            ChannelKind::Bell | ChannelKind::Desktop(_) => return None,
            ChannelKind::PagerDuty(pagerduty) => How::PagerDuty(pagerduty),
            ChannelKind::Opsgenie(opsgenie) => How::Opsgenie(opsgenie),
            ChannelKind::Webhook(webhook) => How::Webhook(webhook),
            ChannelKind::Email(email) => How::Email(email),
            ChannelKind::Command(command) => How::Command(command),
        };
        Some(Self { how, timeout: channel.timeout })
    }

    /// One attempt, within the channel's timeout.
    ///
    /// # Errors
    /// The receiver did not take it: why, and what would help.
    pub async fn send(&self, notice: &Notice) -> Result<(), Fault> {
        let mut used = Used::default();
        let attempt = async {
            match &self.how {
                How::PagerDuty(channel) => pagerduty::send(channel, notice, &mut used).await,
                How::Opsgenie(channel) => opsgenie::send(channel, notice, &mut used).await,
                How::Webhook(channel) => webhook::send(channel, notice, &mut used).await,
                How::Email(channel) => email::send(channel, notice, &mut used).await,
                How::Command(channel) => command::send(channel, notice, &mut used).await,
            }
        };
        let sent = in_time(self.timeout, attempt).await;
        sent.map_err(|fault| fault.clean(&used))
    }
}

/// An attempt, cut off at its timeout.
pub(in crate::runtime) async fn in_time<T>(
    limit: Duration,
    attempt: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Fault> {
    timeout(limit, attempt).await.unwrap_or_else(|_| {
        Err(Fault {
            why: format!("no answer within {}", human(limit)),
            remedy: "look whether it works at all; a slow one needs a longer `timeout`".to_owned(),
            again: Again::Soon,
            unsure: true,
        })
    })
}

impl Fault {
    /// Without secrets and control characters, and short.
    pub(in crate::runtime) fn clean(self, used: &Used) -> Self {
        let clean = |text: &str| {
            let text = sanitise_line(&used.redact(text));
            if text.chars().count() > SAID { format!("{}…", cut(&text, SAID)) } else { text }
        };
        Self { why: clean(&self.why), remedy: clean(&self.remedy), ..self }
    }
}
