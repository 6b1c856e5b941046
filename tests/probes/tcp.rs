//! What is behind a port says what it should.

use std::io::{Read, Write};
use std::net::TcpListener;

use domain::estate::{CheckKind, TcpCheck, TcpTls};
use domain::reading::{Outcome, Payload, Sample};

use super::{PATIENT, SHORT, look_for, why_bad};
use crate::support::certificates::{self, Authority, Before, DAY, Valid};

/// Greets, and answers what it reads with `answer`; then closes.
fn server(greeting: &'static [u8], answer: &'static [u8]) -> TcpCheck {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let _ = stream.write_all(greeting);
            if !answer.is_empty() && matches!(stream.read(&mut [0; 64]), Ok(1..)) {
                let _ = stream.write_all(answer);
            }
        }
    });
    TcpCheck::open("127.0.0.1", port)
}

async fn look(check: TcpCheck) -> Sample {
    look_for(CheckKind::Tcp(check), PATIENT).await
}

fn text(text: &str) -> Outcome {
    Outcome::Good { payload: Payload::Text { text: text.into() } }
}

#[tokio::test]
async fn a_question_is_sent_and_its_answer_read() {
    let ping = TcpCheck { send: Some(b"PING\r\n".to_vec()), ..server(b"", b"+PONG\r\n") };
    assert_eq!(look(TcpCheck { expect: Some(b"+PONG".to_vec()), ..ping.clone() }).await.outcome, text("+PONG"));
    let other = look(TcpCheck { expect: Some(b"+OK".to_vec()), ..ping.clone() }).await;
    assert_eq!(why_bad(&other), "it answers `+PONG`, which is not what is expected");
    assert_eq!(look(TcpCheck { expect_regex: Some(r"^\+P.NG\r".into()), ..ping }).await.outcome, text("+PONG"));
    let greeting = server(b"220 mail\x1b[31m ready\r\n", b"");
    let greets = look(TcpCheck { expect_regex: Some("^220 ".into()), ..greeting.clone() }).await;
    assert!(matches!(&greets.outcome, Outcome::Good { payload: Payload::Text { text } } if !text.contains('\u{1b}')));
    assert_eq!(look(greeting).await.outcome, text("open"));
}

#[tokio::test]
async fn what_says_nothing_or_does_not_stop_is_down() {
    let wants = |check: TcpCheck| TcpCheck { expect: Some(b"ready".to_vec()), ..check };
    assert!(why_bad(&look(wants(server(b"", b""))).await).contains("without a word"));
    static ENDLESS: [u8; 200_000] = [b'x'; 200_000];
    assert!(why_bad(&look(wants(server(&ENDLESS, b"never"))).await).contains("first 64 KiB"));
    let silent = look_for(CheckKind::Tcp(wants(server(b"", b"never"))), SHORT).await;
    assert!(why_bad(&silent).contains("no answer within"));
}

#[tokio::test]
async fn tls_may_stand_around_it() {
    let ours = Authority::new();
    let port = certificates::serve(ours.config("shop.test", Valid::For(DAY * 90)), Before::Nothing).port();
    let tls = TcpTls { server_name: Some("shop.test".into()), ca: Some(ours.file().display().to_string()) };
    let inside = |tls: TcpTls| TcpCheck {
        tls: Some(tls),
        send: Some(b"hello\n".to_vec()),
        expect: Some(b"200 OK".to_vec()),
        ..TcpCheck::open("127.0.0.1", port)
    };
    let well = look(inside(tls.clone())).await;
    assert!(matches!(well.outcome, Outcome::Good { .. }), "{well:?}");
    for wrong in [TcpTls { server_name: None, ..tls.clone() }, TcpTls { ca: None, ..tls.clone() }] {
        assert!(why_bad(&look(inside(wrong)).await).contains("the handshake fails"));
    }
    let missing = look(inside(TcpTls { ca: Some("/no/such/file.pem".into()), ..tls })).await;
    assert!(matches!(&missing.outcome, Outcome::Unknown { why } if why.contains("/no/such/file.pem")), "{missing:?}");
}
