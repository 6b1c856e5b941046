//! A cluster of one deployment on loopback: its API server answers the real `kubectl`, keeps what it is told, and rolls
//! that out while somebody watches, unless it is told to get stuck.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use super::http::{Answer, HttpServer, Request};

const NAME: &str = "checkout";
const NAMESPACE: &str = "shop";

/// The deployment `checkout` in the namespace `shop`, and the service in front of its pods.
pub(crate) struct Cluster {
    api: HttpServer,
    pods: HttpServer,
    deployment: Arc<Mutex<Deployment>>,
}

struct Deployment {
    replicas: u64,
    /// Templates of its pods, one for each revision, the newest last.
    revisions: Vec<Value>,
    /// Changes that were asked for, in order: path and body.
    asked: Vec<String>,
    rolling: bool,
    state: Condition,
}

/// What is wrong with the application, beside the version `broken`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    Well,
    /// Its pods hang until there are others.
    Hung,
    /// It answers only with at least so many pods.
    Overloaded(u64),
    /// New pods do not become ready, and the rollout exceeds its deadline.
    Stuck,
}

impl Cluster {
    /// Three pods, of the newest of these versions.
    pub(crate) fn new(versions: &[&str], state: Condition) -> Self {
        let revisions = versions.iter().map(|version| template(version)).collect();
        let deployment = Deployment { replicas: 3, revisions, asked: Vec::new(), rolling: false, state };
        let deployment = Arc::new(Mutex::new(deployment));
        let (kept, running) = (Arc::clone(&deployment), Arc::clone(&deployment));
        let pods = HttpServer::new(move |_| match lock(&running).answers() {
            true => Answer::text("200 OK", ""),
            false => Answer::text("500 Internal Server Error", ""),
        });
        Self { api: HttpServer::new(move |request| lock(&kept).answer(request)), pods, deployment }
    }

    /// Where the service is reached.
    pub(crate) fn url(&self) -> String {
        self.pods.url("/")
    }

    pub(crate) fn replicas(&self) -> u64 {
        lock(&self.deployment).replicas
    }

    /// The version that its pods run.
    pub(crate) fn version(&self) -> String {
        lock(&self.deployment).version().to_owned()
    }

    /// Changes that were asked for, in order.
    pub(crate) fn asked(&self) -> Vec<String> {
        lock(&self.deployment).asked.clone()
    }

    /// Configuration for `kubectl` with a context for each of these clusters, by its name.
    pub(crate) fn configuration(clusters: &[(&str, &Self)]) -> String {
        let each = |line: &dyn Fn(&str, &Self) -> String| -> String {
            clusters.iter().map(|(name, cluster)| line(name, cluster)).collect()
        };
        format!(
            "apiVersion: v1\nkind: Config\nclusters:\n{}users:\n- {{name: u, user: {{token: t}}}}\ncontexts:\n{}",
            each(&|name, cluster| format!("- {{name: {name}, cluster: {{server: \"{}\"}}}}\n", cluster.api.url(""))),
            each(&|name, _| format!("- {{name: {name}, context: {{cluster: {name}, user: u}}}}\n")),
        )
    }
}

fn lock(deployment: &Mutex<Deployment>) -> MutexGuard<'_, Deployment> {
    deployment.lock().unwrap_or_else(PoisonError::into_inner)
}

fn template(version: &str) -> Value {
    let containers = json!([{"name": "main", "image": format!("checkout:{version}")}]);
    json!({"metadata": {"labels": {"app": NAME}}, "spec": {"containers": containers}})
}

impl Deployment {
    fn template(&self) -> &Value {
        self.revisions.last().unwrap()
    }

    fn version(&self) -> &str {
        self.template()["spec"]["containers"][0]["image"].as_str().unwrap().trim_start_matches("checkout:")
    }

    /// Whether the application does, behind its service.
    fn answers(&self) -> bool {
        let state = match self.state {
            Condition::Well => true,
            Condition::Hung | Condition::Stuck => false,
            Condition::Overloaded(least) => self.replicas >= least,
        };
        state && !self.rolling && self.version() != "broken"
    }

    fn answer(&mut self, request: &Request) -> Answer {
        let mut words = request.line.split_whitespace();
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        if method == "PATCH" {
            let body: Value = serde_json::from_slice(&request.body).unwrap();
            self.changed(path, &body);
        }
        if let Some(answer) = discovery(path) {
            return said(&answer);
        }
        let own = path.strip_prefix(&format!("/apis/apps/v1/namespaces/{NAMESPACE}/")).unwrap_or_default();
        match own {
            "deployments/checkout" => said(&self.written()),
            "deployments/checkout/scale" => said(&json!({
                "kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": {"name": NAME, "namespace": NAMESPACE},
                "spec": {"replicas": self.replicas}, "status": {"replicas": self.replicas},
            })),
            "deployments" if query.contains("watch=true") => {
                self.rolling &= self.state == Condition::Stuck;
                said(&json!({"type": "MODIFIED", "object": self.written()}))
            }
            "deployments" => said(&list("DeploymentList", &[self.written()])),
            "replicasets" => said(&list("ReplicaSetList", &self.replica_sets())),
            _ => Answer::text("404 Not Found", ""),
        }
    }

