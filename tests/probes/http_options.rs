//! Whom a request trusts, who it says it is, and which way it goes.

use domain::estate::{CheckKind, Family, HttpCheck, Login, SecretSource};
use domain::reading::{Outcome, Sample};

use super::{PATIENT, look_for, why_bad};
use crate::support::certificates::{self, Authority, Before, DAY, Valid};
use crate::support::http::{Answer, HttpServer};

async fn look(http: HttpCheck) -> Sample {
    look_for(CheckKind::Http(http), PATIENT).await
}

#[track_caller]
fn good(sample: &Sample) {
    assert!(matches!(sample.outcome, Outcome::Good { .. }), "{sample:?}");
}

#[tokio::test]
async fn the_authorities_of_a_file_are_trusted_and_no_others() {
    let (ours, theirs) = (Authority::new(), Authority::named("theirs"));
    let address = certificates::serve(ours.config("shop.test", Valid::For(DAY * 90)), Before::Nothing);
    let by = |authority: &Authority| HttpCheck {
        ca: Some(authority.file().display().to_string()),
        resolve: Some(address),
        ..HttpCheck::get("https://shop.test/")
    };
    good(&look(by(&ours)).await);
    assert!(matches!(look(by(&theirs)).await.outcome, Outcome::Bad { .. }));
    let missing = look(HttpCheck { ca: Some("/no/such/file.pem".into()), ..by(&ours) }).await;
    assert!(matches!(&missing.outcome, Outcome::Unknown { why } if why.contains("/no/such/file.pem")), "{missing:?}");
}

#[tokio::test]
async fn a_certificate_that_soon_expires_is_degraded() {
    let ours = Authority::new();
    let with = |left| HttpCheck {
        ca: Some(ours.file().display().to_string()),
        resolve: Some(certificates::serve(ours.config("shop.test", Valid::For(left)), Before::Nothing)),
        cert_days: Some(14),
        ..HttpCheck::get("https://shop.test/")
    };
    good(&look(with(DAY * 20)).await);
    let soon = look(with(DAY * 5 + DAY / 2)).await;
    assert!(matches!(&soon.outcome, Outcome::Soft { why, .. } if why.contains("in 5 days, fewer than 14")), "{soon:?}");
    let plain = HttpServer::always(Answer::text("200 OK", ""));
    let none = look(HttpCheck { cert_days: Some(14), ..HttpCheck::get(plain.url("/")) }).await;
    assert!(matches!(&none.outcome, Outcome::Unknown { why } if why.contains("https")), "{none:?}");
}

#[tokio::test]
async fn a_login_is_sent_and_its_password_is_kept_off_the_screen() {
    let echo = HttpServer::new(|request| {
        let sent = request.head.iter().find_map(|line| line.strip_prefix("authorization: ")).unwrap_or("none");
        Answer::json(&serde_json::json!({ "sent": sent }).to_string())
    });
    let with = |variable: Option<&str>, wanted: &str| HttpCheck {
        login: Some(Login {
            user: "console".into(),
            password: variable.map(|variable| SecretSource::Env(variable.to_owned())),
        }),
        json: Some(("sent".into(), wanted.into())),
        ..HttpCheck::get(echo.url("/"))
    };
    good(&look(with(None, "Basic Y29uc29sZTo=")).await);
    // Always set where tests run, and long enough to be looked for.
    let secret = std::env::var("CARGO_MANIFEST_DIR").unwrap();
    let shown = format!("{:?}", look(with(Some("CARGO_MANIFEST_DIR"), "other")).await);
    assert!(shown.contains("redacted") && !shown.contains(&secret), "{shown}");
    let unset = look(with(Some("NO_SUCH_VARIABLE_HERE"), "x")).await;
    assert!(matches!(&unset.outcome, Outcome::Unknown { why } if why.contains("NO_SUCH_VARIABLE_HERE")), "{unset:?}");
}

#[tokio::test]
async fn a_request_goes_the_way_it_is_told_to() {
    let server = HttpServer::always(Answer::text("200 OK", "well"));
    let by = |ip| HttpCheck { ip: Some(ip), ..HttpCheck::get(format!("http://127.0.0.1:{}/", server.address.port())) };
    good(&look(by(Family::V4)).await);
    assert!(matches!(look(by(Family::V6)).await.outcome, Outcome::Bad { .. }));

    let proxy = HttpServer::new(|request| Answer::text("200 OK", &request.line));
    let through = HttpCheck {
        proxy: Some(proxy.url("")),
        body_contains: Some("GET http://shop.invalid/health".into()),
        ..HttpCheck::get("http://shop.invalid/health")
    };
    good(&look(through).await);

    let circle = HttpServer::new(|request| {
        let hops = request.line.matches('x').count();
        let next = vec![format!("location: /{}", "x".repeat(hops + 1))];
        if hops < 3 { Answer::Say("302 Found", next, Vec::new()) } else { Answer::text("200 OK", "arrived") }
    });
    let at_most = |max_redirects| HttpCheck { max_redirects, ..HttpCheck::get(circle.url("/")) };
    good(&look(at_most(3)).await);
    let short = look(at_most(2)).await;
    assert!(why_bad(&short).contains("redirect"), "{short:?}");
}
