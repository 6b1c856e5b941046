//! Audiences that were told, on a page that took it and a hook that did not; and one that nobody knows of.

use domain::ident::AudienceId;
use domain::log::{Event, IncidentStatus, Way};

use super::story::{Told, at};
use crate::model::Model;

/// The public is overdue, executives will be in a minute; of the customers' mail nobody knows.
pub(super) fn overdue() -> Model {
    let mut told = Told::new("02:40:10");
    told.until_fenced();
    let public = issue(&mut told, "02:13:05", "public", "Service disruption: investigating", &["status-page", "slack"]);
    let page = Way::Channel("status-page".into());
    let receipt = Some("p31zjtct2jer".to_owned());
    told.say("switchback", "02:13:06", Event::UpdateDelivered { update: public, way: page, receipt });
    told.say(
        "switchback",
        "02:13:20",
        Event::UpdateFailed {
            update: public,
            way: Way::Channel("slack".into()),
            why: "404 Not Found: no_service".to_owned(),
            remedy: Some("check the address; it may have been withdrawn".to_owned()),
            unsure: false,
        },
    );
    let customers = issue(&mut told, "02:20:00", "customers", "Service update", &["customer-mail"]);
    told.say(
        "switchback",
        "02:20:15",
        Event::UpdateFailed {
            update: customers,
            way: Way::Channel("customer-mail".into()),
            why: "no answer within 15s".to_owned(),
            remedy: Some("look whether it works at all".to_owned()),
            unsure: true,
        },
    );
    let mut model = told.model;
    model.consoles = 2;
    model.real.wall = at("02:40:10");
    model
}

fn issue(told: &mut Told, when: &str, audience: &str, subject: &str, ways: &[&str]) -> u64 {
    let ways = ways.iter().map(|way| Way::Channel((*way).into())).collect();
    told.say(
        "raj",
        when,
        Event::UpdateIssued {
            audience: AudienceId::from(audience),
            status: IncidentStatus::Investigating,
            subject: subject.to_owned(),
            text:
                "We are experiencing issues in our primary region since 02:06 UTC.\n\nWe are investigating the cause."
                    .to_owned(),
            ways,
        },
    );
    told.model.state.entries.last().map_or(0, |entry| entry.seq)
}
