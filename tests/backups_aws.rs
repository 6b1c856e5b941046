//! RDS and S3, asked through the real `aws` command, by the program as people start it.

use std::path::Path;
use std::process::Command;

use domain::reading::{BackupHealth, BackupStatus, Proof, Status};

use crate::support::moto::{Moto, environment};

/// What `switchback status --json` says of the backups in this file; `aws` is the one that the tests have.
fn statuses(moto: &Moto, backups: &str) -> Vec<BackupStatus> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("switchback.toml");
    let around = "name = \"orders\"\n[regions.us-east-1]\nrole = \"primary\"\n";
    std::fs::write(&file, format!("{around}{}", backups.replace("ENDPOINT", &moto.url()))).unwrap();
    let venv = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("venv/bin");
    let usual = std::env::var("PATH").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_switchback"));
    command.args(["status", "--json", "--config"]).arg(&file).arg("--state").arg(folder.path().join("state"));
    command.envs(environment(&moto.url())).env("PATH", format!("{}:{usual}", venv.display()));
    let said = command.output().unwrap();
    let status: Result<Status, _> = serde_json::from_slice(&said.stdout);
    status.unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&said.stderr))).backups
}

fn upload(moto: &Moto, key: &str, bytes: usize) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("object");
    std::fs::write(&file, vec![b'x'; bytes]).unwrap();
    let (file, words) =
        (file.display().to_string(), ["s3api", "put-object", "--bucket", "orders-backup", "--key", key]);
    moto.aws(&[&words[..], &["--body", &file, "--server-side-encryption", "AES256"]].concat());
}

#[test]
fn the_newest_object_of_a_plausible_size_is_the_backup() {
    let moto = Moto::start();
    moto.aws(&["s3api", "create-bucket", "--bucket", "orders-backup"]);
    upload(&moto, "dumps/", 0);
    for day in 1..=4 {
        upload(&moto, &format!("dumps/{day}.gz"), 50_000);
    }
    upload(&moto, "dumps/latest.json", 90);
    let backup = |name: &str, prefix: &str| {
        format!(
            "[backups.{name}]\ntype = \"s3\"\nevery = \"1d\"\nbucket = \"orders-backup\"\nprefix = \"{prefix}\"\n\
             endpoint = \"ENDPOINT\"\ntimeout = \"50s\"\nencrypted = true\n"
        )
    };
    let found = statuses(&moto, &(backup("dumps", "dumps/") + &backup("nothing", "elsewhere/")));
    let [dumps, nothing] = &found[..] else { panic!("{found:?}") };
    assert_eq!(dumps.detail.as_deref(), Some("dumps/4.gz"));
    assert_eq!((dumps.facts.kept, dumps.facts.encrypted, dumps.facts.bytes), (Some(4), Some(true), Some(50_000)));
    assert!(dumps.error.as_deref().unwrap().starts_with("dumps/latest.json: 90 bytes"), "{dumps:?}");
    assert_eq!((nothing.status, nothing.newest_usable), (BackupHealth::Failed, None));
    let gone = statuses(&moto, &backup("gone", "x/").replace("orders-backup", "no-such-bucket"));
    assert_eq!(gone[0].status, BackupHealth::Unknown);
    assert!(gone[0].error.as_deref().unwrap().contains("NoSuchBucket"), "{:?}", gone[0].error);
}

#[test]
fn snapshots_of_an_instance_are_its_own() {
    let moto = Moto::start();
    let words =
        ["rds", "create-db-instance", "--db-instance-identifier", "orders", "--db-instance-class", "db.t3.small"];
    let rest = ["--engine", "postgres", "--master-username", "u", "--master-user-password", "for-a-test"];
    moto.aws(&[&words[..], &rest[..], &["--allocated-storage", "20", "--storage-encrypted"]].concat());
    let backup = |read: &str, instance: &str| {
        format!(
            "[backups.orders-rds]\ntype = \"rds\"\nevery = \"1d\"\ninstance = \"{instance}\"\nread = \"{read}\"\n\
             endpoint = \"ENDPOINT\"\ntimeout = \"50s\"\n"
        )
    };
    // RDS itself makes one when the instance is created.
    let first = statuses(&moto, &backup("snapshots", "orders"));
    assert_eq!((first[0].status, first[0].facts.kept), (BackupHealth::Ok, Some(1)), "{:?}", first[0]);
    let snapshot = ["rds", "create-db-snapshot", "--db-instance-identifier", "orders"];
    moto.aws(&[&snapshot[..], &["--db-snapshot-identifier", "before-the-release"]].concat());
    let made = statuses(&moto, &backup("snapshots", "orders"));
    assert_eq!((made[0].facts.kept, made[0].facts.encrypted), (Some(2), Some(true)), "{:?}", made[0]);
    assert_eq!(made[0].facts.proof, Proof::Restorable);
    let other = statuses(&moto, &backup("snapshots", "reports"));
    assert_eq!(
        (other[0].status, other[0].facts.kept),
        (BackupHealth::Failed, Some(0)),
        "those of another do not count"
    );
    let unknown = statuses(&moto, &backup("restorable", "nobody"));
    assert_eq!(unknown[0].status, BackupHealth::Unknown, "{:?}", unknown[0]);
    assert!(unknown[0].error.as_deref().unwrap().contains("DBInstanceNotFound"), "{:?}", unknown[0].error);
}
