//! Receivers that do not take it: each says why, is tried again as far as that makes sense, and recovers.

use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use domain::alert::{Delivered, Delivery, Notice, NoticeState};
use domain::estate::Estate;
use domain::log::Kind;
use domain::reading::AlertSeverity;
use switchback::runtime::notify::{Again, Notifier, Patience};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::{Receiver, estate, json, notice, secret, send};
use crate::support::http::Answer;
use crate::support::wait::until_async;

const QUICK: Patience = Patience {
    again: [Duration::from_millis(5), Duration::from_millis(5)],
    later: Duration::from_millis(20),
    give_up: Duration::from_secs(3600),
};

fn webhook(url: &str) -> Estate {
    estate(&format!("[notify.hook]\ntype = \"webhook\"\nurl = \"{url}\"\n"))
}

fn firing(key: &str) -> Notice {
    notice(key, NoticeState::Firing)
}

fn start(estate: &Estate, patience: Patience) -> (Notifier, mpsc::Receiver<Delivery>) {
    let (deliveries, told) = mpsc::channel(64);
    (Notifier::live(estate, patience, deliveries), told)
}

async fn next(told: &mut mpsc::Receiver<Delivery>) -> Delivery {
    timeout(Duration::from_secs(60), told.recv()).await.expect("something is told").unwrap()
}

#[tokio::test]
async fn an_answer_says_whether_trying_again_may_help() {
    for (status, header, again, remedy) in [
        ("500 Internal Server Error", "x: y", Again::Soon, "look there"),
        ("503 Service Unavailable", "Retry-After: 7", Again::After(Duration::from_secs(7)), "look there"),
        ("429 Too Many Requests", "Retry-After: 3", Again::After(Duration::from_secs(3)), "at_least"),
        ("403 Forbidden", "x: y", Again::Pointless, "check the address"),
        ("404 Not Found", "x: y", Again::Pointless, "check the address"),
        ("302 Found", "Location: /elsewhere", Again::Pointless, "write the address it leads to"),
    ] {
        let receiver = Receiver::new(move |_, _| {
            Answer::Say(status, vec![header.to_owned()], b"because\n of \x1b[31mthat".to_vec())
        });
        let fault = send(&webhook(&receiver.server.url("/")), &firing("a:b")).await.unwrap_err();
        assert_eq!(fault.again, again, "{status}");
        assert!(fault.why.contains(status) && fault.why.contains("because of"), "{fault:?}");
        assert!(!fault.why.contains('\x1b') && fault.remedy.contains(remedy), "{fault:?}");
        receiver.only();
    }
}

#[tokio::test]
async fn what_hangs_or_is_not_there_is_told_within_the_timeout() {
    let hanging = Receiver::new(|_, _| Answer::Hang);
    let estate = estate(&format!(
        "[notify.a]\ntype = \"webhook\"\nurl = \"{}\"\ntimeout = \"200ms\"\n",
        hanging.server.url("/")
    ));
    let fault = send(&estate, &firing("a:b")).await.unwrap_err();
    assert!(fault.why.contains("no answer within"), "{fault:?}");
    assert_eq!(fault.again, Again::Soon);

    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let fault = send(&webhook(&format!("http://{free}/")), &firing("a:b")).await.unwrap_err();
    assert!(fault.why.contains("onnection refused") && fault.remedy.contains("reach"), "{fault:?}");
}

