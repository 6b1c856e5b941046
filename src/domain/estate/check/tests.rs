//! What is said about checks that are wrong in themselves.

use crate::estate::parse;

/// The code and the words of every finding about one check of the `type`, with these keys.
fn findings(kind: &str, keys: &str) -> Vec<String> {
    let file = format!(
        "name = \"x\"\n[regions.east]\nrole = \"primary\"\n[regions.west]\n[services.shop]\n\
         health = {{ east = \"https://e/\", west = \"https://w/\" }}\n\
         [[checks]]\nname = \"it@east\"\ntype = \"{kind}\"\n{keys}\n"
    );
    let found = parse(&file).diagnostics.into_iter();
    found.map(|found| format!("{}: {} ({})", found.code, found.message, found.help.unwrap_or_default())).collect()
}

#[track_caller]
fn one(kind: &str, keys: &str, says: &str) {
    let found = findings(kind, keys);
    assert!(matches!(&found[..], [only] if only.contains(says)), "{keys}: {found:#?}");
}

#[test]
fn marks_that_cannot_be_meant_are_reported() {
    let command = "argv = [\"x\"]\nvalue_json = \"a\"\n";
    for (marks, says) in [
        ("degraded_above = 9\ndown_above = 5", "`degraded_above` lies beyond `down_above`"),
        ("degraded_below = 5\ndown_below = 5", "`degraded_below` lies beyond `down_below`"),
        ("degraded_above = 5\ndown_below = 7", "no number is good"),
        ("down_above = nan", "no number that anything could be compared with"),
        ("down_above = \"5\"", "this is text, and a number is expected"),
        ("value_regex = 'a'", "not both"),
    ] {
        one("command", &format!("{command}{marks}"), says);
    }
    one("command", "argv = [\"x\"]\ndown_above = 5", "no number to hold against them");
    assert_eq!(findings("command", &format!("{command}degraded_above = 0x10\ndegraded_below = 16")), [""; 0]);
}

#[test]
fn names_and_records_that_cannot_be_meant_are_reported() {
    for (keys, says) in [
        ("query = \"www example\"", "is not a name"),
        ("query = \"www..example\"", "is not a name"),
        ("query = \"a\"\nanswers = [\"2001:db8::1\"]", "no A record (write an IPv4 address"),
        ("query = \"a\"\nrecord = \"AAAA\"\nanswers = [\"192.0.2.1\"]", "no AAAA record"),
        ("query = \"a\"\nregions = { east = [\"192.0.2.1\"], west = [\"192.0.2.1\"] }", "points to east and to west"),
        ("query = \"a\"\nresolvers = []", "nobody to ask"),
        ("query = \"a\"\nresolvers = [\"dns:port\"]", "is not an address"),
        ("query = \"a\"\nrcode = \"NXDOMIAN\"", "did you mean `NXDOMAIN`?"),
    ] {
        one("dns", keys, says);
    }
    assert_eq!(findings("dns", "query = \"_x._tcp.a.\"\nresolvers = [\"::1\", \"[::1]:54\", \"ns1\"]"), [""; 0]);
}

#[test]
fn what_cannot_be_calculated_is_reported() {
    for (keys, says) in [
        ("of = [\"shop@esat\"]", "there is no check `shop@esat` (did you mean `shop@east`?"),
        ("of = [\"it@east\"]", "`it@east` depends on itself"),
        ("of = []", "0 checks are named here"),
        ("of = [\"shop@east\", \"shop@east\"]", "stands here twice"),
        ("of = [\"shop@east\"]\nat_least = 2", "2 of 1 can never be"),
        ("of = [\"shop@east\"]\nat_least = \"1 of 2\"", "it says 2 where `of` names 1"),
        ("of = [\"shop@east\"]\nat_least = \"most\"", "write \"all\", \"any\", a number"),
        ("of = [\"shop@east\"]\ninterval = \"5s\"", "has no `interval`"),
    ] {
        one("calculated", keys, says);
    }
    let found =
        findings("calculated", "of = [\"b\"]\n[[checks]]\nname = \"b\"\ntype = \"heartbeat\"\nwithin = \"soon\"\n");
    assert!(found.len() == 1 && found[0].contains("is not a duration"), "what is wrong is not missing too: {found:#?}");
    let circle = "of = [\"b\"]\n[[checks]]\nname = \"b\"\ntype = \"calculated\"\nof = [\"c\"]\n\
                  [[checks]]\nname = \"c\"\ntype = \"calculated\"\nof = [\"b\", \"shop@east\"]\n";
    let found = findings("calculated", circle);
    assert!(found.len() == 2 && found.iter().all(|found| found.contains("depends on itself")), "{found:#?}");
}

