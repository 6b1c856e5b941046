//! `cache-failure`: a replica takes the place of a master that is lost, by hand or by Sentinel.

use super::platform::{Ended, walk};
use crate::support::redis::Redis;
use crate::support::service::Service;
use crate::support::stand_in_ssh::StandInSsh;
use crate::support::wait::until;

/// A master with a replica that has its data, and an application that goes on without either.
struct Cache {
    master: Redis,
    replica: Redis,
    service: Service,
    tools: StandInSsh,
    folder: tempfile::TempDir,
}

impl Cache {
    fn new() -> Self {
        let master = Redis::with(&[]);
        let replica = Redis::replica_of(master.port, &[]);
        replica.wait_for_link(&master);
        assert!(master.say("SET basket full").starts_with("+OK"));
        until("the replica has it", || replica.say("GET basket").contains("full"));
        let tools = StandInSsh::with(&[]);
        tools.beside("kubectl", "");
        Self { master, replica, service: Service::up(), tools, folder: tempfile::tempdir().unwrap() }
    }

    fn run(&self, more: &[&str]) -> Ended {
        let file = self.folder.path().join("switchback.toml");
        let estate = match file.exists() {
            true => crate::support::estate::Estate { file, state: self.folder.path().join("state") },
            false => self.service.estate(self.folder.path()),
        };
        let old = format!("OLD_CACHE_PORT={}", self.master.port);
        let new = format!("NEW_CACHE_PORT={}", self.replica.port);
        let places = ["--set", "OLD_CACHE=127.0.0.1", "--set", "NEW_CACHE=127.0.0.1", "--set", &new];
        // What is said twice counts as it was said last.
        let old = if more.iter().any(|word| word.starts_with("OLD_CACHE_PORT")) { vec![] } else { vec!["--set", &old] };
        walk(&estate, &self.tools, "cache-failure", &[&places[..], &old, more].concat())
    }
}

#[test]
fn a_replica_is_promoted_warmed_up_and_pointed_to() {
    let mut cache = Cache::new();
    let refused = cache.run(&[]);
    assert_eq!((refused.code, refused.state("promote")), (1, "failed"), "{}", refused.said);
    assert!(refused.said.contains("still answers as a master: stop it first"), "{}", refused.said);
    assert!(cache.replica.say("INFO replication").contains("role:slave"), "there are not two masters");

    cache.master.kill();
    let warm_up = "WARM_UP=redis-cli -u \"$CACHE_ADDRESS\" set warm yes";
    let given = ["--set", "DEPLOYMENTS=api", "--set", "CONTEXT=east", "--set", warm_up];
    let ended = cache.run(&given);
    ended.completed();
    assert_eq!(ended.state("sentinel"), "not_applicable");
    assert!(cache.replica.say("INFO replication").contains("role:master"));
    assert!(cache.replica.say("GET basket").contains("full"), "what was replicated is there");
    assert!(cache.replica.say("GET warm").contains("yes"), "it was warmed up");
    let address = format!("CACHE_URL=redis://127.0.0.1:{}", cache.replica.port);
    let called = cache.tools.called();
    let changes: Vec<_> = called.iter().filter(|call| call.contains("set env")).collect();
    assert_eq!(
        changes,
        [
            "kubectl --context east --namespace default set env deployment api CACHE_ENABLED=false",
            &format!("kubectl --context east --namespace default set env deployment api {address} CACHE_ENABLED=true"),
        ]
    );

    // The server that failed comes back, a master with old data: it is made to follow.
    let back = Redis::with(&[]);
    let port = format!("OLD_CACHE_PORT={}", back.port);
    let rejoined = cache.run(&["--set", &port, "--start-at", "rejoin", "--reason", "it is back"]);
    assert_eq!((rejoined.code, rejoined.state("rejoin")), (0, "succeeded"), "{}", rejoined.said);
    until("it has the data of the new master", || back.say("GET warm").contains("yes"));
}

#[test]
fn sentinel_is_asked_where_there_is_one() {
    let cache = Cache::new();
    let sentinel = Redis::sentinel(cache.master.port);
    let knows = || sentinel.say("SENTINEL replicas cache").contains(&cache.replica.port.to_string());
    until("Sentinel knows the replica", knows);
    let port = format!("SENTINEL_PORT={}", sentinel.port);
    let ended = cache.run(&["--set", "SENTINEL=127.0.0.1", "--set", &port, "--set", "SENTINEL_GROUP=cache"]);
    ended.completed();
    assert_eq!((ended.state("sentinel"), ended.state("promote")), ("succeeded", "not_applicable"));
    assert!(cache.replica.say("INFO replication").contains("role:master"));
    until("the old master follows", || cache.master.say("INFO replication").contains("role:slave"));
}
