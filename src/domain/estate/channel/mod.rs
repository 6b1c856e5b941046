//! Where people are told of alerts: one file per kind, with its keys, its model and how the one becomes the other.

mod command;
mod email;
mod opsgenie;
mod pagerduty;
mod screen;
mod webhook;

pub use command::CommandChannel;
pub use email::{EmailChannel, EmailTls};
pub use opsgenie::OpsgenieChannel;
pub use pagerduty::PagerDutyChannel;
pub use screen::{DesktopChannel, DesktopSequence};
pub use webhook::{WebhookChannel, WebhookFormat};

pub(super) use command::KEYS as COMMAND_KEYS;
pub(super) use email::KEYS as EMAIL_KEYS;
pub(super) use webhook::KEYS as WEBHOOK_KEYS;

use std::time::Duration;

use super::fields::Fields;
use super::schema::Variant;
use super::value;
use crate::alert::{Notice, NoticeState, Rule};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::ident::{ChannelId, RegionId};
use crate::reading::AlertSeverity;

/// One way of telling people.
#[derive(Clone, Debug, PartialEq)]
pub struct Channel {
    pub id: ChannelId,
    pub kind: ChannelKind,
    /// Less severe alerts are not told here.
    pub at_least: AlertSeverity,
    /// Rules told here; all of them when empty.
    pub rules: Vec<String>,
    /// People are told when it is over, too.
    pub send_resolved: bool,
    /// Where its endpoint runs: what is in the region that fails tells nobody.
    pub region: Option<RegionId>,
    /// Of one attempt.
    pub timeout: Duration,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ChannelKind {
    /// The bell of the terminal that the console runs in.
    Bell,
    /// A notification of the desktop that this terminal is on.
    Desktop(DesktopChannel),
    PagerDuty(PagerDutyChannel),
    Opsgenie(OpsgenieChannel),
    Webhook(WebhookChannel),
    Email(EmailChannel),
    Command(CommandChannel),
}

/// The words of `type`, in the order of the documents.
pub(super) const KINDS: &[Variant] =
    &[screen::BELL, screen::DESKTOP, pagerduty::KIND, opsgenie::KIND, webhook::KIND, email::KIND, command::KIND];

/// From the least to the most.
pub(super) const SEVERITIES: [&str; 3] = ["info", "warning", "critical"];

/// The rule of a notice that only shows that a channel works.
pub const TEST_RULE: &str = "test";

impl Channel {
    /// Whether this is told here. That it does not work is no news to a channel.
    #[must_use]
    pub fn wants(&self, notice: &Notice) -> bool {
        if notice.rule == TEST_RULE {
            return true;
        }
        notice.key != Rule::NotifyFailed.key(self.id.as_str())
            && notice.severity >= self.at_least
            && (self.rules.is_empty() || self.rules.contains(&notice.rule))
            && (self.send_resolved || notice.state != NoticeState::Resolved)
    }

    /// It needs the terminal of a console, and nothing leaves the machine.
    #[must_use]
    pub const fn on_screen(&self) -> bool {
        matches!(self.kind, ChannelKind::Bell | ChannelKind::Desktop(_))
    }

    /// What `fields` describe; `None` where something is missing or wrong, which was reported.
    pub(super) fn read(name: &str, fields: &Fields<'_, '_>, report: &mut Vec<Diagnostic>) -> Option<Self> {
        Some(Self {
            id: ChannelId::from(name),
            kind: ChannelKind::read(fields, report)?,
            at_least: match fields.word("at_least", &SEVERITIES) {
                Some("info") => AlertSeverity::Info,
                Some("critical") => AlertSeverity::Critical,
                _ => AlertSeverity::Warning,
            },
            rules: rules(fields, report),
            send_resolved: fields.take("send_resolved", value::boolean).unwrap_or(true),
            region: fields.name("region").map(RegionId::new),
            timeout: fields.take("timeout", value::duration).unwrap_or(Duration::from_secs(10)),
        })
    }
}

fn rules(fields: &Fields<'_, '_>, report: &mut Vec<Diagnostic>) -> Vec<String> {
    let written = fields.texts("rules").unwrap_or_default();
    let known = || Rule::ALL.into_iter().map(Rule::word);
    for rule in written.iter().filter(|rule| !known().any(|known| known == rule.as_str())) {
        let message = format!("there is no rule `{rule}`");
        let help = did_you_mean(rule, known())
            .unwrap_or_else(|| format!("the rules are {}", known().collect::<Vec<_>>().join(", ")));
        report.push(Diagnostic::error("estate::unknown-name", fields.span_of("rules"), message).help(help));
    }
    written
}

impl ChannelKind {
    /// The word used in files and documents.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Bell => screen::BELL.word,
            Self::Desktop(_) => screen::DESKTOP.word,
            Self::PagerDuty(_) => pagerduty::KIND.word,
            Self::Opsgenie(_) => opsgenie::KIND.word,
            Self::Webhook(_) => webhook::KIND.word,
            Self::Email(_) => email::KIND.word,
            Self::Command(_) => command::KIND.word,
        }
    }

    fn read(fields: &Fields<'_, '_>, report: &mut Vec<Diagnostic>) -> Option<Self> {
        Some(match fields.variant("type", KINDS)?.word {
            "bell" => Self::Bell,
            "desktop" => Self::Desktop(DesktopChannel::read(fields)),
            "pagerduty" => Self::PagerDuty(PagerDutyChannel::read(fields)?),
            "opsgenie" => Self::Opsgenie(OpsgenieChannel::read(fields)?),
            "webhook" => Self::Webhook(WebhookChannel::read(fields)?),
            "email" => Self::Email(EmailChannel::read(fields, report)?),
            "command" => Self::Command(CommandChannel::read(fields)?),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests;
