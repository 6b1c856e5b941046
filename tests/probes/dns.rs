//! What resolvers say of a name, and what is made of those that say something else, or nothing that makes sense.

use std::net::SocketAddr;
use std::time::Duration;

use domain::estate::{CheckKind, DnsCheck};
use domain::ident::RegionId;
use domain::reading::{Outcome, Payload, Sample};
use hickory_proto::op::ResponseCode;

use super::{PATIENT, SHORT, look_for, why_bad};
use crate::support::dns::{Answer, Dnsmasq, serve};

fn check(resolvers: &[SocketAddr]) -> DnsCheck {
    DnsCheck {
        query: "www.example.com".into(),
        record: "A".into(),
        resolvers: resolvers.iter().map(|address| (address.ip().to_string(), address.port())).collect(),
        rcode: "NOERROR".into(),
        answers: None,
        answer_regex: None,
        ttl_max: None,
        regions: Vec::new(),
    }
}

fn records(records: &[(&'static str, u32, &'static str)]) -> SocketAddr {
    serve(Answer::Records(records.to_vec()))
}

async fn look(check: DnsCheck) -> Sample {
    look_for(CheckKind::Dns(check), PATIENT).await
}

#[track_caller]
fn value(sample: &Sample) -> &str {
    match sample.outcome.payload() {
        Some(Payload::Text { text }) => text,
        other => panic!("it should have a value: {other:?}, {sample:?}"),
    }
}

#[tokio::test]
async fn each_type_of_record_is_read_from_a_real_server() {
    let server = Dnsmasq::new(&[
        "--host-record=www.example.com,192.0.2.1,2001:db8::1,60",
        "--cname=shop.example.com,www.example.com",
        "--txt-record=txt.example.com,region=us-east-1",
        "--mx-host=mail.example.com,mx1.example.com,10",
        "--srv-host=_ldap._tcp.example.com,ldap.example.com,389,5,7",
    ]);
    let at: SocketAddr = ([127, 0, 0, 1], server.port).into();
    for (query, record, answer) in [
        ("www.example.com", "A", "192.0.2.1"),
        ("WWW.example.com.", "AAAA", "2001:db8::1"),
        ("shop.example.com", "A", "192.0.2.1"),
        ("shop.example.com", "CNAME", "www.example.com"),
        ("txt.example.com", "TXT", "region=us-east-1"),
        ("mail.example.com", "MX", "10 mx1.example.com"),
        ("_ldap._tcp.example.com", "SRV", "5 7 389 ldap.example.com"),
    ] {
        let asked = DnsCheck { query: query.into(), record: record.into(), ..check(&[at]) };
        let expecting = DnsCheck { answers: Some(vec![answer.to_lowercase()]), ..asked };
        let sample = look(expecting).await;
        assert!(matches!(sample.outcome, Outcome::Good { .. }), "{query} {record}: {sample:?}");
        assert!(value(&sample).starts_with(answer), "{sample:?}");
    }
    let nothing = look(DnsCheck { query: "none.example.com".into(), ..check(&[at]) }).await;
    assert!(why_bad(&nothing).starts_with("it answers "), "{nothing:?}");
}

#[tokio::test]
async fn a_switch_is_seen_resolver_by_resolver() {
    let old = || records(&[("www.example.com.", 60, "192.0.2.1")]);
    let new = || records(&[("www.example.com.", 60, "198.51.100.1")]);
    let regions = vec![
        (RegionId::from("us-east-1"), vec!["192.0.2.1".to_owned()]),
        (RegionId::from("us-west-2"), vec!["198.51.100.1".to_owned()]),
    ];
    let serving = |resolvers: &[SocketAddr]| DnsCheck { regions: regions.clone(), ..check(resolvers) };
    let east = Payload::Serving { region: RegionId::from("us-east-1") };
    assert_eq!(look(serving(&[old(), old()])).await.outcome, Outcome::Good { payload: east });
    let during = look(serving(&[old(), new(), new()])).await;
    let west = Payload::Serving { region: RegionId::from("us-west-2") };
    assert!(matches!(&during.outcome, Outcome::Soft { why, payload } if *payload == west && why.contains("disagree")));
    let stranger = look(serving(&[records(&[("www.example.com.", 60, "203.0.113.5")])])).await;
    assert!(why_bad(&stranger).contains("no region's"), "{stranger:?}");
}

