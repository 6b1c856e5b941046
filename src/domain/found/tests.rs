//! Whole files of each tool, and files that are none.

use proptest::prelude::*;

use super::*;

const GATUS: &str = include_str!("../../../tests/data/found/gatus.yaml");
const PROMETHEUS: &str = include_str!("../../../tests/data/found/prometheus.yml");
const BLACKBOX: &str = include_str!("../../../tests/data/found/blackbox.yml");
const KUBECONFIG: &str = include_str!("../../../tests/data/found/kubeconfig");
const PG_SERVICE: &str = include_str!("../../../tests/data/found/pg_service.conf");
const AWS: &str = include_str!("../../../tests/data/found/aws-config");

const KINDS: [Kind; 6] = [Kind::Gatus, Kind::Prometheus, Kind::Blackbox, Kind::Kubeconfig, Kind::PgService, Kind::Aws];

fn found(kind: Kind, text: &str) -> Found {
    read(kind, "file", text).unwrap()
}

#[test]
fn a_file_is_known_by_what_stands_in_it() {
    for (text, kind) in [
        (GATUS, Kind::Gatus),
        (PROMETHEUS, Kind::Prometheus),
        (BLACKBOX, Kind::Blackbox),
        (KUBECONFIG, Kind::Kubeconfig),
        (PG_SERVICE, Kind::PgService),
        (AWS, Kind::Aws),
    ] {
        assert_eq!(Kind::of("config", text), Some(kind));
    }
    assert_eq!(Kind::of("notes.txt", "nothing that anybody knows"), None);
    assert_eq!(Kind::of("prometheus.yml", "a: [b"), Some(Kind::Prometheus));
}

#[test]
fn a_password_in_the_place_of_a_name_is_not_read_either() {
    let text = "[orders]\nhost=postgresql://ana:s3cret@db.example.com\nhostaddr=192.0.2.1\ndbname=postgresql://ana:s3cret@db/orders\n";
    let services = found(Kind::PgService, text).services;
    assert_eq!((services[0].host.as_deref(), services[0].database.as_deref()), (Some("192.0.2.1"), None));
}

#[test]
fn nothing_that_is_secret_is_even_read() {
    let mut all = Found::default();
    for (kind, text) in [
        (Kind::Gatus, GATUS),
        (Kind::Prometheus, PROMETHEUS),
        (Kind::Blackbox, BLACKBOX),
        (Kind::Kubeconfig, KUBECONFIG),
        (Kind::PgService, PG_SERVICE),
        (Kind::Aws, AWS),
    ] {
        all.add(found(kind, text));
    }
    let told = format!("{all:?} {:?}", all.endpoints()).to_lowercase();
    for secret in ["-password", "-token", "webhook", "bearer", "akia", "secret", "a3vizs", "monitor:"] {
        assert!(!told.contains(secret), "{secret}: {told}");
    }
}

#[test]
fn endpoints_of_gatus_bring_their_conditions() {
    let endpoints = found(Kind::Gatus, GATUS).endpoints();
    let names: Vec<&str> = endpoints.iter().map(|endpoint| endpoint.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "checkout-us-east-1",
            "checkout-us-west-2",
            "reports",
            "storefront",
            "www",
            "cache (us-east-1)",
            "mail certificate",
            "gateway",
            "partner"
        ]
    );
    let reports = &endpoints[2];
    let Look::Http(http) = &reports.look else { panic!("{reports:?}") };
    assert_eq!(http.url, "https://reports.us-east-1.example.com/health");
    assert_eq!((http.status.as_slice(), http.cert_days), (&["200-299".to_owned()][..], Some(10)));
    assert_eq!(http.json, Some(("status".to_owned(), "UP".to_owned())));
    assert_eq!(reports.left.len(), 4, "{:?}", reports.left);
    assert_eq!(reports.place, Some(Hint::Region("us-east-1".to_owned())));
    assert_eq!(
        endpoints[4].look,
        Look::Dns(Dns {
            query: "www.example.com".to_owned(),
            record: Some("A".to_owned()),
            resolver: Some("192.0.2.53:53".to_owned()),
            rcode: Some("NOERROR".to_owned())
        })
    );
    assert!(matches!(&endpoints[7].look, Look::None(why) if why.contains("ping")));
    assert!(matches!(&endpoints[8].look, Look::None(why) if why.contains("variable")));
}

