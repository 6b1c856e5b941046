//! What kubectl says when it cannot tell: some of it is about the cluster, most about ourselves.

use super::super::Seen;
use super::super::process::{Finished, shorten};

/// Words of kubectl, and what helps; the first that stands in what it said counts.
const OURS: &[(&str, &str)] = &[
    ("exec: executable", "the plugin of the kubeconfig that gets credentials is not installed here"),
    (
        "getting credentials",
        "the plugin of the kubeconfig that gets credentials does not: run `kubectl get nodes` by hand",
    ),
    ("the server has asked for the client to provide credentials", "the credentials have expired: log in again"),
    ("You must be logged in to the server", "the credentials have expired or are refused: log in again"),
    ("Unauthorized", "the credentials have expired or are refused: log in again"),
    ("Forbidden", "its account may not look: grant get and list"),
    ("was not found for specified context", "see `kubectl config get-contexts` for those there are"),
    ("does not exist", "see `kubectl config get-contexts` for those there are"),
    ("invalid configuration", "see `kubectl config view` for what is used"),
    ("error loading config file", "the kubeconfig cannot be read"),
    ("stat ", "the kubeconfig cannot be read"),
    ("the server doesn't have a resource type", "this cluster does not know such a thing"),
];

/// The API server itself, or the way to it.
const ITS_OWN: &[&str] = &[
    "was refused",
    "connection refused",
    "Unable to connect to the server",
    "i/o timeout",
    "deadline exceeded",
    "Client.Timeout",
    "ServiceUnavailable",
    "InternalError",
    "no route to host",
    "no such host",
    "was unable to return a response in the time allotted",
];

/// The line it ends with: before it stand warnings of its libraries, behind it advice.
fn verdict(errors: &str) -> Option<&str> {
    const BEGINS: [&str; 5] =
        ["error: ", "Error from server", "Unable to connect to the server", "The connection to the server", "Error: "];
    let lines = || errors.lines().map(str::trim).filter(|line| !line.is_empty());
    lines().rev().find(|line| BEGINS.iter().any(|begin| line.starts_with(begin))).or_else(|| lines().next_back())
}

pub(super) fn seen(finished: &Finished) -> Seen {
    let errors = finished.errors();
    let said = verdict(&errors).map_or_else(|| finished.ending(), |line| shorten(line, 300));
    let said = said.trim_start_matches("error: ");
    if said.contains("NotFound") {
        return Seen::bad(said.to_owned());
    }
    if let Some((_, help)) = OURS.iter().find(|(words, _)| said.contains(words)) {
        return Seen::unknown(format!("{said}: {help}"));
    }
    if ITS_OWN.iter().any(|words| said.contains(words)) {
        return Seen::bad(said.to_owned());
    }
    Seen::unknown(said.to_owned())
}
