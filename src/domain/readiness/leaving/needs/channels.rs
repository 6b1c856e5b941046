//! Ways of telling people: of alerts, and audiences of the incident.

use super::{About, Needs};
use crate::estate::{ChannelKind, Endpoint, OutletKind, WebhookChannel};
use crate::ident::{ChannelId, RegionId};
use crate::readiness::leaving::Fate;
use crate::readiness::leaving::place::Lives;

/// One way, and what is known of where it leads.
struct Way {
    id: ChannelId,
    kind: &'static str,
    /// As the estate says.
    region: Option<RegionId>,
    address: Option<String>,
}

impl Needs<'_> {
    pub(super) fn channels(&mut self) {
        let away = self.estate.notify.iter().filter(|channel| !channel.on_screen());
        let alerts = away.map(|channel| Way {
            id: channel.id.clone(),
            kind: channel.kind.name(),
            region: channel.region.clone(),
            address: match &channel.kind {
                ChannelKind::PagerDuty(pagerduty) => Some(pagerduty.url.clone()),
                ChannelKind::Opsgenie(opsgenie) => Some(opsgenie.url.clone()),
                ChannelKind::Webhook(hook) => self.hook(hook, &channel.id),
                ChannelKind::Email(mail) => Some(mail.host.clone()),
                ChannelKind::Command(_) | ChannelKind::Bell | ChannelKind::Desktop(_) => None,
            },
        });
        let alerts: Vec<Way> = alerts.collect();
        let updates = self.estate.outlets.iter().map(|outlet| Way {
            id: outlet.id.clone(),
            kind: outlet.kind.name(),
            region: outlet.region.clone(),
            address: match &outlet.kind {
                OutletKind::Statuspage(page) => Some(page.url.clone()),
                OutletKind::Webhook(hook) => self.hook(hook, &outlet.id),
                OutletKind::Email(mail) => Some(mail.host.clone()),
                OutletKind::Command(_) | OutletKind::File(_) => None,
            },
        });
        let updates: Vec<Way> = updates.collect();
        self.ways("notification", "add a channel whose endpoint is in no region of the estate", alerts);
        let remedy = "add a [channels.NAME] whose endpoint is in no region of the estate";
        self.ways("updates to audiences", remedy, updates);
    }

    fn hook(&self, hook: &WebhookChannel, id: &ChannelId) -> Option<String> {
        match &hook.url {
            Endpoint::Url(url) => Some(url.clone()),
            Endpoint::Secret(_) => self.around.channel_hosts.get(id.as_str()).cloned(),
        }
    }

    /// Who is told through another one is told: none is needed where one of them stays.
    fn ways(&mut self, what: &str, remedy: &str, ways: Vec<Way>) {
        let first = self.found.len();
        for Way { id, kind, region, address } in ways {
            let about = About { what, name: format!("{id} ({kind})"), needed: true, remedy };
            let lives = match (region, address) {
                (Some(region), _) => Lives::In(region, "the estate's file says so".to_owned()),
                (None, Some(address)) => match self.places.of(&address) {
                    Lives::Unknown(_) => Lives::Elsewhere(
                        "its endpoint is in no region of the estate, as far as its name tells".to_owned(),
                    ),
                    lives => lives,
                },
                (None, None) => {
                    Lives::Unknown(format!("a {kind}: nothing tells whom it reaches; write `region`, if it is in one"))
                }
            };
            self.add(about, lives);
        }
        let added = &mut self.found[first..];
        let needed = !added.iter().any(|need| need.fate == Fate::Stays);
        added.iter_mut().for_each(|need| need.needed = needed);
    }
}
