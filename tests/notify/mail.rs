//! Mail by a real server: STARTTLS, TLS, neither; the right password and a wrong one; through the command line, whose
//! environment holds the password and the authority that is trusted.

use std::process::Output;

use super::tested::{run, said};
use crate::support::smtp::SmtpServer;

fn test(server: &SmtpServer, rest: &str, password: &str, trusted: bool) -> Output {
    let channel = format!(
        "[notify.mail]\ntype = \"email\"\nserver = \"127.0.0.1:{}\"\nfrom = \"Switchback <sb@example.com>\"\n\
         to = [\"ana@example.com\", \"Raj <raj@example.com>\"]\nsend_resolved = false\n{rest}\n",
        server.port
    );
    let authority = server.authority();
    let mut environment = vec![("SMTP_PASSWORD", password.to_owned())];
    if trusted {
        environment.push(("SSL_CERT_FILE", authority.display().to_string()));
    }
    run(&channel, &["notify", "test", "mail"], &environment)
}

const LOGIN: &str = "user = \"sb\"\npassword = \"env:SMTP_PASSWORD\"";

#[test]
fn a_message_goes_out_over_starttls_with_a_login() {
    let server = SmtpServer::start("starttls", Some(("sb", "correct horse")));
    let output = test(&server, LOGIN, "correct horse", true);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("mail  email      sent, "), "{}", said(&output));
    let message = &server.took(1)[0];
    assert_eq!(message["encrypted"], true);
    assert_eq!((message["user"].as_str(), message["from"].as_str()), (Some("sb"), Some("sb@example.com")));
    assert_eq!(message["to"], serde_json::json!(["ana@example.com", "raj@example.com"]));
    let data = message["data"].as_str().unwrap();
    for line in
        ["Subject: [LAB] TEST firing orders: ana tries the channel mail: nothing is", "Content-Type: text/plain"]
    {
        assert!(data.contains(line), "{line} in {data}");
    }
    assert!(data.contains("rule      test") && data.contains("estate    orders"), "{data}");
}

#[test]
fn a_message_goes_out_over_tls_and_in_the_clear_where_the_estate_says_so() {
    let server = SmtpServer::start("tls", Some(("sb", "correct horse")));
    let output = test(&server, &format!("tls = \"tls\"\n{LOGIN}"), "correct horse", true);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(server.took(1)[0]["encrypted"], true);
    let server = SmtpServer::start("none", None);
    let output = test(&server, "tls = \"none\"", "", true);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(server.took(1)[0]["encrypted"], false);
}

#[test]
fn a_wrong_password_is_told_and_never_shown() {
    let server = SmtpServer::start("starttls", Some(("sb", "correct horse")));
    let output = test(&server, LOGIN, "wrong-password", true);
    let said = said(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("535") && said.contains("check `user` (sb) and env:SMTP_PASSWORD"), "{said}");
    assert!(!said.contains("wrong-password") && !said.contains("d3JvbmctcGFzc3dvcmQ"), "{said}");
}

#[test]
fn a_server_without_starttls_or_with_a_strange_certificate_gets_nothing() {
    let server = SmtpServer::start("none", None);
    let output = test(&server, "", "", true);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).to_lowercase().contains("starttls"), "{}", said(&output));
    let server = SmtpServer::start("starttls", None);
    let output = test(&server, "", "", false);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("certificate"), "{}", said(&output));
}
