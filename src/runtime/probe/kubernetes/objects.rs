//! What the objects say of themselves.

use domain::untrusted::sanitise_line;
use serde_json::Value;

use super::super::process::shorten;

/// How many there should be, how many are ready, and what is out of the ordinary.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Standing {
    pub(super) wanted: u64,
    pub(super) ready: u64,
    pub(super) notes: Vec<String>,
    /// The labels of its pods.
    pub(super) selector: Option<String>,
}

fn number(object: &Value, path: &str) -> Option<u64> {
    object.pointer(path).and_then(Value::as_u64)
}

fn text<'a>(object: &'a Value, path: &str) -> Option<&'a str> {
    object.pointer(path).and_then(Value::as_str)
}

fn plain(said: &str) -> String {
    sanitise_line(&shorten(said, 120))
}

fn items(list: &Value) -> &[Value] {
    list.pointer("/items").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn conditions(object: &Value) -> &[Value] {
    object.pointer("/status/conditions").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn condition<'a>(object: &'a Value, kind: &str) -> Option<&'a Value> {
    conditions(object).iter().find(|condition| text(condition, "/type") == Some(kind))
}

fn holds(object: &Value, kind: &str) -> bool {
    condition(object, kind).and_then(|condition| text(condition, "/status")) == Some("True")
}

/// A deployment, a stateful set. What is not written is zero, and one replica wanted.
pub(super) fn replicated(object: &Value) -> Standing {
    let mut notes = Vec::new();
    if let Some(stuck) = condition(object, "Progressing").filter(|known| text(known, "/status") == Some("False")) {
        notes.push(format!("does not progress: {}", plain(text(stuck, "/reason").unwrap_or("no reason is told"))));
    }
    if holds(object, "ReplicaFailure") {
        let why = condition(object, "ReplicaFailure").and_then(|failure| text(failure, "/message"));
        notes.push(plain(why.unwrap_or("replicas cannot be made")));
    }
    Standing {
        wanted: number(object, "/spec/replicas").unwrap_or(1),
        ready: number(object, "/status/readyReplicas").unwrap_or(0),
        notes,
        selector: selector(object),
    }
}

pub(super) fn daemon_set(object: &Value) -> Standing {
    Standing {
        wanted: number(object, "/status/desiredNumberScheduled").unwrap_or(0),
        ready: number(object, "/status/numberReady").unwrap_or(0),
        notes: Vec::new(),
        selector: selector(object),
    }
}

/// Labels that have to be equal; a selector of expressions is left alone.
fn selector(object: &Value) -> Option<String> {
    let labels = object.pointer("/spec/selector/matchLabels")?.as_object()?;
    let pairs: Vec<String> =
        labels.iter().filter_map(|(name, value)| Some(format!("{name}={}", value.as_str()?))).collect();
    (!pairs.is_empty()).then(|| pairs.join(","))
}

/// Those that came to their end, or are on their way out, are not wanted any more.
pub(super) fn pods(list: &Value) -> Standing {
    let mut standing = Standing::default();
    for pod in items(list) {
        let leaving = pod.pointer("/metadata/deletionTimestamp").is_some();
        if leaving || text(pod, "/status/phase") == Some("Succeeded") {
            continue;
        }
        standing.wanted += 1;
        if holds(pod, "Ready") {
            standing.ready += 1;
        } else {
            let name = plain(text(pod, "/metadata/name").unwrap_or("a pod"));
            standing.notes.push(format!("{name} {}", why_not_ready(pod)));
        }
    }
    standing
}

/// `CrashLoopBackOff`, `ImagePullBackOff`, `Unschedulable`, else its phase.
fn why_not_ready(pod: &Value) -> String {
    let of = |list: &str| pod.pointer(list).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let containers = of("/status/initContainerStatuses").iter().chain(of("/status/containerStatuses"));
    let mut reasons = containers.filter_map(|container| {
        text(container, "/state/waiting/reason").or_else(|| text(container, "/state/terminated/reason"))
    });
    // `PodInitializing` only says that another one is waited for.
    let reason = reasons.find(|reason| *reason != "PodInitializing" && *reason != "Completed");
    let unscheduled = || condition(pod, "PodScheduled").and_then(|condition| text(condition, "/reason"));
    plain(reason.or_else(unscheduled).or_else(|| text(pod, "/status/phase")).unwrap_or("is not ready"))
}

pub(super) fn nodes(list: &Value) -> Standing {
    let mut standing = Standing::default();
    for node in items(list) {
        standing.wanted += 1;
        let name = plain(text(node, "/metadata/name").unwrap_or("a node"));
        if holds(node, "Ready") {
            standing.ready += 1;
            if node.pointer("/spec/unschedulable").and_then(Value::as_bool) == Some(true) {
                standing.notes.push(format!("{name} takes no pods: cordoned"));
            }
        } else {
            // `Unknown`: the node itself does not tell any more.
            let why = condition(node, "Ready").and_then(|ready| text(ready, "/reason")).unwrap_or("not ready");
            standing.notes.push(format!("{name} {}", plain(why)));
        }
    }
    standing
}
