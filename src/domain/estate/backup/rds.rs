//! `rds`: automated backups and snapshots of RDS and Aurora, by the `aws` command.

use super::super::fields::Fields;
use super::super::schema::{Kind, Variant, key};
use super::Around;
use super::aws::{AwsCommand, ENDPOINT, PROFILE, REGION};
use crate::diagnostic::Diagnostic;

const READS: &[&str] = &["restorable", "automated", "snapshots"];

pub(super) const KIND: Variant = Variant {
    word: "rds",
    about: "RDS and Aurora, by the `aws` command. `restorable` is `LatestRestorableTime`, normally at most five \
            minutes old, missing while automated backups are off; `automated` is the window of automated backups kept \
            in another region (name that in `aws_region`); `snapshots` is the newest snapshot that is `available`. A \
            restore makes a new instance.",
    keys: &[
        key("instance", Kind::Text, "", "The DB instance; or `cluster`, one of the two."),
        key("cluster", Kind::Text, "", "The DB cluster; or `instance`, one of the two."),
        key("read", Kind::Word(READS), "\"restorable\"", "What is read."),
        PROFILE,
        REGION,
        ENDPOINT,
    ],
    example: r#"[backups.orders-rds]
type = "rds"
every = "10m"
instance = "orders"
profile = "dr-reader"
aws_region = "us-east-1"
# read = "restorable"
# endpoint = "https://rds.us-east-1.amazonaws.com"

[backups.orders-rds-elsewhere]
type = "rds"
every = "30m"
instance = "orders"
read = "automated"
aws_region = "us-west-2"

[backups.reports-aurora]
type = "rds"
every = "1d"
cluster = "reports"
read = "snapshots"
"#,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RdsSource {
    pub id: String,
    /// A cluster, not an instance.
    pub cluster: bool,
    pub read: RdsRead,
    pub aws: AwsCommand,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RdsRead {
    Restorable,
    Automated,
    Snapshots,
}

impl RdsSource {
    pub(super) fn read(fields: &Fields<'_, '_>, around: &Around<'_>, report: &mut Vec<Diagnostic>) -> Option<Self> {
        let (id, cluster) = match (fields.text("instance"), fields.text("cluster")) {
            (Some(id), None) => (id, false),
            (None, Some(id)) => (id, true),
            (one, _) => {
                let message = match one {
                    Some(_) => format!("`{}` names an instance and a cluster", around.name),
                    None => format!("`{}` names neither `instance` nor `cluster`", around.name),
                };
                let help = "write instance = \"…\" or cluster = \"…\"";
                report.push(Diagnostic::error("estate::backup", fields.span.clone(), message).help(help));
                return None;
            }
        };
        let read = match fields.word("read", READS) {
            Some("automated") => RdsRead::Automated,
            Some("snapshots") => RdsRead::Snapshots,
            _ => RdsRead::Restorable,
        };
        Some(Self { id, cluster, read, aws: AwsCommand::read(fields) })
    }

    #[must_use]
    pub fn argv(&self) -> Vec<String> {
        let id = &self.id;
        match (self.cluster, self.read) {
            (false, RdsRead::Restorable) => self.ask("describe-db-instances", "--db-instance-identifier", id),
            (true, RdsRead::Restorable) => self.ask("describe-db-clusters", "--db-cluster-identifier", id),
            (false, RdsRead::Automated) => {
                self.ask("describe-db-instance-automated-backups", "--db-instance-identifier", id)
            }
            (true, RdsRead::Automated) => {
                self.ask("describe-db-cluster-automated-backups", "--db-cluster-identifier", id)
            }
            (false, RdsRead::Snapshots) => self.ask("describe-db-snapshots", "--db-instance-identifier", id),
            (true, RdsRead::Snapshots) => self.ask("describe-db-cluster-snapshots", "--db-cluster-identifier", id),
        }
    }

    fn ask(&self, what: &str, option: &str, id: &str) -> Vec<String> {
        self.aws.argv(&["rds", what, option, id])
    }
}