#[test]
fn targets_of_probes_are_looked_at_as_their_module_does() {
    let mut all = found(Kind::Prometheus, PROMETHEUS);
    all.add(found(Kind::Blackbox, BLACKBOX));
    let endpoints = all.endpoints();
    let names: Vec<&str> = endpoints.iter().map(|endpoint| endpoint.name.as_str()).collect();
    assert_eq!(names, ["catalogue", "catalogue", "search", "queue", "names", "gateway"]);
    let Look::Http(http) = &endpoints[0].look else { panic!("{:?}", endpoints[0]) };
    assert_eq!((http.status.len(), http.matches.as_deref()), (2, Some("^ok")));
    assert_eq!(endpoints[0].left, ["its `basic_auth`"]);
    assert_eq!(endpoints[3].look, Look::Tcp { address: "queue.us-east-1.example.com:5671".to_owned(), tls: true });
    assert!(matches!(&endpoints[4].look, Look::Dns(dns) if dns.query == "www.example.com"));
    assert!(matches!(endpoints[5].look, Look::None(_)));
    let alone = found(
        Kind::Prometheus,
        "scrape_configs:\n- job_name: a\n  params: {module: [http_2xx]}\n  static_configs: [{targets: [shop.example.com]}]\n",
    );
    assert!(matches!(&alone.endpoints()[0].look, Look::Http(http) if http.url == "http://shop.example.com"));
}

#[test]
fn contexts_profiles_and_services_have_their_places() {
    let contexts = found(Kind::Kubeconfig, KUBECONFIG).contexts;
    let places: Vec<_> = contexts.iter().map(|context| (context.name.as_str(), context.place.clone())).collect();
    let region = |name: &str| Some(Hint::Region(name.to_owned()));
    assert_eq!(places, [("shop-east", region("us-east-1")), ("shop-west", region("us-west-2")), ("minikube", None)]);
    assert_eq!(contexts[0].origin.to_string(), "file:13");

    let services = found(Kind::PgService, PG_SERVICE).services;
    assert_eq!((services.len(), services[0].place.clone(), services[2].place.clone()), (3, region("us-east-1"), None));
    assert_eq!((services[0].origin.line, services[0].database.as_deref()), (2, Some("orders")));

    let profiles = found(Kind::Aws, AWS).profiles;
    let names: Vec<_> = profiles.iter().map(|profile| (profile.name.as_str(), profile.region.as_deref())).collect();
    assert_eq!(
        names,
        [("default", Some("us-east-1")), ("dns-failover", Some("us-east-1")), ("west", Some("us-west-2"))]
    );
}

#[test]
fn what_cannot_be_read_says_where() {
    let broken = "endpoints:\n  - name: a\n   url: b\n";
    let trouble = read(Kind::Gatus, "gatus.yaml", broken).unwrap_err().to_string();
    assert!(trouble.starts_with("gatus.yaml:3:") && trouble.contains("not YAML"), "{trouble}");
    for kind in KINDS {
        assert!(read(kind, "f", &"#".repeat(LONGEST + 1)).unwrap_err().why.contains("longer than 1024 KiB"));
        assert_eq!(read(kind, "f", "").unwrap_err().line, 1);
    }
}

#[test]
fn a_file_that_grows_when_it_is_read_is_refused() {
    let mut text = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for (name, of) in ('b'..='j').zip('a'..) {
        text.push_str(&format!("{name}: &{name} [*{of}, *{of}, *{of}, *{of}, *{of}, *{of}, *{of}, *{of}, *{of}]\n"));
    }
    text.push_str("endpoints: *j\n");
    assert!(read(Kind::Gatus, "gatus.yaml", &text).is_err());
}

proptest! {
    #[test]
    fn no_text_breaks_a_reader(text in "(\\PC|\n|\x1b|: |- |\\[|=){0,400}", at in 0..KINDS.len()) {
        let _ = read(KINDS[at], "file", &text).map(|found| found.endpoints());
        let _ = Kind::of("file", &text);
    }
}