#[tokio::test]
async fn a_secret_that_is_not_there_or_is_refused_never_shows() {
    let receiver = Receiver::new(|_, request| {
        let body = String::from_utf8_lossy(&request.body).into_owned();
        Answer::text("400 Bad Request", &format!("wrong: {body}"))
    });
    let (folder, source) = secret("0123456789abcdef0123456789abcdef");
    let url = receiver.server.url("/");
    let estate = estate(&format!("[notify.a]\ntype = \"pagerduty\"\nrouting_key = \"{source}\"\nurl = \"{url}\"\n"));
    let fault = send(&estate, &firing("a:b")).await.unwrap_err();
    assert!(fault.why.contains("400 Bad Request: wrong:"), "{fault:?}");
    assert!(!format!("{fault:?}").contains("0123456789abcdef"), "{fault:?}");
    assert!(fault.remedy.contains(&source), "{fault:?}");

    std::fs::write(folder.path().join("secret"), "\n").unwrap();
    let fault = send(&estate, &firing("a:b")).await.unwrap_err();
    assert!(fault.why.ends_with("is empty"), "{fault:?}");
    std::fs::remove_file(folder.path().join("secret")).unwrap();
    let fault = send(&estate, &firing("a:b")).await.unwrap_err();
    assert!(fault.why.contains("cannot be read"), "{fault:?}");
    assert_eq!(fault.again, Again::Pointless);

    let variable = super::estate("[notify.a]\ntype = \"pagerduty\"\nrouting_key = \"env:SWITCHBACK_TEST_NO_SUCH\"\n");
    let fault = send(&variable, &firing("a:b")).await.unwrap_err();
    assert_eq!(fault.why, "the variable SWITCHBACK_TEST_NO_SUCH is not set");
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused() {
    let server = crate::support::smtp::SmtpServer::start("tls", None);
    let fault = send(&webhook(&format!("https://127.0.0.1:{}/", server.port)), &firing("a:b")).await.unwrap_err();
    assert!(fault.why.contains("certificate") && fault.remedy.contains("authority"), "{fault:?}");
}

#[tokio::test]
async fn a_failure_is_told_after_three_attempts_and_its_end_too() {
    let receiver = Receiver::new(|before, _| match before {
        0..5 => Answer::text("500 Internal Server Error", "no"),
        _ => Answer::text("200 OK", ""),
    });
    let (notifier, mut told) = start(&webhook(&receiver.server.url("/")), QUICK);
    notifier.tell(&firing("a:b"));
    let failed = next(&mut told).await;
    assert!(receiver.requests().len() >= 3);
    assert_eq!((failed.channel.as_str(), failed.key.as_str()), ("hook", "a:b"));
    assert!(matches!(&failed.outcome, Delivered::Failed { why, .. } if why.contains("500")), "{failed:?}");
    assert_eq!(next(&mut told).await.outcome, Delivered::Sent, "told once, and then that it went through");
    assert_eq!(receiver.requests().len(), 6);
}

#[tokio::test]
async fn what_only_a_person_can_mend_is_told_at_once() {
    let receiver = Receiver::new(|before, _| match before {
        0 => Answer::text("401 Unauthorized", ""),
        _ => Answer::text("200 OK", ""),
    });
    let (notifier, mut told) = start(&webhook(&receiver.server.url("/")), QUICK);
    notifier.tell(&firing("a:b"));
    assert!(matches!(next(&mut told).await.outcome, Delivered::Failed { .. }));
    assert_eq!(next(&mut told).await.outcome, Delivered::Sent);
}

#[tokio::test]
async fn a_receiver_that_asks_for_patience_gets_it_for_everything() {
    let arrived = Arc::new(Mutex::new(Vec::new()));
    let arrives = Arc::clone(&arrived);
    let receiver = Receiver::new(move |before, _| {
        arrives.lock().unwrap().push(Instant::now());
        match before {
            0 => Answer::Say("429 Too Many Requests", vec!["Retry-After: 1".to_owned()], Vec::new()),
            _ => Answer::text("200 OK", ""),
        }
    });
    let patience = Patience { again: [Duration::from_millis(1); 2], ..QUICK };
    let (notifier, mut told) = start(&webhook(&receiver.server.url("/")), patience);
    notifier.tell(&firing("a:b"));
    until_async("it was refused once", async || arrived.lock().unwrap().len() == 1).await;
    notifier.tell(&firing("c:d"));
    for _ in 0..2 {
        assert_eq!(next(&mut told).await.outcome, Delivered::Sent);
    }
    let arrived = arrived.lock().unwrap();
    assert_eq!(arrived.len(), 3);
    assert!(arrived[1].duration_since(arrived[0]) >= Duration::from_secs(1), "it came back too soon");
}

#[tokio::test]
async fn of_one_alert_the_newest_is_sent_and_others_are_not_held_up() {
    // While `slow` is being refused, it is resolved; `other` goes through.
    let receiver = Receiver::new(|_, request| {
        let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
        match (body["key"].as_str(), body["state"].as_str()) {
            (Some("slow:x"), Some("firing")) => Answer::text("500 Internal Server Error", ""),
            _ => Answer::text("200 OK", ""),
        }
    });
    let (notifier, mut told) = start(&webhook(&receiver.server.url("/")), QUICK);
    notifier.tell(&firing("slow:x"));
    assert!(matches!(next(&mut told).await.outcome, Delivered::Failed { .. }));
    notifier.tell(&firing("other:y"));
    notifier.tell(&notice("slow:x", NoticeState::Resolved));
    let sent = [next(&mut told).await, next(&mut told).await];
    assert!(sent.iter().all(|sent| sent.outcome == Delivered::Sent), "{sent:?}");
    let bodies: Vec<_> = receiver.requests().iter().map(json).collect();
    let resolved = bodies.iter().position(|body| body["state"] == "resolved").unwrap();
    assert!(bodies[resolved..].iter().all(|body| body["key"] != "slow:x" || body["state"] == "resolved"), "{bodies:?}");
}

#[tokio::test]
async fn an_alert_is_told_in_the_order_of_its_life() {
    let receiver = Receiver::accepting();
    let (notifier, mut told) = start(&webhook(&receiver.server.url("/")), QUICK);
    for round in 0..10 {
        for state in [NoticeState::Firing, NoticeState::Resolved] {
            notifier.tell(&notice("a:b", state));
            assert_eq!(next(&mut told).await.state, state, "round {round}");
        }
    }
    let states: Vec<_> = receiver.requests().iter().map(|request| json(request)["state"].clone()).collect();
    assert!(states.chunks(2).all(|pair| pair == ["firing", "resolved"]), "{states:?}");
}

#[tokio::test]
async fn a_channel_that_hangs_holds_no_other_up() {
    let (hanging, quick) = (Receiver::new(|_, _| Answer::Hang), Receiver::accepting());
    let both = format!(
        "[notify.hangs]\ntype = \"webhook\"\nurl = \"{}\"\ntimeout = \"1h\"\n[notify.quick]\ntype = \"webhook\"\nurl = \"{}\"\n",
        hanging.server.url("/"),
        quick.server.url("/")
    );
    let (notifier, mut told) = start(&estate(&both), QUICK);
    for key in ["a:1", "a:2", "a:3"] {
        notifier.tell(&firing(key));
    }
    for _ in 0..3 {
        let sent = next(&mut told).await;
        assert_eq!((sent.channel.as_str(), sent.outcome), ("quick", Delivered::Sent));
    }
}

#[tokio::test]
async fn what_was_tried_for_long_enough_is_given_up() {
    let receiver = Receiver::new(|_, _| Answer::text("500 Internal Server Error", ""));
    let patience = Patience { give_up: Duration::ZERO, ..QUICK };
    let (notifier, mut told) = start(&webhook(&receiver.server.url("/")), patience);
    notifier.tell(&firing("a:b"));
    assert!(matches!(next(&mut told).await.outcome, Delivered::GivenUp { .. }));
}

#[tokio::test]
async fn nothing_of_a_drill_leaves_the_machine() {
    let receiver = Receiver::accepting();
    let estate = webhook(&receiver.server.url("/"));
    let (deliveries, mut told) = mpsc::channel(64);
    let shown = Notifier::shown(&estate, deliveries);
    shown.tell(&firing("a:b"));
    assert_eq!(next(&mut told).await.outcome, Delivered::WouldBeSent);
    // Nor from a live console that is handed one by mistake.
    let (live, mut told) = start(&estate, QUICK);
    for kind in [Kind::Drill, Kind::Demo, Kind::Paper] {
        live.tell(&Notice { kind, ..firing("a:b") });
        assert_eq!(next(&mut told).await.outcome, Delivered::WouldBeSent);
    }
    live.tell(&Notice { kind: Kind::Lab, ..firing("a:b") });
    assert_eq!(next(&mut told).await.outcome, Delivered::Sent);
    assert_eq!(json(&receiver.only())["kind"], "lab");
}

#[tokio::test]
async fn a_channel_is_told_only_what_it_asked_for() {
    let receiver = Receiver::accepting();
    let critical = format!(
        "[notify.a]\ntype = \"webhook\"\nurl = \"{}\"\nat_least = \"critical\"\nsend_resolved = false\n",
        receiver.server.url("/")
    );
    let (notifier, mut told) = start(&estate(&critical), QUICK);
    notifier.tell(&Notice { severity: AlertSeverity::Warning, ..firing("a:warning") });
    notifier.tell(&notice("a:over", NoticeState::Resolved));
    notifier.tell(&firing("a:critical"));
    assert_eq!(next(&mut told).await.key.as_str(), "a:critical");
    assert_eq!(json(&receiver.only())["key"], "a:critical");
}
