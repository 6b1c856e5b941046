//! `s3`: the newest object under a prefix of a bucket, by the `aws` command.

use super::super::fields::Fields;
use super::super::schema::{Kind, Variant, key, needed};
use super::super::value;
use super::aws::{AwsCommand, ENDPOINT, PROFILE, REGION};

pub(super) const KIND: Variant = Variant {
    word: "s3",
    about: "The newest object under a prefix, by the `aws` command, all pages: not empty, no folder marker, at least \
            `min_bytes`, and not tiny beside the others, as a `latest.json` is. Its time is the store's own; copying \
            an object rewrites it. `head-object` of it then tells encryption and replication.",
    keys: &[
        needed("bucket", Kind::Text, "The bucket."),
        key("prefix", Kind::Text, "all", "What the keys of its objects begin with."),
        key("min_bytes", Kind::Count { min: 0, max: u64::MAX }, "1", "A smaller object is no backup."),
        key("head", Kind::Bool, "true", "Ask for encryption and replication of the newest object."),
        PROFILE,
        REGION,
        ENDPOINT,
    ],
    example: r#"[backups.dumps]
type = "s3"
every = "1d"
bucket = "orders-backup-us-west-2"
prefix = "dumps/"
min_bytes = 1048576
timeout = "30s"
profile = "dr-reader"
aws_region = "us-west-2"
# endpoint = "https://minio.example.com"
# head = true
"#,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct S3Source {
    pub bucket: String,
    pub prefix: Option<String>,
    pub min_bytes: u64,
    pub head: bool,
    pub aws: AwsCommand,
}

impl S3Source {
    pub(super) fn read(fields: &Fields<'_, '_>) -> Option<Self> {
        Some(Self {
            bucket: fields.text("bucket")?,
            prefix: fields.text("prefix"),
            min_bytes: fields.count("min_bytes").unwrap_or(1),
            head: fields.take("head", value::boolean).unwrap_or(true),
            aws: AwsCommand::read(fields),
        })
    }

    /// Lists; `query` leaves of the answer what is read.
    #[must_use]
    pub fn list_argv(&self, query: &str) -> Vec<String> {
        let mut words = vec!["s3api", "list-objects-v2", "--bucket", &self.bucket, "--query", query];
        if let Some(prefix) = &self.prefix {
            words.extend(["--prefix", prefix]);
        }
        self.aws.argv(&words)
    }

    #[must_use]
    pub fn head_argv(&self, key: &str) -> Vec<String> {
        self.aws.argv(&["s3api", "head-object", "--bucket", &self.bucket, "--key", key])
    }
}
