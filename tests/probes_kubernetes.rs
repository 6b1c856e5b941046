//! What runs in a cluster, by the real `kubectl`, from a server that answers as a cluster does.

use std::path::PathBuf;
use std::time::Duration;

use domain::estate::{CheckKind, KubernetesCheck, Ready, Workload};
use domain::reading::{Outcome, Sample};
use switchback::runtime::probe::{Capability, Probe};
use tempfile::TempDir;

use crate::probes::{check, estate};
use crate::support::http::{Answer, HttpServer, Request};

const PATIENT: Duration = Duration::from_secs(60);

/// A server, and a kubeconfig whose context `west` leads to it.
struct Cluster {
    folder: TempDir,
    _server: Option<HttpServer>,
}

impl Cluster {
    fn of(server: HttpServer) -> Self {
        let url = server.url("");
        Self::at(&url, "token: t", Some(server))
    }

    fn at(url: &str, user: &str, server: Option<HttpServer>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = format!(
            "apiVersion: v1\nkind: Config\nclusters:\n- {{name: c, cluster: {{server: \"{url}\"}}}}\n\
             users:\n- {{name: u, user: {{{user}}}}}\n\
             contexts:\n- {{name: west, context: {{cluster: c, user: u, namespace: shop}}}}\n"
        );
        std::fs::write(folder.path().join("config"), config).unwrap();
        Self { folder, _server: server }
    }

    fn config(&self) -> PathBuf {
        self.folder.path().join("config")
    }

    fn check(&self, what: Workload, ready: Ready) -> KubernetesCheck {
        KubernetesCheck {
            kubeconfig: Some(self.config().display().to_string()),
            context: Some("west".to_owned()),
            namespace: None,
            env: Vec::new(),
            what,
            ready,
        }
    }

    async fn said(&self, what: Workload, ready: Ready) -> String {
        said(&look(self.check(what, ready), PATIENT).await)
    }
}

async fn look(kubernetes: KubernetesCheck, timeout: Duration) -> Sample {
    let estate = estate(vec![check("it", CheckKind::Kubernetes(kubernetes), timeout)]);
    Probe::all(&estate, Capability::Full).remove(0).look().await
}

fn said(sample: &Sample) -> String {
    let word = match &sample.outcome {
        Outcome::Good { .. } => "good",
        Outcome::Soft { .. } => "soft",
        Outcome::Bad { .. } => "bad",
        Outcome::Unknown { .. } => "unknown",
    };
    format!("{word}: {}", sample.outcome.why().unwrap_or_default())
}

fn refused(code: u16, reason: &str, message: &str) -> Answer {
    let body = format!(
        r#"{{"kind":"Status","apiVersion":"v1","metadata":{{}},"status":"Failure","message":"{message}","reason":"{reason}","code":{code}}}"#
    );
    let line = match code {
        401 => "401 Unauthorized",
        403 => "403 Forbidden",
        _ => "404 Not Found",
    };
    Answer::Say(line, vec!["content-type: application/json".into()], body.into_bytes())
}

/// What every client asks first.
fn discovery(path: &str) -> Option<Answer> {
    let resource = |name: &str, kind: &str, namespaced: bool| {
        format!(
            r#"{{"name":"{name}","singularName":"{}","namespaced":{namespaced},"kind":"{kind}","verbs":["get","list"]}}"#,
            kind.to_lowercase()
        )
    };
    let list = |version: &str, resources: &[String]| {
        let resources = resources.join(",");
        let body = format!(
            r#"{{"kind":"APIResourceList","apiVersion":"v1","groupVersion":"{version}","resources":[{resources}]}}"#
        );
        Answer::json(&body)
    };
    Some(match path {
        "/version" => Answer::json(r#"{"major":"1","minor":"32","gitVersion":"v1.32.4"}"#),
        "/api" => Answer::json(r#"{"kind":"APIVersions","versions":["v1"],"serverAddressByClientCIDRs":[]}"#),
        "/apis" => Answer::json(
            r#"{"kind":"APIGroupList","apiVersion":"v1","groups":[{"name":"apps","versions":[{"groupVersion":"apps/v1","version":"v1"}],"preferredVersion":{"groupVersion":"apps/v1","version":"v1"}}]}"#,
        ),
        "/api/v1" => list("v1", &[resource("pods", "Pod", true), resource("nodes", "Node", false)]),
        "/apis/apps/v1" => list(
            "apps/v1",
            &[
                resource("deployments", "Deployment", true),
                resource("statefulsets", "StatefulSet", true),
                resource("daemonsets", "DaemonSet", true),
            ],
        ),
        _ => return None,
    })
}

const DEPLOYMENT: &str = r#"{"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"checkout","namespace":"shop"},
  "spec":{"replicas":3,"selector":{"matchLabels":{"app":"checkout"}}},"status":{"replicas":3,"readyReplicas":2,"unavailableReplicas":1}}"#;
const PODS: &str = r#"{"kind":"PodList","apiVersion":"v1","metadata":{},"items":[
  {"metadata":{"name":"checkout-a"},"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}},
  {"metadata":{"name":"checkout-b"},"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}},
  {"metadata":{"name":"checkout-c"},"status":{"phase":"Pending","conditions":[{"type":"Ready","status":"False"}],
    "containerStatuses":[{"name":"main","state":{"waiting":{"reason":"ImagePullBackOff"}}}]}},
  {"metadata":{"name":"checkout-old","deletionTimestamp":"2026-11-20T08:00:00Z"},"status":{"phase":"Running"}}]}"#;
const NODES: &str = r#"{"kind":"NodeList","apiVersion":"v1","metadata":{},"items":[
  {"metadata":{"name":"node-a"},"status":{"conditions":[{"type":"Ready","status":"True"}]}},
  {"metadata":{"name":"node-b"},"status":{"conditions":[{"type":"Ready","status":"Unknown","reason":"NodeStatusUnknown"}]}}]}"#;

