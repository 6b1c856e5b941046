//! `api-degradation`: load is shed, capacity added or a rollout taken back, what blocks the database is ended.

use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};

use super::platform::{Ended, undo, walk};
use crate::support::estate::Estate;
use crate::support::postgres::{Server, binary};
use crate::support::service::Service;
use crate::support::stand_in_ssh::StandInSsh;
use crate::support::wait::until;

struct Shop {
    server: Server,
    service: Service,
    tools: StandInSsh,
    estate: Estate,
    _folder: tempfile::TempDir,
}

impl Shop {
    fn new() -> Self {
        let (server, service) = (Server::primary(), Service::up());
        let tools = StandInSsh::with(&[]);
        tools.beside("kubectl", "4");
        let folder = tempfile::tempdir().unwrap();
        let text = format!(
            "name = \"shop\"\n[regions.us-east-1]\nrole = \"primary\"\n[services.api]\nhealth = {{ us-east-1 = \"{api}\" }}\n\
             [databases.orders-db.servers]\nus-east-1 = \"{dsn}\"\n[health]\ninterval = \"500ms\"\ntimeout = \"2s\"\n\
             [vars]\nCONTEXT = \"east\"\nAPI_URL = \"{api}\"\n",
            api = service.url(),
            dsn = server.dsn(),
        );
        let file = folder.path().join("switchback.toml");
        std::fs::write(&file, text).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        let estate = Estate { file, state: folder.path().join("state") };
        Self { server, service, tools, estate, _folder: folder }
    }

    /// A client whose statement runs on, for a second at least.
    fn slow_client(&self) -> Child {
        let mut psql = Command::new(binary("psql"));
        psql.args(["-Xq", "-d", &self.server.dsn(), "-c", "SELECT pg_sleep(600)"]).stdin(Stdio::null());
        let client = psql.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let runs = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)' AND state = 'active' \
                    AND pid <> pg_backend_pid() AND now() - query_start > interval '1 second'";
        until("it runs for a second", || self.server.sql(runs) == "1");
        client
    }

    fn run(&self, more: &[&str]) -> Ended {
        walk(&self.estate, &self.tools, "api-degradation", &[&["--set", "SLOWER_THAN=1 second"], more].concat())
    }

    fn changes(&self) -> Vec<String> {
        let verbs = [" set env ", " scale ", " rollout undo "];
        self.tools.called().into_iter().filter(|call| verbs.iter().any(|verb| call.contains(verb))).collect()
    }
}

#[test]
fn load_is_shed_pods_are_added_and_slow_queries_end() {
    let shop = Shop::new();
    let mut client = shop.slow_client();
    let ended = shop.run(&[]);
    ended.completed();
    assert_eq!(ended.state("roll-back"), "not_applicable");
    assert!(!client.wait().unwrap().success(), "its statement was ended");
    assert!(ended.said.contains("50 of 50 answered, 0 % failed"), "{}", ended.said);
    assert_eq!(
        shop.changes(),
        [
            "kubectl --context east --namespace default set env deployment api RATE_LIMIT_STRICT=true",
            "kubectl --context east --namespace default scale deployment api --replicas 10",
        ]
    );
    let log = shop.estate.login("raj", &["log", "last", "--json"]);
    assert!(log.contains(r#""BEFORE":"4""#), "what to scale back to is known: {log}");
    for step in ["scale", "limit"] {
        undo(&shop.estate, &shop.tools, "api-degradation", step, &[("BEFORE", "4")]);
    }
    assert_eq!(
        shop.changes()[2..],
        [
            "kubectl --context east --namespace default scale deployment api --replicas 4",
            "kubectl --context east --namespace default set env deployment api RATE_LIMIT_STRICT=false",
        ]
    );
}

#[test]
fn a_rollout_is_taken_back_and_errors_that_stay_are_a_failure() {
    let shop = Shop::new();
    shop.service.fails(true);
    let ended = shop.run(&["--set", "ROLL_BACK=yes", "--approve", "roll-back=raj"]);
    assert_eq!((ended.code, ended.state("roll-back"), ended.state("scale")), (1, "succeeded", "not_applicable"));
    assert_eq!(ended.state("monitor"), "failed", "{}", ended.said);
    assert!(ended.said.contains("0 of 50 answered, 100 % failed"), "{}", ended.said);
    assert_eq!(
        shop.changes(),
        [
            "kubectl --context east --namespace default set env deployment api RATE_LIMIT_STRICT=true",
            "kubectl --context east --namespace default rollout undo deployment api",
        ]
    );
}
