//! What is wrong with a certificate is told apart.

use domain::estate::{CheckKind, StartTls, TlsCheck};
use domain::reading::{Outcome, Payload};

use super::{PATIENT, look_for, why_bad};
use crate::support::certificates::{Authority, Before, DAY, Valid, self_signed, serve};
use crate::support::postgres::Server;

fn check(authority: &Authority, port: u16) -> TlsCheck {
    TlsCheck {
        host: "127.0.0.1".into(),
        port,
        server_name: Some("shop.test".into()),
        ca: Some(authority.file().display().to_string()),
        days: 14,
        starttls: None,
    }
}

async fn outcome(check: TlsCheck) -> Outcome {
    look_for(CheckKind::Tls(check), PATIENT).await.outcome
}

#[tokio::test]
async fn the_days_left_of_a_certificate_are_told() {
    let ours = Authority::new();
    let of = |valid| check(&ours, serve(ours.config("shop.test", valid), Before::Nothing).port());
    let payload = Payload::Text { text: "72 days".into() };
    assert_eq!(outcome(of(Valid::For(DAY * 72 + DAY / 2))).await, Outcome::Good { payload });
    let soon = outcome(of(Valid::For(DAY * 5 + DAY / 2))).await;
    assert!(matches!(&soon, Outcome::Soft { why, .. } if why.contains("in 5 days, fewer than 14")), "{soon:?}");
    let expired = outcome(of(Valid::Until(DAY * 3 + DAY / 2))).await;
    assert!(matches!(&expired, Outcome::Bad { why, .. } if why.contains("expired 3d")), "{expired:?}");
    let early = outcome(of(Valid::NotFor(DAY * 2))).await;
    assert!(matches!(&early, Outcome::Bad { why, .. } if why.contains("not valid for another 1d")), "{early:?}");
}

#[tokio::test]
async fn a_wrong_name_and_an_unknown_signature_are_told_apart() {
    let (ours, theirs, renewed) = (Authority::new(), Authority::named("theirs"), Authority::new());
    let at = |config| serve(config, Before::Nothing).port();
    let other =
        look_for(CheckKind::Tls(check(&ours, at(ours.config("other.test", Valid::For(DAY * 90))))), PATIENT).await;
    assert!(why_bad(&other).contains("not made for shop.test but for"), "{other:?}");
    assert!(why_bad(&other).contains("other.test"), "{other:?}");
    for config in [theirs.config("shop.test", Valid::For(DAY * 90)), self_signed("shop.test")] {
        let unknown = look_for(CheckKind::Tls(check(&ours, at(config))), PATIENT).await;
        assert!(why_bad(&unknown).contains("signed by nobody who is trusted"), "{unknown:?}");
    }
    let namesake = check(&ours, at(renewed.config("shop.test", Valid::For(DAY * 90))));
    let namesake = look_for(CheckKind::Tls(namesake), PATIENT).await;
    assert!(why_bad(&namesake).contains("not signed by the authority it names"), "{namesake:?}");
    let system = TlsCheck { ca: None, ..check(&ours, at(ours.config("shop.test", Valid::For(DAY * 90)))) };
    assert!(matches!(outcome(system).await, Outcome::Bad { .. }));
    for ca in ["/no/such/file.pem", "/etc/hostname"] {
        let unreadable = TlsCheck { ca: Some(ca.into()), ..check(&ours, 1) };
        let unknown = outcome(unreadable).await;
        assert!(matches!(&unknown, Outcome::Unknown { why } if why.contains(ca)), "{unknown:?}");
    }
}

#[tokio::test]
async fn tls_is_asked_for_in_the_words_of_the_protocol() {
    let ours = Authority::new();
    let config = || ours.config("shop.test", Valid::For(DAY * 90));
    let ask = async |how, before| {
        let port = serve(config(), before).port();
        look_for(CheckKind::Tls(TlsCheck { starttls: Some(how), ..check(&ours, port) }), PATIENT).await
    };
    for (how, before) in [(StartTls::Smtp, Before::Smtp(true)), (StartTls::Ldap, Before::Ldap(0))] {
        let sample = ask(how, before).await;
        assert!(matches!(sample.outcome, Outcome::Good { .. }), "{sample:?}");
    }
    let refused = ask(StartTls::Smtp, Before::Smtp(false)).await;
    assert!(why_bad(&refused).contains("STARTTLS is answered with `502") && !why_bad(&refused).contains('\u{1b}'));
    assert!(why_bad(&ask(StartTls::Ldap, Before::Ldap(2)).await).contains("LDAP result 2"));

    let server = Server::primary();
    let plain = TlsCheck { starttls: Some(StartTls::Postgres), ..check(&ours, server.port) };
    let without = look_for(CheckKind::Tls(plain), PATIENT).await;
    assert!(why_bad(&without).contains("does not offer it"), "{without:?}");
}

#[tokio::test]
async fn what_speaks_no_tls_is_down() {
    let ours = Authority::new();
    let server = crate::support::http::HttpServer::always(crate::support::http::Answer::text("200 OK", ""));
    for how in [None, Some(StartTls::Ldap), Some(StartTls::Postgres), Some(StartTls::Smtp)] {
        let check = TlsCheck { starttls: how, ..check(&ours, server.address.port()) };
        // A server of HTTP waits for lines that only SMTP sends, and SMTP for a greeting.
        let sample = look_for(CheckKind::Tls(check), super::SHORT).await;
        assert!(matches!(sample.outcome, Outcome::Bad { .. }), "{how:?}: {sample:?}");
    }
    let closed = look_for(CheckKind::Tls(check(&ours, 1)), PATIENT).await;
    assert!(why_bad(&closed).contains("cannot connect"), "{closed:?}");
}