fn answer(request: &Request) -> Answer {
    let target = request.line.split_whitespace().nth(1).unwrap_or_default();
    let path = target.split('?').next().unwrap_or_default();
    if let Some(answer) = discovery(path) {
        return answer;
    }
    match path {
        "/apis/apps/v1/namespaces/shop/deployments/checkout" => Answer::json(DEPLOYMENT),
        "/apis/apps/v1/namespaces/shop/statefulsets/orders" => Answer::json(
            r#"{"kind":"StatefulSet","apiVersion":"apps/v1","metadata":{"name":"orders"},"spec":{"replicas":0},"status":{"replicas":0}}"#,
        ),
        "/apis/apps/v1/namespaces/shop/daemonsets/proxy" => Answer::json(
            r#"{"kind":"DaemonSet","apiVersion":"apps/v1","metadata":{"name":"proxy"},"spec":{},"status":{"desiredNumberScheduled":2,"numberReady":2}}"#,
        ),
        "/api/v1/namespaces/shop/pods" if target.contains("app%3Dcheckout") => Answer::json(PODS),
        "/api/v1/namespaces/shop/pods" => {
            Answer::json(r#"{"kind":"PodList","apiVersion":"v1","metadata":{},"items":[]}"#)
        }
        "/api/v1/nodes" => Answer::json(NODES),
        _ => refused(404, "NotFound", "it is not found"),
    }
}

fn deployment() -> Workload {
    Workload::Deployment("checkout".to_owned())
}

#[tokio::test]
async fn what_is_ready_is_counted_and_what_is_not_is_named() {
    let cluster = Cluster::of(HttpServer::new(answer));
    let short = "2 of 3 ready; checkout-c ImagePullBackOff";
    assert_eq!(cluster.said(deployment(), Ready::Share(1.0)).await, format!("bad: {short}"));
    assert_eq!(cluster.said(deployment(), Ready::Count(2)).await, format!("soft: {short}"));
    let pods = |selector: &str| Workload::Pods(selector.to_owned());
    assert_eq!(cluster.said(pods("app=checkout"), Ready::Share(0.5)).await, format!("soft: {short}"));
    assert_eq!(cluster.said(pods("app=gone"), Ready::Share(0.5)).await, "bad: no pod has these labels");
    assert_eq!(cluster.said(Workload::DaemonSet("proxy".to_owned()), Ready::Share(1.0)).await, "good: ");
    assert_eq!(cluster.said(Workload::StatefulSet("orders".to_owned()), Ready::Share(1.0)).await, "soft: scaled to 0");
    assert_eq!(cluster.said(Workload::Nodes, Ready::Count(2)).await, "bad: 1 of 2 ready; node-b NodeStatusUnknown");
    let missing = cluster.said(Workload::Deployment("nothing".to_owned()), Ready::Count(1)).await;
    assert!(missing.starts_with("bad: ") && missing.contains("NotFound"), "{missing}");
}

#[tokio::test]
async fn what_is_wrong_with_ourselves_tells_nothing_of_the_cluster() {
    let cluster = Cluster::of(HttpServer::always(refused(401, "Unauthorized", "Unauthorized")));
    let expired = cluster.said(deployment(), Ready::Count(1)).await;
    assert!(expired.starts_with("unknown: ") && expired.contains("log in again"), "{expired}");
    let cluster = Cluster::of(HttpServer::new(|request| {
        let path = request.line.split_whitespace().nth(1).unwrap_or_default();
        discovery(path.split('?').next().unwrap_or_default())
            .unwrap_or_else(|| refused(403, "Forbidden", "deployments.apps is forbidden"))
    }));
    let forbidden = cluster.said(deployment(), Ready::Count(1)).await;
    assert!(forbidden.starts_with("unknown: ") && forbidden.contains("grant get and list"), "{forbidden}");
    let plugin = "exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: switchback-no-such-plugin, interactiveMode: Never}";
    let plugin = Cluster::at("https://127.0.0.1:1", plugin, None).said(deployment(), Ready::Count(1)).await;
    assert!(plugin.starts_with("unknown: ") && plugin.contains("is not installed here"), "{plugin}");
    let cluster = Cluster::at("http://127.0.0.1:1", "token: t", None);
    let elsewhere =
        KubernetesCheck { context: Some("east".to_owned()), ..cluster.check(deployment(), Ready::Count(1)) };
    let elsewhere = said(&look(elsewhere, PATIENT).await);
    assert!(elsewhere.starts_with("unknown: ") && elsewhere.contains("kubectl config get-contexts"), "{elsewhere}");
}

#[tokio::test]
async fn a_cluster_that_cannot_be_reached_is_down() {
    let gone = Cluster::at("http://127.0.0.1:1", "token: t", None).said(deployment(), Ready::Count(1)).await;
    assert!(gone.starts_with("bad: ") && gone.contains("refused"), "{gone}");
}

#[tokio::test]
async fn a_read_only_console_starts_no_kubectl() {
    let cluster = Cluster::at("http://127.0.0.1:1", "token: t", None);
    let kind = CheckKind::Kubernetes(cluster.check(deployment(), Ready::Count(1)));
    let estate = estate(vec![check("it", kind, PATIENT)]);
    let sample = Probe::all(&estate, Capability::NetworkOnly).remove(0).look().await;
    assert!(said(&sample).starts_with("unknown: not asked: this console is read-only"), "{sample:?}");
}
