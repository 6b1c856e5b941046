//! What CloudWatch and Route 53 tell becomes readings: alarms and metrics by few calls, records by their policy; and what
//! they do not tell is unknown, with the reason.

use std::process::Command;

use domain::reading::{CheckStatus, Health, Status};
use domain::time::Timestamp;
use serde_json::json;
use tempfile::TempDir;

use crate::support::estate::Estate;
use crate::support::moto::{Gate, Moto, Way, environment};

const HEAD: &str = "name = \"orders\"\n[regions.us-east-1]\nrole = \"primary\"\n[regions.us-west-2]\n[services.pay]\n\
                    [health]\nfail_after = 1\nrecover_after = 1\ntimeout = \"8s\"\n";

fn check(name: &str, keys: &str) -> String {
    format!("[[checks]]\nname = \"{name}\"\n{keys}\n")
}

struct Stage {
    _folder: TempDir,
    estate: Estate,
}

impl Stage {
    fn new(checks: &[String]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let estate = Estate::bare(folder.path(), folder.path().join("state"), "# Nothing\n");
        std::fs::write(&estate.file, format!("{HEAD}{}", checks.concat())).unwrap();
        Self { _folder: folder, estate }
    }

    /// `switchback status --json`, asking the endpoint at `url`.
    fn status(&self, url: &str) -> Status {
        let words = self.estate.command(&["status", "--json"], "ana");
        let mut command = Command::new(&words[0]);
        let output = command.args(&words[1..]).envs(environment(url)).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        serde_json::from_str(&said).unwrap_or_else(|error| {
            panic!("{error}: {said}{}", String::from_utf8_lossy(&output.stderr));
        })
    }
}

fn of<'a>(status: &'a Status, name: &str) -> &'a CheckStatus {
    let checks = status.regions.iter().flat_map(|region| &region.checks);
    checks.into_iter().find(|check| check.name.as_str() == name).unwrap_or_else(|| panic!("no {name}: {status:#?}"))
}

/// Its state, and what is said about it.
fn said(status: &Status, name: &str) -> (Health, String) {
    let check = of(status, name);
    (check.status, check.error.clone().or_else(|| check.value.clone()).unwrap_or_default())
}

fn alarm(moto: &Moto, name: &str, state: &str) {
    let words =
        ["cloudwatch", "put-metric-alarm", "--alarm-name", name, "--namespace", "AWS/RDS", "--metric-name", "CPU"];
    let rest = ["--statistic", "Average", "--period", "60", "--evaluation-periods", "1", "--threshold", "1"];
    let over = ["--comparison-operator", "GreaterThanThreshold", "--region", "us-west-2"];
    moto.aws(&[&words[..], &rest, &over].concat());
    let set =
        ["cloudwatch", "set-alarm-state", "--alarm-name", name, "--state-value", state, "--state-reason", "because"];
    moto.aws(&[&set[..], &["--region", "us-west-2"]].concat());
}

fn datapoint(moto: &Moto, metric: &str, value: &str, ago: i64) -> Timestamp {
    let at = Timestamp::from_second(Timestamp::now().as_second() / 60 * 60 - ago).unwrap();
    let data = json!([{"MetricName": metric, "Value": value.parse::<f64>().unwrap(), "Timestamp": at.to_string(),
        "Dimensions": [{"Name": "DBInstanceIdentifier", "Value": "orders"}]}]);
    let (data, region) = (data.to_string(), ["--region", "us-west-2"]);
    moto.aws(
        &[&["cloudwatch", "put-metric-data", "--namespace", "AWS/RDS", "--metric-data", &data], &region[..]].concat(),
    );
    at
}

#[test]
fn alarms_and_metrics_are_read_in_one_call_each_and_what_is_missing_is_unknown() {
    let moto = Moto::start();
    alarm(&moto, "latency", "OK");
    alarm(&moto, "errors", "ALARM");
    alarm(&moto, "queue", "INSUFFICIENT_DATA");
    datapoint(&moto, "AuroraReplicaLag", "5", 240);
    let newest = datapoint(&moto, "AuroraReplicaLag", "1500", 120);
    datapoint(&moto, "ReplicaLag", "-1", 120);
    let alarms = |names: &str| format!("type = \"cloudwatch\"\nalarms = [{names}]");
    let metric = |metric: &str| {
        format!(
            "type = \"cloudwatch\"\nnamespace = \"AWS/RDS\"\nmetric = \"{metric}\"\n\
             dimensions = [\"DBInstanceIdentifier=orders\"]\nstat = \"Maximum\"\ndegraded_above = 1000"
        )
    };
    let stage = Stage::new(&[
        check("latency@us-west-2", &alarms("\"latency\"")),
        check("errors@us-west-2", &alarms("\"latency\", \"errors\"")),
        check("queue@us-west-2", &alarms("\"queue\"")),
        check("gone@us-west-2", &alarms("\"gone\"")),
        check("lag@us-west-2", &metric("AuroraReplicaLag")),
        check("replica@us-west-2", &metric("ReplicaLag")),
        check("silent@us-west-2", &metric("DiskQueueDepth")),
    ]);
    let gate = Gate::before(&moto, |_| Way::Pass);
    let status = stage.status(&gate.url());
    assert_eq!(said(&status, "latency@us-west-2"), (Health::Ok, "alarm OK".to_owned()));
    assert_eq!(said(&status, "errors@us-west-2"), (Health::Down, "`errors` is in alarm: because".to_owned()));
    let lag = said(&status, "lag@us-west-2");
    assert_eq!(lag, (Health::Degraded, "AuroraReplicaLag 1500 ms is above 1000".to_owned()));
    assert_eq!(of(&status, "lag@us-west-2").measured_at.unwrap().as_second(), newest.as_second() + 60);
    for (name, why) in [
        ("queue", "insufficient data"),
        ("gone", "no alarm `gone`"),
        ("replica", "ReplicaLag is -1"),
        ("silent", "no datapoint"),
    ] {
        let (health, said) = said(&status, &format!("{name}@us-west-2"));
        assert!(health == Health::Unknown && said.contains(why), "{name}: {said}");
    }
    assert_eq!(gate.seen().len(), 2, "one call for all alarms, one for all metrics: {:?}", gate.seen());
}

