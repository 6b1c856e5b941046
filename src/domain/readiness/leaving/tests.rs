//! What goes with a region, and what stays.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::place::{Lives, Places, host_of};
use super::*;

const ESTATE: &str = r#"
name = "orders"
[regions.us-east-1]
role = "primary"
[regions.us-west-2]
[services.checkout.health]
us-east-1 = "https://api.east.example.com/health"
us-west-2 = "https://api.west.example.com/health"
[databases.orders-db.servers]
us-east-1 = "service=east"
us-west-2 = "service=west"
[aws.dns]
profile = "dns"
[console]
connectivity = "https://api.east.example.com/up"
[notify.page]
type = "webhook"
url = "https://hooks.us-east-1.example.com/x"
[backups.orders-db]
type = "files"
glob = "/backup/*"
every = "1h"
destinations = ["s3://copies-us-east-1", "nas:/x"]
"#;

const RUNBOOK: &str = "---\nrunbook: 1\nvars:\n  KEY: {type: secret, from: \"cmd:aws secretsmanager get-secret-value --region \
    us-east-1 --secret-id k\"}\n---\n\n# Move\n\n## Do\n\n- [ ] **Update the status page** <!-- id: page -->\n\n  ```http run \
    idempotent\n  POST https://status.$FROM.example.com/x\n  ```\n\n- [ ] **Switch** <!-- id: switch -->\n\n  ```route53 run\n  \
    zone: Z1\n  name: www.example.com\n  type: CNAME\n  values: [x.example.com]\n  ```\n";

fn estate(more: &str) -> crate::estate::Estate {
    let parsed = crate::estate::parse(&format!("{ESTATE}{more}"));
    assert!(parsed.ok(), "{:?}", parsed.diagnostics);
    parsed.estate
}

fn around() -> Surroundings {
    let server = |region: &str, host: &str| (("orders-db".into(), region.into()), vec![host.to_owned()]);
    Surroundings {
        resolvers: vec!["10.1.0.2".to_owned()],
        state: "/var/lib/switchback".to_owned(),
        servers: BTreeMap::from([server("us-east-1", "db.internal"), server("us-west-2", "db.us-east-1.example.com")]),
        runbooks: vec![("move".to_owned(), Arc::new(crate::runbook::parse(RUNBOOK.into(), None)))],
        ..Surroundings::default()
    }
}

fn fates(needs: &[Need], what: &str) -> Vec<(Fate, bool)> {
    needs.iter().filter(|need| need.what == what).map(|need| (need.fate, need.needed)).collect()
}

#[test]
fn what_lives_in_the_region_being_left_goes_with_it() {
    let needs = leaving(&estate(""), &around(), &"us-east-1".into());
    for what in ["own network check", "credentials", "dns control plane", "status page", "secret", "notification"] {
        assert_eq!(fates(&needs, what), [(Fate::Goes, true)], "{what}: {needs:#?}");
    }
    // The server that is left goes as it must; the other one's connection string leads there, too.
    assert_eq!(fates(&needs, "database"), [(Fate::Goes, true), (Fate::Goes, false)]);
    assert_eq!(fates(&needs, "backup copy"), [(Fate::Goes, false), (Fate::Unknown, false)]);
    assert_eq!(fates(&needs, "console"), [(Fate::Unknown, true)], "nothing says where it runs");
    assert!(needs.iter().filter(|need| need.fate == Fate::Goes && need.needed).all(|need| need.remedy.is_some()));
}

#[test]
fn where_audiences_are_told_goes_with_its_region_unless_another_channel_stays() {
    let page = "[comms.public]\nchannels = [\"hook\"]\n[channels.hook]\ntype = \"webhook\"\n\
                url = \"https://status.us-east-1.example.com/x\"\n";
    let fate = |more: &str| fates(&leaving(&estate(more), &around(), &"us-east-1".into()), "updates to audiences");
    assert_eq!(fate(page), [(Fate::Goes, true)]);
    let mail = "[channels.mail]\ntype = \"email\"\nserver = \"smtp.us-west-2.example.com:587\"\n\
                from = \"a@example.com\"\nto = [\"b@example.com\"]\n";
    assert_eq!(fate(&format!("{page}{mail}")), [(Fate::Goes, false), (Fate::Stays, false)]);
    let placed = "region = \"us-east-1\"\n";
    assert_eq!(fate(&format!("{page}{mail}{placed}")), [(Fate::Goes, true), (Fate::Goes, true)]);
}

#[test]
fn nothing_of_it_goes_with_the_other_region() {
    let estate = estate("[traffic]\ndata_plane = \"arc\"\n");
    let estate = crate::estate::Estate {
        console: crate::estate::Console { region: Some("us-west-2".into()), ..estate.console.clone() },
        ..estate
    };
    let needs = leaving(&estate, &around(), &"us-east-1".into());
    for what in ["console", "log", "name server", "probes"] {
        assert_eq!(fates(&needs, what), [(Fate::Stays, true)], "{what}: {needs:#?}");
    }
    assert_eq!(fates(&needs, "dns control plane"), [(Fate::Goes, false)], "there is another way");
    let needs = leaving(&estate, &around(), &"us-west-2".into());
    for what in ["console", "log", "name server", "probes"] {
        assert_eq!(fates(&needs, what), [(Fate::Goes, true)], "{what}: {needs:#?}");
    }
    assert_eq!(fates(&needs, "notification"), [(Fate::Stays, false)]);
}

#[test]
fn a_host_is_placed_by_the_estate_then_by_its_name() {
    let (estate, around) = (estate(""), around());
    let places = Places::new(&estate, &around);
    let region = |address: &str| match places.of(address) {
        Lives::In(region, _) => region.to_string(),
        Lives::Here(_) => "here".to_owned(),
        Lives::Elsewhere(_) => "elsewhere".to_owned(),
        Lives::Unknown(_) => "unknown".to_owned(),
    };
    for (address, expected) in [
        ("https://api.west.example.com/other", "us-west-2"),
        ("db.internal", "us-east-1"),
        ("sts.us-west-2.amazonaws.com:443", "us-west-2"),
        ("x.us-west-22.example.com", "unknown"),
        ("us-east-1-to-us-west-2.example.com", "unknown"),
        ("127.0.0.1:5433", "here"),
        ("[::1]:80", "here"),
        ("/var/run/postgresql", "here"),
        ("9.9.9.9", "elsewhere"),
        ("git@github.example:team/runbooks.git", "unknown"),
    ] {
        assert_eq!(region(address), expected, "{address}");
    }
    assert_eq!(host_of("postgresql://u@[2001:db8::1]:5432/x"), "2001:db8::1");
}
