//! Webhooks, mail, programs, files: what each is sent.

use std::os::unix::fs::PermissionsExt;
use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::{Bench, said};
use crate::support::http::{Answer, HttpServer, Request};
use crate::support::smtp::SmtpServer;

#[test]
fn a_webhook_gets_the_update_as_json_and_slack_gets_its_text() {
    let taken: Arc<Mutex<Vec<Request>>> = Arc::default();
    let take = Arc::clone(&taken);
    let server = HttpServer::new(move |request| {
        take.lock().unwrap().push(request.clone());
        Answer::text("200 OK", "ok")
    });
    let (hook, slack) = (server.url("/hook"), server.url("/slack"));
    let bench = Bench::new(&format!(
        "[comms.public]\nchannels = [\"hook\", \"slack\"]\nanchor = true\n\
         [channels.hook]\ntype = \"webhook\"\nurl = \"{hook}\"\n\
         [channels.slack]\ntype = \"webhook\"\nurl = \"{slack}\"\nformat = \"slack\"\n"
    ));
    let (told, code) = bench.update(&["public", "--status", "failing-over", "--yes"]);
    assert_eq!(code, Some(0), "{told}");
    let requests = taken.lock().unwrap().clone();
    let body = |path: &str| -> Value {
        let of = requests.iter().find(|request| request.line.contains(path)).unwrap();
        serde_json::from_slice(&of.body).unwrap()
    };
    let json = body("/hook");
    assert_eq!(
        (&json["audience"], &json["status"], &json["kind"]),
        (&"public".into(), &"failing_over".into(), &"live".into())
    );
    assert_eq!((&json["subject"], &json["text"]), (&told[0]["subject"], &told[0]["text"]));
    assert!(json["text"].as_str().unwrap().contains("Log of INC-"), "{json}");
    let text = body("/slack")["text"].as_str().unwrap().to_owned();
    assert!(text.starts_with("Service disruption: moving") && text.contains("- affected: shop"), "{text}");
}

#[test]
fn mail_goes_out_over_tls_and_receivers_do_not_see_each_other() {
    let server = SmtpServer::start("starttls", Some(("sb", "correct horse")));
    let bench = Bench::new(&format!(
        "[comms.customers]\nchannels = [\"mail\"]\n[channels.mail]\ntype = \"email\"\n\
         server = \"127.0.0.1:{}\"\nuser = \"sb\"\npassword = \"env:SMTP_PASSWORD\"\nfrom = \"status@example.com\"\n\
         to = [\"ana@example.com\", \"bo@example.com\"]\n",
        server.port
    ));
    let send = |password: &str, arguments: &[&str]| {
        let mut command = bench.command(arguments);
        command.env("SMTP_PASSWORD", password).env("SSL_CERT_FILE", server.authority()).output().unwrap()
    };
    let wrong = send("wrong-password", &["update", "customers", "--yes"]);
    assert_eq!(wrong.status.code(), Some(1), "{}", said(&wrong));
    assert!(said(&wrong).contains("535") && !bench.log().contains("wrong-password"), "{}", said(&wrong));
    let right = send("correct horse", &["update", "customers", "--again"]);
    assert_eq!(right.status.code(), Some(0), "{}", said(&right));
    let message = &server.took(1)[0];
    assert_eq!(message["encrypted"], true);
    assert_eq!(message["to"], serde_json::json!(["ana@example.com", "bo@example.com"]));
    let data = message["data"].as_str().unwrap();
    assert!(data.contains("Subject: Service update") && data.contains("Dear customer,"), "{data}");
    assert!(!data.contains("ana@example.com") && !data.contains("bo@example.com"), "{data}");
}

#[test]
fn a_program_reads_it_and_a_file_is_replaced_as_a_whole() {
    let folder = tempfile::tempdir().unwrap();
    let (read, notice) = (folder.path().join("read"), folder.path().join("notice.txt"));
    std::fs::write(&notice, "all is well").unwrap();
    let bench = Bench::new(&format!(
        "[comms.public]\nchannels = [\"program\", \"notice\"]\n\
         [channels.program]\ntype = \"command\"\nargv = [\"sh\", \"-c\", \"cat > {}\"]\n\
         [channels.notice]\ntype = \"file\"\npath = \"{}\"\n",
        read.display(),
        notice.display()
    ));
    let (told, code) = bench.update(&["public", "--yes"]);
    assert_eq!(code, Some(0), "{told}");
    let line: Value = serde_json::from_str(&std::fs::read_to_string(&read).unwrap()).unwrap();
    assert_eq!(line["subject"], told[0]["subject"]);
    let text = std::fs::read_to_string(&notice).unwrap();
    assert!(text.starts_with("Service disruption: investigating\n\nWe are experiencing"), "{text}");
    assert_eq!(std::fs::metadata(&notice).unwrap().permissions().mode() & 0o777, 0o600);
    let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().flatten().map(|file| file.file_name()).collect();
    assert_eq!(files.len(), 2, "nothing is left beside it: {files:?}");
}

#[test]
fn who_is_told_by_hand_is_told_from_a_file_of_the_incident() {
    let bench = Bench::new("");
    let (told, code) = bench.update(&["executives", "--yes"]);
    assert_eq!(code, Some(0), "{told}");
    let file = told[0]["ways"][0]["receipt"].as_str().unwrap();
    let text = std::fs::read_to_string(file).unwrap();
    assert!(file.ends_with("/updates/executives.txt") && text.contains("Incident commander: mara."), "{file}: {text}");
    assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
}
