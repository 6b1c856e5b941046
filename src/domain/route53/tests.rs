use std::collections::BTreeMap;
use std::time::Duration;

use super::read::{Filling, read};
use super::*;
use crate::runbook::{Block, Lang};

const TWO_SETS: &str = r#"[
  {"Name": "pay.example.com.", "Type": "CNAME", "SetIdentifier": "east", "Weight": 100, "TTL": 60,
   "ResourceRecords": [{"Value": "pay.us-east-1.example.com"}], "HealthCheckId": "hc-1"},
  {"Name": "pay.example.com.", "Type": "CNAME", "SetIdentifier": "west", "Weight": 0, "TTL": 300,
   "ResourceRecords": [{"Value": "pay.us-west-2.example.com"}]},
  {"Name": "www.example.com.", "Type": "A", "Failover": "PRIMARY", "SetIdentifier": "east",
   "AliasTarget": {"HostedZoneId": "Z2", "DNSName": "lb.example.com.", "EvaluateTargetHealth": true}},
  {"Name": "txt.example.com.", "Type": "TXT", "TTL": 5, "ResourceRecords": [{"Value": "\"a b\""}, {"Value": "\"c\""}]}
]"#;

fn standing() -> Vec<RecordSet> {
    serde_json::from_str(TWO_SETS).unwrap()
}

fn planned(text: &str) -> Result<Vec<Planned>, String> {
    plan(&parse(text)?, &standing())
}

#[test]
fn an_upsert_changes_what_is_written_and_keeps_the_rest() {
    let text = "zone: Z1\nname: PAY.example.com\ntype: cname\nset_identifier: east\nweight: 0\n";
    let planned = planned(text).unwrap();
    let (before, after) = (planned[0].before.clone().unwrap(), planned[0].after.clone().unwrap());
    assert_eq!(after, RecordSet { weight: Some(0), ..before.clone() });
    assert_eq!(after.health_check_id.as_deref(), Some("hc-1"));
    assert_eq!(before.line(), "CNAME 1m pay.us-east-1.example.com, set east, weight 100, health check hc-1");
    assert_eq!(planned[0].old_answer_lives(), Some(Duration::from_secs(60)));
}

#[test]
fn an_alias_takes_the_place_of_values_and_of_their_ttl() {
    let text = "zone: Z1\nchanges:\n- upsert: {name: txt.example.com, type: TXT, values: ['\"d\"']}\n\
                - upsert: {name: pay.example.com, type: CNAME, set_identifier: west, alias: {zone: Z9, name: lb.example.com}}\n\
                - upsert: {name: www.example.com, type: A, ttl: 1m, values: 10.0.0.1}\n";
    let planned = planned(text).unwrap();
    let after: Vec<&RecordSet> = planned.iter().filter_map(|planned| planned.after.as_ref()).collect();
    assert_eq!((after[0].values(), after[0].ttl), (vec!["\"d\""], Some(5)));
    assert!(after[1].ttl.is_none() && after[1].resource_records.is_empty() && after[1].weight == Some(0));
    assert!(after[2].alias_target.is_none() && after[2].failover.as_deref() == Some("PRIMARY"));
    assert_eq!(after[2].ttl, Some(60));
}

#[test]
fn what_cannot_be_meant_is_refused_before_anything_is_sent() {
    for (text, why) in [
        ("zone: Z1\nname: pay.example.com\ntype: CNAME\nttl: 5", "one of east, west"),
        ("zone: Z1\nname: new.example.com\ntype: A\nttl: 5", "neither `values` nor `alias`"),
        ("zone: Z1\nname: new.example.com\ntype: A\nvalues: 10.0.0.1", "has no `ttl`"),
        ("zone: Z1\nname: new.example.com\ntype: A\nvalues: 10.0.0.1\nttl: 5\nweight: 3", "needs a `set_identifier`"),
        ("zone: Z1\nname: www.example.com\ntype: A\nset_identifier: east\nttl: 5", "has the TTL of its target"),
        ("zone: Z1\naction: create\nname: txt.example.com\ntype: TXT\nttl: 5\nvalues: ['\"x\"']", "already"),
        ("zone: Z1\naction: delete\nname: no.example.com\ntype: A", "no A record `no.example.com` to delete"),
        (
            "zone: Z1\nchanges:\n- delete: {name: txt.example.com, type: TXT}\n- delete: {name: txt.example.com., type: TXT}",
            "changed twice",
        ),
    ] {
        let said = planned(text).unwrap_err();
        assert!(said.contains(why), "{text}: {said}");
    }
}

#[test]
fn the_way_back_restores_every_set_completely() {
    let text = "zone: Z1\nchanges:\n- upsert: {name: pay.example.com, type: CNAME, set_identifier: east, weight: 0}\n\
                - delete: {name: txt.example.com, type: TXT}\n\
                - upsert: {name: www.example.com, type: A, set_identifier: east, failover: primary}\n\
                - create: {name: new.example.com, type: A, ttl: 5, values: [10.0.0.1]}\n";
    let there = planned(text).unwrap();
    assert!(!there[2].changes(), "as it is already");
    let mut after: Vec<RecordSet> = there.iter().filter_map(|planned| planned.after.clone()).collect();
    after.push(standing()[1].clone());
    assert!(
        there.iter().all(|planned| planned.stands_in(&after) && (!planned.changes() || !planned.untouched_in(&after)))
    );

    let back = undo("Z1", &there).unwrap().to_string();
    let back = plan(&parse(&back).unwrap(), &after).unwrap();
    assert_eq!(back.len(), 3);
    let restored: Vec<Option<RecordSet>> = back.iter().map(|planned| planned.after.clone()).collect();
    assert_eq!(restored, [Some(standing()[0].clone()), Some(standing()[3].clone()), None]);
    assert_eq!(undo("Z1", &there[2..3]), None);
}

