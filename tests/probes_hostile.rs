//! What answers wrongly is *down* or *unknown* with its cause in plain words: never green, never for longer than the
//! check's timeout, and nothing it says steers the terminal.

use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output};
use std::time::Duration;

use domain::time::Timestamp;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::attempts::SWITCHBACK;
use crate::support::certificates::{Authority, Before, DAY, Valid, self_signed, serve};
use crate::support::http::{Answer, HttpServer};
use crate::support::silent::Silent;

/// A check of this name in `us-east-1`: what it looks at, and what is said of it.
struct Case {
    name: &'static str,
    about: String,
    status: &'static str,
    says: &'static str,
}

fn down(name: &'static str, about: String, says: &'static str) -> Case {
    Case { name, about, status: "down", says }
}

fn http(url: &str) -> String {
    format!("type = \"http\"\nurl = \"{url}\"")
}

fn json(url: &str) -> String {
    format!("{}\njson = {{ path = \"state\", equals = \"ok\" }}", http(url))
}

/// What the program says of these checks, as JSON and as text.
fn status(folder: &TempDir, cases: &[Case], rest: &str) -> (Value, String) {
    let mut text = String::from("name = \"hostile\"\n[regions.us-east-1]\nrole = \"primary\"\n");
    text.push_str("[health]\ntimeout = \"2s\"\nfail_after = 1\nrecover_after = 1\n");
    for case in cases {
        text.push_str(&format!("[[checks]]\nname = \"{}@us-east-1\"\n{}\n", case.name, case.about));
    }
    let file = folder.path().join("switchback.toml");
    std::fs::write(&file, text + rest).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    let run = |state: &str, json: Option<&str>| -> Output {
        let mut command = Command::new(SWITCHBACK);
        command.args(["status", "--config"]).arg(&file).arg("--state").arg(folder.path().join(state)).args(json);
        command.env("SSL_CERT_FILE", folder.path().join("ca.pem")).env_remove("SSL_CERT_DIR").output().unwrap()
    };
    let (as_json, as_text) = (run("json", Some("--json")), run("text", None));
    assert!(!as_json.stderr.windows(5).any(|five| five == b"panic"), "{}", String::from_utf8_lossy(&as_json.stderr));
    (serde_json::from_slice(&as_json.stdout).unwrap(), String::from_utf8(as_text.stdout).unwrap())
}

#[track_caller]
fn told(cases: &[Case], status: &Value, text: &str) {
    let checks = status["regions"][0]["checks"].as_array().unwrap();
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let name = format!("{}@us-east-1", case.name);
            let check = checks.iter().find(|check| check["name"] == name.as_str()).unwrap();
            let error = check["error"].as_str().unwrap_or_default();
            let right = check["status"] == case.status && error.contains(case.says);
            (!right).then(|| {
                format!("{name} is {}, `{error}`; {}, `{}` is expected", check["status"], case.status, case.says)
            })
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    nothing_steers(text);
}

#[track_caller]
fn nothing_steers(text: &str) {
    assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
}

