//! Programs that the estate's own file calls, beside those of its runbooks; and where a program that is missing comes from,
//! so that nobody has to look that up in the middle of something.

use std::collections::{BTreeMap, BTreeSet};

use crate::estate::{BackupSource, ChannelKind, CheckKind, Estate, Mirror, OutletKind};

/// A program, and what calls it: `check queue@us-west-2`.
pub type Programs = BTreeMap<String, BTreeSet<String>>;

/// Every program that checks, backups, fences and channels start.
#[must_use]
pub fn programs(estate: &Estate) -> Programs {
    let mut found = Programs::new();
    let mut calls = |program: Option<&String>, by: String| {
        if let Some(program) = program {
            found.entry(program.clone()).or_default().insert(by);
        }
    };
    let kubectl = "kubectl".to_owned();
    for check in &estate.checks {
        let program = match &check.kind {
            CheckKind::Command(command) => command.argv.first(),
            CheckKind::Kubernetes(_) => Some(&kubectl),
            _ => None,
        };
        calls(program, format!("check {}", check.id));
    }
    for backup in &estate.backups {
        calls(of_backup(&backup.source).as_ref(), format!("backup {}", backup.id));
    }
    for database in &estate.databases {
        for (region, argv) in &database.control_data {
            calls(argv.first(), format!("control_data of {}@{region}", database.id));
        }
    }
    for channel in &estate.notify {
        if let ChannelKind::Command(command) = &channel.kind {
            calls(command.argv.first(), format!("notify {}", channel.id));
        }
    }
    for outlet in &estate.outlets {
        if let OutletKind::Command(command) = &outlet.kind {
            calls(command.argv.first(), format!("channel {}", outlet.id));
        }
    }
    if let Some(Mirror::Command(argv)) = &estate.log.mirror {
        calls(argv.first(), "the mirror of the log".to_owned());
    }
    found
}

fn of_backup(source: &BackupSource) -> Option<String> {
    match source {
        BackupSource::PgBackRest(source) => source.argv.first().cloned(),
        BackupSource::WalG(source) => source.argv.first().cloned(),
        BackupSource::Barman(source) => source.argv.first().cloned(),
        BackupSource::Command(source) => source.argv.first().cloned(),
        BackupSource::Velero(source) => source.argv().first().cloned(),
        BackupSource::Rds(_) | BackupSource::S3(_) => Some("aws".to_owned()),
        BackupSource::Files(_) | BackupSource::Archiver { .. } | BackupSource::Redis(_) => None,
    }
}

/// Debian's packages, by the program.
const PACKAGES: [(&str, &str); 47] = [
    ("ansible-playbook", "ansible"),
    ("aws", "awscli"),
    ("barman", "barman"),
    ("clickhouse-client", "clickhouse-client"),
    ("consul", "consul"),
    ("createdb", "postgresql-client"),
    ("curl", "curl"),
    ("dig", "bind9-dnsutils"),
    ("docker", "docker.io"),
    ("dropdb", "postgresql-client"),
    ("etcdctl", "etcd-client"),
    ("gawk", "gawk"),
    ("git", "git"),
    ("gpg", "gnupg"),
    ("haproxy", "haproxy"),
    ("host", "bind9-host"),
    ("jq", "jq"),
    ("kubectl", "kubernetes-client"),
    ("lsof", "lsof"),
    ("mail", "bsd-mailx"),
    ("mysql", "default-mysql-client"),
    ("nc", "netcat-openbsd"),
    ("notify-send", "libnotify-bin"),
    ("nslookup", "bind9-dnsutils"),
    ("openssl", "openssl"),
    ("patronictl", "patroni"),
    ("pg_basebackup", "postgresql-client"),
    ("pg_dump", "postgresql-client"),
    ("pg_isready", "postgresql-client"),
    ("pg_receivewal", "postgresql-client"),
    ("pg_restore", "postgresql-client"),
    ("pgbackrest", "pgbackrest"),
    ("pgbench", "postgresql-contrib"),
    ("psql", "postgresql-client"),
    ("python3", "python3"),
    ("rclone", "rclone"),
    ("redis-cli", "redis-tools"),
    ("restic", "restic"),
    ("rsync", "rsync"),
    ("scp", "openssh-client"),
    ("socat", "socat"),
    ("ssh", "openssh-client"),
    ("ssh-keygen", "openssh-client"),
    ("ssh-keyscan", "openssh-client"),
    ("systemctl", "systemd"),
    ("wget", "wget"),
    ("zstd", "zstd"),
];