#[test]
fn the_order_of_values_and_the_spelling_of_names_change_nothing() {
    let text = "zone: Z1\nname: TXT.example.com\ntype: TXT\nvalues: ['\"c\"', '\"a b\"']";
    assert!(!planned(text).unwrap()[0].changes());
    assert!(same_name("\\052.example.com.", "*.EXAMPLE.com"));
}

#[test]
fn a_block_is_written_out_as_what_it_reads_back_to() {
    let values = BTreeMap::from([("TO".to_owned(), "us-west-2".to_owned()), ("V".to_owned(), "a: [b\n- c".to_owned())]);
    let text = "# why\nzone: /hostedzone/Z1\nchanges:\n- {name: pay.example.com, type: CNAME, ttl: 1m, values: pay.$TO.example.com}\n\
                - upsert: {name: txt.example.com, type: TXT, values: ['\"$V\"', '\"true\"'], health_check: $TO}\n\
                - create: {name: '*.example.com', type: A, alias: {zone: Z9, name: lb.$TO.example.com, evaluate_target_health: yes}, failover: secondary, set_identifier: $V, weight: 7}\n";
    let written = with_values(text, &values).unwrap();
    let batch = parse(&written).unwrap();
    assert_eq!(batch.to_string(), written);
    assert_eq!(batch.changes.len(), 3);
    let Change::Upsert(first) = &batch.changes[0] else { panic!() };
    assert_eq!((first.ttl, first.values.clone()), (Some(60), Some(vec!["pay.us-west-2.example.com".to_owned()])));
    let Change::Create(last) = &batch.changes[2] else { panic!() };
    assert_eq!(last.name, "*.example.com");
    assert_eq!(with_values("zone: $ZONE\nname: a.b\ntype: A\nttl: 5", &values).unwrap_err(), "$ZONE has no value yet");
}

#[test]
fn every_mistake_of_a_block_is_named_with_its_place() {
    for (text, at, says) in [
        ("zone: z1\nname: a.example.com\ntype: A\nttl: 5", "z1", "not the id of a hosted zone"),
        ("name: a.example.com\ntype: A\nttl: 5", "name", "`zone` is missing"),
        ("zone: Z1\nname: a.example.com\ntype: ANY\nttl: 5", "ANY", "not a type"),
        ("zone: Z1\nname: a\ntype: A\nttl: 5", "a", "not the name of a record"),
        ("zone: Z1\nname: a.b\ntype: A\nttl: soon", "soon", "not a TTL"),
        ("zone: Z1\nname: a.b\ntype: A\nvalues: [x]", "x", "not an IPv4 address"),
        ("zone: Z1\nname: a.b\ntype: AAAA\nvalues: 10.0.0.1", "10.0.0.1", "not an IPv6 address"),
        ("zone: Z1\nname: a.b\ntype: TXT\nvalues: bare", "bare", "double quotes"),
        ("zone: Z1\nname: a.b\ntype: CNAME\nvalues: [a, b]", "[", "one value"),
        ("zone: Z1\nname: a.b\ntype: A\nweight: 256", "256", "from 0 to 255"),
        ("zone: Z1\nname: a.b\ntype: A\nfailover: third", "third", "neither primary nor secondary"),
        ("zone: Z1\nname: a.b\ntype: A\nregion: us-east-1", "region", "unknown key `region`"),
        ("zone: Z1\nname: a.b\ntype: A\nalias: x.y", "x.y", "names the zone and the name"),
        ("zone: Z1\nname: a.b\ntype: A\nttl: 5\nalias: {zone: Z2, name: x.y}", "5", "`ttl` on an alias"),
        ("zone: Z1\nname: a.b\ntype: A\naction: drop", "drop", "unknown action"),
        ("zone: Z1\nname: a.b\ntype: A", "zone", "says nothing"),
        ("zone: Z1\nchanges:\n- upsrt: {name: a.b, type: A}", "upsrt", "unknown change"),
        ("zone: Z1\nchanges: []", "[", "empty"),
        ("zone: Z1\nchanges:\n- put: {Name: a.b, Typ: A}", "{", "not a record set"),
        ("just text", "just", "write `zone:`"),
    ] {
        let wrong = read(text, Filling::Later).unwrap_err();
        assert!(wrong.iter().any(|wrong| wrong.message.contains(says)), "{text}: {wrong:?}");
        assert!(text[wrong[0].at.clone()].starts_with(at) || wrong[0].at.is_empty(), "{text}: {wrong:?}");
    }
    let open = "zone: $ZONE\nname: $NAME\ntype: $TYPE\nttl: $TTL\nvalues: [$ADDRESS]\nweight: $WEIGHT";
    assert!(read(open, Filling::Later).is_ok());
}

#[test]
fn the_share_of_the_rto_is_told() {
    let minute = Duration::from_secs(60);
    assert_eq!(share_of_rto(minute, Some(5 * minute)).as_deref(), Some("20 % of the RTO of 5m"));
    assert_eq!(share_of_rto(minute, None), None);
}

#[test]
fn a_block_tells_its_plane() {
    let of = |lang, text: &str| Plane::of(&Block { lang, text: text.to_owned(), ..Block::default() });
    assert_eq!(of(Lang::Route53, ""), Some(Plane::Control));
    assert_eq!(of(Lang::Bash, "aws route53  change-resource-record-sets --x"), Some(Plane::Control));
    assert_eq!(of(Lang::Bash, "aws route53-recovery-cluster update-routing-control-state"), Some(Plane::Data));
    assert_eq!(of(Lang::Bash, "kubectl get pods"), None);
}