#[tokio::test]
async fn names_that_lead_to_others_are_followed_and_nothing_else_is_believed() {
    let chain = records(&[
        ("www.example.com.", 300, "edge.example.net."),
        ("edge.example.net.", 20, "192.0.2.7"),
        ("other.example.org.", 5, "203.0.113.66"),
    ]);
    let sample = look(check(&[chain])).await;
    assert_eq!(value(&sample), "192.0.2.7, ttl 20s");
    let circle = records(&[("www.example.com.", 60, "b.example.com."), ("b.example.com.", 60, "www.example.com.")]);
    assert_eq!(why_bad(&look(check(&[circle])).await), "there is no A record");
    let long = DnsCheck { ttl_max: Some(Duration::from_secs(10)), ..check(&[chain]) };
    let sample = look(long).await;
    assert!(matches!(&sample.outcome, Outcome::Soft { why, .. } if why.contains("TTL of 20s")), "{sample:?}");
}

#[tokio::test]
async fn an_answer_that_is_cut_is_asked_for_over_tcp() {
    let sample = look(check(&[serve(Answer::Cut(300))])).await;
    assert!(value(&sample).contains("10.0.0.0, 10.0.0.1, 10.0.0.10 and 253 more"), "{sample:?}");
}

#[tokio::test]
async fn answers_to_what_nobody_asked_are_left_alone() {
    let sample = look(check(&[serve(Answer::AfterStrangers("192.0.2.8"))])).await;
    assert_eq!(value(&sample), "192.0.2.8, ttl 1m");
    let forged = look_for(CheckKind::Dns(check(&[serve(Answer::Strangers)])), SHORT).await;
    assert!(why_bad(&forged).contains("to none that was asked"), "{forged:?}");
}

#[tokio::test]
async fn what_makes_no_sense_is_down_with_its_words() {
    let circle = Answer::Raw([&[0x84, 0, 0, 1, 0, 0, 0, 0, 0, 0][..], &[0xc0, 12, 0, 1, 0, 1]].concat());
    for (answer, says) in [
        (Answer::Chopped, "cannot be read"),
        (Answer::Raw(Vec::new()), "cannot be read"),
        (Answer::Raw(vec![0xff; 400]), "cannot be read"),
        (circle, "cannot be read"),
        (Answer::Code(ResponseCode::ServFail), "it answers SERVFAIL, not NOERROR"),
        (Answer::Code(ResponseCode::NoError), "there is no A record"),
    ] {
        let sample = look_for(CheckKind::Dns(check(&[serve(answer.clone())])), Duration::from_secs(2)).await;
        let chopped = matches!(answer, Answer::Raw(_)) && why_bad(&sample).contains("TCP");
        assert!(why_bad(&sample).contains(says) || chopped, "{answer:?}: {sample:?}");
    }
}

#[tokio::test]
async fn one_that_is_silent_leaves_the_others_their_say() {
    let well = records(&[("www.example.com.", 60, "192.0.2.1")]);
    let refused: SocketAddr = ([127, 0, 0, 1], 1).into();
    let half = look_for(CheckKind::Dns(check(&[serve(Answer::Silence), well, refused])), Duration::from_secs(1)).await;
    let Outcome::Soft { why, .. } = &half.outcome else { panic!("{half:?}") };
    assert!(why.starts_with("1 of 3 resolvers answer as they should"), "{why}");
    assert!(why.contains("it does not answer") && why.contains("refused"), "{why}");
    let dark = look_for(CheckKind::Dns(check(&[serve(Answer::Silence)])), SHORT).await;
    assert_eq!(why_bad(&dark), "it does not answer");
    let nowhere = DnsCheck { resolvers: vec![("resolver.invalid".into(), 53)], ..check(&[]) };
    assert!(why_bad(&look(nowhere).await).contains("resolver.invalid cannot be found"));
}