/// What Debian does not have, and who does.
const ELSEWHERE: [(&str, &str); 14] = [
    ("argocd", "https://argo-cd.readthedocs.io/en/stable/cli_installation/"),
    ("az", "https://learn.microsoft.com/cli/azure/install-azure-cli-linux"),
    ("clickhouse-backup", "https://github.com/Altinity/clickhouse-backup/releases"),
    ("flux", "https://fluxcd.io/flux/installation/"),
    ("gcloud", "https://cloud.google.com/sdk/docs/install"),
    ("gsutil", "https://cloud.google.com/sdk/docs/install"),
    ("helm", "https://helm.sh/docs/intro/install/"),
    ("mc", "https://min.io/docs/minio/linux/reference/minio-mc.html"),
    ("oci", "https://docs.oracle.com/iaas/Content/API/SDKDocs/cliinstall.htm"),
    ("terraform", "https://developer.hashicorp.com/terraform/install"),
    ("tofu", "https://opentofu.org/docs/intro/install/"),
    ("velero", "https://velero.io/docs/main/basic-install/"),
    ("wal-g", "https://github.com/wal-g/wal-g/releases"),
    ("kafka-topics.sh", "https://kafka.apache.org/downloads"),
];

/// Programs of a server, which Debian keeps off `PATH`.
const OF_SERVER: [&str; 5] = ["initdb", "pg_controldata", "pg_ctl", "pg_rewind", "postgres"];

/// How to get a program that is not on `PATH`.
#[must_use]
pub fn how_to_get(program: &str) -> String {
    let named = |table: &[(&str, &'static str)]| table.iter().find(|(name, _)| *name == program).map(|(_, from)| *from);
    if program.contains('/') {
        return "put it there and make it executable, or mend its path".to_owned();
    }
    if program == "switchback" {
        return "it is this very program: put the folder it lies in on PATH".to_owned();
    }
    if OF_SERVER.contains(&program) {
        return "`apt-get install postgresql`; then put /usr/lib/postgresql/VERSION/bin on PATH".to_owned();
    }
    match (named(&PACKAGES), named(&ELSEWHERE)) {
        (Some(package), _) => format!("`apt-get install {package}` where this console runs"),
        (None, Some(page)) => format!("install it where this console runs: {page}"),
        (None, None) => "install it where this console runs; it is of no package that is known here".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estate::{DEFAULT, parse};

    #[test]
    fn programs_of_the_estate_s_file_are_known_with_what_calls_them() {
        let more = "[[checks]]\nname = \"nodes@us-east-1\"\ntype = \"kubernetes\"\nnodes_ready = 3\n";
        let mut estate = parse(&format!("{DEFAULT}{more}")).estate;
        estate.log.mirror = Some(Mirror::Command(vec!["ssh".to_owned(), "elsewhere".to_owned()]));
        let found = programs(&estate);
        let called: Vec<String> = found
            .iter()
            .map(|(name, by)| format!("{name}: {}", by.iter().cloned().collect::<Vec<_>>().join(", ")))
            .collect();
        assert_eq!(
            called,
            [
                "backup-age: backup configuration",
                "check-queue: check queue@us-west-2",
                "kubectl: check nodes@us-east-1",
                "pgbackrest: backup orders-db",
                "ssh: control_data of orders-db@us-east-1, the mirror of the log",
            ]
        );
    }

    #[test]
    fn what_is_missing_says_where_it_comes_from() {
        assert_eq!(how_to_get("psql"), "`apt-get install postgresql-client` where this console runs");
        assert!(how_to_get("velero").contains("https://velero.io/"));
        assert!(how_to_get("pg_rewind").contains("/usr/lib/postgresql"));
        assert!(how_to_get("switchback").contains("this very program"));
        assert!(how_to_get("check-queue").contains("no package"));
        assert!(how_to_get("./scripts/smoke.sh").contains("executable"));
        assert!(PACKAGES.is_sorted(), "so that a program is found by whoever adds one");
    }
}
