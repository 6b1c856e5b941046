//! Names that traffic follows: how long clients keep their answers.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use domain::estate::{Check, CheckKind, DnsCheck, Estate, Objective, Route53Of, TargetKind};
use domain::execution::{Part, RunContext, resolve};
use domain::log::Mode;
use domain::readiness::{NameFact, Seen};
use domain::reading::Answer;
use domain::route53::{RecordSet, same_name};
use domain::runbook::{Lang, Runbook, Step};
use futures_util::future::join_all;
use tokio::time::timeout;

use super::PATIENCE;
use crate::runtime::aws::{self, Account};
use crate::runtime::dns::{Question, ask, system_resolvers};

/// One name, and who is asked about it.
#[derive(Debug)]
struct Name {
    name: String,
    kind: String,
    named_by: String,
    budget: Option<(Duration, String)>,
    at: At,
}

#[derive(Debug)]
enum At {
    Resolvers(Vec<(String, u16)>),
    Zone { account: Account, zone: String },
}

pub(super) async fn names(estate: &Estate, runbooks: &[(&str, &Runbook)]) -> Vec<NameFact> {
    let named: Vec<Name> = of_checks(estate).chain(of_runbooks(estate, runbooks)).collect();
    let mut seen = BTreeSet::new();
    let once = named.into_iter().filter(|name| {
        let zone = matches!(name.at, At::Zone { .. });
        seen.insert((name.name.to_lowercase(), name.kind.clone(), zone))
    });
    join_all(once.map(fact)).await
}

async fn fact(name: Name) -> NameFact {
    let late = || Seen::Silent("no answer in time".to_owned());
    let seen = match &name.at {
        At::Resolvers(resolvers) => of_resolvers(&name, resolvers).await,
        At::Zone { account, zone } => {
            let asked = timeout(PATIENCE, aws::sets_named(account, zone, &[&name.name])).await;
            asked.map_or_else(
                |_| late(),
                |sets| match sets {
                    Ok(sets) => of_sets(&name, &sets),
                    Err(error) if error.is_an_answer() => Seen::Refused(error.to_string()),
                    Err(error) => Seen::Silent(error.to_string()),
                },
            )
        }
    };
    let shown = if name.kind == "A" { name.name } else { format!("{} {}", name.name, name.kind) };
    NameFact { name: shown, named_by: name.named_by, seen, budget: name.budget }
}

fn of_sets(name: &Name, sets: &[RecordSet]) -> Seen<Option<Duration>> {
    let sets: Vec<&RecordSet> =
        sets.iter().filter(|set| set.kind == name.kind && same_name(&set.name, &name.name)).collect();
    if sets.is_empty() {
        return Seen::Refused(format!("the zone has no {} record of that name", name.kind));
    }
    let longest = sets.iter().filter_map(|set| set.ttl).max();
    Seen::Answer(longest.map(|ttl| Duration::from_secs(ttl.unsigned_abs())))
}

async fn of_resolver(name: &Name, (host, port): &(String, u16)) -> Result<Answer, String> {
    let question = Question::new(&name.name, &name.kind)?;
    ask(&question, (host, *port), PATIENCE).await
}

/// The longest that any of them tells; a resolver that keeps answers tells what remains, which is no longer.
async fn of_resolvers(name: &Name, resolvers: &[(String, u16)]) -> Seen<Option<Duration>> {
    let asked = resolvers.iter().map(|resolver| of_resolver(name, resolver));
    let mut why = "there is no resolver to ask".to_owned();
    let mut longest = None;
    for answer in join_all(asked).await {
        match answer {
            Ok(answer) if answer.ttl.is_some() => longest = longest.max(answer.ttl),
            Ok(answer) => why = format!("{}: no {} record", answer.rcode, name.kind),
            Err(error) => why = error,
        }
    }
    longest.map_or(Seen::Silent(why), |ttl| Seen::Answer(Some(ttl)))
}

fn of_checks(estate: &Estate) -> impl Iterator<Item = Name> {
    estate.checks.iter().filter_map(|check| {
        let named_by = format!("check {}", check.id);
        match &check.kind {
            CheckKind::Dns(DnsCheck { query, record, resolvers, ttl_max, .. }) => Some(Name {
                name: query.clone(),
                kind: record.clone(),
                named_by,
                budget: budget(estate, Some(check), *ttl_max),
                at: At::Resolvers(if resolvers.is_empty() { system_resolvers() } else { resolvers.clone() }),
            }),
            CheckKind::Route53(route53) => match &route53.of {
                Route53Of::Records(records) => Some(Name {
                    name: records.query.clone(),
                    kind: records.record.clone(),
                    named_by,
                    budget: budget(estate, Some(check), records.ttl_max),
                    at: At::Zone { account: Account::with(route53.profile.as_ref(), None), zone: records.zone.clone() },
                }),
                Route53Of::HealthCheck { .. } => None,
            },
            _ => None,
        }
    })
}

/// What the check says, else the objective of DNS, else that of the service which the check speaks for.
fn budget(estate: &Estate, check: Option<&Check>, ttl_max: Option<Duration>) -> Option<(Duration, String)> {
    let within = |objective: Objective| match objective {
        Objective::Within(rto) if !rto.is_zero() => Some(rto),
        Objective::Within(_) | Objective::NotApplicable => None,
    };
    let dns = || {
        let of_dns = |target: &&domain::estate::Target| {
            target.kind == TargetKind::Component && target.name.eq_ignore_ascii_case("dns")
        };
        Some((within(estate.targets.iter().find(of_dns)?.rto)?, "the RTO of DNS".to_owned()))
    };
    let service = || {
        let tier = estate.service(check?.service.as_ref()?)?.tier.as_ref()?;
        let rto = within(estate.tiers.iter().find(|known| known.id == *tier)?.rto)?;
        Some((rto, format!("the RTO of tier {tier}")))
    };
    ttl_max.map(|most| (most, "its `ttl_max`".to_owned())).or_else(dns).or_else(service)
}

/// Names that `route53` steps change.
fn of_runbooks(estate: &Estate, runbooks: &[(&str, &Runbook)]) -> Vec<Name> {
    let mut found = Vec::new();
    for (name, runbook) in runbooks {
        for step in runbook.steps() {
            found.extend(changed(estate, name, runbook, step).unwrap_or_default());
        }
    }
    found
}

fn changed(estate: &Estate, name: &str, runbook: &Runbook, step: &Step) -> Option<Vec<Name>> {
    step.run.as_ref().filter(|run| run.lang == Lang::Route53)?;
    let from = &estate.usual_primary()?.id;
    let to = estate.preferred_beside(Some(from)).map(|region| &region.id);
    let given = BTreeMap::new();
    let context = RunContext::supposed(Mode::Forced, Some(from), to, &given);
    let resolved = resolve(runbook, &context, &step.id, Part::Run, 1, estate).ok()?;
    let account = Account::of_resolved(&resolved);
    let batch = domain::route53::parse(&resolved.text).ok()?;
    let of = |change: &domain::route53::Change| {
        let (record, kind, _) = change.about();
        Name {
            name: record.to_owned(),
            kind: kind.to_owned(),
            named_by: format!("runbook {name}, step {}", step.id),
            budget: budget(estate, None, None),
            at: At::Zone { account: account.clone(), zone: batch.zone.clone() },
        }
    };
    Some(batch.changes.iter().map(of).collect())
}