#[test]
fn what_a_server_answers_is_never_believed_beyond_what_it_says() {
    let always = |answer: Answer| HttpServer::always(answer);
    let raw = |bytes: &[u8]| always(Answer::Raw(bytes.to_vec()));
    let broken = always(Answer::json(r#"{"state": "#));
    let html = always(Answer::Say("200 OK", vec!["content-type: text/html".into()], b"<h1>Sign in</h1>".to_vec()));
    let huge = always(Answer::Huge(10 << 20));
    let deep = always(Answer::json(&"[".repeat(60_000)));
    let (drip, hang) = (always(Answer::Drip), always(Answer::Hang));
    let endless = always(Answer::Endless("x-more: and more and more\r\n"));
    let cut = raw(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly this");
    let reset = always(Answer::Reset("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly this"));
    let closed = raw(b"");
    let banner = raw(b"SSH-2.0-OpenSSH_9.2p1\r\n");
    let squeezed =
        always(Answer::Say("200 OK", vec!["content-encoding: gzip".into()], vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0]));
    let bytes = always(Answer::Say("200 OK", Vec::new(), b"{\"state\": \"\xff\xfe\"}".to_vec()));
    let steering = always(Answer::json(r#"{"state": "\u001b]0;stolen\u0007\u001b[31mred\u009b2J\u202e"}"#));
    let reason = raw(b"HTTP/1.1 500 \x1b[31mred\r\ncontent-length: 0\r\n\r\n");
    let header = raw(b"HTTP/1.1 200 OK\r\nx-name: \x1b[2J\r\ncontent-length: 0\r\n\r\n");
    let logins = (always(Answer::text("401 Unauthorized", "")), always(Answer::text("403 Forbidden", "")));
    let circle = always(Answer::Say("302 Found", vec!["location: /again".into()], Vec::new()));
    let astray = always(Answer::Say("302 Found", vec!["location: http://nowhere.invalid/".into()], Vec::new()));
    let cases = [
        down("broken-json", json(&broken.url("/")), "its JSON cannot be read"),
        down("html", json(&html.url("/")), "HTML where JSON is expected"),
        down("ten-megabytes", json(&huge.url("/")), "longer than 64 KiB"),
        down("deep", json(&deep.url("/")), "its JSON cannot be read"),
        down("drip", http(&drip.url("/")), "no answer within 2s"),
        down("hang", http(&hang.url("/")), "no answer within 2s"),
        down("endless-headers", http(&endless.url("/")), "headers"),
        down("cut", http(&cut.url("/")), "closed the connection before its answer was complete"),
        down("reset", http(&reset.url("/")), "connection reset"),
        down("closed", http(&closed.url("/")), "closed the connection before its answer was complete"),
        down("banner", http(&banner.url("/")), "not HTTP"),
        down("squeezed", json(&squeezed.url("/")), "compressed (gzip)"),
        down("bytes", json(&bytes.url("/")), "`state` is not `ok`: it is `\u{fffd}\u{fffd}`"),
        down("steering", json(&steering.url("/")), "`state` is not `ok`: it is `red"),
        down("reason", http(&reason.url("/")), ""),
        down("header", http(&header.url("/")), "not HTTP"),
        down("login-401", http(&logins.0.url("/")), "401 Unauthorized: it wants a login"),
        down("login-403", http(&logins.1.url("/")), "403 Forbidden: it does not let"),
        down("circle", http(&circle.url("/")), "redirects again and again"),
        down("astray", http(&astray.url("/")), "its name"),
    ];
    let folder = tempfile::tempdir().unwrap();
    let (status, text) = status(&folder, &cases, "");
    told(&cases, &status, &text);
}

#[test]
fn a_certificate_that_is_wrong_is_named_with_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let ours = Authority::new();
    std::fs::copy(ours.file(), folder.path().join("ca.pem")).unwrap();
    let port = |config| serve(config, Before::Nothing).port();
    let valid = Valid::For(DAY * 90);
    let good = port(ours.config("localhost", valid));
    let plain = HttpServer::always(Answer::text("200 OK", "ok"));
    let https = |port: u16| http(&format!("https://localhost:{port}/"));
    let cases = [
        Case { name: "good", about: https(good), status: "ok", says: "" },
        down("self-signed", https(port(self_signed("localhost"))), "does not trust"),
        down("unknown-authority", https(port(Authority::named("theirs").config("localhost", valid))), "does not trust"),
        down("other-name", https(port(ours.config("other.example", valid))), "for other.example, not for localhost"),
        down("ended", https(port(ours.config("localhost", Valid::Until(DAY * 3)))), "its certificate ended on 2"),
        down("early", https(port(ours.config("localhost", Valid::NotFor(DAY * 2)))), "not valid before 2"),
        down("plain-port", https(plain.address.port()), "does not speak TLS"),
        down("tls-port", http(&format!("http://localhost:{good}/")), "not HTTP"),
    ];
    let (status, text) = status(&folder, &cases, "");
    told(&cases, &status, &text);
}

#[test]
fn a_clock_that_is_off_is_shown_with_its_sign() {
    for (days, sign) in [(2, "2d ahead of ours"), (-2, "2d behind ours")] {
        let off = Duration::from_secs(2 * 86_400 + 30);
        let theirs = if days > 0 { Timestamp::now() + off } else { Timestamp::now() - off };
        let date = theirs.strftime("date: %a, %d %b %Y %H:%M:%S GMT").to_string();
        let server = HttpServer::always(Answer::Say("200 OK", vec![date], Vec::new()));
        let cases = [Case { name: "off", about: http(&server.url("/")), status: "ok", says: "" }];
        let folder = tempfile::tempdir().unwrap();
        let (status, text) = status(&folder, &cases, "");
        told(&cases, &status, &text);
        let skew = status["clock_skew_ms"].as_i64().unwrap();
        assert!((skew > 0) == (days > 0) && skew.abs() > 2 * 86_400_000, "{skew}");
        assert!(text.contains(sign), "{text}");
    }
}

#[test]
fn what_cannot_be_reached_is_down_for_a_reason() {
    let silent = Silent::new();
    let tcp = |address: &str| format!("type = \"tcp\"\naddress = \"{address}\"");
    let cases = [
        down("dropped", http(&format!("http://{}/", silent.address)), "no answer within 2s"),
        down("dropped-tcp", tcp(&silent.address.to_string()), "no answer within 2s"),
        down("no-name", http("http://nowhere.invalid/"), "its name"),
        down("no-name-tcp", tcp("nowhere.invalid:443"), "its name"),
        down("refused", http("http://127.0.0.1:1/"), "connection refused: nothing listens there"),
        down("refused-tcp", tcp("127.0.0.1:1"), "connection refused: nothing listens there"),
        down("port-0", http("http://127.0.0.1:0/"), ""),
        // Refused where there is IPv6; no way to it where there is none.
        down("six", http("http://[::1]:1/"), "n"),
        down("six-tcp", tcp("[::1]:1"), "cannot connect: "),
    ];
    let folder = tempfile::tempdir().unwrap();
    let (status, text) = status(&folder, &cases, "");
    told(&cases, &status, &text);
}

#[test]
fn a_server_that_is_no_database_and_a_tool_that_prints_rubbish_are_told_as_such() {
    let folder = tempfile::tempdir().unwrap();
    let web = HttpServer::always(Answer::text("200 OK", "ok"));
    let silent = Silent::new();
    let servers = |name: &str, port: u16| {
        format!(
            "[databases.{name}.servers]\nus-east-1 = \"host=127.0.0.1 port={port} user=x dbname=x sslmode=disable\"\n"
        )
    };
    let tool = |name: &str, script: &str| {
        format!(
            "[backups.{name}]\ntype = \"command\"\nevery = \"1h\"\nargv = [\"sh\", \"-c\", '''{script}''']\ntimeout = \"2s\"\n"
        )
    };
    let rest = [
        servers("web", web.address.port()),
        servers("silent", silent.address.port()),
        tool("steers", r#"printf '\033]0;stolen\007\033[31mred\n' >&2; exit 3"#),
        tool("bytes", r"printf '\377\376'"),
        tool("floods", "yes | head -c 10000000"),
        tool("hangs", "sleep 1000"),
        tool("lies", r#"echo '{"newest_usable": "tomorrow\u001b[31m"}'"#),
    ];
    let (status, text) = status(&folder, &[], &rest.concat());
    for (name, says) in [("web", ""), ("silent", "no answer within 2s")] {
        let checks = status["regions"][0]["checks"].as_array().unwrap();
        let check = checks.iter().find(|check| check["name"] == format!("{name}@us-east-1").as_str()).unwrap();
        assert!(check["status"] == "down" && check["error"].as_str().unwrap().contains(says), "{check}");
    }
    for (name, says) in [
        ("steers", "exit 3: red"),
        ("bytes", "not UTF-8"),
        ("floods", "more than 8 MiB"),
        ("hangs", "no answer within 2s"),
        ("lies", "is no time"),
    ] {
        let backup = status["backups"].as_array().unwrap().iter().find(|backup| backup["name"] == name).unwrap();
        assert!(backup["status"] == "unknown" && backup["error"].as_str().unwrap().contains(says), "{backup}");
    }
    nothing_steers(&text);
}
