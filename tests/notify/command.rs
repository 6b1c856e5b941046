//! A program of one's own is given the notice, and is gone at the timeout.

use domain::alert::{Notice, NoticeState};
use domain::log::Kind;
use switchback::runtime::notify::{Again, Line, start};

use super::{estate, notice, send};

#[tokio::test]
async fn a_command_reads_the_notice_and_its_exit_code_tells() {
    let folder = tempfile::tempdir().unwrap();
    let into = folder.path().join("notice");
    let script = format!("cat > {}", into.display());
    let taking = estate(&format!("[notify.a]\ntype = \"command\"\nargv = [\"sh\", \"-c\", \"{script}\"]\n"));
    let firing = notice("region-down:us-east-1", NoticeState::Firing);
    send(&taking, &firing).await.unwrap();
    let text = std::fs::read_to_string(&into).unwrap();
    assert_eq!(text.lines().count(), 1);
    assert_eq!(serde_json::from_str::<Notice>(&text).unwrap(), firing);

    let failing = "[notify.a]\ntype = \"command\"\nargv = [\"sh\", \"-c\", \"echo no pager >&2; exit 3\"]\n";
    let fault = send(&estate(failing), &firing).await.unwrap_err();
    assert_eq!((fault.why.as_str(), fault.again), ("sh: exit 3: no pager", Again::Soon));
}

#[tokio::test]
async fn a_command_is_given_the_variables_it_names_and_none_that_it_does_not() {
    let say = "echo $CARGO_PKG_NAME ${CARGO_MANIFEST_DIR-unset} >&2; exit 1";
    let named =
        format!("[notify.a]\ntype = \"command\"\nargv = [\"sh\", \"-c\", \"{say}\"]\nenv = [\"CARGO_PKG_NAME\"]\n");
    let fault = send(&estate(&named), &notice("a:b", NoticeState::Firing)).await.unwrap_err();
    assert_eq!(fault.why, "sh: exit 1: [redacted] unset", "what it is given is not repeated");
    let unset = "[notify.a]\ntype = \"command\"\nargv = [\"true\"]\nenv = [\"SWITCHBACK_TEST_NO_SUCH\"]\n";
    let fault = send(&estate(unset), &notice("a:b", NoticeState::Firing)).await.unwrap_err();
    assert_eq!(fault.why, "the variable SWITCHBACK_TEST_NO_SUCH is not set");
}

#[tokio::test]
async fn a_command_that_reads_nothing_is_right_too() {
    let deaf = estate("[notify.a]\ntype = \"command\"\nargv = [\"true\"]\n");
    let long = Notice { text: "x".repeat(1 << 20), ..notice("a:b", NoticeState::Firing) };
    send(&deaf, &long).await.unwrap();
}

#[tokio::test]
async fn a_command_that_hangs_or_is_missing_is_told() {
    let hangs = estate("[notify.a]\ntype = \"command\"\nargv = [\"sleep\", \"1000\"]\ntimeout = \"200ms\"\n");
    let fault = send(&hangs, &notice("a:b", NoticeState::Firing)).await.unwrap_err();
    assert!(fault.why.contains("no answer within"), "{fault:?}");
    let missing = estate("[notify.a]\ntype = \"command\"\nargv = [\"/no/such/pager\"]\n");
    let fault = send(&missing, &notice("a:b", NoticeState::Firing)).await.unwrap_err();
    assert!(fault.why.starts_with("/no/such/pager: the command cannot be started"), "{fault:?}");
}

#[tokio::test]
async fn who_leaves_does_not_take_along_what_was_about_to_be_told() {
    let folder = tempfile::tempdir().unwrap();
    let into = folder.path().join("notice");
    let script = format!("cat > {}", into.display());
    let taking = estate(&format!("[notify.a]\ntype = \"command\"\nargv = [\"sh\", \"-c\", \"{script}\"]\n"));
    let Line { notices, deliveries, last_words } = start(&taking, Kind::Live);
    notices.try_send(notice("region-down:us-east-1", NoticeState::Firing)).unwrap();
    // The console is left before anything of it was begun.
    drop((notices, deliveries));
    last_words.said().await;
    assert!(into.exists());
}
