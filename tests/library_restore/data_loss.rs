//! `complete-data-loss`: the server is gone and a repository with it; what the other one has is all back.

use super::platform::Platform;

#[test]
fn everything_comes_back_from_the_repository_that_is_left() {
    let mut platform = Platform::new();
    platform.pgbackrest(&["--repo=2", "--type=full", "backup"]);
    platform.server.sql("INSERT INTO orders SELECT id, now() FROM generate_series(10001, 12000) AS id");
    platform.server.sql("SELECT pg_switch_wal()");
    platform.archived();

    // As long as something is left in its place, nothing is restored over it.
    platform.server.kill();
    let given = ["--approve", "restore=raj", "--approve", "resume=raj", "--set", "DEPLOYMENTS=api worker"];
    let refused = platform.run("complete-data-loss", &given);
    assert_eq!((refused.code, refused.state("restore")), (1, "failed"), "{}", refused.said);
    assert!(refused.said.contains("it may be the last copy"), "{}", refused.said);
    platform.estate.login("mara", &["close", "the folder has to go first"]);

    std::fs::remove_dir_all(platform.server.data()).unwrap();
    std::fs::remove_dir_all(platform.repository(1)).unwrap();
    platform.ssh.beside("kubectl", "");
    let more = ["--set", "RESYNC=kubectl", "--set", "NAMESPACE=shop", "--set", "CONTEXT=east"];
    let ended = platform.run("complete-data-loss", &[&given[..], &more].concat());
    ended.completed();
    assert!(ended.said.contains("repository 2 is taken, backup "), "{}", ended.said);
    assert_eq!(platform.server.sql("SELECT count(*), max(id) FROM orders"), "12000|12000", "to the end of the log");
    assert_eq!(
        platform.ssh.called(),
        [
            "kubectl --context east --namespace shop apply --recursive --filename k8s/apps/",
            "kubectl --context east --namespace shop get deployment api --output jsonpath={.spec.replicas}",
            "kubectl --context east --namespace shop scale deployment api --replicas 3",
            "kubectl --context east --namespace shop get deployment worker --output jsonpath={.spec.replicas}",
            "kubectl --context east --namespace shop scale deployment worker --replicas 3",
            "kubectl --context east --namespace shop rollout status deployment api --timeout 5m",
            "kubectl --context east --namespace shop rollout status deployment worker --timeout 5m",
        ]
    );
    let backup = platform.backup();
    assert_eq!(backup["destinations"][1]["status"], "ok", "it is protected again: {backup}");
}

#[test]
fn the_platform_comes_back_from_git_or_from_the_clusters_backup() {
    let platform = Platform::new();
    platform.ssh.beside("argocd", "");
    platform.ssh.beside("velero", "cluster   cluster-daily   Completed\n");
    let rest = ["--start-at", "protect", "--reason", "the database is back already"];
    let argocd = platform.run("complete-data-loss", &[&rest[..], &["--set", "RESYNC=argocd"]].concat());
    assert_eq!((argocd.code, argocd.state("argocd"), argocd.state("velero")), (0, "succeeded", "not_applicable"));
    let velero = platform.run("complete-data-loss", &[&rest[..], &["--set", "RESYNC=velero"]].concat());
    assert_eq!((velero.code, velero.state("velero")), (0, "succeeded"), "{}", velero.said);
    let restore = platform.label().to_lowercase();
    assert_eq!(
        platform.ssh.called(),
        [
            "argocd app sync --prune platform-apps",
            "argocd app wait platform-apps --sync --health --timeout 900",
            &format!("velero --kubecontext us-east-1 restore create {restore} --from-schedule cluster-daily --wait"),
            &format!("velero --kubecontext us-east-1 restore get {restore}"),
        ]
    );
}
