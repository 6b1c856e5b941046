//! Contexts of kubectl that checks and steps name: whether the cluster takes our credentials.

use std::collections::BTreeSet;

use domain::estate::{CheckKind, Estate};
use domain::readiness::{Seen, tools};
use domain::runbook::{Lang, Runbook};
use domain::untrusted::sanitise_line;
use futures_util::future::join_all;
use tokio::time::timeout;

use super::{PATIENCE, on_path};
use crate::runtime::probe::process::run_with;

/// Of the answer: `yes`, or the sentence why not.
const OUTPUT: usize = 16 * 1024;

pub(super) async fn contexts(
    estate: &Estate,
    runbooks: &[(&str, &Runbook)],
    may_start: bool,
) -> Vec<(String, Seen<()>)> {
    join_all(used(estate, runbooks).into_iter().map(|context| fact(context, may_start))).await
}

async fn fact(context: String, may_start: bool) -> (String, Seen<()>) {
    let seen = if !may_start {
        Seen::Silent("not tried: a read-only console starts no program".to_owned())
    } else if on_path("kubectl").is_none() {
        Seen::Refused("kubectl is not on PATH".to_owned())
    } else {
        timeout(PATIENCE, ask(&context)).await.unwrap_or_else(|_| Seen::Silent("no answer in time".to_owned()))
    };
    (context, seen)
}

/// Only reads: it asks what we might do.
async fn ask(context: &str) -> Seen<()> {
    let seconds = PATIENCE.as_secs().saturating_sub(1);
    let argv = ["kubectl", &format!("--context={context}"), &format!("--request-timeout={seconds}s")];
    let argv = argv.into_iter().chain(["auth", "can-i", "get", "pods"]).map(str::to_owned).collect::<Vec<_>>();
    let env: Vec<String> = std::env::var_os("KUBECONFIG").map(|_| "KUBECONFIG".to_owned()).into_iter().collect();
    let finished = match run_with(&argv, &env, Vec::new(), OUTPUT).await {
        Ok(finished) => finished,
        Err(why) => return Seen::Silent(why),
    };
    let said = sanitise_line(&finished.first_line().unwrap_or_default());
    match finished.status.code() {
        Some(0) => Seen::Answer(()),
        _ if said == "no" => Seen::Refused("these credentials may not read pods".to_owned()),
        _ if ["does not exist", "Unauthorized", "must be logged in", "certificate"]
            .iter()
            .any(|no| said.contains(no)) =>
        {
            Seen::Refused(said)
        }
        _ => Seen::Silent(said),
    }
}

/// Contexts of checks; of scripts those that are written out or that [vars] of the estate says.
pub(super) fn used(estate: &Estate, runbooks: &[(&str, &Runbook)]) -> BTreeSet<String> {
    let mut found: BTreeSet<String> = estate
        .checks
        .iter()
        .filter_map(|check| match &check.kind {
            CheckKind::Kubernetes(kubernetes) if kubernetes.kubeconfig.is_none() => kubernetes.context.clone(),
            _ => None,
        })
        .collect();
    for (_, runbook) in runbooks.iter().filter(|(_, runbook)| tools(runbook).contains_key("kubectl")) {
        let blocks = runbook.steps().flat_map(|step| step.run.iter().chain(&step.verifies).chain(&step.guards));
        for block in blocks.filter(|block| matches!(block.lang, Lang::Bash | Lang::Sh)) {
            found.extend(named(&block.text).flat_map(|word| settled(&word, runbook, estate)));
        }
    }
    found
}

/// What follows `--context`, without its quotes.
fn named(script: &str) -> impl Iterator<Item = String> {
    let after = script.match_indices("--context").map(|(at, word)| &script[at + word.len()..]);
    after.filter_map(|rest| {
        let rest = rest.strip_prefix('=').or_else(|| rest.strip_prefix(' '))?;
        let word = rest.trim_start().split(char::is_whitespace).next()?;
        Some(word.trim_matches(['"', '\'']).to_owned()).filter(|word| !word.is_empty())
    })
}

/// A word with a region in it stands for one context per region.
fn settled(word: &str, runbook: &Runbook, estate: &Estate) -> Vec<String> {
    let whole = word.strip_prefix('$').map(|name| name.trim_matches(['{', '}']));
    let variable = |name: &str| runbook.vars.iter().find(|variable| variable.name == name)?.default.clone();
    let text = match whole {
        Some("FROM" | "TO") => word.to_owned(),
        Some(name) => match estate.vars.get(name).cloned().or_else(|| variable(name)) {
            Some(text) => text,
            None => return Vec::new(),
        },
        None => word.to_owned(),
    };
    let regions = estate.regions.iter().map(|region| region.id.as_str());
    let filled = |region: &str| {
        ["$TO", "${TO}", "$FROM", "${FROM}"].into_iter().fold(text.clone(), |text, name| text.replace(name, region))
    };
    let all: BTreeSet<String> = regions.map(filled).filter(|word| !word.contains('$')).collect();
    all.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_context_that_is_made_of_a_region_stands_for_each() {
        let estate =
            domain::estate::parse("name = \"x\"\n[regions.a]\n[regions.b]\n[vars]\nCONTEXT = \"prod-$TO\"\n").estate;
        let text = "---\nrunbook: 1\nvars:\n  CONTEXT: {type: string}\n  UNKNOWN: {type: string}\n---\n\n# T\n\n## Do\n\n- [ ] **A** <!-- id: a -->\n\n  \
                    ```bash run idempotent\n  kubectl --context \"$CONTEXT\" get x\n  kubectl --context=fixed get y\n  \
                    kubectl --context \"$UNKNOWN\" get z\n  ```\n";
        let runbook = domain::runbook::parse(text.into(), Some(&estate));
        let found: Vec<_> = used(&estate, &[("t", &runbook)]).into_iter().collect();
        assert_eq!(found, ["fixed", "prod-a", "prod-b"]);
    }
}