#[test]
fn records_and_health_checks_tell_what_route_53_would_answer() {
    let moto = Moto::start();
    let zone = moto.zone("example.com");
    let config = "{\"Type\":\"HTTP\",\"FullyQualifiedDomainName\":\"pay.example.com\",\"Port\":80}";
    let made = ["route53", "create-health-check", "--caller-reference", "one", "--health-check-config", config];
    let health = moto.aws(&made)["HealthCheck"]["Id"].as_str().unwrap().to_owned();
    for (set, role, value) in
        [("e", "PRIMARY", "pay.us-east-1.example.com"), ("w", "SECONDARY", "pay.us-west-2.example.com")]
    {
        let mut record = json!({"Name": "pay.example.com.", "Type": "CNAME", "SetIdentifier": set, "Failover": role,
            "TTL": 300, "ResourceRecords": [{"Value": value}]});
        if role == "PRIMARY" {
            record["HealthCheckId"] = health.as_str().into();
        }
        moto.put(&zone, &record);
    }
    let records = |more: &str| format!("type = \"route53\"\nzone = \"{zone}\"\nrecord = \"CNAME\"\n{more}");
    let mapped =
        "query = \"pay.example.com\"\nservice = \"pay\"\nregions = { us-east-1 = [\"e\"], us-west-2 = [\"w\"] }";
    let stage = Stage::new(&[
        check("health@us-east-1", &format!("type = \"route53\"\nhealth_check = \"{health}\"")),
        check("unknown@us-east-1", "type = \"route53\"\nhealth_check = \"00000000-0000-0000-0000-000000000000\""),
        check("ttl@us-east-1", &records("query = \"pay.example.com\"\nttl_max = \"60s\"")),
        check("gone@us-east-1", &records("query = \"gone.example.com\"")),
        check("points", &records(mapped)),
    ]);
    let status = stage.status(&moto.url());
    let (well, told) = said(&status, "health@us-east-1");
    assert!(well == Health::Ok && told.contains("1 of 1 checkers find it healthy, 100 %"), "{told}");
    assert_eq!(said(&status, "unknown@us-east-1").0, Health::Unknown);
    assert_eq!(said(&status, "ttl@us-east-1"), (Health::Degraded, "its TTL is 5m, above 1m".to_owned()));
    let (gone, told) = said(&status, "gone@us-east-1");
    assert!(gone == Health::Down && told.contains("no CNAME record `gone.example.com`"), "{told}");
    let service = status.services.iter().find(|service| service.name.as_str() == "pay").unwrap();
    assert_eq!(service.serving.as_ref().map(domain::ident::RegionId::as_str), Some("us-east-1"), "{service:#?}");
}

#[test]
fn aws_that_refuses_or_keeps_silent_is_unknown_and_never_down() {
    const EXPIRED: &str = "<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredToken</Code><Message>expired</Message></Error></ErrorResponse>";
    let moto = Moto::start();
    let checks = [
        check("alarm@us-west-2", "type = \"cloudwatch\"\nalarms = [\"a\"]\ntimeout = \"2s\""),
        check("health@us-west-2", "type = \"route53\"\nhealth_check = \"h\"\ntimeout = \"2s\""),
    ];
    let expired: fn(&str) -> Way = |_| Way::Say("403 Forbidden", EXPIRED);
    let html: fn(&str) -> Way = |_| Way::Say("200 OK", "<html>sign in</html>");
    for (way, why) in [(expired, "have expired"), (html, "not AWS's"), (|_: &str| Way::Hold, "no answer within 2s")] {
        let stage = Stage::new(&checks);
        let gate = Gate::before(&moto, way);
        let status = stage.status(&gate.url());
        for name in ["alarm@us-west-2", "health@us-west-2"] {
            let (health, said) = said(&status, name);
            assert!(health == Health::Unknown && said.contains(why), "{name}: {health:?} {said}");
        }
    }
}
