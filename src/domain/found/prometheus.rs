//! A configuration of Prometheus: the targets of those jobs that probe something. Jobs that collect numbers say nothing of
//! whether users are served.

use std::time::Duration;

use super::blackbox::Module;
use super::region::{hint, without_place};
use super::{Endpoint, Found, Hint, Look, Origin, Source, Trouble};
use crate::time::parse_duration;
use crate::yaml::Node;

/// One address that is probed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    name: String,
    address: String,
    module: String,
    place: Option<Hint>,
    every: Option<Duration>,
    origin: Origin,
}

pub(super) fn read(source: &Source<'_>) -> Result<Found, Trouble> {
    let root = source.yaml()?;
    let Some(jobs) = root.get("scrape_configs") else {
        return Err(source.trouble(0, "no `scrape_configs` stand in it"));
    };
    let usual = root.get("global").and_then(|global| span(global, "scrape_interval"));
    let targets = jobs.items().iter().flat_map(|job| targets(source, job, usual)).collect();
    Ok(Found { targets, ..Found::default() })
}

fn targets(source: &Source<'_>, job: &Node, usual: Option<Duration>) -> Vec<Target> {
    let named = |key: &str| job.get(key).and_then(Node::text);
    let module =
        job.get("params").and_then(|params| params.get("module")).and_then(|module| module.items().first()?.text());
    if module.is_none() && named("metrics_path") != Some("/probe") {
        return Vec::new();
    }
    let every = span(job, "scrape_interval").or(usual);
    let name = named("job_name").unwrap_or("probe");
    let of_group = |group: &Node| {
        let labels: Vec<(String, String)> = group
            .get("labels")
            .map(|labels| {
                labels
                    .entries()
                    .filter_map(|(key, _, value)| Some((key.to_owned(), value.text()?.to_owned())))
                    .collect()
            })
            .unwrap_or_default();
        let label = |wanted: &str| labels.iter().find(|(key, _)| key == wanted).map(|(_, value)| value.as_str());
        let region = label("region").unwrap_or_default();
        let of_target = |node: &Node| {
            let address = node.text()?;
            let host = host(address);
            let called = label("service").or_else(|| label("app")).map_or_else(|| named_by(host, name), str::to_owned);
            Some(Target {
                name: called,
                address: address.to_owned(),
                module: module.unwrap_or_default().to_owned(),
                place: hint(&[region, host, name]),
                every,
                origin: source.at(node.span.start),
            })
        };
        let items = group.get("targets").map(Node::items).unwrap_or_default();
        items.iter().filter_map(of_target).collect::<Vec<_>>()
    };
    let groups = job.get("static_configs").map(Node::items).unwrap_or_default();
    groups.iter().flat_map(of_group).collect()
}

fn span(node: &Node, key: &str) -> Option<Duration> {
    node.get(key)?.text().and_then(|text| parse_duration(text).ok()).filter(|span| !span.is_zero())
}

/// Host and port, without what stands around them.
fn host(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority.rsplit('@').next().unwrap_or_default()
}

/// The first word of the host that says more than where it is; the job's name for one that is only a number.
fn named_by(host: &str, job: &str) -> String {
    let bare = host.split(':').next().unwrap_or_default();
    let number = bare.chars().all(|c| c.is_ascii_digit() || c == '.');
    let label = bare.split('.').map(without_place).find(|label| !label.is_empty() && label != "www");
    label.filter(|_| !number).unwrap_or_else(|| job.to_owned())
}

/// What a check would be made of.
pub(super) fn endpoint(target: &Target, modules: &[Module]) -> Endpoint {
    let known = modules.iter().find(|module| module.name == target.module).cloned();
    let module = known.unwrap_or_else(|| Module::by_custom(&target.module));
    let (look, left) = module.look(&target.address).unwrap_or_else(|why| (Look::None(why), Vec::new()));
    Endpoint {
        name: target.name.clone(),
        place: target.place.clone(),
        look,
        every: target.every,
        slow: None,
        left,
        origin: target.origin.clone(),
    }
}
