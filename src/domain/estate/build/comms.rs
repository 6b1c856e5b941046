//! `[comms]` and `[channels]`: who is told of an incident, and through what.

use std::time::Duration;

use super::super::channel::Channel;
use super::super::fields::Fields;
use super::super::outlet::{Outlet, OutletKind};
use super::super::value;
use super::known;
use crate::comms::Audience;
use crate::diagnostic::Diagnostic;
use crate::ident::{AudienceId, ChannelId};

/// How often those are told for whom the file says nothing.
const EVERY: Duration = Duration::from_secs(60 * 60);

pub(super) fn outlets(file: &Fields<'_, '_>, alerts: &[Channel], report: &mut Vec<Diagnostic>) -> Vec<Outlet> {
    let mut outlets = Vec::new();
    for (name, fields) in file.named("channels") {
        if alerts.iter().any(|channel| channel.id.as_str() == name) {
            let message = format!("`{name}` is a channel of alerts, too: [notify.{name}]");
            let help = "give one of them another name: an alert must never be taken for an update, nor the other way";
            report.push(Diagnostic::error("estate::channel", fields.span.clone(), message).help(help));
        }
        let Some(outlet) = Outlet::read(name, &fields, report) else { continue };
        if let OutletKind::File(file) = &outlet.kind
            && !file.path.starts_with('/')
        {
            let message = format!("`{}` is not a path from the root", file.path);
            let help = "write it from the root, such as \"/var/lib/status/notice.txt\"";
            report.push(Diagnostic::error("estate::channel", fields.span_of("path"), message).help(help));
        }
        outlets.push(outlet);
    }
    outlets
}

/// Those the file names; the usual ones where it names none.
pub(super) fn audiences(file: &Fields<'_, '_>, outlets: &[Outlet], report: &mut Vec<Diagnostic>) -> Vec<Audience> {
    let written = file.named("comms");
    if written.is_empty() {
        return Audience::usual();
    }
    let known_outlets: Vec<ChannelId> = outlets.iter().map(|outlet| outlet.id.clone()).collect();
    let audiences = written.iter().map(|(name, fields)| audience(name, fields, &known_outlets)).collect();
    for outlet in outlets.iter().filter(|outlet| matches!(outlet.kind, OutletKind::Statuspage(_))) {
        one_audience(&written, outlet, report);
    }
    audiences
}

fn audience(name: &str, fields: &Fields<'_, '_>, outlets: &[ChannelId]) -> Audience {
    let usual = Audience::usual().into_iter().find(|usual| usual.id.as_str() == name);
    let every = fields.take("every", value::duration);
    let every = every.or(usual.as_ref().map(|usual| usual.every)).unwrap_or(EVERY);
    let first = fields.take("first", value::duration).or(usual.as_ref().map(|usual| usual.first));
    Audience {
        id: AudienceId::from(name),
        first: first.unwrap_or(every),
        every,
        channels: known(fields.names("channels"), outlets),
        template: fields.text("template").unwrap_or_else(|| name.to_owned()),
        internal: fields
            .take("internal", value::boolean)
            .unwrap_or_else(|| usual.as_ref().is_some_and(|usual| usual.internal)),
        anchor: fields.take("anchor", value::boolean).unwrap_or(false),
    }
}

/// What two audiences are told in turn would stand on one page, one over the other.
fn one_audience(audiences: &[(&str, Fields<'_, '_>)], outlet: &Outlet, report: &mut Vec<Diagnostic>) {
    let uses = |fields: &Fields<'_, '_>| {
        fields.names("channels").is_some_and(|names| names.iter().any(|name| name == outlet.id.as_str()))
    };
    let mut users = audiences.iter().filter(|(_, fields)| uses(fields));
    let Some((first, _)) = users.next() else { return };
    for (second, fields) in users {
        let message = format!("{first} and {second} are both told through the page `{}`", outlet.id);
        let help = "a page has one text: give it to one of them, or add another [channels.NAME]";
        report.push(Diagnostic::error("estate::channel", fields.span_of("channels"), message).help(help));
    }
}
