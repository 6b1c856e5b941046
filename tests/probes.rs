//! A probe says what it met: no more, no less, and never later than its timeout.

mod dns;
mod heartbeat;
mod http_options;
mod tcp;
mod tls;

use std::time::Duration;

use domain::estate::{Check, CheckKind, CommandCheck, Estate, HttpCheck, Region, TcpCheck, Thresholds, ValueAt};
use domain::ident::{CheckId, RegionId};
use domain::reading::{Outcome, Payload, Sample};
use switchback::runtime::probe::{Capability, Probe, Scheduler};
use tokio::sync::mpsc;

use crate::support::http::{Answer, HttpServer};
use crate::support::wait::{until, until_async};

const PATIENT: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(300);

pub(crate) fn check(name: &str, kind: CheckKind, timeout: Duration) -> Check {
    Check {
        id: CheckId::from(name),
        region: Some(RegionId::from("us-east-1")),
        service: None,
        kind,
        interval: Duration::from_secs(10),
        timeout,
        fail_after: 3,
        recover_after: 2,
        fail_when: None,
        degraded_over: None,
        critical: true,
        paused: false,
        alert: domain::estate::CheckAlert::Usual,
    }
}

fn get(url: &str) -> HttpCheck {
    HttpCheck::get(url)
}

pub(crate) fn estate(checks: Vec<Check>) -> Estate {
    let region = |name: &str| Region {
        id: RegionId::from(name),
        role: domain::estate::RegionRole::Primary,
        priority: 1,
        weight: 1.0,
        down_when: domain::estate::DownWhen::All,
        title: None,
        aws_region: None,
    };
    Estate { regions: vec![region("us-east-1"), region("us-west-2")], checks, ..Estate::default() }
}

async fn look_for(kind: CheckKind, timeout: Duration) -> Sample {
    let estate = estate(vec![check("it", kind, timeout)]);
    Probe::all(&estate, Capability::Full).remove(0).look().await
}

async fn look(http: HttpCheck) -> Sample {
    look_for(CheckKind::Http(http), PATIENT).await
}

#[track_caller]
fn why_bad(sample: &Sample) -> &str {
    match &sample.outcome {
        Outcome::Bad { why, .. } => why,
        other => panic!("it should be bad: {other:?}"),
    }
}

#[tokio::test]
async fn a_status_outside_the_range_is_bad_and_named() {
    let server = HttpServer::always(Answer::text("503 Service Unavailable", "busy"));
    assert_eq!(why_bad(&look(get(&server.url("/"))).await), "503 Service Unavailable");
    let accepting = HttpCheck { status: vec![(200, 299), (503, 503)], ..get(&server.url("/")) };
    let sample = look(accepting).await;
    assert!(matches!(sample.outcome, Outcome::Good { .. }));
    assert!(sample.latency.is_some());
}

