//! `regional-failover` that moves traffic by Route 53, on moto: a record, or the object that an inverted health check
//! looks at. Moto has no resolvers: who follows what stands there is a thread of the test.

use serde_json::{Value, json};

use super::stage::{EAST, Stage, WEST, Walked};
use crate::support::cluster::{Cluster, Condition};
use crate::support::moto::{self, Moto};
use crate::support::wait::until;

const NAME: &str = "shop.example.com";
const BUCKET: &str = "shop-switch";

/// The platform goes to the west, planned; who follows what stands moves the edge when it `is_west`.
fn moved(stage: &Stage, env: &[(&str, String)], is_west: impl Fn() -> bool + Send + Sync) -> Walked {
    let data = format!("PGDATA={}", stage.data("east").display());
    let act = ["regional-failover", "--mode", "planned", "--from", EAST, "--to", WEST, "--approve", "promote=raj"];
    let switch = stage.switch();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // Not asked before it can have changed: moto is not fast.
            let began = format!("{}/incidents/*/attempts/*update-dns*", stage.estate.state.display());
            until("the step begins", || glob::glob(&began).unwrap().next().is_some());
            until("the switch stands to the west", &is_west);
            switch();
        });
        stage.walk_with(&[&act[..], &["--set", &data]].concat(), env)
    })
}

fn alias(zone: &str, to: &str) -> Value {
    let target = json!({"HostedZoneId": zone, "DNSName": to, "EvaluateTargetHealth": true});
    json!({"Name": format!("{NAME}."), "Type": "A", "AliasTarget": target})
}

#[test]
fn a_record_of_route_53_follows_the_database_and_is_put_back_by_one_key() {
    let moto = Moto::start();
    let zone = moto.zone("example.com");
    moto.put(&zone, &alias(&zone, "east.shop.example.com"));
    let stage = Stage::new("");
    let text = std::fs::read_to_string(&stage.estate.file).unwrap();
    let vars = format!(
        "DNS = \"route53\"\nZONE = \"{zone}\"\nRECORD = \"{NAME}\"\nRECORD_TO = \"west.shop.example.com\"\n\
         DEPLOYMENTS = \"checkout\"\nNAMESPACE = \"shop\"\n"
    );
    std::fs::write(&stage.estate.file, text.replace("DNS = \"edge\"\n", &vars)).unwrap();
    let path = format!("/2013-04-01/hostedzone/{zone}/rrset");
    let (cluster, kubeconfig) = (Cluster::new(&["1"], Condition::Well), stage.lab.dir().join("kubeconfig"));
    std::fs::write(&kubeconfig, Cluster::configuration(&[(WEST, &cluster)])).unwrap();
    let mut env = moto::environment(&moto.url());
    env.push(("KUBECONFIG", kubeconfig.display().to_string()));
    let walked = moved(&stage, &env, || moto.look("route53", &path).contains("west.shop.example.com"));
    assert_eq!(walked.steps("succeeded"), ["stop-writes", "promote", "scale-up", "update-dns-route53"]);
    assert_eq!(cluster.replicas(), 5);
    assert_eq!(moto.sets(&zone, NAME), [alias(&zone, "west.shop.example.com")]);
    assert_eq!(stage.lab.report().serving.as_deref(), Some(WEST));
    stage.rolls_back("Update DNS records (Route 53)", &env);
    assert_eq!(moto.sets(&zone, NAME), [alias(&zone, "east.shop.example.com")]);
}

#[test]
fn an_inverted_health_check_fails_by_an_object_that_is_taken_away_again() {
    let moto = Moto::start();
    let here = format!("LocationConstraint={WEST}");
    let made = ["s3api", "create-bucket", "--region", WEST, "--bucket", BUCKET, "--create-bucket-configuration", &here];
    moto.aws(&made);
    let stage = Stage::new("");
    let text = std::fs::read_to_string(&stage.estate.file).unwrap();
    let vars = format!("DNS = \"health-check\"\nSWITCH_BUCKET = \"{BUCKET}\"\n");
    std::fs::write(&stage.estate.file, text.replace("DNS = \"edge\"\n", &vars)).unwrap();
    stage.hands.program("aws", &format!("#!/bin/sh\nexec '{}' \"$@\"\n", moto::program("aws").display()));
    let objects = || {
        let listed = moto.aws(&["s3api", "list-objects-v2", "--region", WEST, "--bucket", BUCKET]);
        let keys = listed["Contents"].as_array().cloned().unwrap_or_default();
        keys.into_iter().map(|object| object["Key"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let path = format!("/{BUCKET}/active");
    let env = moto::environment(&moto.url());
    let walked = moved(&stage, &env, || moto.look("s3", &path).starts_with("HTTP/1.1 200"));
    assert_eq!(walked.steps("succeeded"), ["stop-writes", "promote", "update-dns-health-check"]);
    assert_eq!(objects(), ["active"]);
    assert_eq!(stage.lab.report().serving.as_deref(), Some(WEST));
    stage.rolls_back("Update DNS records (health check)", &env);
    assert!(objects().is_empty());
}
