//! Credentials of Amazon's cloud: who it takes us for.

use std::collections::BTreeMap;

use domain::estate::{CheckKind, Estate};
use domain::readiness::{AccountFact, Seen, tools};
use domain::runbook::{Lang, Runbook};
use futures_util::future::join_all;
use tokio::time::timeout;

use super::PATIENCE;
use crate::runtime::aws::{self, Account};

pub(super) async fn accounts(estate: &Estate, runbooks: &[(&str, &Runbook)]) -> Vec<AccountFact> {
    join_all(used(estate, runbooks).into_iter().map(|(name, account)| fact(name, account))).await
}

async fn fact(name: String, account: Account) -> AccountFact {
    let seen = match timeout(PATIENCE, aws::caller(&account)).await {
        Ok(Ok(who)) => Seen::Answer(who),
        Ok(Err(error)) if error.is_an_answer() => Seen::Refused(error.to_string()),
        Ok(Err(error)) => Seen::Silent(error.to_string()),
        Err(_) => Seen::Silent("AWS gave no answer in time".to_owned()),
    };
    AccountFact { name, seen }
}

/// Those of the file, those of checks, and the environment's own where a runbook uses it.
fn used(estate: &Estate, runbooks: &[(&str, &Runbook)]) -> BTreeMap<String, Account> {
    let profile = |profile: &Option<String>| {
        profile.as_ref().map_or_else(|| "the environment's own".to_owned(), |name| format!("profile {name}"))
    };
    let mut used: BTreeMap<String, Account> = BTreeMap::new();
    for account in &estate.aws {
        let name = format!("{} ({})", account.name, profile(&account.profile));
        used.insert(name, Account::with(account.profile.as_ref(), account.region.as_ref()));
    }
    let of_checks = estate.checks.iter().filter_map(|check| match &check.kind {
        CheckKind::Route53(route53) => Some(&route53.profile),
        CheckKind::CloudWatch(cloudwatch) => Some(&cloudwatch.profile),
        _ => None,
    });
    let own = None;
    let by_hand = runbooks.iter().any(|(_, runbook)| tools(runbook).contains_key("aws") || changes_records(runbook));
    for named in of_checks.chain(by_hand.then_some(&own)) {
        let account = Account::with(named.as_ref(), None);
        if !used.values().any(|known| known.profile == account.profile) {
            used.insert(profile(named), account);
        }
    }
    used
}

/// A `route53` step that says no account uses the environment's.
fn changes_records(runbook: &Runbook) -> bool {
    let own = |step: &domain::runbook::Step| {
        step.on.is_none() && step.run.as_ref().is_some_and(|run| run.lang == Lang::Route53)
    };
    runbook.steps().any(own)
}
