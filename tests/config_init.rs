//! `config init` at a terminal: questions on plain lines, a file at the end and not before, and a console that starts on it.

use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::support::attempts::SWITCHBACK;
use crate::support::pty::Pty;
use crate::support::wait::until;

/// The program in a home of its own, in its folder `shop`.
fn at(home: &Path, words: &str) -> Pty {
    let shop = home.join("shop");
    std::fs::create_dir_all(&shop).unwrap();
    let script = format!("cd '{}' && exec '{SWITCHBACK}' {words}", shop.display());
    let argv: Vec<OsString> = ["bash", "-c", &script].map(OsString::from).into();
    let (home, none) = (home.to_str().unwrap(), home.join("none"));
    let none = none.to_str().unwrap();
    let own = [
        ("HOME", home),
        ("XDG_STATE_HOME", none),
        ("XDG_CONFIG_HOME", none),
        ("KUBECONFIG", none),
        ("AWS_CONFIG_FILE", none),
        ("PGSERVICEFILE", ""),
        ("PGSYSCONFDIR", none),
        ("GATUS_CONFIG_PATH", none),
        ("SWITCHBACK_CONFIG", ""),
        ("SWITCHBACK_ACTOR", "ana"),
    ];
    Pty::run(&argv, &own)
}

fn home() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    std::fs::copy(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/found/pg_service.conf"),
        home.path().join(".pg_service.conf"),
    )
    .unwrap();
    home
}

#[test]
fn a_few_answers_become_an_estate_that_the_console_starts_on() {
    let home = home();
    let mut pty = at(home.path(), "config init --from ../.pg_service.conf");
    for (question, answer) in [
        ("What is the estate called [shop]:", "orders\r"),
        ("serves today first [us-east-1, us-west-2]:", "\r"),
        ("PostgreSQL databases [orders-db, ledger-db]:", "orders-db\r"),
        ("Services that users notice, such as checkout:", "checkout\r"),
        ("in us-east-1 (https://…/health):", "https://checkout.us-east-1.example.com/health\r"),
        ("in us-west-2 (https://…/health):", "\r"),
        ("(RTO) [1h]:", "15m\r"),
        ("(RPO), or 0 [5m]:", "\r"),
        ("Your name in the log [ana]:", "\r"),
        ("Your telephone number, or Enter:", "+1 555 0100\r"),
    ] {
        pty.shows(question);
        assert!(!home.path().join("shop/switchback.toml").exists(), "before the last answer");
        pty.types(answer);
    }
    pty.shows("orders is right: 2 regions, 1 service, 1 database");
    pty.ends();
    let file = home.path().join("shop/switchback.toml");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("# from ../.pg_service.conf:2") && !text.contains("service-file-password"), "{text}");

    let mut console = at(home.path(), "");
    console.shows("orders");
    console.shows("us-west-2");
    console.types("q");
    until("the console asks, or has ended", || !console.alternate() || console.screen().contains("eave"));
}

#[test]
fn ctrl_c_writes_nothing() {
    let home = home();
    let mut pty = at(home.path(), "config init --from ../.pg_service.conf");
    pty.shows("What is the estate called");
    pty.types("orders\r");
    pty.shows("serves today first");
    pty.types("\x03");
    pty.ends();
    assert_eq!(std::fs::read_dir(home.path().join("shop")).unwrap().count(), 0);
}

#[test]
fn without_a_terminal_it_says_what_to_do_instead() {
    let home = home();
    let init = |words: &[&str]| {
        let mut command = Command::new(SWITCHBACK);
        command.args(["config", "init"]).args(words).current_dir(home.path()).env("HOME", home.path());
        for name in ["KUBECONFIG", "AWS_CONFIG_FILE", "PGSYSCONFDIR", "GATUS_CONFIG_PATH"] {
            command.env(name, home.path().join("none"));
        }
        command.env_remove("PGSERVICEFILE").env_remove("SWITCHBACK_CONFIG").output().unwrap()
    };
    let refused = init(&[]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--yes"));
    let printed = init(&["--yes", "-o", "-"]);
    let text = String::from_utf8(printed.stdout).unwrap();
    assert!(printed.status.success() && text.contains("service=orders-east"), "{text}");
    assert!(domain::estate::parse(&text).ok());
    assert!(!home.path().join("switchback.toml").exists());
}