#[test]
fn a_calculated_check_has_the_pace_of_the_slowest_it_is_made_of() {
    let text = "name = \"x\"\n[regions.east]\nrole = \"primary\"\n[services.shop]\nhealth = { east = \"https://e/\" }\n\
                [[checks]]\nname = \"outer\"\ntype = \"calculated\"\nof = [\"inner\"]\n\
                [[checks]]\nname = \"inner\"\ntype = \"calculated\"\nof = [\"shop@east\", \"slow\"]\nat_least = \"any\"\n\
                [[checks]]\nname = \"slow\"\ntype = \"heartbeat\"\nwithin = \"1d\"\ninterval = \"5m\"\ntimeout = \"9s\"\n";
    let estate = parse(text).estate;
    let outer = estate.check(&"outer".into()).unwrap();
    assert_eq!((outer.interval.as_secs(), outer.timeout.as_secs(), outer.fail_after), (300, 9, 1));
}

#[test]
fn what_is_said_on_a_connection_is_read_as_bytes() {
    use super::{CheckKind, TcpCheck};
    let sent = |written: &str| {
        let text = format!(
            "name = \"x\"\n[regions.east]\nrole = \"primary\"\n[[checks]]\nname = \"it\"\ntype = \"tcp\"\naddress = \"h:1\"\n\
             send = {written}\n"
        );
        match parse(&text).estate.check(&"it".into()).map(|check| check.kind.clone()) {
            Some(CheckKind::Tcp(TcpCheck { send, .. })) => send,
            other => panic!("{other:?}"),
        }
    };
    for written in ["'PING\\r\\n'", "\"PING\\r\\n\"", "\"PING\\\\x0d\\\\n\""] {
        assert_eq!(sent(written).as_deref(), Some(&b"PING\r\n"[..]), "{written}");
    }
    assert_eq!(sent(r"'\\\x00\xff\0é'").as_deref(), Some(&b"\\\x00\xff\0\xc3\xa9"[..]));
    let address = "address = \"h:1\"\n";
    one("tcp", &format!("{address}send = '\\q'"), "this backslash stands for nothing");
    one("tcp", &format!("{address}send = '\\x4'"), "two hexadecimal digits");
    one("tcp", &format!("{address}send = ''"), "this is empty");
}

#[test]
fn a_password_is_never_written_down() {
    let url = "url = \"https://x/\"\nuser = \"a\"\n";
    one("http", &format!("{url}password = \"hunter2x\""), "a secret is written here");
    one("http", &format!("{url}password = \"env:no name\""), "not the name of a variable");
    one("http", "url = \"https://x/\"\npassword = \"env:A\"", "nobody whose it is");
    one("http", &format!("{url}ip = 5"), "there is no IP version 5");
    one("http", &format!("{url}proxy = \"http://a:hunter2x@p:1/\""), "a secret is written here");
    one("http", &format!("{url}proxy = \"http://p:1\"\nresolve = \"192.0.2.1:1\""), "keep `resolve` or `proxy`");
    let text = "name = \"x\"\n[[checks]]\nname = \"it\"\ntype = \"http\"\npassword = \"hunter2x\"\n";
    assert!(!parse(text).estate.source.contains("hunter2x"));
}

#[test]
fn what_aws_cannot_be_asked_is_reported() {
    one("route53", "", "neither `health_check` nor `zone` and `query`");
    one("route53", "health_check = \"h\"\nzone = \"Z1\"\nquery = \"a.b\"", "or both");
    let metric = "namespace = \"AWS/RDS\"\nmetric = \"ReplicaLag\"\n";
    one("cloudwatch", "", "neither `alarms` nor `namespace` and `metric`");
    one("cloudwatch", &format!("{metric}alarms = [\"a\"]"), "or both");
    one("cloudwatch", &format!("{metric}period = \"90s\""), "whole minutes");
    one("cloudwatch", &format!("{metric}dimensions = [\"orders\"]"), "NAME=VALUE");
    one("cloudwatch", &format!("{metric}interval = \"10s\""), "asked every 1m at most");
    assert_eq!(findings("cloudwatch", &format!("{metric}dimensions = [\"A=b=c\"]")), [""; 0]);
}
