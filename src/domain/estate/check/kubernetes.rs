//! `kubernetes`: what runs in a cluster, by the contexts of kubectl.

use super::super::fields::Fields;
use super::super::schema::{Kind, Variant, key};
use super::super::value;
use crate::diagnostic::Diagnostic;

pub(super) const KIND: Variant = Variant {
    word: "kubernetes",
    about: "Nodes, a workload or pods that are ready, asked by `kubectl get -o json`: its contexts, its credentials, its \
            plugins. Exactly one of `deployment`, `statefulset`, `daemonset`, `pods`, `nodes_ready`. Fewer ready than \
            asked for is down; as many as asked for and fewer than there should be is degraded. Expired credentials, a \
            missing plugin, no such context are unknown: they tell nothing of the cluster. A read-only console starts \
            no command, and says so. Each look is a process of about 50 MB for a fraction of a second: give it an \
            interval of 30 s.",
    keys: &[
        key("context", Kind::Text, "kubectl's own", "Context of the kubeconfig."),
        key("namespace", Kind::Text, "that of the context", "Namespace."),
        key("deployment", Kind::Text, "none", "Name of a deployment."),
        key("statefulset", Kind::Text, "none", "Name of a stateful set."),
        key("daemonset", Kind::Text, "none", "Name of a daemon set."),
        key("pods", Kind::Text, "none", "Label selector of pods, such as `app=checkout`."),
        key(
            "ready",
            Kind::Ready,
            "\"100 %\"",
            "How many of it, or which share of what there should be, must be ready.",
        ),
        key("nodes_ready", Kind::Ready, "none", "How many nodes, or which share of them, must be ready."),
        key("kubeconfig", Kind::Text, "kubectl's own", "Path of the kubeconfig."),
        key("env", Kind::TextList, "none", "Variables of the console that its plugins need, such as `AWS_PROFILE`."),
    ],
    example: r#"[[checks]]
name = "checkout@us-west-2"
type = "kubernetes"
context = "west"
namespace = "shop"
deployment = "checkout" # or one of these:
# statefulset = "orders"
# daemonset = "proxy"
# pods = "app=checkout"
ready = "75 %"
interval = "30s"

[[checks]]
name = "nodes@us-west-2"
type = "kubernetes"
context = "west"
kubeconfig = "/etc/switchback/kubeconfig"
nodes_ready = 3
env = ["AWS_PROFILE"]
interval = "30s"
"#,
};

/// How much has to be ready.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ready {
    Count(u32),
    /// Of what there should be, 0 to 1.
    Share(f64),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Workload {
    Deployment(String),
    StatefulSet(String),
    DaemonSet(String),
    /// By label selector.
    Pods(String),
    Nodes,
}

#[derive(Clone, Debug, PartialEq)]
pub struct KubernetesCheck {
    pub kubeconfig: Option<String>,
    /// Variables that it is given, beside those everything is; `KUBECONFIG` is always.
    pub env: Vec<String>,
    pub context: Option<String>,
    pub namespace: Option<String>,
    pub what: Workload,
    pub ready: Ready,
}

impl KubernetesCheck {
    pub(super) fn read(fields: &Fields<'_, '_>, report: &mut Vec<Diagnostic>) -> Option<Self> {
        let named = [
            fields.text("deployment").map(Workload::Deployment),
            fields.text("statefulset").map(Workload::StatefulSet),
            fields.text("daemonset").map(Workload::DaemonSet),
            fields.text("pods").map(Workload::Pods),
        ];
        let nodes = fields.take("nodes_ready", value::ready);
        let mut what: Vec<Workload> = named.into_iter().flatten().chain(nodes.map(|_| Workload::Nodes)).collect();
        let (Some(only), true) = (what.pop(), what.is_empty()) else {
            let message = "this check has to name one thing: a workload, pods, or nodes";
            report.push(
                Diagnostic::error("estate::check", fields.span.clone(), message)
                    .help("write exactly one of deployment, statefulset, daemonset, pods, nodes_ready"),
            );
            return None;
        };
        let ready = nodes.or_else(|| fields.take("ready", value::ready)).unwrap_or(Ready::Share(1.0));
        Some(Self {
            kubeconfig: fields.text("kubeconfig"),
            env: fields.texts("env").unwrap_or_default(),
            context: fields.text("context"),
            namespace: fields.text("namespace"),
            what: only,
            ready,
        })
    }
}
