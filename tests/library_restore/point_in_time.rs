//! `point-in-time-recovery`: what was deleted comes back, and what was written elsewhere since then stays.

use super::platform::Platform;

const GONE: &str = "GONE=SELECT count(*) = 10000 FROM orders";
const KEPT: &str = "KEPT=SELECT max(id) = 10000 FROM orders";

#[test]
fn a_deleted_table_comes_back_and_the_others_stay_as_they_are() {
    let platform = Platform::new();
    platform.server.sql("CREATE TABLE visits (at timestamptz); INSERT INTO visits VALUES (now())");

    // A time that no backup reaches is refused, with its reason, before anything else happens.
    let early = ["--set", "TARGET_TIME=2020-01-01T00:00:00Z", "--set", GONE, "--set", KEPT];
    let refused = platform.run("point-in-time-recovery", &early);
    assert_eq!(
        (refused.code, refused.state("choose"), refused.state("restore")),
        (4, "ready", "pending"),
        "{}",
        refused.said
    );
    assert!(refused.said.contains("is before the end of the oldest backup"), "{}", refused.said);
    assert_eq!(platform.server.sql("SELECT count(*) FROM orders"), "10000", "it serves on");

    let target = format!("TARGET_TIME={}", platform.moment());
    platform.server.sql("DELETE FROM orders WHERE id <= 9000");
    platform.server.sql("INSERT INTO visits VALUES (now())");
    let given = [
        "--set",
        &target,
        "--set",
        GONE,
        "--set",
        KEPT,
        "--set",
        "TABLES=public.orders",
        "--approve",
        "copy-tables=raj",
    ];
    let ended = platform.run("point-in-time-recovery", &given);
    ended.completed();
    assert_eq!((ended.state("copy-tables"), ended.state("replace")), ("succeeded", "not_applicable"));
    assert!(ended.said.contains("replayed to ") || ended.said.contains("open; the last commit"), "{}", ended.said);

    assert_eq!(platform.server.sql("SELECT count(*), min(id), max(id) FROM orders"), "10000|1|10000");
    assert_eq!(platform.server.sql("SELECT count(*) FROM visits"), "2", "what was written since then stays");
    let kept = "SELECT count(*) FROM pg_tables WHERE schemaname LIKE 'before INC-%' AND tablename = 'public.orders'";
    assert_eq!(platform.server.sql(kept), "1", "the rows as they were are kept");
    assert!(!platform.server.socket_folder().join("beside").exists(), "what was restored beside is gone");

    platform.undo("point-in-time-recovery", "copy-tables", &[("TABLES", "public.orders")]);
    assert_eq!(platform.server.sql("SELECT count(*), min(id) FROM orders"), "1000|9001", "as it was before");
    assert_eq!(platform.server.sql("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'before %'"), "0");
}

#[test]
fn the_whole_cluster_is_replaced_and_the_damaged_one_is_kept() {
    let mut platform = Platform::new();
    let target = format!("TARGET_TIME={}", platform.moment());
    platform.server.sql("DROP TABLE orders; CREATE TABLE after_the_fact AS SELECT 1 AS id");
    let given =
        ["--set", &target, "--set", GONE, "--set", KEPT, "--set", "BRING_BACK=cluster", "--approve", "replace=raj"];
    let ended = platform.run("point-in-time-recovery", &given);
    ended.completed();
    assert_eq!((ended.state("stop"), ended.state("copy-tables")), ("succeeded", "not_applicable"));

    assert_eq!(platform.server.sql("SELECT count(*) FROM orders"), "10000");
    assert_eq!(platform.server.sql("SELECT to_regclass('after_the_fact') IS NULL"), "t", "the histories parted");
    assert_eq!(platform.server.sql("SELECT pg_is_in_recovery()"), "f");
    assert_eq!(platform.server.sql("SHOW archive_mode"), "on", "it archives like the one it replaced");
    assert_eq!(platform.server.sql("SHOW recovery_target_time"), "", "nothing holds a later recovery up");
    platform.pgbackrest(&["check"]);
    let kept = platform.server.data().with_file_name(format!("data.before-{}", platform.label()));
    assert!(kept.join("PG_VERSION").exists(), "nothing was deleted");

    platform.undo("point-in-time-recovery", "replace", &[("BRING_BACK", "cluster")]);
    assert_eq!(platform.server.sql("SELECT id FROM after_the_fact"), "1", "the damaged one serves again");
    assert!(
        platform
            .server
            .data()
            .with_file_name(format!("data.recovered-{}", platform.label()))
            .join("PG_VERSION")
            .exists()
    );
    platform.server.stop();
}
