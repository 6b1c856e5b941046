//! Whatever was found, the file is right; and what was found stands in it, with its source.

use proptest::prelude::*;

use super::*;
use crate::estate::parse;
use crate::found::{Kind, read};

const FILES: [(Kind, &str, &str); 6] = [
    (Kind::Gatus, "gatus.yaml", include_str!("../../../../tests/data/found/gatus.yaml")),
    (Kind::Prometheus, "prometheus.yml", include_str!("../../../../tests/data/found/prometheus.yml")),
    (Kind::Blackbox, "blackbox.yml", include_str!("../../../../tests/data/found/blackbox.yml")),
    (Kind::Kubeconfig, "~/.kube/config", include_str!("../../../../tests/data/found/kubeconfig")),
    (Kind::PgService, "~/.pg_service.conf", include_str!("../../../../tests/data/found/pg_service.conf")),
    (Kind::Aws, "~/.aws/config", include_str!("../../../../tests/data/found/aws-config")),
];

fn everything() -> Found {
    let mut found = Found::default();
    for (kind, file, text) in FILES {
        found.add(read(kind, file, text).unwrap());
    }
    found
}

fn draft(found: &Found) -> Draft {
    Draft::of(found, Told::new("shop".to_owned(), By::Guess("the name of this folder")), regions(found))
}

#[test]
fn an_estate_of_everything_that_was_found_reads_like_this() {
    insta::assert_snapshot!(draft(&everything()).write());
}

#[test]
fn an_estate_of_nothing_is_right_and_waits_to_be_filled_in() {
    let written = draft(&Found::default()).write();
    let parsed = parse(&written);
    assert!(parsed.ok(), "{:?}", parsed.diagnostics);
    assert_eq!((parsed.estate.regions.len(), parsed.estate.checks.len()), (2, 0));
    insta::assert_snapshot!(written);
}

#[test]
fn what_was_found_is_in_the_estate_that_is_read_back() {
    let parsed = parse(&draft(&everything()).write());
    assert_eq!(parsed.diagnostics, vec![]);
    let estate = parsed.estate;
    let regions: Vec<&str> = estate.regions.iter().map(|region| region.id.as_str()).collect();
    assert_eq!((estate.name.as_str(), regions), ("shop", vec!["us-east-1", "us-west-2"]));
    let services: Vec<&str> = estate.services.iter().map(|service| service.id.as_str()).collect();
    assert_eq!(services, ["checkout", "reports", "catalogue", "search"]);
    let databases: Vec<&str> = estate.databases.iter().map(|database| database.id.as_str()).collect();
    assert_eq!(databases, ["orders-db"]);
    let checks: Vec<&str> = estate.checks.iter().map(|check| check.id.as_str()).collect();
    for name in ["checkout@us-east-1", "orders-db@us-west-2", "cache@us-east-1", "nodes@us-west-2", "www"] {
        assert!(checks.contains(&name), "{name} in {checks:?}");
    }
}

#[test]
fn no_secret_of_any_file_is_in_what_is_written() {
    let written = draft(&everything()).write().to_lowercase();
    for secret in ["-password", "-token", "webhook", "bearer", "akia", "secret-key", "a3vizs", "monitor:", "?token"] {
        assert!(!written.contains(secret), "{secret}");
    }
}

#[test]
fn every_value_that_somebody_told_says_who() {
    let written = draft(&everything()).write();
    let told = |line: &&str| line.contains("service=") || line.contains("= \"https://") && !line.starts_with("url");
    let lines: Vec<&str> = written.lines().filter(told).collect();
    assert!(lines.len() > 8);
    for line in lines {
        assert!(line.contains("# from ") || line.contains("# not found") || line.starts_with("# "), "{line}");
    }
}

#[test]
fn a_piece_that_would_be_refused_is_commented_out_with_the_reason() {
    let text = "scrape_configs:\n- job_name: web\n  params: {module: [m]}\n  static_configs: [{targets: ['http://a b/']}, {targets: ['http://shop.example.com/']}]\n";
    let mut found = read(Kind::Prometheus, "p.yml", text).unwrap();
    found.add(
        read(Kind::Blackbox, "b.yml", "modules: {m: {prober: http, http: {fail_if_body_not_matches_regexp: ['(']}}}")
            .unwrap(),
    );
    let written = draft(&found).write();
    assert!(written.contains("# Not in use: ") && written.contains("# [[checks]]"), "{written}");
    assert!(parse(&written).ok());
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,8}(-(east|west|us-east-1|europe-west4|primary|standby))?",
        "(\\PC|\u{1b}|\u{202e}|\"|'|\\\\|\\]|=|#){1,24}",
    ]
}

fn found_things() -> impl Strategy<Value = Found> {
    let gatus = prop::collection::vec((name(), name(), 0..6_usize, 0..400_u32), 0..6);
    let servers = prop::collection::vec((name(), name(), name()), 0..6);
    let contexts = prop::collection::vec((name(), name()), 0..4);
    (gatus, servers, contexts).prop_map(|(endpoints, servers, contexts)| {
        let json = |text: &str| serde_json::to_string(text).unwrap();
        let mut gatus = "endpoints:\n".to_owned();
        for (name, host, scheme, number) in endpoints {
            let url = ["https://", "http://", "tcp://", "tls://", "icmp://", ""][scheme].to_owned() + &host + ":443/health";
            gatus.push_str(&format!("- {{name: {}, url: {}, interval: {number}s, conditions: [{}, '[RESPONSE_TIME] < {number}', '[STATUS] == {number}']}}\n", json(&name), json(&url), json(&format!("[BODY].{name} == {host}"))));
        }
        let services: String = servers.iter().map(|(name, host, base)| format!("[{name}]\nhost={host}\ndbname={base}\n")).collect();
        let kube: String = contexts.iter().map(|(name, cluster)| format!("- {{name: {}, context: {{cluster: {}}}}}\n", json(name), json(cluster))).collect();
        let mut found = Found::default();
        for (kind, text) in [(Kind::Gatus, gatus), (Kind::PgService, services), (Kind::Kubeconfig, format!("contexts:\n{kube}"))] {
            if let Ok(read) = read(kind, "a\u{1b}[31m\nfile", &text) {
                found.add(read);
            }
        }
        found
    })
}

proptest! {
    #[test]
    fn whatever_was_found_the_file_passes_its_own_check(found in found_things(), own in name()) {
        let name = plain_name(&own).unwrap_or_else(|| "estate".to_owned());
        let mut draft = Draft::of(&found, Told::answered(name), regions(&found));
        draft.person = plain_name(&own).map(|name| Person { name, phone: Some(own.clone()) });
        draft.profile = Some(Told::answered(own));
        let written = draft.write();
        let parsed = parse(&written);
        prop_assert!(parsed.ok(), "{:?} in {}", parsed.diagnostics, written);
        prop_assert_eq!(parsed.estate.source, written);
        prop_assert!(!draft.regions.is_empty());
    }
}
