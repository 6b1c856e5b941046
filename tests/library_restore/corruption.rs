//! `data-corruption`: six steps, the fourth of which is a run of the point-in-time recovery.

use std::process::{Command, Stdio};

use super::platform::Platform;
use crate::support::postgres::binary;
use crate::support::wait::until;

const GIVEN: [&str; 8] = [
    "--set",
    "GONE=SELECT count(*) = 10000 FROM orders",
    "--set",
    "KEPT=SELECT max(id) = 10000 FROM orders",
    "--set",
    "TABLES=public.orders",
    "--approve",
    "copy-tables=raj",
];

#[test]
fn tables_are_isolated_kept_brought_back_verified_and_opened_again() {
    let platform = Platform::new();
    let target = format!("TARGET_TIME={}", platform.moment());
    platform.server.sql("UPDATE orders SET id = -id WHERE id <= 5000");

    // Somebody is still at it: a transaction that has written and is open.
    let mut psql = Command::new(binary("psql"));
    psql.args(["-Xq", "-d", &platform.server.dsn()]);
    psql.args(["-c", "BEGIN", "-c", "DELETE FROM orders WHERE id > 0", "-c", "SELECT pg_sleep(600)"]);
    let mut at_it = psql.stdin(Stdio::null()).stderr(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
    let open = "SELECT count(*) FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND query LIKE '%pg_sleep(600)'";
    until("the transaction has written", || platform.server.sql(open) == "1");

    let evidence = format!("EVIDENCE={}", platform.server.socket_folder().display());
    let more = ["--set", &target, "--set", &evidence, "--approve", "enable=raj"];
    let ended = platform.run("data-corruption", &[&GIVEN[..], &more].concat());
    ended.completed();
    assert!(!at_it.wait().unwrap().success(), "it was terminated");
    assert_eq!(platform.server.sql("SELECT count(*), min(id) FROM orders"), "10000|1");
    let dump = platform.server.socket_folder().join(format!("{}.dump", platform.label()));
    assert!(dump.metadata().unwrap().len() > 1000, "what was there is kept");
    platform.server.sql("INSERT INTO orders VALUES (10001, now())");
    assert_eq!(platform.server.sql("SELECT count(*) FROM pg_trigger WHERE tgname = 'switchback_isolated'"), "0");
}

#[test]
fn without_a_clean_backup_it_stops_with_the_tables_isolated() {
    let platform = Platform::new();
    let evidence = format!("EVIDENCE={}", platform.server.socket_folder().display());
    let early = ["--set", "TARGET_TIME=2020-01-01T00:00:00Z", "--set", &evidence];
    let ended = platform.run("data-corruption", &[&GIVEN[..], &early].concat());
    assert_eq!((ended.code, ended.state("find"), ended.state("restore")), (1, "failed", "pending"), "{}", ended.said);
    assert!(ended.said.contains("no backup ended before 2020-01-01T00:00:00Z"), "{}", ended.said);
    let mut psql = Command::new(binary("psql"));
    psql.args(["-Xq", "-d", &platform.server.dsn(), "-c", "INSERT INTO orders VALUES (10001, now())"]);
    let refused = psql.output().unwrap();
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && said.contains(&format!("orders is isolated: {}", platform.label())), "{said}");
    platform.undo("data-corruption", "isolate", &[("TABLES", "public.orders")]);
    platform.server.sql("INSERT INTO orders VALUES (10001, now())");
}