#[tokio::test]
async fn a_body_must_say_what_the_check_asks_for() {
    let server = HttpServer::always(Answer::json(r#"{"data": {"state": "ok", "replicas": [3]}}"#));
    let http = get(&server.url("/"));
    let json = |path: &str, value: &str| HttpCheck { json: Some((path.into(), value.into())), ..http.clone() };
    assert!(matches!(look(json("data.replicas.0", "3")).await.outcome, Outcome::Good { .. }));
    assert!(why_bad(&look(json("data.state", "down")).await).ends_with("is not `down`: it is `ok`"));
    assert!(why_bad(&look(json("data.nothing", "1")).await).contains("not in the answer"));
    let contains = HttpCheck { body_contains: Some("failing".into()), ..http.clone() };
    assert!(why_bad(&look(contains).await).contains("does not contain"));
    let matches = HttpCheck { body_regex: Some(r#""state":\s*"ok""#.into()), ..http.clone() };
    assert!(matches!(look(matches).await.outcome, Outcome::Good { .. }));
}

#[tokio::test]
async fn html_and_broken_json_are_told_apart() {
    let json = |server: &HttpServer| HttpCheck { json: Some(("state".into(), "ok".into())), ..get(&server.url("/")) };
    let html = HttpServer::always(Answer::text("200 OK", "<!doctype html><title>Sign in</title>"));
    assert!(why_bad(&look(json(&html)).await).contains("HTML"));
    let broken = HttpServer::always(Answer::json(r#"{"state": "#));
    assert!(why_bad(&look(json(&broken)).await).contains("cannot be read"));
}

#[tokio::test]
async fn the_region_that_serves_is_one_of_the_estate() {
    let of = |body: &'static str| HttpServer::always(Answer::json(body));
    let serving = |server: &HttpServer| HttpCheck { region_json: Some("region".into()), ..get(&server.url("/")) };
    let west = of(r#"{"region": "us-west-2"}"#);
    let expected = Payload::Serving { region: RegionId::from("us-west-2") };
    assert_eq!(look(serving(&west)).await.outcome, Outcome::Good { payload: expected });
    let elsewhere = of(r#"{"region": "mars\u001b[31m"}"#);
    let sample = look(serving(&elsewhere)).await;
    assert!(why_bad(&sample).contains("no region of this estate"));
    assert!(!why_bad(&sample).contains('\u{1b}'));
}

#[tokio::test]
async fn a_server_that_hangs_or_drips_is_cut_at_the_timeout() {
    for answer in [Answer::Hang, Answer::Drip] {
        let server = HttpServer::always(answer);
        let sample = look_for(CheckKind::Http(get(&server.url("/"))), SHORT).await;
        assert!(why_bad(&sample).contains("no answer within"));
    }
}

#[tokio::test]
async fn a_huge_body_is_read_to_its_limit_and_no_further() {
    let server = HttpServer::always(Answer::Huge(10 * 1024 * 1024));
    let beginning = HttpCheck { body_contains: Some("xxxx".into()), ..get(&server.url("/")) };
    assert!(matches!(look(beginning).await.outcome, Outcome::Good { .. }));
}

#[tokio::test]
async fn an_address_may_be_given_for_a_name_that_points_elsewhere() {
    let server = HttpServer::new(|request| {
        Answer::text("200 OK", request.head.iter().find(|line| line.to_lowercase().starts_with("host:")).unwrap())
    });
    for (url, host) in
        [("http://api.example.invalid/", "api.example.invalid"), ("http://api.example.invalid:8443/", ":8443")]
    {
        let http = HttpCheck { resolve: Some(server.address), body_contains: Some(host.into()), ..get(url) };
        let sample = look(http).await;
        assert!(matches!(sample.outcome, Outcome::Good { .. }), "{sample:?}");
    }
}

#[tokio::test]
async fn what_is_sent_to_prove_who_we_are_stays_with_the_host_and_off_the_screen() {
    // Always set where tests run, and long enough to be looked for.
    let secret = std::env::var("CARGO_MANIFEST_DIR").unwrap();
    let elsewhere = HttpServer::always(Answer::text("200 OK", "followed"));
    let away = vec![format!("location: http://localhost:{}/", elsewhere.address.port())];
    let redirecting = HttpServer::always(Answer::Say("302 Found", away, Vec::new()));
    let headers = vec![("X-Token".to_owned(), "env:CARGO_MANIFEST_DIR".to_owned())];
    let follows = HttpCheck { body_contains: Some("followed".into()), ..get(&redirecting.url("/")) };
    assert!(matches!(look(follows.clone()).await.outcome, Outcome::Good { .. }));
    let bound = look(HttpCheck { headers: headers.clone(), ..follows }).await;
    assert!(why_bad(&bound).contains("does not contain"));

    let echo = HttpServer::new(move |request| {
        let token = request.head.iter().find_map(|line| line.strip_prefix("x-token: ")).unwrap_or_default();
        // Where a cut would go through the middle of it, it is not known as a secret any more.
        Answer::json(&serde_json::json!({ "state": token, "long": format!("{}{token}", "-".repeat(70)) }).to_string())
    });
    for (path, beginning) in [("state", &secret[..]), ("long", &secret[..8])] {
        let json = Some((path.to_owned(), "other".to_owned()));
        let sample = look(HttpCheck { json, headers: headers.clone(), ..get(&echo.url("/")) }).await;
        assert!(why_bad(&sample).contains("redacted") && !why_bad(&sample).contains(beginning), "{sample:?}");
    }
    let unset = vec![("X-Token".to_owned(), "env:NO_SUCH_VARIABLE_HERE".to_owned())];
    let sample = look(HttpCheck { headers: unset, ..get(&echo.url("/")) }).await;
    assert!(matches!(&sample.outcome, Outcome::Unknown { why } if why.contains("NO_SUCH_VARIABLE_HERE")), "{sample:?}");
}

#[tokio::test]
async fn a_clock_that_is_wrong_is_noticed() {
    let head = vec!["date: Fri, 20 Nov 2020 04:45:21 GMT".to_owned()];
    let server = HttpServer::always(Answer::Say("200 OK", head.clone(), Vec::new()));
    assert!(look(get(&server.url("/"))).await.clock_skew_ms.unwrap() < -1_000_000);
    let cached = HttpServer::always(Answer::Say("200 OK", [head, vec!["age: 99".into()]].concat(), Vec::new()));
    assert_eq!(look(get(&cached.url("/"))).await.clock_skew_ms, None);
}

#[tokio::test]
async fn what_cannot_be_reached_is_bad_and_what_cannot_be_asked_is_unknown() {
    let nobody = look(get("http://127.0.0.1:1/")).await;
    assert!(why_bad(&nobody).contains("refused"), "{nobody:?}");
    assert!(why_bad(&look_for(CheckKind::Tcp(TcpCheck::open("127.0.0.1", 1)), PATIENT).await).contains("connect"));
    let wrong = look(get("nowhere")).await;
    assert!(matches!(wrong.outcome, Outcome::Unknown { .. }), "{wrong:?}");
    let missing = CommandCheck { argv: vec!["/no/such/command".into()], ..CommandCheck::default() };
    assert!(matches!(look_for(CheckKind::Command(missing), PATIENT).await.outcome, Outcome::Unknown { .. }));
}

fn shell(script: &str) -> CommandCheck {
    CommandCheck {
        argv: vec!["/bin/sh".into(), "-c".into(), script.into()],
        ok_exit: vec![0],
        degraded_exit: vec![3],
        ..CommandCheck::default()
    }
}

#[tokio::test]
async fn a_command_is_judged_by_exit_code_and_output() {
    let ask = |command: CommandCheck| look_for(CheckKind::Command(command), PATIENT);
    assert!(matches!(ask(shell("exit 0")).await.outcome, Outcome::Good { .. }));
    assert!(
        matches!(ask(shell("echo tight; exit 3")).await.outcome, Outcome::Soft { why, .. } if why == "exit 3: tight")
    );
    assert_eq!(why_bad(&ask(shell("echo broken >&2; exit 7")).await), "exit 7: broken");
    assert_eq!(why_bad(&ask(shell("kill -9 $$")).await), "killed by signal 9");
    let pattern = CommandCheck { output_regex: Some("^ready".into()), ..shell("echo starting") };
    assert!(why_bad(&ask(pattern).await).contains("does not match"));
    let endless = CommandCheck { output_regex: Some("y".into()), ..shell("yes | head -c 20000000") };
    assert!(matches!(ask(endless).await.outcome, Outcome::Good { .. }));
}

#[tokio::test]
async fn a_number_in_the_output_is_held_against_its_marks() {
    let marks = Thresholds { degraded_above: Some(10.0), down_above: Some(100.0), ..Thresholds::default() };
    let ask = async |value: ValueAt, script: &str| {
        let command = CommandCheck { value: Some(value), marks, ..shell(script) };
        look_for(CheckKind::Command(command), PATIENT).await.outcome
    };
    let depth = || ValueAt::Json("queue.depth".into());
    let text = |text: &str| Payload::Text { text: text.into() };
    let printed = |depth: &str| format!("echo '{{\"queue\": {{\"depth\": {depth}}}}}'");
    assert_eq!(ask(depth(), &printed("7")).await, Outcome::Good { payload: text("7") });
    let soft = Outcome::Soft { why: "11.5 is above 10".into(), payload: text("11.5") };
    assert_eq!(ask(depth(), &printed("11.5")).await, soft);
    let words = || ValueAt::Regex("depth ([^ ]+)".into());
    assert!(matches!(ask(words(), "echo depth 700 now").await, Outcome::Bad { why, .. } if why == "700 is above 100"));
    assert!(matches!(ask(words(), "echo depth 7 now; exit 3").await, Outcome::Soft { .. }));
    assert!(matches!(ask(words(), "echo depth 700 now; exit 3").await, Outcome::Bad { .. }));
    for (value, script) in [
        (depth(), printed("null")),
        (depth(), "echo '{}'".into()),
        (depth(), "echo '<html>'".into()),
        (depth(), printed("\"NaN\"")),
        (words(), "echo nothing".into()),
        (words(), "echo depth many".into()),
        (depth(), "yes '{' | head -c 70000".into()),
    ] {
        assert!(matches!(ask(value, &script).await, Outcome::Unknown { .. }), "{script}");
    }
}

#[tokio::test]
async fn the_json_a_command_prints_must_say_what_the_check_asks_for() {
    let json = Some(("state".to_owned(), "running".to_owned()));
    let ask = async |script: &str| {
        let command = CommandCheck { json: json.clone(), ..shell(script) };
        look_for(CheckKind::Command(command), PATIENT).await
    };
    assert!(matches!(ask(r#"echo '{"state": "running"}'"#).await.outcome, Outcome::Good { .. }));
    assert_eq!(why_bad(&ask(r#"echo '{"state": "stopped"}'"#).await), "`state` is not `running`: it is `stopped`");
    assert!(matches!(ask("echo stopped").await.outcome, Outcome::Unknown { .. }));
}

#[tokio::test]
async fn a_command_is_given_no_variable_but_the_usual_and_those_it_names() {
    let ours = "CARGO_MANIFEST_DIR";
    let script = format!("test -n \"$PATH\" && test -z \"${{{ours}-}}\"");
    assert!(matches!(look_for(CheckKind::Command(shell(&script)), PATIENT).await.outcome, Outcome::Good { .. }));
    let named = |name: &str| CommandCheck { env: vec![name.into()], ..shell(&format!("test -n \"${ours}\"")) };
    assert!(matches!(look_for(CheckKind::Command(named(ours)), PATIENT).await.outcome, Outcome::Good { .. }));
    let missing = look_for(CheckKind::Command(named("NO_SUCH_VARIABLE_HERE")), PATIENT).await.outcome;
    assert!(matches!(&missing, Outcome::Unknown { why } if why.contains("NO_SUCH_VARIABLE_HERE")), "{missing:?}");
}

#[tokio::test]
async fn a_command_that_takes_too_long_is_killed_with_everything_it_started() {
    let folder = tempfile::tempdir().unwrap();
    let pid = folder.path().join("pid");
    // The second has a session of its own, where no signal to the group reaches it.
    for start in ["sleep 1000", "setsid sleep 1000"] {
        let script = format!("{start} & echo $! > {0}.new && mv {0}.new {0}; wait", pid.display());
        let sample = look_for(CheckKind::Command(shell(&script)), Duration::from_secs(1)).await;
        assert!(why_bad(&sample).contains("no answer within"));
        let child = std::fs::read_to_string(&pid).unwrap();
        until("the grandchild is gone", || {
            let status = std::fs::read_to_string(format!("/proc/{}/stat", child.trim()));
            status.map_or(true, |stat| stat.contains(") Z "))
        });
    }
}

#[tokio::test]
async fn what_a_command_leaves_running_does_not_hold_the_answer_back() {
    let sample = look_for(CheckKind::Command(shell("sleep 1000 & exit 0")), PATIENT).await;
    assert!(matches!(sample.outcome, Outcome::Good { .. }), "{sample:?}");
}

#[tokio::test]
async fn a_slow_probe_delays_no_other() {
    let hanging = HttpServer::always(Answer::Hang);
    let quick = HttpServer::always(Answer::text("200 OK", ""));
    let every = |check: Check| Check { interval: Duration::from_millis(50), ..check };
    let estate = estate(vec![
        every(check("slow", CheckKind::Http(get(&hanging.url("/"))), Duration::from_secs(600))),
        every(check("quick", CheckKind::Http(get(&quick.url("/"))), PATIENT)),
    ]);
    let (sender, mut samples) = mpsc::channel(8);
    let _running = Scheduler::start(&estate, &sender, Capability::Full);
    for _ in 0..5 {
        let sample = samples.recv().await.unwrap();
        assert_eq!(sample.source, domain::reading::Source::Check(CheckId::from("quick")));
    }
}

#[tokio::test]
async fn checks_that_hang_keep_no_other_of_their_host_from_its_turn() {
    let server = HttpServer::new(|request| match request.line.contains("/hangs") {
        true => Answer::Hang,
        false => Answer::text("200 OK", ""),
    });
    let of = |name: &str, path: &str, timeout| Check {
        interval: Duration::from_millis(50),
        ..check(name, CheckKind::Http(get(&server.url(path))), timeout)
    };
    let hanging = (0..100).map(|number| of(&format!("hangs-{number}"), "/hangs", Duration::from_secs(600)));
    let checks = hanging.chain([of("quick", "/", PATIENT)]).collect();
    let (sender, mut samples) = mpsc::channel(8);
    let _running = Scheduler::start(&estate(checks), &sender, Capability::Full);
    for _ in 0..5 {
        let sample = samples.recv().await.unwrap();
        assert_eq!(sample.source, domain::reading::Source::Check(CheckId::from("quick")));
    }
}

#[tokio::test]
async fn a_probe_has_one_sample_under_way_at_most_and_waits_until_it_is_taken() {
    let asked = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = std::sync::Arc::clone(&asked);
    let server = HttpServer::new(move |_| {
        counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        Answer::text("200 OK", "")
    });
    let eager =
        Check { interval: Duration::from_millis(10), ..check("it", CheckKind::Http(get(&server.url("/"))), PATIENT) };
    let (sender, mut samples) = mpsc::channel(1);
    sender.send(look(get(&server.url("/"))).await).await.unwrap();
    let _running = Scheduler::start(&estate(vec![eager]), &sender, Capability::Full);
    // The channel is full: the probe looks once, and stands still with what it has.
    until_async("the probe looked", async || asked.load(std::sync::atomic::Ordering::SeqCst) == 2).await;
    for taken in 1..4 {
        assert!(asked.load(std::sync::atomic::Ordering::SeqCst) <= taken + 2);
        samples.recv().await.unwrap();
    }
}

#[tokio::test]
async fn a_hurried_check_is_looked_at_again_at_once() {
    let server = HttpServer::always(Answer::text("200 OK", ""));
    let rare =
        Check { interval: Duration::from_secs(3600), ..check("it", CheckKind::Http(get(&server.url("/"))), PATIENT) };
    let (sender, mut samples) = mpsc::channel(8);
    let running = Scheduler::start(&estate(vec![rare]), &sender, Capability::Full);
    samples.recv().await.unwrap();
    running.hurry(&CheckId::from("it"), Some(Duration::from_millis(10)));
    samples.recv().await.unwrap();
    samples.recv().await.unwrap();
}

#[tokio::test]
async fn a_read_only_console_starts_no_command() {
    let folder = tempfile::tempdir().unwrap();
    let mark = folder.path().join("mark");
    let command = check("it", CheckKind::Command(shell(&format!("touch {}", mark.display()))), PATIENT);
    let (sender, mut samples) = mpsc::channel(8);
    let _running = Scheduler::start(&estate(vec![command]), &sender, Capability::NetworkOnly);
    let sample = samples.recv().await.unwrap();
    assert!(matches!(sample.outcome, Outcome::Unknown { .. }));
    assert!(!mark.exists());
}

#[tokio::test]
async fn our_own_network_is_well_when_anything_answers() {
    let server = HttpServer::always(Answer::text("500 Internal Server Error", ""));
    for (target, well) in
        [(server.url("/"), true), (server.address.to_string(), true), ("127.0.0.1:1".to_owned(), false)]
    {
        let mut estate = estate(Vec::new());
        estate.console.connectivity = Some(target);
        let sample = Probe::all(&estate, Capability::Full).remove(0).look().await;
        assert_eq!(matches!(sample.outcome, Outcome::Good { .. }), well, "{sample:?}");
    }
}