    fn changed(&mut self, path: &str, patch: &Value) {
        self.asked.push(format!("{} {patch}", path.rsplit('/').next().unwrap_or_default()));
        let mut written = self.written();
        match patch.as_array() {
            Some(operations) => operations.iter().for_each(|one| {
                let place = one["path"].as_str().and_then(|path| written.pointer_mut(path));
                *place.unwrap() = one["value"].clone();
            }),
            None => merge(&mut written, patch),
        }
        self.replicas = written["spec"]["replicas"].as_u64().unwrap();
        if written["spec"]["template"] != *self.template() {
            self.revisions.push(written["spec"]["template"].clone());
            if self.state == Condition::Hung {
                self.state = Condition::Well;
            }
        }
        self.rolling = true;
    }

    /// As the API server writes it.
    fn written(&self) -> Value {
        let generation = self.revisions.len() + self.asked.len();
        let mut written = json!({
            "kind": "Deployment", "apiVersion": "apps/v1",
            "metadata": {
                "name": NAME, "namespace": NAMESPACE, "uid": "u1", "generation": generation,
                "resourceVersion": generation.to_string(),
                "annotations": {"deployment.kubernetes.io/revision": self.revisions.len().to_string()},
            },
            "spec": {"replicas": self.replicas, "selector": {"matchLabels": {"app": NAME}}, "template": self.template()},
            "status": {
                "observedGeneration": generation, "replicas": self.replicas, "updatedReplicas": self.replicas,
                "availableReplicas": if self.rolling { self.replicas.saturating_sub(1) } else { self.replicas },
            },
        });
        if self.rolling && self.state == Condition::Stuck {
            let late = json!({"type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded"});
            written["status"]["conditions"] = json!([late]);
        }
        written
    }

    fn replica_sets(&self) -> Vec<Value> {
        let numbered = self.revisions.iter().zip(1..);
        let set = |(template, number): (&Value, u64)| {
            json!({
                "metadata": {
                    "name": format!("{NAME}-{number}"), "namespace": NAMESPACE, "uid": format!("r{number}"),
                    "annotations": {"deployment.kubernetes.io/revision": number.to_string()}, "labels": {"app": NAME},
                    "ownerReferences": [
                        {"apiVersion": "apps/v1", "kind": "Deployment", "name": NAME, "uid": "u1", "controller": true}
                    ],
                },
                "spec": {"replicas": 0, "selector": {"matchLabels": {"app": NAME}}, "template": template},
            })
        };
        numbered.map(set).collect()
    }
}

fn said(answer: &Value) -> Answer {
    Answer::json(&answer.to_string())
}

fn list(kind: &str, items: &[Value]) -> Value {
    json!({"kind": kind, "apiVersion": "apps/v1", "metadata": {"resourceVersion": "1"}, "items": items})
}

/// Lays what is written over what stands.
fn merge(stands: &mut Value, written: &Value) {
    match written.as_object() {
        Some(fields) => fields.iter().for_each(|(name, value)| merge(&mut stands[name], value)),
        None => *stands = written.clone(),
    }
}

/// What every client asks first.
fn discovery(path: &str) -> Option<Value> {
    let resource = |name: &str, kind: &str| json!({"name": name, "singularName": "", "namespaced": true, "kind": kind, "verbs": ["get", "list", "patch", "watch"]});
    Some(match path {
        "/version" => json!({"major": "1", "minor": "32", "gitVersion": "v1.32.4"}),
        "/api" => json!({"kind": "APIVersions", "versions": ["v1"]}),
        "/apis" => {
            let version = json!({"groupVersion": "apps/v1", "version": "v1"});
            let group = json!({"name": "apps", "versions": [version], "preferredVersion": version});
            json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": [group]})
        }
        "/api/v1" => {
            json!({"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "v1", "resources": []})
        }
        "/apis/apps/v1" => {
            let mut scale = resource("deployments/scale", "Scale");
            (scale["group"], scale["version"]) = ("autoscaling".into(), "v1".into());
            let resources = [resource("deployments", "Deployment"), scale, resource("replicasets", "ReplicaSet")];
            json!({"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "apps/v1", "resources": resources})
        }
        _ => return None,
    })
}
