//! A job that runs is heard of; one that no longer does is missed.

use std::path::Path;
use std::time::{Duration, SystemTime};

use domain::estate::{CheckKind, HeartbeatCheck};
use domain::reading::{Outcome, Payload};

use super::{PATIENT, look_for, why_bad};
use crate::support::attempts::SWITCHBACK;

const HOUR: Duration = Duration::from_secs(3600);

fn check(file: &Path, content: bool) -> HeartbeatCheck {
    HeartbeatCheck { file: Some(file.display().to_string()), within: HOUR, content }
}

async fn look(file: &Path, content: bool) -> domain::reading::Sample {
    look_for(CheckKind::Heartbeat(check(file, content)), PATIENT).await
}

#[tokio::test]
async fn the_age_of_a_file_is_the_time_since_the_last_beat() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("last-run");
    let missing = look(&path, false).await;
    assert!(why_bad(&missing).contains("never heard of: there is no "), "{missing:?}");
    let file = std::fs::File::create(&path).unwrap();
    let now = SystemTime::now();
    file.set_modified(now - HOUR / 2).unwrap();
    let payload = Payload::Text { text: "30m ago".into() };
    let recent = look(&path, false).await.outcome;
    assert!(
        matches!(&recent, Outcome::Good { payload: Payload::Text { text } } if text.starts_with("30m")),
        "{payload:?}"
    );
    file.set_modified(now - HOUR * 2).unwrap();
    assert!(why_bad(&look(&path, false).await).contains("nothing was heard for 2h"));
    file.set_modified(now + HOUR).unwrap();
    let ahead = look(&path, false).await.outcome;
    assert!(matches!(&ahead, Outcome::Unknown { why } if why.contains("future: a clock is wrong")), "{ahead:?}");
}

#[tokio::test]
async fn a_file_may_say_the_time_itself() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("last-run");
    let seconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    std::fs::write(&path, format!("{}\nrows 17\n", seconds - 7200)).unwrap();
    assert!(why_bad(&look(&path, true).await).contains("nothing was heard for 2h"));
    for wrong in ["", "soon\u{1b}[31m", &"9".repeat(1 << 20)] {
        std::fs::write(&path, wrong).unwrap();
        let sample = look(&path, true).await;
        assert!(matches!(&sample.outcome, Outcome::Unknown { why } if why.contains("no time")), "{sample:?}");
    }
    let folder = look(folder.path(), true).await;
    assert!(matches!(&folder.outcome, Outcome::Unknown { why } if why.contains("cannot be read")), "{folder:?}");
}

#[test]
fn the_last_line_of_a_job_is_heard_of() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("switchback.toml");
    let text = "name = \"x\"\n[regions.a]\nrole = \"primary\"\n[[checks]]\nname = \"nightly-export\"\n\
                type = \"heartbeat\"\nwithin = \"25h\"\nregion = \"a\"\ncritical = true\n";
    std::fs::write(&config, text).unwrap();
    let switchback = |words: &[&str]| {
        let mut command = std::process::Command::new(SWITCHBACK);
        command.args(words).arg("--config").arg(&config).arg("--state").arg(folder.path().join("state"));
        let output = command.output().unwrap();
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code(), format!("{}{}", said(&output.stdout), said(&output.stderr)))
    };
    let (_, before) = switchback(&["status", "--json"]);
    assert!(before.contains("it was never heard of"), "{before}");
    let (code, said) = switchback(&["beat", "nightly-exprot"]);
    assert!(code == Some(2) && said.contains("did you mean `nightly-export`?"), "{code:?} {said}");
    assert_eq!(switchback(&["beat", "nightly-export"]), (Some(0), String::new()));
    let (code, after) = switchback(&["status", "--json"]);
    assert!(code == Some(0) && after.contains("ago\""), "{code:?} {after}");
    assert_eq!(switchback(&["beat", "nightly-export", "--read-only"]).0, Some(4));
}
