//! What runs in a cluster of Kubernetes, as `kubectl` tells it.

use std::time::Duration;

use domain::estate::{KubernetesCheck, Ready, Workload};
use domain::reading::{Outcome, Payload};
use serde_json::Value;
use tokio::time::{Instant, timeout};

use super::process::{Finished, run};
use super::{Look, Looking, Seen};

mod objects;
mod refusal;

use objects::Standing;

/// A list of some hundred pods; longer ones are told from their beginning, which is no JSON, and so unknown.
const OUTPUT: usize = 8 * 1024 * 1024;

#[derive(Debug)]
pub(super) struct KubernetesProbe {
    check: KubernetesCheck,
    /// The server's silence is told by kubectl, before we stop listening to kubectl.
    patience: Duration,
}

impl KubernetesProbe {
    pub(super) fn new(check: &KubernetesCheck, within: Duration) -> Self {
        Self { check: check.clone(), patience: within.mul_f64(0.8) }
    }

    /// Every word that is not ours stands behind a `=` or a `/`, so that none is taken for an option.
    fn argv(&self, what: &[String]) -> Vec<String> {
        let KubernetesCheck { kubeconfig, context, namespace, .. } = &self.check;
        let mut argv = vec!["kubectl".to_owned()];
        argv.extend(kubeconfig.iter().map(|path| format!("--kubeconfig={path}")));
        argv.extend(context.iter().map(|context| format!("--context={context}")));
        argv.extend(namespace.iter().map(|namespace| format!("--namespace={namespace}")));
        argv.push(format!("--request-timeout={}ms", self.patience.as_millis().max(1)));
        argv.extend(["get".to_owned(), "--output=json".to_owned()]);
        argv.extend_from_slice(what);
        argv
    }

    async fn get(&self, what: &[String]) -> Result<Value, Seen> {
        let own = std::env::var_os("KUBECONFIG").map(|_| "KUBECONFIG".to_owned());
        let env: Vec<String> = self.check.env.iter().cloned().chain(own).collect();
        match run(&self.argv(what), &env, OUTPUT).await {
            Ok(finished) if finished.status.success() => parse(&finished),
            Ok(finished) => Err(refusal::seen(&finished)),
            Err(why) => Err(Seen::unknown(format!("kubectl: {why}"))),
        }
    }

    async fn ask(&self) -> Result<Seen, Seen> {
        let begun = Instant::now();
        let named = |kind: &str, name: &str| vec![format!("{kind}/{name}")];
        let pods = |selector: &str| vec!["pods".to_owned(), format!("--selector={selector}")];
        let mut standing = match &self.check.what {
            Workload::Deployment(name) => objects::replicated(&self.get(&named("deployment", name)).await?),
            Workload::StatefulSet(name) => objects::replicated(&self.get(&named("statefulset", name)).await?),
            Workload::DaemonSet(name) => objects::daemon_set(&self.get(&named("daemonset", name)).await?),
            Workload::Pods(selector) => objects::pods(&self.get(&pods(selector)).await?),
            Workload::Nodes => objects::nodes(&self.get(&["nodes".to_owned()]).await?),
        };
        if standing.ready < standing.wanted
            && let Some(selector) = standing.selector.take()
            && let Ok(Ok(pods)) =
                timeout(self.patience.saturating_sub(begun.elapsed()), self.get(&pods(&selector))).await
        {
            // A bonus: that it is short is known without it, and must not be lost while this is waited for.
            standing.notes.extend(objects::pods(&pods).notes);
        }
        Ok(Seen::new(self.judge(&standing)))
    }

    fn judge(&self, standing: &Standing) -> Outcome {
        let Standing { ready, wanted, notes, .. } = standing;
        let text = format!("{ready} of {wanted} ready");
        let payload = Payload::Text { text: text.clone() };
        let told = || [text.clone()].into_iter().chain(notes.iter().take(3).cloned()).collect::<Vec<_>>().join("; ");
        let enough = match self.check.ready {
            Ready::Count(least) => *ready >= u64::from(least),
            #[allow(clippy::cast_precision_loss)]
            Ready::Share(share) => *ready as f64 >= share * *wanted as f64,
        };
        match () {
            () if *wanted == 0 && matches!(self.check.what, Workload::Pods(_) | Workload::Nodes) => {
                let why = if self.check.what == Workload::Nodes { "no node" } else { "no pod has these labels" };
                Outcome::Bad { why: why.to_owned(), payload }
            }
            () if !enough => Outcome::Bad { why: told(), payload },
            () if *wanted == 0 => Outcome::Soft { why: "scaled to 0".to_owned(), payload },
            () if ready < wanted || !notes.is_empty() => Outcome::Soft { why: told(), payload },
            () => Outcome::Good { payload },
        }
    }
}

fn parse(finished: &Finished) -> Result<Value, Seen> {
    serde_json::from_slice(&finished.stdout)
        .map_err(|error| Seen::unknown(format!("what kubectl printed is no JSON: {error}")))
}

impl Look for KubernetesProbe {
    fn see(&self) -> Looking<'_> {
        Box::pin(async { self.ask().await.unwrap_or_else(|seen| seen) })
    }

    /// A plugin that hangs tells nothing of the cluster.
    fn silence_is_down(&self) -> bool {
        false
    }
}
